"""What services may ask of everything that came and went by one of our numbers (store.port)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wa_console.domain.conversation import Conversation


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """How much there is at one of our numbers.

    Attributes:
        conversations: All, closed and held back ones too.
        live: Those in the inbox.
        held: Those held back.
        messages: In all of them.
        unsent: Messages of ours that are not settled with Twilio.
        customers: Customers who have written or were written to at this number only.
        last_inbound_at: When a customer last wrote.
    """

    conversations: int
    live: int
    held: int
    messages: int
    unsent: int
    customers: int
    last_inbound_at: datetime | None


class ChannelRows(Protocol):
    """The rows of one of our numbers, as Twilio writes it without ``whatsapp:``."""

    async def counts(self, number: str) -> ChannelCounts:
        """How much there is."""
        ...

    async def conversations(
        self, number: str, *, after: str = "", limit: int = 100
    ) -> Sequence[Conversation]:
        """Conversations with ids past ``after``, in the order of their ids."""
        ...

    async def unsent(self, number: str) -> Sequence[str]:
        """Ids of messages that are queued and not yet under way, oldest first."""
        ...

    async def erase(self, number: str) -> None:
        """Delete conversations, messages, receipts, drafts, sends and customers known only here.

        The search index is not touched: `SearchRows.forget` first, while the texts are there.
        """
        ...
