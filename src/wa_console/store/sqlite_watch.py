"""Waiting for the change feed to move, by this process or any other.

Commits of this process wake the waiters at once. Those of others are seen by asking SQLite for its
``data_version`` a few times a second on a connection that does nothing else (ARCHITECTURE 4.6);
nobody asks while nobody waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiosqlite

from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _
from wa_console.store.executor import only
from wa_console.store.sqlite_connection import SqliteExecutor

LOOK_S = 0.2
"""Between two looks for other processes' commits (port: a change is seen within 2 s)."""


class ChangeWatch:
    """Owns the connection that watches one file."""

    def __init__(
        self, connection: aiosqlite.Connection, statements: Mapping[str, str], path: Path
    ) -> None:
        self._connection = connection
        self._executor = SqliteExecutor(connection, statements, path)
        self._moved = asyncio.Event()
        self._waiters: set[asyncio.Task[bool]] = set()
        self._closed = False

    def wake(self) -> None:
        """Tell the waiters that this process has committed."""
        self._moved.set()
        self._moved = asyncio.Event()

    async def changed(self, after: int, *, timeout_s: float) -> bool:
        """Wait until the feed has passed ``after``, or time is up.

        Returns:
            True when it has passed, False when time was up or the store was closed meanwhile.

        Raises:
            StoreProblem: The file failed, or the store was closed before.
        """
        if self._closed:
            raise StoreProblem(_("The store is closed."))
        waiter = asyncio.create_task(self._wait(after, timeout_s))
        self._waiters.add(waiter)
        waiter.add_done_callback(self._waiters.discard)
        return await waiter  # a cancelled caller cancels it

    async def _wait(self, after: int, timeout_s: float) -> bool:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            moved = self._moved  # taken before looking: a commit in between sets this one
            version = await self._version()
            if await self._last_seq() > after:
                return True
            while not moved.is_set():
                remaining = deadline - loop.time()
                if remaining <= 0 or self._closed:
                    return False
                await _wait_at_most(moved, min(remaining, LOOK_S))
                if not moved.is_set() and await self._version() != version:
                    break

    async def _version(self) -> int:
        return int((await only(self._executor, "feed.data_version"))["data_version"])

    async def _last_seq(self) -> int:
        return int((await only(self._executor, "changes.last_seq"))["seq"])

    async def close(self) -> None:
        """Let the waiters go and close the connection."""
        self._closed = True
        self.wake()
        if self._waiters:
            await asyncio.wait(self._waiters)
        await self._connection.close()


async def _wait_at_most(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
