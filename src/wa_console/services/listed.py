"""Rows of Twilio's message list as the webhook would have told them: same fields, same keys.

So the journal itself keeps a message from being stored twice, whichever way it came first (faults
A1, A4). Pure: it asks nobody and stores nothing. What the list does not have (profile name,
buttons, location, quoted message) is left out, never made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from wa_console.gateway.port import ListedMessage
from wa_console.services.journal import inbound_key, status_key
from wa_console.store.port import JournalEntry, JournalKind

INBOUND = "inbound"
_RECEIVING = "receiving"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Source(StrEnum):
    """Why Twilio was asked; kept with every row that the answer brought."""

    POLL = "poll"
    CATCH_UP = "catch-up"


def is_ready(row: ListedMessage) -> bool:
    """Whether it is a customer's message that Twilio has received whole."""
    return row.direction == INBOUND and row.status_word != _RECEIVING and bool(row.sid)


def time_of(row: ListedMessage) -> datetime | None:
    """Return when Twilio made the message: nearest to when it was written (FACTS 15.1)."""
    return row.created_at or row.sent_at


def in_order(newest_first: Sequence[ListedMessage]) -> list[ListedMessage]:
    """Return rows oldest first, by Twilio's time (faults A5).

    Twilio tells whole seconds. Within one, its own order (turned round) is kept: SIDs are dice,
    and two lines that a customer sent in one breath must not change places.
    """
    oldest_first = list(newest_first)[::-1]
    return sorted(oldest_first, key=lambda row: time_of(row) or _EARLIEST)


def inbound_entry(
    row: ListedMessage,
    media: Sequence[tuple[str, str]],
    *,
    at: datetime | None,
    source: Source,
    received_at: datetime,
) -> JournalEntry:
    """Return the journal entry of a customer's message.

    Args:
        row: From the list.
        media: Its attachments, (URL, MIME type).
        at: Its place in time, None where Twilio does not tell.
        source: Why the list was asked.
        received_at: Now, by the product's clock.
    """
    fields = [
        ("SmsMessageSid", row.sid),
        ("NumMedia", str(len(media))),
        ("SmsSid", row.sid),
        ("SmsStatus", "received"),
        ("Body", row.body),
        ("To", row.to),
        ("MessageSid", row.sid),
        ("AccountSid", row.account_sid),
        ("From", row.sender),
    ]
    for index, (url, mime) in enumerate(media):
        fields += [(f"MediaContentType{index}", mime), (f"MediaUrl{index}", url)]
    return JournalEntry(
        kind=JournalKind.INBOUND,
        key=inbound_key(fields),
        fields=tuple(fields),
        received_at=received_at,
        source=source.value,
        occurred_at=at,
    )


def inbound_key_of(row: ListedMessage) -> str:
    """Return the journal key of a customer's message."""
    return inbound_key([("AccountSid", row.account_sid), ("MessageSid", row.sid)])


def status_entry(row: ListedMessage, *, source: Source, received_at: datetime) -> JournalEntry:
    """Return the journal entry of a receipt: what the list says became of a message of ours."""
    fields = [
        ("SmsSid", row.sid),
        ("SmsStatus", row.status_word),
        ("MessageStatus", row.status_word),
        ("To", row.to),
        ("MessageSid", row.sid),
        ("AccountSid", row.account_sid),
        ("From", row.sender),
    ]
    if row.error_code is not None:
        fields.append(("ErrorCode", str(row.error_code)))
    return JournalEntry(
        kind=JournalKind.STATUS,
        key=status_key(fields),
        fields=tuple(fields),
        received_at=received_at,
        source=source.value,
        occurred_at=row.updated_at or row.sent_at or row.created_at,
    )
