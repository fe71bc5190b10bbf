"""The change feed's rows (port.ChangeRows). Waiting for them is the back end's. Knows no driver."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.clock import to_ms
from wa_console.store.executor import Executor, only
from wa_console.store.rows import change_from


class SqlChanges:
    """The feed, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(
        self,
        kind: ChangeKind,
        at: datetime,
        *,
        conversation_id: str | None = None,
        message_id: str | None = None,
    ) -> None:
        """Append a line, told to waiters after the commit."""
        await self._executor.rows(
            "changes.add",
            {
                "kind": kind.value,
                "at_ms": to_ms(at),
                "conversation_id": conversation_id,
                "message_id": message_id,
            },
        )

    async def since(self, seq: int, *, limit: int) -> Sequence[Change]:
        """Return lines past ``seq`` in order."""
        rows = await self._executor.rows("changes.since", {"seq": seq, "limit": limit})
        return [change_from(row) for row in rows]

    async def last_seq(self) -> int:
        """Return the position of the newest line, 0 when empty."""
        return int((await only(self._executor, "changes.last_seq"))["seq"])
