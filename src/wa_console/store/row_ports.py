"""What a session keeps, a protocol for each aggregate; store.port hands them out.

The rules for closures and times stand in store.port. Declarations only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from wa_console.domain.address import Address
from wa_console.domain.conversation import Conversation, Customer, InboxRow
from wa_console.domain.message import ChatMessage, StatusEvent
from wa_console.store.records import (
    Hit,
    InboxCounts,
    InboxQuery,
    OutboxRow,
    OutboxState,
    Unsettled,
)


class CustomerRows(Protocol):
    """Customers and their identifiers."""

    async def get(self, customer_id: str) -> Customer | None:
        """One customer."""
        ...

    async def by_identities(self, identities: Sequence[Address]) -> Sequence[Customer]:
        """Everybody known by one of the identifiers or a variant of it, oldest first."""
        ...

    async def save(self, customer: Customer) -> None:
        """Insert or replace; identifiers are added, never taken away."""
        ...


class ConversationRows(Protocol):
    """Conversations and the inbox."""

    async def get(self, conversation_id: str) -> Conversation | None:
        """One conversation; inside ``write`` it is locked until the transaction ends."""
        ...

    async def of_customer(self, customer_id: str) -> Sequence[Conversation]:
        """All threads of a customer, newest first."""
        ...

    async def find(self, customer_id: str, number: str) -> Conversation | None:
        """The thread of a customer at one of our numbers; locked like ``get``."""
        ...

    async def save(self, conversation: Conversation) -> None:
        """Insert or replace, labels and context included; ``version`` is counted up."""
        ...

    async def inbox(self, query: InboxQuery, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """A slice of a view: needs an answer and open first, soonest to close first."""
        ...

    async def inbox_row(self, conversation_id: str, *, login: str) -> InboxRow | None:
        """The entry of one conversation."""
        ...

    async def inbox_size(self, query: InboxQuery) -> int:
        """How many entries the view has."""
        ...

    async def inbox_position(self, query: InboxQuery, conversation_id: str) -> int | None:
        """Index of a conversation in the view, None when it is not in it."""
        ...

    async def counts(
        self, login: str, *, open_since: datetime, closing_since: datetime
    ) -> InboxCounts:
        """Sizes of the views; ``closing_soon``: last inbound in [open_since, closing_since)."""
        ...

    async def next_inbound(self, since: datetime) -> datetime | None:
        """The oldest last inbound at or after a moment among what is not closed, None without."""
        ...


class MessageRows(Protocol):
    """Messages, notes, receipts and drafts."""

    async def get(self, message_id: str) -> ChatMessage | None:
        """One message with its status history."""
        ...

    async def by_sid(self, sid: str) -> ChatMessage | None:
        """The message with Twilio's id."""
        ...

    async def unsettled(self, since: datetime, *, limit: int) -> Sequence[Unsettled]:
        """Messages of ours since then whose end is not known (``delivered`` too), newest first."""
        ...

    async def add(self, message: ChatMessage) -> bool:
        """Insert; False (and nothing changed) when its SID or id is there already."""
        ...

    async def update(self, message: ChatMessage) -> None:
        """Replace status, sid, error and media of a message."""
        ...

    async def page(
        self, conversation_id: str, *, before: tuple[datetime, str] | None, limit: int
    ) -> Sequence[ChatMessage]:
        """The newest messages older than (created_at, id), oldest first, with status history."""
        ...

    async def add_event(self, message_id: str, event: StatusEvent) -> bool:
        """Append to the status history; False when the same word is there already."""
        ...

    async def park_receipt(self, sid: str, event: StatusEvent) -> None:
        """Keep a receipt whose message is not known yet."""
        ...

    async def claim_receipts(self, sid: str) -> Sequence[StatusEvent]:
        """Take the parked receipts of a SID out, in order of arrival."""
        ...

    async def draft(self, conversation_id: str, login: str) -> str:
        """The unsent text of a person, empty when there is none."""
        ...

    async def save_draft(self, conversation_id: str, login: str, text: str, at: datetime) -> None:
        """Keep an unsent text; an empty one removes it."""
        ...


class OutboxRows(Protocol):
    """Messages on their way to Twilio."""

    async def add(self, row: OutboxRow) -> None:
        """Queue a send."""
        ...

    async def get(self, message_id: str) -> OutboxRow | None:
        """One send."""
        ...

    async def claim(
        self, *, now_ms: int, owner: str, until_ms: int, limit: int
    ) -> Sequence[OutboxRow]:
        """Lease due rows, at most the oldest unsettled one of each conversation.

        A conversation with a row in ``sending`` or ``unknown`` yields nothing: order is kept.
        """
        ...

    async def update(self, row: OutboxRow) -> None:
        """Replace the state of a send."""
        ...

    async def in_state(self, state: OutboxState) -> Sequence[OutboxRow]:
        """All sends in a state, oldest first."""
        ...

    async def waiting(self) -> int:
        """How many sends are not settled."""
        ...

    async def next_due_ms(self) -> int | None:
        """When the next queued row is due, None when there is none."""
        ...


class SearchRows(Protocol):
    """Full-text search over message bodies."""

    async def index(self, *, limit: int) -> int:
        """Index up to ``limit`` messages not yet searchable; returns how many were."""
        ...

    async def forget(self, number: str) -> None:
        """Take the words of every message at one of our numbers out of the index."""
        ...

    async def find(self, text: str, *, limit: int) -> Sequence[Hit]:
        """Messages that contain every word of ``text`` (prefixes fit), newest first."""
        ...
