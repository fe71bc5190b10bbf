"""Conversations one by one, and the inbox (port.ConversationRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Sequence

from wa_console.domain.conversation import Conversation
from wa_console.store.executor import first
from wa_console.store.inbox import SqlInbox
from wa_console.store.rows import conversation_from, conversation_values


class SqlConversations(SqlInbox):
    """Conversations, kept by an executor; their lists are the inbox's half."""

    async def get(self, conversation_id: str) -> Conversation | None:
        """Return one conversation, None when there is none."""
        row = await first(self._executor, "conversations.get", {"id": conversation_id})
        return conversation_from(row) if row is not None else None

    async def of_customer(self, customer_id: str) -> Sequence[Conversation]:
        """Return all threads of a customer, the one begun last first."""
        rows = await self._executor.rows("conversations.of_customer", {"customer_id": customer_id})
        return [conversation_from(row) for row in rows]

    async def find(self, customer_id: str, number: str) -> Conversation | None:
        """Return the thread of a customer at one of our numbers, None when there is none."""
        values = {"customer_id": customer_id, "number": number}
        row = await first(self._executor, "conversations.find", values)
        return conversation_from(row) if row is not None else None

    async def save(self, conversation: Conversation) -> None:
        """Insert or replace; the stored ``version`` is 1 at first and one more at each save.

        Raises:
            StoreProblem: The customer has another conversation at the same number.
        """
        await self._executor.rows("conversations.save", conversation_values(conversation))
