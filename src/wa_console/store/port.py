"""All that services know of the store.

``Store.write`` runs a whole transaction as one closure in the writer; ``Store.read`` runs one on a
read-only connection. Both hand a ``Session`` to the closure, whose members are grouped by what they
keep. A closure awaits nothing but its session: foreign work between BEGIN and COMMIT would hold
the writer (faults G1, G2). Every method raises StoreProblem when the file fails underneath.

Integers ending in ``_ms`` are epoch milliseconds. ``due_ms`` and ``leased_until_ms`` are wall-clock
time: they pace our own work and never follow a demo's clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from wa_console.store.channel_port import ChannelRows
from wa_console.store.detail_port import ChangeRows, FactRows, TemplateRows
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
from wa_console.store.row_ports import (
    ConversationRows,
    CustomerRows,
    MessageRows,
    OutboxRows,
    SearchRows,
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

    async def erase(self, wire: str) -> int:
        """Delete all that came from or went to an address on the wire; returns how many."""
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
    def channels(self) -> ChannelRows:
        """All that came and went by one of our numbers."""
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
