"""The change feed: what happened, by id only. Losing one loses no data (ARCHITECTURE rule 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChangeKind(StrEnum):
    """What changed."""

    MESSAGE_RECEIVED = "message-received"
    MESSAGE_QUEUED = "message-queued"
    MESSAGE_UPDATED = "message-updated"
    NOTE_ADDED = "note-added"
    CONVERSATION_UPDATED = "conversation-updated"
    TEMPLATES_UPDATED = "templates-updated"
    SETUP_UPDATED = "setup-updated"
    PRESENCE_UPDATED = "presence-updated"
    HEALTH_UPDATED = "health-updated"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the feed.

    Attributes:
        seq: Position; grows by commit order, never reused.
        conversation_id: Which conversation, None for changes to the set-up.
        message_id: Which message, None where it is the conversation itself.
    """

    seq: int
    kind: ChangeKind
    at: datetime
    conversation_id: str | None = None
    message_id: str | None = None
