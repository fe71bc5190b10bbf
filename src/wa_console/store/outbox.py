"""Messages on their way to Twilio (port.OutboxRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Sequence

from wa_console.store.executor import Executor, first, only
from wa_console.store.records import OutboxRow, OutboxState
from wa_console.store.rows import outbox_from, outbox_values


class SqlOutbox:
    """Sends, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, row: OutboxRow) -> None:
        """Queue a send behind all that were queued before.

        Raises:
            StoreProblem: The message is in the outbox already.
        """
        await self._executor.rows("outbox.add", outbox_values(row))

    async def get(self, message_id: str) -> OutboxRow | None:
        """Return one send, None when there is none."""
        row = await first(self._executor, "outbox.get", {"message_id": message_id})
        return outbox_from(row) if row is not None else None

    async def claim(
        self, *, now_ms: int, owner: str, until_ms: int, limit: int
    ) -> Sequence[OutboxRow]:
        """Lease due rows, at most the oldest unsettled one of each conversation, oldest first.

        A row that waits for its time or is leased holds back the later ones of its conversation:
        order is kept (faults D5).
        """
        rows = await self._executor.rows(
            "outbox.claim",
            {"now_ms": now_ms, "owner": owner, "until_ms": until_ms, "limit": limit},
        )
        # RETURNING promises no order.
        return [outbox_from(row) for row in sorted(rows, key=lambda row: int(row["n"]))]

    async def update(self, row: OutboxRow) -> None:
        """Replace the state of a send."""
        await self._executor.rows("outbox.update", outbox_values(row))

    async def in_state(self, state: OutboxState) -> Sequence[OutboxRow]:
        """Return all sends in a state, oldest first."""
        rows = await self._executor.rows("outbox.in_state", {"state": state.value})
        return [outbox_from(row) for row in rows]

    async def waiting(self) -> int:
        """Return how many sends are not settled."""
        return int((await only(self._executor, "outbox.waiting"))["entries"])

    async def next_due_ms(self) -> int | None:
        """Return when ``claim`` can yield something next, None when nothing waits for time only.

        Rows behind an unsettled one of their conversation do not count, and a lease counts until
        it ends: a sender that sleeps until then never spins.
        """
        due: int | None = (await only(self._executor, "outbox.next_due_ms"))["due_ms"]
        return due
