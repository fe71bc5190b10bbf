"""``completion``: the script that teaches a shell our commands and options."""

from __future__ import annotations

import click

from wa_console.domain.i18n import _

_VARIABLE = "_WA_CONSOLE_COMPLETE"  # click's name for prog_name "wa-console"


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(ctx: click.Context, shell: str) -> int:
    """Print the completion script of a SHELL.

    For bash, in ~/.bashrc: eval "$(wa-console completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(_("there is no completion for {shell}.").format(shell=shell))
    root = ctx.find_root()
    # _check_version of bash's would start a shell and warn; the script itself runs from 4.4 on.
    maker = kind(root.command, {}, "wa-console", _VARIABLE)
    click.echo(maker.source_template % maker.source_vars())
    return 0
