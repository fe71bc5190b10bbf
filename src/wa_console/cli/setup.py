"""``setup``: the wizard."""

from __future__ import annotations

import click

from wa_console.cli.console import go_on
from wa_console.cli.context import Invocation
from wa_console.cli.screens import passphrase_before_the_screen, show_setup
from wa_console.cli.terminal import require_terminal


@click.command("setup")
@click.pass_obj
def setup_command(invocation: Invocation) -> int:
    """Set up a WhatsApp channel, step by step; resumes where you left it."""
    require_terminal()
    passphrase = passphrase_before_the_screen(invocation)
    ended = invocation.with_store(
        lambda opened: show_setup(invocation, opened, ask=False, passphrase=passphrase)
    )
    return go_on(invocation, ended)
