"""All that services know of the store.

``Store.write`` runs a whole transaction as one closure in the writer; ``Store.read`` runs one on a
read-only connection. Both hand a ``Session`` to the closure, whose members are grouped by what they
keep. A closure awaits nothing but its session: foreign work between BEGIN and COMMIT would hold
the writer (faults G1, G2). Every method raises StoreProblem when the file fails underneath.

Integers ending in ``_ms`` are epoch milliseconds. ``due_ms`` and ``leased_until_ms`` are wall-clock
time: they pace our own work and never follow a demo's clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from wa_console.domain.address import Address
from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.conversation import Conversation, Customer, InboxRow
from wa_console.domain.message import ChatMessage, StatusEvent
from wa_console.domain.setup import Setup
from wa_console.domain.template import Template
from wa_console.store.records import (
    Hit,
    InboxCounts,
    InboxQuery,
    JournalEntry,
    JournalKind,
    JournalRow,
    OutboxRow,
    OutboxState,
    Unsettled,
)

__all__ = [
    "ChangeRows",
    "ConversationRows",
    "CustomerRows",
    "FactRows",
    "Hit",
    "InboxCounts",
    "InboxQuery",
    "Journal",
    "JournalEntry",
    "JournalKind",
    "JournalRow",
    "Lease",
    "MessageRows",
    "OutboxRow",
    "OutboxRows",
    "OutboxState",
    "SearchRows",
    "Session",
    "Store",
    "TemplateRows",
    "Unsettled",
]

T = TypeVar("T")


class Journal(Protocol):
    """The append-only record of what reached us (a file of its own with SQLite)."""

    async def append(self, entry: JournalEntry) -> bool:
        """Commit ``entry`` durably; waits for the commit, shared with others in flight.

        Returns:
            True when it is new, False when the same key was there before.
        """
        ...

    async def after(self, seq: int, *, limit: int) -> Sequence[JournalRow]:
        """Read rows past ``seq`` in order, parked ones left out."""
        ...

    async def failed(self, seq: int, *, park: bool) -> None:
        """Count a failed projection of a row and park it if told so."""
        ...

    async def last_seq(self) -> int:
        """Position of the newest row, 0 when empty."""
        ...

    async def parked(self) -> Sequence[JournalRow]:
        """Rows that could not be projected."""
        ...


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


class TemplateRows(Protocol):
    """Templates as last seen at Twilio or entered by hand."""

    async def all(self) -> Sequence[Template]:
        """Every template, by name and language."""
        ...

    async def get(self, content_sid: str) -> Template | None:
        """One template."""
        ...

    async def save(self, template: Template, *, synced_at: datetime | None) -> None:
        """Insert or replace; ``synced_at`` is when Twilio was asked, None if it was not."""
        ...

    async def remove(self, content_sid: str) -> bool:
        """Forget a template; False when it was not there."""
        ...

    async def synced_at(self) -> datetime | None:
        """When Twilio was last asked for all of them."""
        ...

    async def last_variables(self, content_sid: str) -> Mapping[str, str]:
        """What was put into the placeholders the last time, empty the first time."""
        ...

    async def remember_variables(self, content_sid: str, variables: Mapping[str, str]) -> None:
        """Keep what was put into the placeholders."""
        ...


class FactRows(Protocol):
    """Single facts that outlive a process: positions, health counters, presence, set-up."""

    async def number(self, name: str) -> int | None:
        """A counter or epoch-ms fact."""
        ...

    async def set_number(self, name: str, value: int) -> None:
        """Set it."""
        ...

    async def text(self, name: str) -> str:
        """A text fact, empty when unset."""
        ...

    async def set_text(self, name: str, value: str) -> None:
        """Set it."""
        ...

    async def setup(self) -> Setup:
        """The whole set-up."""
        ...

    async def save_setup(self, setup: Setup) -> None:
        """Replace the whole set-up."""
        ...

    async def presences(self) -> Mapping[str, str]:
        """Presence of everybody who ever set one, by login."""
        ...

    async def set_presence(self, login: str, presence: str, at: datetime) -> None:
        """Set somebody's presence."""
        ...


class ChangeRows(Protocol):
    """The change feed."""

    async def add(
        self,
        kind: ChangeKind,
        at: datetime,
        *,
        conversation_id: str | None = None,
        message_id: str | None = None,
    ) -> None:
        """Append a line, told to waiters after the commit."""
        ...

    async def since(self, seq: int, *, limit: int) -> Sequence[Change]:
        """Lines past ``seq`` in order."""
        ...

    async def last_seq(self) -> int:
        """Position of the newest line, 0 when empty."""
        ...


class SearchRows(Protocol):
    """Full-text search over message bodies."""

    async def index(self, *, limit: int) -> int:
        """Index up to ``limit`` messages not yet searchable; returns how many were."""
        ...

    async def find(self, text: str, *, limit: int) -> Sequence[Hit]:
        """Messages that contain every word of ``text`` (prefixes fit), newest first."""
        ...


class Session(Protocol):
    """What a closure inside ``read`` or ``write`` works with."""

    @property
    def customers(self) -> CustomerRows:
        """Customers and their identifiers."""
        ...

    @property
    def conversations(self) -> ConversationRows:
        """Conversations and the inbox."""
        ...

    @property
    def messages(self) -> MessageRows:
        """Messages, notes, receipts, drafts."""
        ...

    @property
    def outbox(self) -> OutboxRows:
        """Messages on their way."""
        ...

    @property
    def templates(self) -> TemplateRows:
        """Templates."""
        ...

    @property
    def facts(self) -> FactRows:
        """Single facts, presence, set-up."""
        ...

    @property
    def changes(self) -> ChangeRows:
        """The change feed."""
        ...

    @property
    def search(self) -> SearchRows:
        """Full-text search."""
        ...


class Lease(Protocol):
    """The right to run the engine on a store; one holder at a time."""

    def acquire(self) -> bool:
        """Try to take it; False when another process holds it."""
        ...

    def release(self) -> None:
        """Let go; harmless when not held."""
        ...

    def holder(self) -> str:
        """Who holds it, for a sentence; empty when nobody does."""
        ...


class Store(Protocol):
    """One store, open."""

    @property
    def journal(self) -> Journal:
        """What reached us, as it came."""
        ...

    @property
    def lease(self) -> Lease:
        """The right to run the engine here."""
        ...

    async def read(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run ``work`` on a read-only snapshot."""
        ...

    async def write(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Run ``work`` as one transaction; it commits as a whole or not at all.

        A cancelled caller changes nothing half: the transaction still ends by itself.
        """
        ...

    async def changed(self, after: int, *, timeout_s: float) -> bool:
        """Wait until the change feed has passed ``after`` (by any process), or time is up."""
        ...

    async def close(self) -> None:
        """Check-point and close; the files are complete afterwards."""
        ...
