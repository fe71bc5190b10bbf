"""The console command, and what comes after a screen that was left for another."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

from wa_console.cli.context import Invocation
from wa_console.cli.screens import (
    is_first_run,
    passphrase_before_the_screen,
    show_console,
    show_setup,
)
from wa_console.cli.terminal import require_terminal

if TYPE_CHECKING:
    from wa_console.ui.setup_app import Next
    from wa_console.wiring.store import OpenStore


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
    # Imports make a hundred thousand objects that stay: looking for garbage among them again and
    # again costs a tenth of the time to the first frame. The screen enables it again.
    gc.disable()
    if attach:
        return invocation.with_store(lambda opened: show_console(opened, engine=False))
    passphrase = passphrase_before_the_screen(invocation)

    async def work(opened: OpenStore) -> Next | int:
        if await is_first_run(opened):
            gc.enable()
            return await show_setup(invocation, opened, ask=True, passphrase=passphrase)
        return await show_console(opened, engine=True, passphrase=passphrase)

    return go_on(invocation, invocation.with_store(work))


def go_on(invocation: Invocation, ended: Next | int) -> int:
    """Do what is wanted after the wizard: the console on the new settings, a demo, or nothing."""
    if isinstance(ended, int):
        return ended
    from wa_console.ui.setup_app import Next

    if ended is Next.CONSOLE:
        invocation.read_again()
        return open_console(invocation, attach=False)
    if ended is Next.DEMO:
        sys.stdout.flush()
        # The same program in its place: a demo has a home and an environment of its own.
        os.execv(sys.executable, [sys.executable, "-m", "wa_console", "demo"])  # noqa: S606
    return 0
