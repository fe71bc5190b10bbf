"""Takes genuine webhooks in: journal first, nothing else inside the request (faults A2, A3).

It neither checks signatures (the listener does, before calling) nor looks into what a form means
(services.projector does, afterwards).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wa_console.domain.clock import Clock
from wa_console.services.bell import Bell
from wa_console.store.port import JournalEntry, JournalKind, Store

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ReceiverHealth:
    """What the receiver has seen since the process began.

    Attributes:
        last_webhook_at: When the last genuine webhook came, in the product's time.
        rejected: How many requests were not genuine.
        last_rejection: The likely cause of the last of them.
    """

    last_webhook_at: datetime | None = None
    rejected: int = 0
    last_rejection: str = ""


class Receiver:
    """The way in for everything Twilio posts.

    Attributes:
        health: Counters in memory; the engine writes them to the store.
        arrived: Rings when something new has been journalled.
    """

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self.health = ReceiverHealth()
        self.arrived = Bell()
        self._store = store
        self._clock = clock

    async def inbound(self, fields: Fields, *, query: str) -> bool:
        """Journal a customer's message; returns once it is committed for good.

        Args:
            fields: Every form field in order, blanks and repeats kept.
            query: The raw query string of the request.

        Returns:
            True when it is new, False for a repeat.

        Raises:
            StoreProblem: It is not stored; Twilio must be told so (503).
        """
        return await self._append(JournalKind.INBOUND, inbound_key(fields), fields, query)

    async def status(self, fields: Fields, *, query: str) -> bool:
        """Journal a status callback; like :meth:`inbound`."""
        return await self._append(JournalKind.STATUS, status_key(fields), fields, query)

    def rejected(self, reason: str) -> None:
        """Count a request that was not genuine, with its likely cause in one sentence."""
        self.health = replace(self.health, rejected=self.health.rejected + 1, last_rejection=reason)

    async def _append(self, kind: JournalKind, key: str, fields: Fields, query: str) -> bool:
        now = self._clock.now()
        new = await self._store.journal.append(
            JournalEntry(kind=kind, key=key, fields=tuple(fields), received_at=now, query=query)
        )
        self.health = replace(self.health, last_webhook_at=now)
        if new:
            self.arrived.ring()
        return new


def inbound_key(fields: Fields) -> str:
    """Return what makes an inbound request the same one again: account and message SID.

    Twilio adds fields to a repeat (``ErrorCode`` at the fallback URL, FACTS 3), so only a form
    without any SID is told apart by all that it holds.
    """
    form = dict(fields)
    return f"in:{form.get('AccountSid', '')}:{_sid(form) or _digest(fields)}"


def status_key(fields: Fields) -> str:
    """Return what makes a status callback the same one again: SID, status and error code."""
    form = dict(fields)
    word = form.get("MessageStatus") or form.get("SmsStatus", "")
    return f"st:{_sid(form) or _digest(fields)}:{word}:{form.get('ErrorCode', '')}"


def _sid(form: dict[str, str]) -> str:
    # The older names carry the same value (FACTS 1.2).
    return form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""


def _digest(fields: Fields) -> str:
    """Return a hash over all fields; lengths keep ``a=bc`` and ``ab=c`` apart."""
    digest = hashlib.sha256()
    for part in (part for pair in fields for part in pair):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return f"h{digest.hexdigest()}"
