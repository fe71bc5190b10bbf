"""``setup``: the wizard; and the first run of a home in which nothing is set up."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.terminal import require_terminal

if TYPE_CHECKING:
    from wa_console.credentials import Passphrase
    from wa_console.ui.setup_app import Next
    from wa_console.wiring import OpenStore


@click.command("setup")
@click.pass_obj
def setup_command(invocation: Invocation) -> int:
    """Set up a WhatsApp channel, step by step; resumes where you left it."""
    require_terminal()
    from wa_console.cli.console import passphrase_before_the_screen

    passphrase = passphrase_before_the_screen(invocation)
    ended = invocation.with_store(
        lambda opened: show_setup(invocation, opened, ask=False, passphrase=passphrase)
    )
    return go_on(invocation, ended)


async def is_first_run(opened: OpenStore) -> bool:
    """Whether nothing is set up and nobody has ever written."""
    from wa_console.domain.conversation import View

    if not await opened.desk.setup.empty():
        return False
    login = opened.settings.representative
    return await opened.desk.inbox.size(View.ALL, login=login) == 0


async def show_setup(
    invocation: Invocation, opened: OpenStore, *, ask: bool, passphrase: Passphrase | None
) -> Next | int:
    """Run first question or wizard until the person has left it.

    Args:
        invocation: Takes the passphrase that was chosen, for what comes after.
        opened: The store.
        ask: Begin with the first question.
        passphrase: Has opened the encrypted file, where there is one.

    Returns:
        What is wanted next, or an exit code that is not 0.
    """
    from wa_console.cli.console import options_of
    from wa_console.ui.setup_app import SetupApp
    from wa_console.wiring_setup import HomeVault, build_onboarding

    vault = HomeVault(opened.settings, passphrase=passphrase)
    app = SetupApp(
        opened.desk,
        onboarding=build_onboarding(opened, vault),
        clock=opened.clock,
        login=opened.settings.representative,
        options=options_of(opened.settings),
        ask=ask,
    )
    code = await app.run_console()
    if vault.passphrase.worked:
        invocation.keep_passphrase(vault.passphrase)
    return code or app.next


def go_on(invocation: Invocation, ended: Next | int) -> int:
    """Do what is wanted after the wizard: the console on the new settings, a demo, or nothing."""
    from wa_console.ui.setup_app import Next

    if ended is Next.CONSOLE:
        from wa_console.cli.console import open_console

        invocation.read_again()
        return open_console(invocation, attach=False)
    if ended is Next.DEMO:
        sys.stdout.flush()
        # The same program in its place: a demo has a home and an environment of its own.
        os.execv(sys.executable, [sys.executable, "-m", "wa_console", "demo"])  # noqa: S606
    return ended if isinstance(ended, int) else 0
