"""The one writer of a SQLite file: a task that runs whole transactions, one after the other.

A caller hands over a closure and waits. Whether the caller is cancelled meanwhile makes no
difference to the transaction: it belongs to this task, which commits or rolls back by itself
(faults G2: a cancelled coroutine on a shared connection left its transaction open and every later
write failed). Only this connection writes and check-points (faults G4).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _
from wa_console.store.executor import Executor, Row, Values
from wa_console.store.sqlite_connection import SqliteExecutor
from wa_console.store.sqlite_errors import translated

T = TypeVar("T")
_LOG = logging.getLogger(__name__)

QUIET_S = 1.0
"""Without work for so long, what was committed is moved from the WAL into the file."""
CLOSING_PATIENCE_MS = 250
"""How long the last check-point waits for the readers of other processes."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Executor], Awaitable[Any]]
    outcome: asyncio.Future[Any]
    alone: bool = False  # a single statement, which SQLite makes a transaction by itself


class SqliteWriter:
    """Owns the writing connection of one file.

    ``committed`` is called after every commit, in the event loop.
    """

    def __init__(
        self,
        connection: aiosqlite.Connection,
        statements: Mapping[str, str],
        path: Path,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._path = path
        self._committed = committed
        self._jobs: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._unmoved = False  # commits since the last check-point
        self._task = asyncio.create_task(self._serve(), name=f"store-writer {path.name}")

    async def run(self, work: Callable[[Executor], Awaitable[T]]) -> T:
        """Run ``work`` as one transaction and return its result once it is committed.

        A caller cancelled before its turn changes nothing; later the transaction ends without it.

        Raises:
            StoreProblem: The file failed, or the store is closed; nothing was changed.
            Exception: Whatever ``work`` raised; nothing was changed.
        """
        outcome: T = await self._handed_over(work)
        return outcome

    async def once(self, statement: str, values: Values) -> Sequence[Row]:
        """Run one statement as a transaction of its own; its rows, once it is committed.

        One trip to the database thread in place of three: BEGIN, statement, COMMIT.

        Raises:
            StoreProblem: The file failed, or the store is closed; nothing was changed.
        """
        rows: Sequence[Row] = await self._handed_over(
            lambda executor: executor.rows(statement, values), alone=True
        )
        return rows

    async def _handed_over(
        self, work: Callable[[Executor], Awaitable[Any]], *, alone: bool = False
    ) -> Any:
        if asyncio.current_task() is self._task:
            raise RuntimeError("a transaction cannot wait for another transaction")
        if self._closing or self._task.done():
            raise StoreProblem(_("The store is closed."))
        job = _Job(work, asyncio.get_running_loop().create_future(), alone)
        self._jobs.append(job)
        self._wake.set()
        return await job.outcome

    async def close(self) -> None:
        """Finish what was handed over, check-point, close the connection."""
        self._closing = True
        self._wake.set()
        await asyncio.wait({self._task})

    async def _serve(self) -> None:
        try:
            while self._jobs or not self._closing:
                if self._jobs:
                    await self._transaction(self._jobs.popleft())
                else:
                    await self._rest()
            await self._last_check_point()
        finally:
            self._closing = True
            await self._connection.close()
            for job in self._jobs:
                if not job.outcome.done():
                    job.outcome.set_exception(StoreProblem(_("The store is closed.")))

    async def _transaction(self, job: _Job) -> None:
        """Run one job from BEGIN to COMMIT or ROLLBACK and settle its outcome."""
        if job.outcome.done():  # its caller was cancelled before its turn
            return
        executor = SqliteExecutor(self._connection, self._statements, self._path)
        try:
            if not job.alone:
                await self._run("BEGIN IMMEDIATE")
            result = await job.work(executor)
            executor.end()
            if not job.alone:
                await self._run("COMMIT")
        except (Exception, asyncio.CancelledError) as error:
            executor.end()
            await self._roll_back()
            self._settle_failed(job, error)
            return
        self._unmoved = True
        self._committed()
        if not job.outcome.done():
            job.outcome.set_result(result)

    def _settle_failed(self, job: _Job, error: BaseException) -> None:
        """Hand a failure to the caller; when this very task is being cancelled, go with it."""
        if isinstance(error, asyncio.CancelledError):
            job.outcome.cancel()
            if self._task.cancelling():
                raise error
        elif job.outcome.done():
            _LOG.warning("a transaction failed whose caller has gone: %s", type(error).__name__)
        else:
            job.outcome.set_exception(error)

    async def _run(self, sql: str) -> None:
        with translated(self._path):
            await self._connection.execute_fetchall(sql)

    async def _roll_back(self) -> None:
        """End the transaction, if SQLite has not done so itself (disk full, I/O error)."""
        try:
            await self._connection.rollback()
        except aiosqlite.Error as error:
            _LOG.warning("rollback failed: %s", error)

    async def _rest(self) -> None:
        """Wait for work; when none comes for a while, move what is in the WAL."""
        self._wake.clear()
        try:
            async with asyncio.timeout(QUIET_S if self._unmoved else None):
                await self._wake.wait()
        except TimeoutError:
            await self._check_point("PRAGMA wal_checkpoint(PASSIVE)")

    async def _last_check_point(self) -> None:
        """Leave one complete file behind, unless somebody else still reads."""
        await self._check_point(f"PRAGMA busy_timeout = {CLOSING_PATIENCE_MS}")
        await self._check_point("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _check_point(self, pragma: str) -> None:
        self._unmoved = False
        try:
            await self._connection.execute_fetchall(pragma)
        except aiosqlite.Error as error:  # the next one will do it; nothing is lost in a WAL
            _LOG.warning("check-point failed: %s", error)
