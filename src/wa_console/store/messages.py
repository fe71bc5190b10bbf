"""Messages, receipts and drafts (port.MessageRows). Knows no driver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from wa_console.domain.clock import to_ms
from wa_console.domain.message import ChatMessage, StatusEvent
from wa_console.store.executor import Executor, Row, Value, first
from wa_console.store.message_rows import (
    event_from,
    event_values,
    message_from,
    message_values,
    unsettled_from,
    update_values,
)
from wa_console.store.records import Unsettled

_AFTER_ALL_MS = 2**62
"""Later than any message, for a page that begins at the newest."""


class SqlMessages:
    """Messages, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def get(self, message_id: str) -> ChatMessage | None:
        """Return one message with its status history, None when there is none."""
        return await self._whole(await first(self._executor, "messages.get", {"id": message_id}))

    async def by_sid(self, sid: str) -> ChatMessage | None:
        """Return the message with Twilio's id, None when there is none."""
        return await self._whole(await first(self._executor, "messages.by_sid", {"sid": sid}))

    async def _whole(self, row: Row | None) -> ChatMessage | None:
        if row is None:
            return None
        events = await self._executor.rows("messages.events", {"message_id": row["id"]})
        return message_from(row, events)

    async def unsettled(self, since: datetime, *, limit: int) -> Sequence[Unsettled]:
        """Return messages of ours since then whose end is not known, newest first."""
        values: dict[str, Value] = {"since_ms": to_ms(since), "limit": limit}
        rows = await self._executor.rows("messages.unsettled", values)
        return [unsettled_from(row) for row in rows]

    async def add(self, message: ChatMessage) -> bool:
        """Insert with the status history it has; False when its SID or id is there already."""
        added = await self._executor.rows("messages.add", message_values(message))
        if added:
            for event in message.statuses:
                await self.add_event(message.id, event)
        return bool(added)

    async def update(self, message: ChatMessage) -> None:
        """Replace status, sid, error and media."""
        await self._executor.rows("messages.update", update_values(message))

    async def page(
        self, conversation_id: str, *, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[ChatMessage]:
        """Return the newest messages older than (created_at, id), oldest first, with history."""
        before_ms, before_id = (
            (_AFTER_ALL_MS, "") if before is None else (to_ms(before[0]), before[1])
        )
        values: dict[str, Value] = {
            "conversation_id": conversation_id,
            "before_ms": before_ms,
            "before_id": before_id,
            "limit": limit,
        }
        rows = await self._executor.rows("messages.page", values)
        events: dict[str, list[Row]] = defaultdict(list)
        for event in await self._executor.rows("messages.page_events", values):
            events[event["message_id"]].append(event)
        return [message_from(row, events[row["id"]]) for row in reversed(rows)]

    async def add_event(self, message_id: str, event: StatusEvent) -> bool:
        """Append to the status history; False when the same word is there already."""
        values = {"message_id": message_id, **event_values(event)}
        return bool(await self._executor.rows("messages.add_event", values))

    async def park_receipt(self, sid: str, event: StatusEvent) -> None:
        """Keep a receipt whose message is not known yet; a repeated word is kept once."""
        await self._executor.rows("messages.park_receipt", {"sid": sid, **event_values(event)})

    async def claim_receipts(self, sid: str) -> Sequence[StatusEvent]:
        """Take the parked receipts of a SID out, in order of arrival."""
        rows = await self._executor.rows("messages.claim_receipts", {"sid": sid})
        # RETURNING promises no order.
        return [event_from(row) for row in sorted(rows, key=lambda row: int(row["n"]))]

    async def draft(self, conversation_id: str, login: str) -> str:
        """Return the unsent text of a person, empty when there is none."""
        values = {"conversation_id": conversation_id, "login": login}
        row = await first(self._executor, "messages.draft", values)
        return str(row["body"]) if row is not None else ""

    async def save_draft(self, conversation_id: str, login: str, text: str, at: datetime) -> None:
        """Keep an unsent text; an empty one removes it."""
        values: dict[str, Value] = {"conversation_id": conversation_id, "login": login}
        if text:
            values |= {"body": text, "at_ms": to_ms(at)}
            await self._executor.rows("messages.save_draft", values)
        else:
            await self._executor.rows("messages.remove_draft", values)
