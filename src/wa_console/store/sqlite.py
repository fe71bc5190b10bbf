"""A store in two SQLite files: everything in one, the journal in the other.

Puts the parts together and takes them apart again: one writer and a few readers for each file, a
connection that watches for other processes, the lease. The rules of a connection are in
sqlite_connection, those of a transaction in sqlite_writer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

from aiosqlite import Connection

from wa_console.store.executor import Executor
from wa_console.store.lease import FileLease
from wa_console.store.port import Session, Store
from wa_console.store.session import SqlSession
from wa_console.store.sqlite_connection import open_connection
from wa_console.store.sqlite_files import prepare
from wa_console.store.sqlite_journal import SqliteJournal
from wa_console.store.sqlite_migrations import JOURNAL, STORE
from wa_console.store.sqlite_readers import SqliteReaders
from wa_console.store.sqlite_search import SqliteSearch
from wa_console.store.sqlite_watch import ChangeWatch
from wa_console.store.sqlite_writer import SqliteWriter
from wa_console.store.statements import load_statements

T = TypeVar("T")

READERS = 2
# Page caches: 12 MiB for the store and 1.25 for the rest, within the 16 that were promised
# (performance.md, proposed targets).
STORE_CACHE_KIB = 4096
JOURNAL_CACHE_KIB = 512
WATCH_CACHE_KIB = 256


async def open_sqlite(home_store: Path, journal: Path | None = None) -> Store:
    """Open a store, making or migrating its files first.

    The caller closes it: what is left open keeps the process from ending.

    Args:
        home_store: The store's file, usually ``store.db`` in the home.
        journal: The journal's file; default ``journal.db`` beside the store.

    Raises:
        StoreProblem: A file is foreign, newer, damaged, not ours to use, or on a network drive.
    """
    opening = asyncio.create_task(_open(home_store, journal or home_store.parent / "journal.db"))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # Half open is not a state to leave behind: let it finish, then close it.
        await asyncio.wait({opening})
        if not opening.cancelled() and opening.exception() is None:
            await opening.result().close()
        raise


async def _open(store_path: Path, journal_path: Path) -> SqliteStore:
    statements = await asyncio.to_thread(load_statements, "sqlite")
    store_path = await asyncio.to_thread(prepare, store_path, STORE)
    journal_path = await asyncio.to_thread(prepare, journal_path, JOURNAL)
    async with AsyncExitStack() as parts:

        async def part(path: Path, cache_kib: int, *, writes: bool = False) -> Connection:
            connection = await open_connection(path, cache_kib=cache_kib, writes=writes)
            parts.push_async_callback(connection.close)
            return connection

        writing = await part(store_path, STORE_CACHE_KIB, writes=True)
        reading = [await part(store_path, STORE_CACHE_KIB) for _turn in range(READERS)]
        watching = await part(store_path, WATCH_CACHE_KIB)
        appending = await part(journal_path, JOURNAL_CACHE_KIB, writes=True)
        replaying = await part(journal_path, JOURNAL_CACHE_KIB)
        parts.pop_all()  # from here on the parts close their connections themselves
    watch = ChangeWatch(watching, statements, store_path)
    return SqliteStore(
        writer=SqliteWriter(writing, statements, store_path, committed=watch.wake),
        readers=SqliteReaders(reading, statements, store_path),
        watch=watch,
        journal=SqliteJournal(
            SqliteWriter(appending, statements, journal_path),
            SqliteReaders([replaying], statements, journal_path),
        ),
        lease=FileLease(store_path.with_name("engine.lock")),
    )


class SqliteStore:
    """A store that is open (port.Store); made by `open_sqlite`."""

    def __init__(
        self,
        *,
        writer: SqliteWriter,
        readers: SqliteReaders,
        watch: ChangeWatch,
        journal: SqliteJournal,
        lease: FileLease,
    ) -> None:
        self.journal = journal
        self.lease = lease
        self._writer = writer
        self._readers = readers
        self._watch = watch
        self._closing: asyncio.Task[None] | None = None
        self._guard = asyncio.create_task(self._close_with_the_loop(), name="store-guard")

    async def _close_with_the_loop(self) -> None:
        """Close when the event loop ends before `close` was called, as after an error.

        A connection's thread that is left running keeps the process from ending (faults G10).
        """
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            await self.close()

    async def read(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run ``work`` on a read-only snapshot.

        Raises:
            StoreProblem: The file failed, or the store is closed.
            Exception: Whatever ``work`` raised.
        """
        return await self._readers.run(lambda executor: work(_session(executor)))

    async def write(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run ``work`` as one transaction; it commits as a whole or not at all.

        A cancelled caller changes nothing half: the transaction still ends by itself.

        Raises:
            StoreProblem: The file failed, or the store is closed; nothing was changed.
            Exception: Whatever ``work`` raised; nothing was changed.
        """
        return await self._writer.run(lambda executor: work(_session(executor)))

    async def changed(self, after: int, *, timeout_s: float) -> bool:
        """Wait until the change feed has passed ``after`` (by any process), or time is up.

        Raises:
            StoreProblem: The file failed, or the store is closed.
        """
        return await self._watch.changed(after, timeout_s=timeout_s)

    async def close(self) -> None:
        """Finish what is under way, check-point and close; may be called again.

        A cancelled caller does not leave it half closed.
        """
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="store-close")
            if asyncio.current_task() is not self._guard:
                self._guard.cancel()
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self.lease.release()
        async with AsyncExitStack() as parts:  # in reverse order; each even if another fails
            parts.push_async_callback(self._writer.close)
            parts.push_async_callback(self._readers.close)
            parts.push_async_callback(self._watch.close)
            parts.push_async_callback(self.journal.close)


def _session(executor: Executor) -> Session:
    return SqlSession(executor, SqliteSearch(executor))
