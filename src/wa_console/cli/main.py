"""The command group: names, options that all share, and how an error becomes a sentence.

Commands are imported when they are called, so that ``--version`` and completion stay quick.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click

from wa_console import __version__
from wa_console.cli.context import Invocation
from wa_console.domain import i18n
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text

COMMANDS = {
    "demo": "demo:demo_command",
    "setup": "setup:setup_command",
    "engine": "engine:engine_command",
    "simulate": "simulate:simulate_command",
    "apply": "apply:apply_command",
    "dump": "apply:dump_command",
    "doctor": "doctor:doctor_command",
    "secrets": "secrets:secrets_group",
    "templates": "templates:templates_group",
    "send": "send:send_command",
    "list": "conversations:list_command",
    "show": "conversations:show_command",
    "search": "find:search_command",
    "tail": "find:tail_command",
    "note": "conversations:note_command",
    "assign": "conversations:assign_command",
    "label": "conversations:label_command",
    "close": "conversations:close_command",
    "reopen": "conversations:reopen_command",
    "release": "conversations:release_command",
    "discard": "conversations:discard_command",
    "presence": "presence:presence_command",
    "catch-up": "catchup:catch_up_command",
    "replay": "engine:replay_command",
    "fill": "fill:fill_command",
    "logs": "logs:logs_command",
    "config": "config:config_group",
    "completion": "completion:completion_command",
    "reset-terminal": "terminal:reset_terminal_command",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, which is the order of a newcomer's interest."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"wa_console.cli.{module}"), attribute)
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("One folder for settings, store, media and logs."),
)
@click.option("--store", metavar="URL", help=_("sqlite:///path or postgresql://…"))
@click.option("--attach", is_flag=True, help=_("Open the console, never start an engine."))
@click.version_option(__version__, "-V", "--version", message="wa-console %(version)s")
@click.pass_context
def cli(ctx: click.Context, home: Path | None, store: str | None, attach: bool) -> None:
    """Answer WhatsApp chats over Twilio, in a terminal.

    Without a command it opens the console. Never tried it? `wa-console demo` needs no account.
    """
    invocation = Invocation(home=home, store=store)
    ctx.obj = invocation
    if ctx.invoked_subcommand is None:
        from wa_console.cli.console import open_console

        ctx.exit(open_console(invocation, attach=attach))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code and prints errors as sentences on stderr."""
    os.umask(0o077)
    # Before a log file is open, Python would print warnings on the terminal, over a screen.
    logging.lastResort = None
    i18n.use(os.environ.get("WA_CONSOLE_LANG") or None)
    try:
        result = cli.main(args=list(arguments), prog_name="wa-console", standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        error.show(sys.stderr)
        code = error.exit_code
    except click.Abort:
        code = 130
    except KeyboardInterrupt:
        code = 130
    except WaConsoleError as error:
        click.echo(f"wa-console: {safe_text(str(error))}", err=True)
        code = error.exit_code
    except BrokenPipeError:
        code = _quiet_pipe()
    except OSError as error:
        code = _quiet_pipe() if error.errno == errno.EPIPE else _report(error)
    except Exception as error:  # the last line before the shell: a sentence, never a traceback
        code = _report(error)
    return code


def _quiet_pipe() -> int:
    """`wa-console list | head` closes our stdout: not an error, and no message at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _report(error: BaseException) -> int:
    from wa_console.crash import write_report

    path = write_report(error, at=datetime.now(UTC), folder=None)
    where = _("Report, without message texts: {path}").format(path=path) if path else ""
    click.echo(
        _("wa-console: an unexpected error ({kind}) ended this command. {where}").format(
            kind=type(error).__name__, where=where
        ),
        err=True,
    )
    return 1
