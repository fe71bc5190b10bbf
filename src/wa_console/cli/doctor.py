"""``doctor``: every link of the chain with what was found and what mends it."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import in_colour, json_option, print_json, styled, width
from wa_console.domain.errors import SetupProblem, SetupProblems
from wa_console.domain.i18n import N_, _
from wa_console.domain.text import snippet
from wa_console.services.checks import Check, Severity, error, fine

if TYPE_CHECKING:
    from wa_console.config import Settings
    from wa_console.credentials import Credentials

_WORDS = {Severity.INFO: N_("ok"), Severity.WARNING: N_("warn"), Severity.ERROR: N_("BROKEN")}
_COLOURS = {Severity.INFO: "green", Severity.WARNING: "yellow", Severity.ERROR: "red"}
_WORD_CELLS, _NAME_CELLS = 7, 14


@click.command("doctor")
@click.option("--offline", is_flag=True, help=_("Do not ask Twilio."))
@json_option
@click.pass_obj
def doctor_command(invocation: Invocation, offline: bool, as_json: bool) -> int:
    """Check everything from the settings to Twilio; exit code 1 if something does not work.

    The output holds no secrets; numbers and SIDs are masked.
    """
    found: list[Check] = []

    def tell(checks: Sequence[Check]) -> None:
        for check in checks:
            found.append(check)
            _print(check, as_json=as_json)

    try:
        settings = invocation.settings
    except SetupProblems as problems:
        mend = _("Mend it in config.toml or the environment.")
        tell([error("settings", sentence, mend) for sentence in problems.problems])
        return 1
    tell([fine("settings", _("In order: {path}").format(path=settings.paths.config))])
    credentials, checks = _credentials(invocation)
    tell(checks)
    asyncio.run(_examine(settings, credentials, tell, offline=offline))
    return 0 if all(check.ok for check in found) else 1


def _credentials(invocation: Invocation) -> tuple[Credentials, Sequence[Check]]:
    """Return the credentials and what there is to say of them; may ask for a passphrase."""
    from wa_console import credentials
    from wa_console.wiring.checkup import credential_checks

    try:
        found = credentials.look(invocation.settings, passphrase=invocation.passphrase)
    except SetupProblem as problem:
        mend = _("Name a file that is there and that only you can read.")
        return credentials.Credentials(), [error("credentials", str(problem), mend)]
    return found, credential_checks(found)


async def _examine(
    settings: Settings,
    found: Credentials,
    tell: Callable[[Sequence[Check]], None],
    *,
    offline: bool,
) -> None:
    from wa_console.wiring.checkup import examine

    async with aclosing(examine(settings, found, offline=offline)) as checks:
        async for check in checks:
            tell([check])


def _print(check: Check, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "check": check.check,
                "ok": check.ok,
                "severity": check.severity.value,
                "text": check.text,
                "mend": check.mend or None,
            }
        )
        return
    word = styled(f"{_(_WORDS[check.severity]):<{_WORD_CELLS}}", fg=_COLOURS[check.severity])
    lines = _wrapped(check.text)
    if check.mend and check.severity is not Severity.INFO:
        lines += _wrapped(f"→ {check.mend}")
    click.echo(f"{word}{check.check:<{_NAME_CELLS}} {lines[0]}", color=in_colour())
    for line in lines[1:]:
        click.echo(" " * (_WORD_CELLS + _NAME_CELLS + 1) + line)


def _wrapped(text: str) -> list[str]:
    room = max(20, width() - _WORD_CELLS - _NAME_CELLS - 1)
    safe = snippet(text, limit=2000)
    return textwrap.wrap(safe, room, break_long_words=False, break_on_hyphens=False) or [""]
