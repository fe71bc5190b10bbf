"""The reading connections of a SQLite file: a few, lent one at a time.

Each read is one short transaction, so that it sees one state and never holds the WAL back
(faults G3). A reader cannot write (``query_only``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import aiosqlite

from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _
from wa_console.store.executor import Executor
from wa_console.store.sqlite_connection import SqliteExecutor
from wa_console.store.sqlite_errors import translated

T = TypeVar("T")


class SqliteReaders:
    """Owns the reading connections of one file."""

    def __init__(
        self,
        connections: Sequence[aiosqlite.Connection],
        statements: Mapping[str, str],
        path: Path,
    ) -> None:
        self._statements = statements
        self._path = path
        self._size = len(connections)
        self._closed = False
        self._mending: set[asyncio.Task[None]] = set()
        # Last in, first out: one warm cache is better than three half warm ones.
        self._idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for connection in connections:
            self._idle.put_nowait(connection)

    async def run(self, work: Callable[[Executor], Awaitable[T]]) -> T:
        """Run ``work`` on one snapshot.

        Raises:
            StoreProblem: The file failed, or the store is closed.
        """
        if self._closed:
            raise StoreProblem(_("The store is closed."))
        connection = await self._idle.get()
        executor = SqliteExecutor(connection, self._statements, self._path)
        clean = False
        try:
            with translated(self._path):
                await connection.execute_fetchall("BEGIN")
            result = await work(executor)
            with translated(self._path):
                await connection.execute_fetchall("COMMIT")
            clean = True
        finally:
            executor.end()
            if clean:
                self._idle.put_nowait(connection)
            else:
                self._mend_later(connection)
        return result

    def _mend_later(self, connection: aiosqlite.Connection) -> None:
        """Give a connection back once its transaction is over.

        In a task of its own: the reader may have been cancelled, with a statement still running.
        """
        task = asyncio.create_task(self._mend(connection))
        self._mending.add(task)
        task.add_done_callback(self._mending.discard)

    async def _mend(self, connection: aiosqlite.Connection) -> None:
        try:
            await connection.rollback()
        finally:
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Wait for reads under way and close all connections."""
        self._closed = True
        for _turn in range(self._size):
            connection = await self._idle.get()
            await connection.close()
