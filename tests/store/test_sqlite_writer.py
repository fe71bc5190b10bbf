"""The writer's rules: cancellation, failure, locks, the WAL, the end of the loop (faults G1-G5)."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.store.makers import NOW, customer, put
from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import StoreBusy, StoreProblem
from wa_console.store import sqlite_connection
from wa_console.store.port import Session, Store
from wa_console.store.sqlite import open_sqlite

CANCELLATIONS = 600


async def test_random_cancellations_leave_no_transaction_open_and_lose_nothing(
    store: Store,
) -> None:
    """Faults G2. Each write is two rows: half of one must never be seen."""
    dice = random.Random(5)
    acknowledged: list[int] = []

    async def write(number: int) -> None:
        async def work(session: Session) -> None:
            await session.facts.set_number(f"a{number}", number)
            for _turn in range(dice.randrange(3)):
                await session.facts.number("a0")
            await session.facts.set_number(f"b{number}", number)

        await store.write(work)
        acknowledged.append(number)

    for base in range(0, CANCELLATIONS, 20):
        tasks = [asyncio.create_task(write(base + n)) for n in range(20)]
        for task in dice.sample(tasks, 14):
            for _turn in range(dice.randrange(30)):
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await store.write(lambda s: s.facts.set_number("last", 1))

    async def halves(session: Session) -> list[tuple[bool, bool]]:
        return [
            (
                await session.facts.number(f"a{n}") is not None,
                await session.facts.number(f"b{n}") is not None,
            )
            for n in range(CANCELLATIONS)
        ]

    there = await store.read(halves)
    assert all(a == b for a, b in there)
    assert all(there[n] == (True, True) for n in acknowledged)
    assert CANCELLATIONS * 0.25 < len(acknowledged) < CANCELLATIONS  # both kinds did happen


async def test_random_cancellations_of_reads_give_every_connection_back(store: Store) -> None:
    dice = random.Random(6)
    await put(store, *(customer(f"c{n}") for n in range(30)))

    async def work(session: Session) -> None:
        for n in range(5):
            await session.customers.get(f"c{n}")

    for _turn in range(20):
        tasks = [asyncio.create_task(store.read(work)) for _ in range(10)]
        for task in dice.sample(tasks, 7):
            for _ in range(dice.randrange(20)):
                await asyncio.sleep(0)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    # A reader that kept its old snapshot would not see this.
    await store.write(lambda s: s.facts.set_number("x", 1))
    found = await asyncio.gather(*(store.read(lambda s: s.facts.number("x")) for _ in range(6)))
    assert found == [1] * 6


async def test_a_write_cancelled_before_its_turn_changes_nothing(store: Store) -> None:
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(session: Session) -> None:
        begun.set()
        await go_on.wait()

    first = asyncio.create_task(store.write(slow))
    await begun.wait()
    second = asyncio.create_task(store.write(lambda s: s.facts.set_number("x", 1)))
    await asyncio.sleep(0)
    second.cancel()
    go_on.set()
    await first
    await asyncio.gather(second, return_exceptions=True)
    await store.write(lambda s: s.facts.set_number("y", 1))
    assert await store.read(lambda s: s.facts.number("x")) is None


async def test_a_write_cancelled_in_the_middle_ends_by_itself(store: Store) -> None:
    begun = asyncio.Event()

    async def work(session: Session) -> None:
        await session.facts.set_number("x", 1)
        begun.set()
        await session.facts.set_number("y", 1)

    task = asyncio.create_task(store.write(work))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.write(lambda s: s.facts.set_number("z", 1))
    assert await store.read(lambda s: s.facts.number("y")) == 1


async def test_a_closure_that_cancels_itself_is_rolled_back(store: Store) -> None:
    async def work(session: Session) -> None:
        await session.facts.set_number("x", 1)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await store.write(work)
    await store.write(lambda s: s.facts.set_number("y", 1))
    assert await store.read(lambda s: s.facts.number("x")) is None


async def test_a_commit_that_fails_is_a_problem_and_the_writer_lives(store: Store) -> None:
    async def orphan(session: Session) -> None:
        await session.messages.save_draft("nowhere", "anna", "Hej", NOW)

    with pytest.raises(StoreProblem, match="refused a row"):
        await store.write(orphan)  # the reference is checked at COMMIT
    await put(store, customer("c1"))
    assert await store.read(lambda s: s.messages.draft("nowhere", "anna")) == ""


async def test_somebody_elses_lock_is_waited_for_then_told(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connection, "BUSY_TIMEOUT_S", 0.05)
    store = await open_sqlite(store_path)
    try:
        with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreBusy, match="another program"):
                await put(store, customer("c1"))
            assert await store.read(lambda s: s.customers.get("c1")) is None  # reads go on
            other.execute("ROLLBACK")
        await put(store, customer("c1"))
    finally:
        await store.close()


async def test_a_full_disk_is_a_problem_reads_go_on_and_it_heals(store_path: Path) -> None:
    """Faults G5; the file's own page limit stands for the disk's end."""
    store: Any = await open_sqlite(store_path)
    try:
        writing = store._writer._connection
        await writing.execute_fetchall("PRAGMA max_page_count = 1")  # clamped to what it has
        with pytest.raises(StoreProblem, match="full"):
            await put(store, *(customer(f"c{n}", name="x" * 4000) for n in range(20)))
        assert await store.read(lambda s: s.customers.get("c0")) is None
        await writing.execute_fetchall("PRAGMA max_page_count = 1000000")
        await put(store, customer("c1"))
    finally:
        await store.close()


async def test_the_connections_keep_the_rules(store_path: Path) -> None:
    store: Any = await open_sqlite(store_path)
    try:
        writing = store._writer._connection
        reading = await store._readers._idle.get()
        store._readers._idle.put_nowait(reading)
        rules = {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 5000,
            "mmap_size": 0,
            "journal_size_limit": 8388608,
        }
        for connection, query_only, pages in ((writing, 0, 2000), (reading, 1, 0)):
            wanted = rules | {"query_only": query_only, "wal_autocheckpoint": pages}
            for name, value in wanted.items():
                (row,) = await connection.execute_fetchall(f"PRAGMA {name}")
                assert row[0] == value, name
            (row,) = await connection.execute_fetchall("PRAGMA cache_size")
            assert -8192 <= row[0] < 0
    finally:
        await store.close()


async def test_the_wal_does_not_grow_without_end(store_path: Path) -> None:
    """Faults G3: 32 MB written, the WAL stays within 16."""
    store = await open_sqlite(store_path)
    try:
        for turn in range(64):
            text = f"{turn}" * 250_000
            await put(store, customer("c1", name=text))
        assert store_path.with_name("store.db-wal").stat().st_size <= 16 * 2**20
    finally:
        await store.close()


async def test_an_opening_that_is_cancelled_leaves_nothing_open(store_path: Path) -> None:
    for turns in range(0, 200, 9):
        opening = asyncio.create_task(open_sqlite(store_path))
        for _turn in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        (outcome,) = await asyncio.gather(opening, return_exceptions=True)
        if not isinstance(outcome, BaseException):
            await outcome.close()
    assert not store_path.with_name("store.db-wal").exists()


_FORGETFUL = """
import asyncio, sys
from pathlib import Path
from wa_console.store.sqlite import open_sqlite

async def main():
    store = await open_sqlite(Path(sys.argv[1]))
    async def slow(session):
        await session.changes.last_seq()
        await asyncio.sleep(3600)
    reading = asyncio.create_task(store.read(slow))
    await store.write(lambda s: s.facts.set_number("x", 1))
    raise SystemExit(7)

asyncio.run(main())
"""


def test_a_store_that_nobody_closed_does_not_keep_the_process_alive(store_path: Path) -> None:
    """Faults G10: a connection's thread that is left running hangs the exit."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FORGETFUL, str(store_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (7, "")
    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("SELECT number FROM fact").fetchall() == [(1,)]


async def test_changes_are_told_in_the_order_of_commits(store: Store) -> None:
    def note(name: str) -> Callable[[Session], Awaitable[None]]:
        return lambda session: session.changes.add(ChangeKind.NOTE_ADDED, NOW, message_id=name)

    await asyncio.gather(*(store.write(note(f"m{n}")) for n in range(30)))
    lines = await store.read(lambda s: s.changes.since(0, limit=99))
    assert [line.message_id for line in lines] == [f"m{n}" for n in range(30)]
