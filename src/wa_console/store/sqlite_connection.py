"""Connections to a SQLite file, and statements run on them.

The rules are those of faults 2.7: WAL, synchronous=FULL, foreign keys on, five seconds of
patience, no memory map (SQLite before 3.51.3 can corrupt the file with one), small caches. A
connection may be used by one task at a time. The file must have been prepared (sqlite_files).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiosqlite

from wa_console.store.codec import storable
from wa_console.store.executor import Row, Values
from wa_console.store.sqlite_errors import translated

BUSY_TIMEOUT_S = 5.0
WAL_LIMIT_PAGES = 2000
"""When a commit check-points by itself: 8 MB, the size to which the WAL is cut back."""

_RULES = """
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA journal_size_limit = 8388608;
PRAGMA cache_size = -{cache_kib};
PRAGMA wal_autocheckpoint = {wal_pages};
PRAGMA query_only = {query_only};
"""


async def open_connection(path: Path, *, cache_kib: int, writes: bool) -> aiosqlite.Connection:
    """Open a connection under the rules above.

    The caller closes it: the thread of one that is left open keeps the process from ending.

    Args:
        path: The prepared file.
        cache_kib: Upper limit of its page cache.
        writes: False for a reader, which cannot write and never check-points.

    Raises:
        StoreProblem: The file cannot be opened.
    """
    with translated(path):
        connection = await aiosqlite.connect(
            path, timeout=BUSY_TIMEOUT_S, isolation_level=None, cached_statements=256
        )
        try:
            connection.row_factory = sqlite3.Row
            await connection.executescript(
                _RULES.format(
                    cache_kib=cache_kib,
                    wal_pages=WAL_LIMIT_PAGES if writes else 0,
                    query_only=int(not writes),
                )
            )
        except BaseException:
            await connection.close()
            raise
    return connection


class SqliteExecutor:
    """Named statements on one connection (executor.Executor); usable until ``end``."""

    def __init__(
        self, connection: aiosqlite.Connection, statements: Mapping[str, str], path: Path
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._path = path
        self._ended = False

    def end(self) -> None:
        """Refuse every later statement: the transaction it would belong to is over."""
        self._ended = True

    async def rows(self, statement: str, values: Values | None = None) -> Sequence[Row]:
        """Run a statement in one trip to the database thread and return its rows."""
        sql = self._sql(statement)
        with translated(self._path):
            try:
                found = await self._connection.execute_fetchall(sql, values or {})
            except UnicodeEncodeError:
                found = await self._connection.execute_fetchall(sql, _storable(values or {}))
        return list(found)

    async def many(self, statement: str, values: Sequence[Values]) -> None:
        """Run a statement once for each of ``values`` in one trip to the database thread."""
        sql = self._sql(statement)
        with translated(self._path):
            try:
                await self._connection.executemany(sql, values)
            except UnicodeEncodeError:
                # Those before the one that failed are in already, within our transaction.
                for one in values:
                    await self._connection.execute_fetchall(sql, _storable(one))

    def _sql(self, statement: str) -> str:
        if self._ended:
            raise RuntimeError(f"{statement}: the session was used after its transaction ended")
        return self._statements[statement]


def _storable(values: Values) -> Values:
    """Return the values with texts that SQLite takes (codec.storable)."""
    return {
        name: storable(value) if isinstance(value, str) else value for name, value in values.items()
    }
