"""Customers, conversations and the rows of the inbox.

Pure data and the state machine of a conversation. One thread per customer and number; closing and
reopening begin new episodes of the same thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wa_console.domain.address import Address


class ConversationState(StrEnum):
    """The states of the source document: who has to do something next."""

    OPEN = "open"
    ACTIVE = "active"
    WAITING = "waiting"
    WRAP_UP = "wrap-up"
    CLOSED = "closed"


class View(StrEnum):
    """The inbox's views (CONTRACT ``list --view``)."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    CLOSED = "closed"
    QUARANTINE = "quarantine"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Customer:
    """A person, known by a set of identifiers; a phone number is only one of them (FACTS 1.4).

    Attributes:
        name: What the team calls them; empty until somebody names them.
        profile_name: The name they chose at WhatsApp: hostile text.
        addresses: Every identifier seen, the one to answer to first.
    """

    id: str
    addresses: tuple[Address, ...]
    first_seen_at: datetime
    name: str = ""
    profile_name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One customer at one of our numbers.

    Attributes:
        number: Our address as Twilio writes it, without the channel prefix.
        reply_to: The customer's address to answer to, on the wire (``whatsapp:+45…``).
        last_inbound_at: Newest message of the customer: the only thing that opens a window.
        closed_by_channel_at: When WhatsApp said the window is shut (63016), else None.
        waiting_since: Oldest customer message nobody has answered, else None.
        last_message_id: Newest message or note.
        version: Counts changes; a writer that saw an older one must look again.
    """

    id: str
    customer_id: str
    number: str
    reply_to: str
    state: ConversationState
    created_at: datetime
    updated_at: datetime
    workstream: str = ""
    queue: str = ""
    assignee: str = ""
    unread: int = 0
    last_inbound_at: datetime | None = None
    closed_by_channel_at: datetime | None = None
    waiting_since: datetime | None = None
    first_reply_at: datetime | None = None
    closed_at: datetime | None = None
    last_message_id: str | None = None
    quarantined: bool = False
    labels: tuple[str, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class InboxRow:
    """What one entry of the inbox needs, and nothing more: raw texts, made safe when shown."""

    id: str
    name: str
    profile_name: str
    address: Address
    state: ConversationState
    assignee: str
    unread: int
    last_inbound_at: datetime | None
    closed_by_channel_at: datetime | None
    waiting_since: datetime | None
    updated_at: datetime
    last_direction: str = ""
    last_kind: str = ""
    last_content: str = ""
    last_status: str = ""
    last_body: str = ""
    last_author: str = ""
    has_draft: bool = False
    labels: tuple[str, ...] = ()


_ALLOWED: Mapping[ConversationState, frozenset[ConversationState]] = {
    ConversationState.OPEN: frozenset({ConversationState.ACTIVE, ConversationState.CLOSED}),
    ConversationState.ACTIVE: frozenset(
        {
            ConversationState.OPEN,
            ConversationState.WAITING,
            ConversationState.WRAP_UP,
            ConversationState.CLOSED,
        }
    ),
    ConversationState.WAITING: frozenset(
        {ConversationState.OPEN, ConversationState.ACTIVE, ConversationState.CLOSED}
    ),
    ConversationState.WRAP_UP: frozenset({ConversationState.ACTIVE, ConversationState.CLOSED}),
    ConversationState.CLOSED: frozenset({ConversationState.OPEN, ConversationState.ACTIVE}),
}


def may_move(current: ConversationState, target: ConversationState) -> bool:
    """Whether a conversation may go from ``current`` to ``target``; staying is always allowed."""
    return current is target or target in _ALLOWED[current]


def state_after_inbound(current: ConversationState, *, assigned: bool) -> ConversationState:
    """Return the state once a customer has written: work for somebody, never closed."""
    match current:
        case ConversationState.CLOSED | ConversationState.OPEN:
            return ConversationState.ACTIVE if assigned else ConversationState.OPEN
        case ConversationState.WAITING | ConversationState.WRAP_UP | ConversationState.ACTIVE:
            return ConversationState.ACTIVE if assigned else ConversationState.OPEN
