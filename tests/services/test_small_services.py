"""Search, presence, feed and bell: small doors, each with its own promise."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

from tests.services.rig import START, Rig
from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.presence import Presence
from wa_console.services.bell import Bell
from wa_console.services.feed import Feed
from wa_console.services.presence import Presences
from wa_console.services.search import Search
from wa_console.store.sqlite import open_sqlite


async def test_search_finds_what_was_indexed_newest_first(rig: Rig) -> None:
    search = Search(store=rig.store)
    for n, body in enumerate(("Rødgrød med fløde", "grød", "RØDGRØD igen")):
        rig.fixed.set(START + timedelta(minutes=n))
        await rig.hear(body)
    assert await search.find("rødgrød") == []
    assert await search.index_once(batch=2) == 2
    assert await search.index_once() == 1
    assert await search.index_once() == 0
    hits = await search.find("rødgrød")
    assert [hit.message.body for hit in hits] == ["RØDGRØD igen", "Rødgrød med fløde"]
    assert len(await search.find("rødgrød", limit=1)) == 1
    for nothing in ("", "  ", '"', "NEAR(", "*"):
        assert len(await search.find(nothing)) == 0


async def test_presence_is_what_one_says(rig: Rig) -> None:
    presences = Presences(store=rig.store, clock=rig.clock)
    assert await presences.get("anna") is Presence.OFFLINE
    seen = await rig.last_change()
    await presences.set("anna", Presence.AVAILABLE)
    await presences.set("bo", Presence.AWAY)
    assert await presences.all() == {"anna": Presence.AVAILABLE, "bo": Presence.AWAY}
    kinds = {change.kind for change in await rig.changes(seen)}
    assert kinds == {ChangeKind.PRESENCE_UPDATED}


async def test_load_counts_what_is_not_closed(rig: Rig) -> None:
    presences = Presences(store=rig.store, clock=rig.clock)
    assert await presences.load("anna") == (0, 3)
    first = await rig.hear()
    second = await rig.hear(From="whatsapp:+4520999999", WaId="4520999999")
    for conversation in (first, second):
        await rig.conversations.take(conversation.id, login="anna")
    assert await presences.load("anna") == (2, 3)
    await rig.conversations.close(first.id, by="anna")
    assert await presences.load("anna") == (1, 3)
    assert await presences.load("nobody") == (0, 5)


async def take(lines: AsyncIterator[Sequence[Change]], count: int) -> list[Change]:
    found: list[Change] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found += await anext(lines)
    return found


async def test_the_feed_gives_every_line_in_order(rig: Rig) -> None:
    feed = Feed(store=rig.store)
    start = await feed.last_seq()
    for n in range(7):
        await rig.hear(f"nr. {n}")
    lines = await take(feed.follow(since=start), 7)
    assert [line.seq for line in lines] == list(range(start + 1, start + 8))
    again = await take(feed.follow(since=lines[4].seq), 2)
    assert again == lines[5:]


async def test_the_feed_waits_for_what_comes(rig: Rig) -> None:
    await rig.hear("før")
    waiting = asyncio.create_task(take(Feed(store=rig.store).follow(quiet_s=5), 1))
    await asyncio.wait({waiting}, timeout=0.05)
    assert not waiting.done()
    conversation = await rig.hear("nu")
    (line,) = await waiting
    assert line.conversation_id == conversation.id


async def test_the_feed_sees_other_programs(rig: Rig, tmp_path: Path) -> None:
    other = await open_sqlite(tmp_path / "store.db")
    try:
        waiting = asyncio.create_task(take(Feed(store=other).follow(since=0), 2))
        await rig.hear()
        assert len(await waiting) >= 2
    finally:
        await other.close()


async def test_a_ring_between_looking_and_waiting_is_heard() -> None:
    bell = Bell()
    heard = bell.rings
    bell.ring()
    assert await bell.wait(heard, timeout_s=60)
    assert not await bell.wait(bell.rings, timeout_s=0)


async def test_a_ring_wakes_everybody() -> None:
    bell = Bell()
    sleepers = [asyncio.create_task(bell.wait(0, timeout_s=60)) for _ in range(3)]
    await asyncio.wait(sleepers, timeout=0.01)
    bell.ring()
    assert await asyncio.wait_for(asyncio.gather(*sleepers), 5) == [True] * 3


async def test_who_stops_waiting_leaves_nothing_behind() -> None:
    bell = Bell()
    sleeper = asyncio.create_task(bell.wait(0, timeout_s=60))
    await asyncio.wait({sleeper}, timeout=0.01)
    sleeper.cancel()
    await asyncio.gather(sleeper, return_exceptions=True)
    assert not bell._waiters
