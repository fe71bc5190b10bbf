"""``catch-up``: asks Twilio for what was missed, also while an engine runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import json_option, local, print_json, print_line, say
from wa_console.domain.i18n import _, ngettext

if TYPE_CHECKING:
    from wa_console.credentials import Credentials
    from wa_console.services.catchup import Found
    from wa_console.wiring.store import OpenStore


class Moment(click.ParamType[datetime]):
    """A time in ISO 8601; without a zone it is the machine's own."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time in UTC.

        Raises:
            BadParameter: It is no time.
        """
        if isinstance(value, datetime):
            return value
        try:
            return datetime.fromisoformat(str(value).strip()).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(_("needs a time such as 2026-11-23 or 2026-11-23T09:30Z."), param, ctx)


@click.command("catch-up")
@click.option(
    "--since",
    type=Moment(),
    metavar="TIME",
    help=_("From when on; else from ten minutes before the newest message Twilio has shown."),
)
@json_option
@click.pass_obj
def catch_up_command(invocation: Invocation, since: datetime | None, as_json: bool) -> int:
    """Ask Twilio for messages and receipts that no webhook has brought.

    What is here already is not stored twice.
    """
    credentials = invocation.credentials()

    async def work(opened: OpenStore) -> int:
        found = await _look(opened, credentials, since)
        if as_json:
            print_json(_json(found))
        else:
            _tell(found)
        return 0

    return invocation.with_store(work)


async def _look(opened: OpenStore, credentials: Credentials, since: datetime | None) -> Found:
    """Look, and show what was found: also without an engine, and harmless beside one.

    Raises:
        SetupProblem: No credentials, or no number is set up.
        TwilioProblem: Twilio could not be asked.
    """
    from wa_console.domain.errors import SetupProblem
    from wa_console.services.listed import Source
    from wa_console.wiring.engine import build_catch_up, build_gateway
    from wa_console.wiring.store import build_projector

    if since is not None and since > opened.clock.now():
        raise click.BadParameter(_("that time is still to come."), param_hint="--since")
    gateway = build_gateway(opened.settings, credentials)
    try:
        found = await build_catch_up(opened, gateway).run(Source.CATCH_UP, since=since)
    finally:
        await gateway.close()
    if not found.numbers:
        raise SetupProblem(_("No number is set up. Run `wa-console setup` or `apply` first."))
    await build_projector(opened).drain()
    return found


def _json(found: Found) -> dict[str, object]:
    from wa_console.cli.encode import when

    return {
        "found": found.found,
        "new": found.new,
        "already_here": found.already_here,
        "from": when(found.since),
        "to": when(found.until),
    }


def _tell(found: Found) -> None:
    print_line(
        ngettext("{n} message was missed.", "{n} messages were missed.", found.new).format(
            n=found.new
        )
    )
    say(
        _("Looked at {found} from {since} to {until}; {here} were here already.").format(
            found=found.found,
            since=local(found.since),
            until=local(found.until),
            here=found.already_here,
        )
    )
    if found.left:
        say(_("{n} wait for their attachments; look again soon.").format(n=found.left))
