"""What the store keeps beside the domain's own things: journal, outbox and inbox records.

Plain data shared by services and the store. Integers ending in ``_ms`` are epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wa_console.domain.conversation import View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage


class JournalKind(StrEnum):
    """Which webhook a journal row came from."""

    INBOUND = "inbound"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A genuine request as it came, before anyone looked into it.

    Attributes:
        key: What makes it the same request again: account and SID, or SID and status.
        fields: Every form field in order, blanks and repeats kept.
        query: Raw query string (carries our own id on status callbacks, ``m=…``).
        source: ``webhook``, ``catch-up`` or ``poll``.
        occurred_at: Provider time when known (catch-up), else None.
    """

    kind: JournalKind
    key: str
    fields: tuple[tuple[str, str], ...]
    received_at: datetime
    query: str = ""
    source: str = "webhook"
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """An entry with its position; ``attempts`` counts failed projections."""

    seq: int
    entry: JournalEntry
    attempts: int = 0
    parked: bool = False


class OutboxState(StrEnum):
    """Where a send is (faults.md section 3)."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message on its way to Twilio, with the exact request.

    Attributes:
        attempt: POSTs begun so far.
        due_ms: Not before this wall-clock time.
        started_at: When the running attempt began, None before.
        looks: How often Twilio was asked about an unknown outcome.
    """

    message_id: str
    conversation_id: str
    sender: str
    to: str
    body: str = ""
    content_sid: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    media_urls: tuple[str, ...] = ()
    state: OutboxState = OutboxState.QUEUED
    attempt: int = 0
    due_ms: int = 0
    leased_by: str = ""
    leased_until_ms: int = 0
    started_at: datetime | None = None
    looks: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A message of ours that Twilio has, and may still have something to tell of.

    Attributes:
        number: The number of ours it was sent from, without the channel prefix.
    """

    sid: str
    number: str
    status: DeliveryStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which conversations to list, in the inbox's order.

    Attributes:
        login: Who looks (for the view ``mine``).
        open_since: Newer last inbound messages than this have an open window.
        text: Filter on names and addresses, empty for none.
    """

    view: View
    login: str
    open_since: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many conversations each view has, and how many windows end soon."""

    mine: int = 0
    unassigned: int = 0
    waiting: int = 0
    all: int = 0
    quarantine: int = 0
    closing_soon: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A found message with a piece of its text around the find (raw)."""

    message: ChatMessage
    snippet: str
