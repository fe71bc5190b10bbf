"""Asks Twilio what became of messages of ours, where no callback has told.

One list call for each number; what the newest page does not hold is fetched, a few at a time. The
longer ago a message was sent, the less often it is asked for (faults C4). It writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from wa_console.domain.address import WHATSAPP
from wa_console.domain.clock import Clock
from wa_console.domain.delivery import DeliveryStatus, merge
from wa_console.gateway.port import Gateway, ListedMessage
from wa_console.services.listed import Source, status_entry
from wa_console.store.port import JournalEntry, Store, Unsettled

LOOK_BACK: Final = timedelta(days=3)
"""After so long nothing more is expected; WhatsApp itself gives up earlier (FACTS 5)."""
READ_WITHIN: Final = timedelta(days=1)
"""So long a delivered message is asked for a ``read``, which need not come (FACTS 2)."""
_BACK_OFF: Final = 10
"""A message is asked for again after a tenth of its age: 1 s, 6 s, 1 min, 6 min, 2.4 h."""
_PAGE: Final = 1_000
_SMALLEST_PAGE: Final = 50
_FETCHES: Final = 20


@dataclass(frozen=True, slots=True)
class Receipt:
    """What Twilio says of a message of ours, when that is news."""

    row: ListedMessage

    def entry(self, source: Source, received_at: datetime) -> JournalEntry:
        """Return it for the journal."""
        return status_entry(self.row, source=source, received_at=received_at)


class Receipts:
    """Finds receipts that no callback brought.

    Args:
        store: Knows which messages are unsettled.
        gateway: Twilio.
        clock: The product's clock, which ages are counted by.
    """

    def __init__(self, *, store: Store, gateway: Gateway, clock: Clock) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._listed_at: dict[str, datetime] = {}
        self._fetched_at: dict[str, datetime] = {}

    async def look(self, *, all_of_them: bool) -> Sequence[Receipt]:
        """Return what is news about messages of ours, in the order they were sent.

        Args:
            all_of_them: Ask for every number that has an unsettled message; else only where
                one's time has come.

        Raises:
            TwilioProblem: Twilio could not be asked.
        """
        now = self._clock.now()
        since = now - LOOK_BACK
        rows = await self._store.read(lambda s: s.messages.unsettled(since, limit=_PAGE * 10))
        open_rows = [row for row in rows if _expects_more(row, now)]
        self._forget(open_rows)
        news: list[Receipt] = []
        for number in dict.fromkeys(row.number for row in open_rows):
            mine = [row for row in open_rows if row.number == number]
            newest = max(row.created_at for row in mine)
            if all_of_them or _is_due(self._listed_at.get(number), newest, now):
                news += await self._of_number(number, mine, now)
        return news

    async def _of_number(
        self, number: str, unsettled: Sequence[Unsettled], now: datetime
    ) -> list[Receipt]:
        # Without a date filter: what failed before it was sent may have no DateSent (FACTS 8.4).
        size = min(max(2 * len(unsettled), _SMALLEST_PAGE), _PAGE)
        page = await self._gateway.list_messages(sender=f"{WHATSAPP}:{number}", limit=size)
        self._listed_at[number] = now
        told = {row.sid: row for row in page}
        missing = [row for row in unsettled if row.sid not in told and self._may_fetch(row, now)]
        for each in sorted(missing, key=self._fetched_long_ago)[:_FETCHES]:
            self._fetched_at[each.sid] = now
            found = await self._gateway.fetch_message(each.sid)
            if found is not None:
                told[found.sid] = found
        oldest_first = sorted(unsettled, key=lambda row: row.created_at)
        return [
            Receipt(told[row.sid])
            for row in oldest_first
            if row.sid in told and _is_news(row, told[row.sid])
        ]

    def _may_fetch(self, row: Unsettled, now: datetime) -> bool:
        """Whether a call of its own is worth it: not for a mere ``read``."""
        if row.status is DeliveryStatus.DELIVERED:
            return False
        return _is_due(self._fetched_at.get(row.sid), row.created_at, now)

    def _fetched_long_ago(self, row: Unsettled) -> tuple[bool, datetime]:
        at = self._fetched_at.get(row.sid)
        return (at is not None, at or row.created_at)

    def _forget(self, unsettled: Sequence[Unsettled]) -> None:
        sids = {row.sid for row in unsettled}
        self._fetched_at = {sid: at for sid, at in self._fetched_at.items() if sid in sids}


def _expects_more(row: Unsettled, now: datetime) -> bool:
    if row.status is DeliveryStatus.DELIVERED:
        return row.created_at >= now - READ_WITHIN
    return True


def _is_due(asked_at: datetime | None, created_at: datetime, now: datetime) -> bool:
    # A demo's clock may have been put back meanwhile: then ask.
    if asked_at is None or asked_at > now:
        return True
    return now - asked_at >= (now - created_at) / _BACK_OFF


def _is_news(row: Unsettled, told: ListedMessage) -> bool:
    """Whether it moves the message on; a word we do not know is kept once (journal key)."""
    return told.status is None or merge(row.status, told.status) is not row.status
