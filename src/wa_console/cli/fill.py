"""``fill``: an invented history in an empty store, for benchmarks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import json_option, print_json, say
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.wiring.store import OpenStore


@click.command("fill")
@click.option("--conversations", type=click.IntRange(1), required=True, metavar="N")
@click.option(
    "--messages",
    type=click.IntRange(1),
    required=True,
    metavar="N",
    help=_("In all, shared out unevenly; at least one for each conversation."),
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N")
@json_option
@click.pass_obj
def fill_command(
    invocation: Invocation, conversations: int, messages: int, seed: int, as_json: bool
) -> int:
    """Fill an empty store with an invented history, for benchmarks and training.

    The same seed makes the same history. Numbers and people are those of the set-up, if there is
    one. Nothing is sent.
    """
    total = conversations + messages

    def progress(rows: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{rows * 100 // total:3d} %", nl=False, err=True)

    async def work(opened: OpenStore) -> int:
        from wa_console.services.fill import Filler

        filler = Filler(store=opened.store, clock=opened.clock)
        filled = await filler.fill(
            conversations=conversations, messages=messages, seed=seed, progress=progress
        )
        if sys.stderr.isatty():
            click.echo("\r", nl=False, err=True)
        if as_json:
            print_json({"conversations": filled.conversations, "messages": filled.messages})
        else:
            say(
                _("Filled with {conversations} conversations and {messages} messages.").format(
                    conversations=filled.conversations, messages=filled.messages
                )
            )
        return 0

    return invocation.with_store(work)
