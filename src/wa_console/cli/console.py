"""The console command: the store, a screen over it, and an engine inside if nobody runs one."""

from __future__ import annotations

import asyncio
import contextlib
import os
from functools import partial
from typing import TYPE_CHECKING

from wa_console.cli.context import Invocation
from wa_console.cli.terminal import require_terminal
from wa_console.domain.errors import SetupProblem

if TYPE_CHECKING:
    from wa_console.config import Settings
    from wa_console.credentials import Passphrase
    from wa_console.services.sandbox_coach import SandboxCoach
    from wa_console.ui.options import ConsoleOptions
    from wa_console.ui.setup_app import Next
    from wa_console.wiring import OpenStore


def open_console(invocation: Invocation, *, attach: bool) -> int:
    """Open the console on this terminal; returns the exit code.

    Args:
        invocation: The call, with its settings.
        attach: Never start an engine, only look at the store.

    Raises:
        click.UsageError: There is no terminal to draw on.
        StoreProblem: The store cannot be opened.
    """
    require_terminal()
    if attach:
        return invocation.with_store(lambda opened: show_console(opened, engine=False))
    passphrase = passphrase_before_the_screen(invocation)

    async def work(opened: OpenStore) -> Next | int:
        from wa_console.cli.setup import is_first_run, show_setup

        if await is_first_run(opened):
            return await show_setup(invocation, opened, ask=True, passphrase=passphrase)
        return await show_console(opened, engine=True, passphrase=passphrase)

    ended = invocation.with_store(work)
    if isinstance(ended, str):
        from wa_console.cli.setup import go_on

        return go_on(invocation, ended)
    return ended


def passphrase_before_the_screen(invocation: Invocation) -> Passphrase | None:
    """Have the encrypted file opened while a question can still be asked.

    What is wrong with it does not keep the console closed: the status line tells it, and the
    conversations can be read without Twilio.
    """
    from wa_console.secretstore.sealed import FILE_NAME

    if not (invocation.settings.paths.data / FILE_NAME).exists():
        return None
    with contextlib.suppress(SetupProblem):
        invocation.credentials()
    return invocation.passphrase


async def show_console(
    opened: OpenStore, *, engine: bool, passphrase: Passphrase | None = None
) -> int:
    """Run the screen over an open store until the person leaves it.

    Args:
        opened: The store and its desk.
        engine: Keep an engine running beside it, begun after the first frame is painted.
        passphrase: Opens the encrypted file of secrets for that engine.
    """
    from wa_console.admin import build_admin
    from wa_console.ui.app import ConsoleApp

    app = ConsoleApp(
        opened.desk,
        clock=opened.clock,
        login=opened.settings.representative,
        options=options_of(opened.settings),
        admin=build_admin(opened, passphrase=passphrase),
        coaching=partial(_coaching, opened),
    )
    keeper = (
        asyncio.create_task(_keep_after(app.painted, opened, passphrase), name="keeper")
        if engine
        else None
    )
    try:
        return await app.run_console()
    finally:
        if keeper:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)


async def _coaching(opened: OpenStore) -> SandboxCoach | None:
    from wa_console.wiring_setup import build_coach

    return await build_coach(opened)


async def _keep_after(
    painted: asyncio.Event, opened: OpenStore, passphrase: Passphrase | None
) -> None:
    """Import and start the engine only when there is something to look at."""
    await painted.wait()
    from wa_console.keeper import keep_engine

    await keep_engine(opened, passphrase=passphrase)


def options_of(settings: Settings) -> ConsoleOptions:
    """Return how the screen looks, from settings and environment."""
    from wa_console.ui.options import ConsoleOptions

    plain = "UTF-8" not in os.environ.get("LC_ALL", os.environ.get("LANG", "UTF-8")).upper()
    return ConsoleOptions(
        theme=settings.theme or "wa-dark",
        glyphs="ascii" if plain and os.environ.get("LC_ALL") == "C" else "unicode",
        report_dir=settings.paths.logs,
    )
