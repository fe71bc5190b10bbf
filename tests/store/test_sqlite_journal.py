"""Group commit: one commit for the appends that came while another was running."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.store.makers import entry
from wa_console.domain.errors import StoreProblem
from wa_console.store.sqlite_connection import open_connection
from wa_console.store.sqlite_files import prepare
from wa_console.store.sqlite_journal import BATCH, SqliteJournal
from wa_console.store.sqlite_migrations import JOURNAL
from wa_console.store.sqlite_readers import SqliteReaders
from wa_console.store.sqlite_writer import SqliteWriter
from wa_console.store.statements import load_statements


class Counted:
    """A journal that counts its commits, with its writing connection at hand."""

    def __init__(self) -> None:
        self.commits = 0

    def commit(self) -> None:
        self.commits += 1

    async def open(self, path: Path) -> None:
        statements = load_statements("sqlite")
        prepare(path, JOURNAL)
        self.connection = await open_connection(path, cache_kib=512, writes=True)
        reading = await open_connection(path, cache_kib=512, writes=False)
        self.journal = SqliteJournal(
            SqliteWriter(self.connection, statements, path, committed=self.commit),
            SqliteReaders([reading], statements, path),
        )


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Counted]:
    counted = Counted()
    await counted.open(tmp_path / "journal.db")
    yield counted
    await counted.journal.close()


async def test_one_append_is_one_commit(counted: Counted) -> None:
    for number in range(5):
        await counted.journal.append(entry(f"k{number}"))
    assert counted.commits == 5


async def test_appends_of_one_moment_are_one_commit(counted: Counted) -> None:
    await asyncio.gather(*(counted.journal.append(entry(f"k{n}")) for n in range(BATCH)))
    assert counted.commits == 1


async def test_appends_of_many_tasks_share_commits(counted: Counted) -> None:
    async def some(name: int) -> None:
        for number in range(10):
            await counted.journal.append(entry(f"{name}-{number}"))

    await asyncio.gather(*(some(name) for name in range(50)))
    assert await counted.journal.last_seq() == 500
    assert counted.commits < 100


async def test_nothing_is_acknowledged_that_was_not_committed(counted: Counted) -> None:
    """A full disk refuses the whole batch, each caller with an error of its own (faults G5)."""
    await counted.connection.execute_fetchall("PRAGMA max_page_count = 1")  # clamped to what it has
    long = (("Body", "x" * 20_000),)
    outcomes = await asyncio.gather(
        *(counted.journal.append(entry(f"k{n}", fields=long)) for n in range(30)),
        return_exceptions=True,
    )
    assert {type(outcome) for outcome in outcomes} == {StoreProblem}
    assert len({id(outcome) for outcome in outcomes}) == len(outcomes)
    assert list(await counted.journal.after(0, limit=99)) == []
    await counted.connection.execute_fetchall("PRAGMA max_page_count = 1000000")
    assert await counted.journal.append(entry("k0", fields=long))
