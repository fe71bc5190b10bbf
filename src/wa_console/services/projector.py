"""Turns journal rows into conversations, in order, many to a transaction (ARCHITECTURE 4.5).

The position it reached is kept in the same transaction as the rows, and every row can be applied
again without changing anything. It does not know what a form looks like (FormReader does).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import parse_qs

from wa_console.domain.clock import Clock
from wa_console.domain.errors import StoreBusy, StoreProblem
from wa_console.domain.ids import is_id
from wa_console.domain.setup import Setup
from wa_console.gateway.port import Explainer, FormReader
from wa_console.services.arrivals import apply_inbound
from wa_console.services.facts import PROJECTED_SEQ, journal_behind, projected_seq
from wa_console.services.receipts import apply_report
from wa_console.store.port import JournalKind, JournalRow, Session, Store

MAX_ATTEMPTS = 5
"""A row that failed so often is parked, so that the rest go on (faults A7)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many rows a replay went through, and how many of them changed something."""

    rows: int
    changed: int


class Projector:
    """Applies the journal to the store.

    Attributes:
        batch: Rows to a transaction at most.

    Args:
        store: Where both live.
        clock: The product's clock.
        forms: Reads webhook forms.
        explain: Gives sentences for error codes that come without text.
        batch: Rows to a transaction at most.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        forms: FormReader,
        explain: Explainer | None = None,
        batch: int = 32,
    ) -> None:
        self._store = store
        self._clock = clock
        self._forms = forms
        self._explain = explain
        self.batch = batch

    async def run_once(self) -> int:
        """Project one batch; returns how many rows it had, 0 when nothing is left.

        Raises:
            StoreProblem: The store does not take writes; no row is blamed for that.
        """
        position = await self._store.read(projected_seq)
        rows = await self._store.journal.after(position, limit=self.batch)
        if rows:
            await self._project(rows)
        return len(rows)

    async def drain(self) -> int:
        """Project until nothing is left; returns how many rows it were."""
        total = 0
        while count := await self.run_once():
            total += count
        return total

    async def behind(self) -> int:
        """Return how many journal rows wait to be projected."""
        return await journal_behind(self._store)

    async def replay(self) -> Replayed:
        """Project the whole journal again (CONTRACT ``replay``): if all is well nothing changes."""
        seq = rows_seen = changed = 0
        while rows := await self._store.journal.after(seq, limit=self.batch):
            changed += await self._apply(rows, again=True)
            rows_seen += len(rows)
            seq = rows[-1].seq
        return Replayed(rows=rows_seen, changed=changed)

    async def _project(self, rows: Sequence[JournalRow]) -> None:
        """Apply rows; when that fails, halve until the row that is to blame stands alone."""
        try:
            await self._apply(rows, again=False)
        except StoreBusy:
            raise
        except Exception as error:  # a row must never stop the queue (faults A7)
            if len(rows) == 1:
                await self._blame(rows[0], error)
                return
            middle = len(rows) // 2
            await self._project(rows[:middle])
            await self._project(rows[middle:])

    async def _blame(self, row: JournalRow, error: Exception) -> None:
        """Count a failure of a row and try it again, or park it after the fifth."""
        if isinstance(error, StoreProblem):
            await self._store.write(_touch_position)  # fails too if it is not the row's fault
        attempts = row.attempts + 1
        park = attempts >= MAX_ATTEMPTS
        _log.error(
            "journal row %d failed (%s), attempt %d", row.seq, type(error).__name__, attempts
        )
        await self._store.journal.failed(row.seq, park=park)
        if park:
            await self._store.write(lambda session: _pass(session, row.seq))
        else:
            await self._project([replace(row, attempts=attempts)])

    async def _apply(self, rows: Sequence[JournalRow], *, again: bool) -> int:
        """Apply rows in one transaction; returns how many changed something."""

        async def work(session: Session) -> int:
            position = await projected_seq(session)
            setup = await session.facts.setup()
            changed = 0
            for row in rows:
                if again or row.seq > position:
                    changed += await self._apply_row(session, row, setup)
            await _pass(session, rows[-1].seq)
            return changed

        return await self._store.write(work)

    async def _apply_row(self, session: Session, row: JournalRow, setup: Setup) -> bool:
        entry = row.entry
        match entry.kind:
            case JournalKind.INBOUND:
                message = self._forms.parse_inbound(entry.fields)
                return await apply_inbound(session, message, entry=entry, setup=setup)
            case JournalKind.STATUS:
                return await apply_report(
                    session,
                    self._forms.parse_status(entry.fields),
                    message_id=_own_id(entry.query),
                    at=entry.occurred_at or entry.received_at,
                    source="callback" if entry.source == "webhook" else entry.source,
                    explain=self._explain,
                )
            case _:
                assert_never(entry.kind)


async def _pass(session: Session, seq: int) -> None:
    """Move the position on to ``seq``, never back."""
    if seq > await projected_seq(session):
        await session.facts.set_number(PROJECTED_SEQ, seq)


async def _touch_position(session: Session) -> None:
    await session.facts.set_number(PROJECTED_SEQ, await projected_seq(session))


def _own_id(query: str) -> str | None:
    """Return our message id from a status callback's query (FACTS 8.6), None without one."""
    value = parse_qs(query).get("m", [""])[0]
    return value if is_id(value) else None
