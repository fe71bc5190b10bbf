"""The terminal itself: whether a screen may open on it, and how to mend one a crash left broken."""

from __future__ import annotations

import os
import sys

import click

from wa_console.domain.i18n import _

# Leave the alternate screen, every mouse mode, focus reports, bracketed paste, kitty keys; show the
# cursor; reset colours and the character set (faults F10).
_RESET = (
    "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1004l\x1b[?2004l"
    "\x1b[<u\x1b[?25h\x1b[0m\x1b(B\x0f"
)


def require_terminal() -> None:
    """Check that a screen can be drawn here.

    Raises:
        click.UsageError: A standard stream is no terminal, or TERM is dumb (exit 2).
    """
    # Textual paints on standard error, so all three must be the terminal.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise click.UsageError(
            _(
                "the console needs a terminal; for scripts there are `wa-console list`, `show`, "
                "`send` and `engine`."
            )
        )
    if os.environ.get("TERM", "") in {"", "dumb"}:
        raise click.UsageError(
            _("TERM={term} cannot show a screen; set TERM to what your terminal is.").format(
                term=os.environ.get("TERM", "")
            )
        )


@click.command("reset-terminal")
def reset_terminal_command() -> None:
    """Mend a terminal that a killed program left in a mess."""
    sys.stdout.write(_RESET)
    sys.stdout.flush()
    if sys.stdin.isatty():
        import termios

        mode = termios.tcgetattr(sys.stdin)
        mode[0] |= termios.ICRNL | termios.IXON
        mode[1] |= termios.OPOST
        mode[3] |= termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, mode)
