"""Several stores on one file, in one process and in many (faults A2, G1, G8)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.makers import NOW, customer, entry, put
from wa_console.domain.changes import ChangeKind
from wa_console.store.lease import FileLease
from wa_console.store.port import Session, Store
from wa_console.store.sqlite import open_sqlite

SOON = 20.0


@pytest.fixture
async def other(store: Store, store_path: Path) -> AsyncIterator[Store]:
    """A second store object on the same files."""
    opened = await open_sqlite(store_path)
    yield opened
    await opened.close()


async def note(session: Session) -> None:
    await session.changes.add(ChangeKind.NOTE_ADDED, NOW)


async def test_each_sees_what_the_other_commits(store: Store, other: Store) -> None:
    waiting = asyncio.create_task(other.changed(0, timeout_s=SOON))
    await put(store, customer("c1"))
    await store.write(note)
    assert await waiting
    assert await other.read(lambda s: s.customers.get("c1")) is not None
    back = asyncio.create_task(store.changed(1, timeout_s=SOON))
    await other.write(note)
    assert await back


async def test_their_commits_without_a_line_wake_nobody(store: Store, other: Store) -> None:
    waiting = asyncio.create_task(other.changed(0, timeout_s=0.5))
    await store.write(lambda s: s.facts.set_number("x", 1))
    assert not await waiting


async def test_they_write_by_turns_without_an_error(store: Store, other: Store) -> None:
    async def count(session: Session) -> None:
        await session.facts.set_number("x", (await session.facts.number("x") or 0) + 1)

    await asyncio.gather(*((store, other)[n % 2].write(count) for n in range(100)))
    assert await store.read(lambda s: s.facts.number("x")) == 100


async def test_one_key_is_new_for_one_of_them(store: Store, other: Store) -> None:
    keys = [f"k{n}" for n in range(100)]
    new = await asyncio.gather(
        *(one.journal.append(entry(key)) for key in keys for one in (store, other))
    )
    assert sum(new) == 100
    assert await other.journal.last_seq() == await store.journal.last_seq()


async def test_one_of_them_holds_the_lease(store: Store, other: Store) -> None:
    assert store.lease.holder() == ""
    assert store.lease.acquire()
    assert store.lease.acquire()
    assert not other.lease.acquire()
    assert other.lease.holder() == store.lease.holder()
    assert str(os.getpid()) in other.lease.holder()
    store.lease.release()
    store.lease.release()
    assert other.lease.holder() == ""
    assert other.lease.acquire()
    assert not store.lease.acquire()
    await other.close()
    assert store.lease.acquire()


_HOLD = """
import sys
from pathlib import Path
from wa_console.store.lease import FileLease
lease = FileLease(Path(sys.argv[1]))
print(lease.acquire(), lease.holder(), flush=True)
sys.stdin.read()
"""


def test_a_lease_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    path = tmp_path / "engine.lock"
    mine = FileLease(path)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().startswith(f"True pid {child.pid} on ")
        assert not mine.acquire()
        assert f"pid {child.pid} on " in mine.holder()
        child.kill()
        child.wait()
    assert mine.holder() == ""  # though its text is still in the file
    assert mine.acquire()
    mine.release()


_APPEND = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from wa_console.store.records import JournalEntry, JournalKind
from wa_console.store.sqlite import open_sqlite

async def main():
    store = await open_sqlite(Path(sys.argv[1]))
    async def worker(name):
        for number in range(10**6):
            key = f"{sys.argv[2]}-{name}-{number}"
            now = datetime.now(UTC)
            assert await store.journal.append(JournalEntry(JournalKind.INBOUND, key, (), now))
            await store.write(lambda s, key=key: s.facts.set_number(key, 1))
            sys.stdout.write(key + "\\n")
            sys.stdout.flush()
    await asyncio.gather(*(worker(name) for name in range(20)))

asyncio.run(main())
"""


async def test_what_was_acknowledged_survives_kill_9(store_path: Path) -> None:
    """Faults A2. Acknowledged here means printed: what the pipe holds was answered."""
    acknowledged: list[str] = []
    for turn in range(4):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _APPEND, str(store_path), str(turn), stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        acknowledged += [
            (await process.stdout.readline()).decode().strip() for _line in range(40 + 60 * turn)
        ]
        process.send_signal(signal.SIGKILL)
        acknowledged += (await process.stdout.read()).decode().split()
        await process.wait()
    acknowledged.pop()  # may have been cut in the middle
    store = await open_sqlite(store_path)
    try:
        rows = await store.journal.after(0, limit=10**6)
        journal = [row.entry.key for row in rows]
        assert set(acknowledged) <= set(journal)
        assert len(journal) == len(set(journal))

        async def missing(session: Session) -> list[str]:
            return [key for key in acknowledged if await session.facts.number(key) is None]

        assert await store.read(missing) == []
    finally:
        await store.close()


_OPEN = """
import asyncio, sys
from pathlib import Path
from wa_console.store.sqlite import open_sqlite

async def main():
    store = await open_sqlite(Path(sys.argv[1]))
    await store.write(lambda s: s.facts.set_number(sys.argv[2], 1))
    print(store.lease.acquire(), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await store.close()

asyncio.run(main())
"""


async def test_ten_processes_open_a_new_store_at_once_and_one_has_the_lease(
    store_path: Path,
) -> None:
    """Faults G8."""
    children = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", _OPEN, str(store_path), str(n),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for n in range(10)
    ]  # fmt: skip
    answers = [await child.stdout.readline() for child in children if child.stdout]
    errors = [(await child.communicate(b""))[1] for child in children]
    assert errors == [b""] * 10
    assert sorted(answers) == [b"False\n"] * 9 + [b"True\n"]
    store = await open_sqlite(store_path)
    try:

        async def marks(session: Session) -> list[int | None]:
            return [await session.facts.number(str(n)) for n in range(10)]

        assert await store.read(marks) == [1] * 10
    finally:
        await store.close()
