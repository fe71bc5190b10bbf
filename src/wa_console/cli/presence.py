"""``presence``: who is here, and saying that one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import Column, Table, json_option, print_json, say
from wa_console.domain.i18n import _
from wa_console.domain.presence import Presence

if TYPE_CHECKING:
    from wa_console.wiring.store import OpenStore

_WORDS = tuple(word.value for word in Presence)


@click.command("presence")
@click.argument("login", required=False)
@click.argument("state", required=False, type=click.Choice(_WORDS), metavar="[STATE]")
@json_option
@click.pass_obj
def presence_command(
    invocation: Invocation, login: str | None, state: str | None, as_json: bool
) -> int:
    """Show who is here, or set a presence.

    STATE is available, busy, dnd, away or offline. Without LOGIN it is your own; without both,
    everybody is shown.
    """
    if login in _WORDS and state is None:
        login, state = None, login
    wanted = Presence(state) if state else None

    async def work(opened: OpenStore) -> int:
        if wanted is not None:
            who = login or opened.settings.representative
            await opened.desk.presences.set(who, wanted)
            if not as_json:
                say(_("{login} is now {state}.").format(login=who, state=wanted.value))
                return 0
            await _show(opened, [who], as_json=True)
            return 0
        await _show(opened, [login] if login else await _everybody(opened), as_json=as_json)
        return 0

    return invocation.with_store(work)


async def _everybody(opened: OpenStore) -> list[str]:
    """Return who is set up, then whoever else ever set a presence."""
    setup = await opened.desk.setup.current()
    known = [each.login for each in setup.representatives]
    others = sorted(set(await opened.desk.presences.all()) - set(known))
    return [*known, *others] or [opened.settings.representative]


async def _show(opened: OpenStore, logins: list[str], *, as_json: bool) -> None:
    table = Table(Column(_("presence"), 9), Column(_("load"), 7, right=True), Column(_("login"), 0))
    if not as_json:
        table.head()
    for login in logins:
        presence = await opened.desk.presences.get(login)
        active, capacity = await opened.desk.presences.load(login)
        if as_json:
            print_json(
                {
                    "login": login,
                    "presence": presence.value,
                    "active": active,
                    "capacity": capacity,
                }
            )
        else:
            table.row([presence.value, f"{active}/{capacity}", login])
