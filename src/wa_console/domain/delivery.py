"""What became of a message, and how two reports about it are joined.

Receipts come late, twice and in any order (FACTS 2). `merge` is the maximum in one total order,
so it is commutative, associative and idempotent: whatever arrives, however often, in whatever
order, the end is the same. This module may not decide to send anything.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class DeliveryStatus(StrEnum):
    """The states of a message (CONTRACT, "JSON")."""

    QUEUED = "queued"
    """Ours: written down, not yet tried."""
    SENDING = "sending"
    """Ours: the request is under way."""
    UNKNOWN = "unknown"
    """Ours: the request left, its outcome is not known; never sent again blindly (FACTS 8)."""
    ACCEPTED = "accepted"
    """Twilio has it and its SID is known."""
    SCHEDULED = "scheduled"
    """Twilio has it and will send it at its time."""
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    """It never left: refused by Twilio or by WhatsApp."""
    UNDELIVERED = "undelivered"
    """It left, but was not handed over; a late `delivered` or `read` still overrules this."""
    CANCELED = "canceled"
    RECEIVED = "received"
    """A customer's message. It gets no receipts; callers do not merge into it."""
    PARKED = "parked"
    """Set aside for a person: nothing happens until somebody decides."""


_ORDER: Final = (
    # Below every word about a sending: a stray `received` must not hide what we know.
    DeliveryStatus.RECEIVED,
    DeliveryStatus.PARKED,
    DeliveryStatus.QUEUED,
    DeliveryStatus.SENDING,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.SCHEDULED,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.SENT,
    # Below delivered and read: those two, and of the good ends only those, overrule it.
    DeliveryStatus.UNDELIVERED,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.READ,
    # Terminal whatever else is reported. Both at once does not happen by Twilio's own rules;
    # if it does, the agent must see the failure.
    DeliveryStatus.CANCELED,
    DeliveryStatus.FAILED,
)
_RANK: Final = {status: rank for rank, status in enumerate(_ORDER)}

_FINAL: Final = frozenset(
    {
        DeliveryStatus.READ,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.CANCELED,
        DeliveryStatus.RECEIVED,
    }
)
_RETRY: Final = frozenset(
    {
        DeliveryStatus.FAILED,
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.CANCELED,
        DeliveryStatus.PARKED,
    }
)

# Twilio's `queued` and `sending` speak of Twilio's queue: to us both only say that Twilio has it.
_TWILIO: Final = {
    "accepted": DeliveryStatus.ACCEPTED,
    "queued": DeliveryStatus.ACCEPTED,
    "sending": DeliveryStatus.ACCEPTED,
    "scheduled": DeliveryStatus.SCHEDULED,
    "sent": DeliveryStatus.SENT,
    # Reached some of several recipients: no more is certain than that it left.
    "partially_delivered": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "canceled": DeliveryStatus.CANCELED,
    "receiving": DeliveryStatus.RECEIVED,
    "received": DeliveryStatus.RECEIVED,
}


def merge(current: DeliveryStatus, report: DeliveryStatus) -> DeliveryStatus:
    """Return the state after a report: forward only, the same for any order and number.

    `failed` and `canceled` are never revived; `undelivered` only by `delivered` and `read`
    (FACTS 2). Our own steps back (429: from `sending` to `queued`) are not reports and do not
    come through here.
    """
    return report if _RANK[report] > _RANK[current] else current


def from_twilio(word: str) -> DeliveryStatus | None:
    """Return the state for a `MessageStatus` or `status` of Twilio's, without regard to case.

    None for a word Twilio has not documented (FACTS 2): the caller keeps the row and moves on.
    """
    return _TWILIO.get(word.strip().lower())


def is_final(status: DeliveryStatus) -> bool:
    """Whether no further report is expected. `delivered` is not: `read` may follow."""
    return status in _FINAL


def can_retry(status: DeliveryStatus) -> bool:
    """Whether a person may be offered to send it again.

    Only where it ended short of the customer or waits for a decision. Never `unknown`: the
    customer may have it already (FACTS 8).
    """
    return status in _RETRY
