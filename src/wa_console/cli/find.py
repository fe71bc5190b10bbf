"""``search`` over messages and ``tail`` of the change feed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import (
    json_option,
    limit_option,
    local,
    print_json,
    print_line,
    say,
)
from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.domain.changes import Change
    from wa_console.wiring.store import OpenStore

_INDEX_ROUNDS = 20


@click.command("search")
@click.argument("text")
@limit_option
@json_option
@click.pass_obj
def search_command(invocation: Invocation, text: str, limit: int, as_json: bool) -> int:
    """Find messages that contain every word of TEXT, newest first."""

    async def work(opened: OpenStore) -> int:
        await _index(opened)
        hits = await opened.desk.search.find(text, limit=limit)
        for hit in hits:
            if as_json:
                from wa_console.cli.encode import message_json

                print_json({**message_json(hit.message), "snippet": hit.snippet})
            else:
                message = hit.message
                who = message.author or message.direction.value
                print_line(
                    f"{local(message.created_at)}  {message.conversation_id}  {who}", dim=True
                )
                print_line(hit.snippet, indent=4)
        if not hits:
            say(_("Nothing found."))
        return 0

    return invocation.with_store(work)


async def _index(opened: OpenStore) -> None:
    """Make searchable what was written while no engine ran; an engine does it by itself."""
    if opened.store.lease.holder():
        return
    # A full disk must not keep anybody from finding what is indexed already.
    with suppress(StoreProblem):
        for _round in range(_INDEX_ROUNDS):
            if not await opened.desk.search.index_once():
                return


@click.command("tail")
@click.option(
    "--since", type=click.IntRange(0), metavar="SEQ", help=_("Begin after this position; 0: all.")
)
@json_option
@click.pass_obj
def tail_command(invocation: Invocation, since: int | None, as_json: bool) -> int:
    """Follow what happens, a line per change, until interrupted.

    Lines name conversations and messages by id; `show` tells what is in them.
    """

    async def work(opened: OpenStore) -> int:
        from wa_console.cli.engine import leave_on_signals

        leaving = leave_on_signals()
        following = asyncio.create_task(_follow(opened, since, as_json=as_json))
        either: set[asyncio.Future[Any]] = {leaving, following}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                # It ends only with an error: a closed pipe, a store that is gone.
                await following
            return leaving.result()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    return invocation.with_store(work)


async def _follow(opened: OpenStore, since: int | None, *, as_json: bool) -> None:
    async for changes in opened.desk.feed.follow(since=since):
        for change in changes:
            _print_change(change, as_json=as_json)


def _print_change(change: Change, *, as_json: bool) -> None:
    if as_json:
        from wa_console.cli.encode import change_json

        print_json(change_json(change))
        return
    ids = " ".join(filter(None, (change.conversation_id, change.message_id)))
    print_line(f"{change.seq}  {local(change.at)}  {change.kind.value}  {ids}")
