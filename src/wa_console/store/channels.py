"""All that came and went by one of our numbers (channel_port.ChannelRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from wa_console.domain.conversation import Conversation
from wa_console.store.channel_port import ChannelCounts
from wa_console.store.codec import moment_or_none
from wa_console.store.executor import Executor, Value, only
from wa_console.store.rows import conversation_from

_ERASE: Final = (
    "channels.erase_events",
    "channels.erase_outbox",
    "channels.erase_drafts",
    "channels.erase_messages",
    "channels.erase_addresses",
    "channels.erase_customers",
    "channels.erase_conversations",
)
"""In this order: each still finds by the conversations what it is to delete."""


class SqlChannels:
    """The rows of a number, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def counts(self, number: str) -> ChannelCounts:
        """Return how much there is at a number."""
        row = await only(self._executor, "channels.counts", {"number": number})
        return ChannelCounts(
            conversations=row["conversations"],
            live=row["live"],
            held=row["held"],
            messages=row["messages"],
            unsent=row["unsent"],
            customers=row["customers"],
            last_inbound_at=moment_or_none(row["last_inbound_ms"]),
        )

    async def conversations(
        self, number: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Conversation]:
        """Return conversations with ids past ``after``, in the order of their ids."""
        values: dict[str, Value] = {"number": number, "after": after, "limit": limit}
        rows = await self._executor.rows("channels.conversations", values)
        return [conversation_from(row) for row in rows]

    async def unsent(self, number: str) -> Sequence[str]:
        """Return ids of messages that are queued and not yet under way, oldest first."""
        rows = await self._executor.rows("channels.unsent", {"number": number})
        return [row["message_id"] for row in rows]

    async def erase(self, number: str) -> None:
        """Delete everything at a number but the search index's words."""
        for statement in _ERASE:
            await self._executor.rows(statement, {"number": number})
