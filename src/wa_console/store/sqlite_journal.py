"""The journal in a SQLite file of its own (ARCHITECTURE rule 2).

An append is answered only after its commit is on the disk. A commit costs about 0.2 ms whatever is
in it, so the appends that come while one is running share the next (performance.md section 3:
1.9 to 2.6 times as many a second). A caller who gives up waiting does not take the entry back:
the request was genuine, and Twilio may not repeat it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from wa_console.domain.clock import to_ms
from wa_console.domain.errors import StoreProblem
from wa_console.store.codec import encode, ms_or_none, storable
from wa_console.store.executor import Value, only
from wa_console.store.records import JournalEntry, JournalRow
from wa_console.store.rows import journal_row_from
from wa_console.store.sqlite_readers import SqliteReaders
from wa_console.store.sqlite_writer import SqliteWriter

BATCH = 256
"""Appends in one commit at most, so that the first of them does not wait for long."""


@dataclass(frozen=True, slots=True)
class _Append:
    key: str
    columns: list[Value]
    outcome: asyncio.Future[bool]


class SqliteJournal:
    """The append-only record of what reached us (port.Journal)."""

    def __init__(self, writer: SqliteWriter, readers: SqliteReaders) -> None:
        self._writer = writer
        self._readers = readers
        self._pending: deque[_Append] = deque()
        self._flushing: asyncio.Task[None] | None = None

    async def append(self, entry: JournalEntry) -> bool:
        """Commit an entry durably, together with others in flight.

        Returns:
            True when it is new, False when the same key was there before.

        Raises:
            StoreProblem: It could not be written; it is not there.
        """
        outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._pending.append(_Append(storable(entry.key), _columns(entry), outcome))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush(), name="journal-flush")
        return await outcome

    async def _flush(self) -> None:
        """Write what is pending, and what comes meanwhile, batch by batch."""
        try:
            while self._pending:
                size = min(len(self._pending), BATCH)
                await self._write([self._pending.popleft() for _turn in range(size)])
        finally:
            self._flushing = None

    async def _write(self, batch: Sequence[_Append]) -> None:
        entries = encode([append.columns for append in batch])
        try:
            rows = await self._writer.once("journal.append", {"entries": entries})
        except asyncio.CancelledError:
            for append in batch:
                append.outcome.cancel()
            raise
        except Exception as error:  # whatever it is, nobody may wait for ever
            for append in batch:
                if not append.outcome.done():
                    append.outcome.set_exception(_again(error))
            return
        new = {row["key"] for row in rows}
        for append in batch:
            first = append.key in new
            new.discard(append.key)  # the same key twice in one batch is new once
            if not append.outcome.done():
                append.outcome.set_result(first)

    async def after(self, seq: int, *, limit: int) -> Sequence[JournalRow]:
        """Return rows past ``seq`` in order, parked ones left out."""
        return await self._read("journal.after", {"seq": seq, "limit": limit})

    async def parked(self) -> Sequence[JournalRow]:
        """Return the rows that could not be projected, in order."""
        return await self._read("journal.parked", {})

    async def _read(self, statement: str, values: dict[str, Value]) -> Sequence[JournalRow]:
        rows = await self._readers.run(lambda executor: executor.rows(statement, values))
        return [journal_row_from(row) for row in rows]

    async def failed(self, seq: int, *, park: bool) -> None:
        """Count a failed projection of a row and park it if told so; it is never un-parked."""
        values = {"seq": seq, "parked": int(park)}
        await self._writer.run(lambda executor: executor.rows("journal.failed", values))

    async def erase(self, wire: str) -> int:
        """Delete every row whose form says it came from or went to an address.

        Args:
            wire: The address as Twilio writes it, ``whatsapp:+45…``.

        Returns:
            How many rows there were.
        """
        rows = await self._writer.run(
            lambda executor: executor.rows("journal.erase", {"wire": wire})
        )
        return len(rows)

    async def last_seq(self) -> int:
        """Return the position of the newest row, 0 when empty."""
        row = await self._readers.run(lambda executor: only(executor, "journal.last_seq"))
        return int(row["seq"])

    async def close(self) -> None:
        """Finish the appends in flight, then close the file."""
        if self._flushing is not None:
            await asyncio.wait({self._flushing})
        await self._readers.close()
        await self._writer.close()


def _again(error: Exception) -> Exception:
    """Return an error of its own for each caller: a shared one would grow everyone's traceback."""
    return type(error)(*error.args) if isinstance(error, StoreProblem) else error


def _columns(entry: JournalEntry) -> list[Value]:
    """Return the columns in the order of the statement ``journal.append``."""
    return [
        entry.kind.value,
        storable(entry.key),
        to_ms(entry.received_at),
        ms_or_none(entry.occurred_at),
        storable(entry.source),
        storable(entry.query),
        encode(entry.fields),
    ]
