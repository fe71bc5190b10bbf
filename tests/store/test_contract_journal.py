"""Contract of port.Journal."""

from __future__ import annotations

import asyncio

import pytest

from tests.store.makers import ago, entry
from wa_console.domain.errors import StoreProblem
from wa_console.store.port import Store
from wa_console.store.records import JournalEntry, JournalKind, JournalRow

FULL = entry(
    "st:SM1:sent:",
    kind=JournalKind.STATUS,
    fields=(("Body", ""), ("Body", "to gange"), ("Ny\0", "\ud83d æ\x1b"), ("", "")),
    query="m=01abc&m=",
    source="catch-up",
    occurred_at=ago(hours=1),
)


async def keys(store: Store, seq: int = 0, limit: int = 99) -> list[str]:
    return [row.entry.key for row in await store.journal.after(seq, limit=limit)]


async def test_an_entry_comes_back_as_it_was_appended(store: Store) -> None:
    assert await store.journal.append(FULL)
    assert await store.journal.append(entry())
    rows = await store.journal.after(0, limit=9)
    assert list(rows) == [JournalRow(rows[0].seq, FULL), JournalRow(rows[1].seq, entry())]
    assert 0 < rows[0].seq < rows[1].seq == await store.journal.last_seq()


async def test_an_empty_journal(store: Store) -> None:
    assert await store.journal.last_seq() == 0
    assert await keys(store) == []
    assert list(await store.journal.parked()) == []


async def test_the_same_key_again_changes_nothing(store: Store) -> None:
    assert await store.journal.append(entry("k", source="webhook"))
    assert not await store.journal.append(entry("k", source="poll"))
    (row,) = await store.journal.after(0, limit=9)
    assert row.entry.source == "webhook"


async def test_many_at_once_are_new_exactly_once(store: Store) -> None:
    """Three deliveries of each message, all at the same time (faults A1)."""
    wanted = [f"k{n}" for n in range(300)]
    new = await asyncio.gather(*(store.journal.append(entry(key)) for key in wanted * 3))
    assert sum(new) == len(wanted)
    assert new[: len(wanted)] == [True] * len(wanted)  # the first of each, in order of coming
    assert await keys(store, limit=999) == wanted


async def test_the_same_key_side_by_side_is_new_for_the_first(store: Store) -> None:
    wanted = [f"k{n}" for n in range(100) for _copy in range(3)]
    new = await asyncio.gather(*(store.journal.append(entry(key)) for key in wanted))
    assert new == [True, False, False] * 100


async def test_positions_and_limits(store: Store) -> None:
    for key in "abcde":
        await store.journal.append(entry(key))
    rows = await store.journal.after(0, limit=2)
    assert [row.entry.key for row in rows] == ["a", "b"]
    assert await keys(store, rows[-1].seq) == ["c", "d", "e"]


async def test_a_failing_row_is_counted_then_parked_and_left_out(store: Store) -> None:
    await store.journal.append(entry("bad"))
    await store.journal.append(entry("good"))
    bad = (await store.journal.after(0, limit=1))[0]
    for attempt in range(1, 5):
        await store.journal.failed(bad.seq, park=False)
        assert (await store.journal.after(0, limit=1))[0].attempts == attempt
    await store.journal.failed(bad.seq, park=True)
    assert await keys(store) == ["good"]
    assert list(await store.journal.parked()) == [
        JournalRow(bad.seq, entry("bad"), attempts=5, parked=True)
    ]
    await store.journal.failed(bad.seq, park=False)
    assert [row.attempts for row in await store.journal.parked()] == [6]


async def test_half_a_surrogate_pair_in_a_key_is_still_one_key(store: Store) -> None:
    assert await store.journal.append(entry("in:\ud83d"))
    assert not await store.journal.append(entry("in:\ud83d"))


async def test_a_caller_that_gives_up_does_not_take_the_entry_back(store: Store) -> None:
    """The client hung up; the message was genuine, and may not come again."""
    appending = [asyncio.create_task(store.journal.append(entry(f"k{n}"))) for n in range(20)]
    await asyncio.sleep(0)
    for task in appending:
        task.cancel()
    await asyncio.gather(*appending, return_exceptions=True)
    await store.journal.append(entry("last"))
    assert await keys(store) == [*(f"k{n}" for n in range(20)), "last"]


async def test_closing_finishes_the_appends_in_flight(store: Store) -> None:
    async def append(one: JournalEntry) -> bool:
        return await store.journal.append(one)

    appending = [asyncio.create_task(append(entry(f"k{n}"))) for n in range(600)]
    await asyncio.sleep(0)
    await store.close()
    assert all(await asyncio.gather(*appending))
    with pytest.raises(StoreProblem, match="closed"):
        await store.journal.append(entry("late"))
