"""``apply`` and ``dump``: the whole set-up as one file, in and out."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import json_option, print_json, print_line, say
from wa_console.domain.errors import SetupProblems
from wa_console.domain.i18n import _, ngettext

if TYPE_CHECKING:
    from wa_console.domain.setup import Setup
    from wa_console.wiring.store import OpenStore

_COLOURS = {"+": "green", "-": "red", "~": "yellow"}


@click.command("apply")
@click.argument("file", type=click.File("rb"), metavar="FILE")
@click.option("--dry-run", is_flag=True, help=_("Show what would change, change nothing."))
@json_option
@click.pass_obj
def apply_command(invocation: Invocation, file: IO[bytes], dry_run: bool, as_json: bool) -> int:
    """Apply a set-up file as a whole, or nothing of it.

    FILE is TOML, - for standard input. Everything wrong in it is told at once (exit code 3).
    """
    try:
        wanted = _read(file)
    except SetupProblems as problems:
        count = len(problems.problems)
        say("\n".join(problems.problems))
        say(
            ngettext(
                "Nothing was applied: {count} problem in {file}.",
                "Nothing was applied: {count} problems in {file}.",
                count,
            ).format(count=count, file=file.name)
        )
        return problems.exit_code

    async def work(opened: OpenStore) -> int:
        setup = opened.desk.setup
        changes = list(setup.diff(await setup.current(), wanted))
        if not dry_run:
            await setup.apply(wanted)
        _tell(changes, dry_run=dry_run, as_json=as_json)
        return 0

    return invocation.with_store(work)


def _read(file: IO[bytes]) -> Setup:
    """Read and check the file.

    Raises:
        SetupProblems: Everything that is wrong with it.
    """
    from wa_console.domain.setup_check import read_setup

    raw = file.read()
    try:
        # An editor's byte order mark is no mistake of the writer's.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise SetupProblems(
            [_("line {line}: this is not UTF-8 text. Save the file as UTF-8.").format(line=line)]
        ) from None
    return read_setup(text)


def _tell(changes: list[str], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json({"applied": not dry_run, "changes": changes})
        return
    for change in changes:
        print_line(change, fg=_COLOURS.get(change[:1]))
    if not changes:
        say(_("Nothing changes: the set-up is like this already."))
    elif dry_run:
        say(_("Nothing was applied (--dry-run)."))
    else:
        say(_("Applied."))


@click.command("dump")
@json_option
@click.pass_obj
def dump_command(invocation: Invocation, as_json: bool) -> int:
    """Write the whole set-up as TOML, for `apply`; there are no secrets in it."""
    from wa_console.cli.setup_format import document_of, write_setup

    async def work(opened: OpenStore) -> int:
        setup = await opened.desk.setup.current()
        if as_json:
            print_json(document_of(setup))
        else:
            click.echo(write_setup(setup), nl=False)
        return 0

    return invocation.with_store(work)
