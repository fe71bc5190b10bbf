"""Watches for messages to one number of ours while nothing may be set up yet.

Looks into the journal, where webhooks and the engine's polling end, and at Twilio's list where
there is a gateway. It journals nothing itself: after Finish the engine catches up with what only
the list has (services.catchup).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from wa_console.domain.address import WHATSAPP
from wa_console.domain.clock import Clock
from wa_console.domain.sandbox import Heard
from wa_console.gateway.port import FormReader, Gateway
from wa_console.store.port import JournalKind, JournalRow, Store

_ROWS: Final = 500
_SKEW: Final = timedelta(minutes=2)
"""Clocks differ, and a message may be on its way when the step opens."""


class Watch:
    """One number's incoming messages, each told once.

    Args:
        store: Whose journal is read.
        forms: Reads webhooks.
        clock: The product's clock.
        number: Ours, E.164.
        gateway: Asked for its list, None to look into the journal only.
        back: How far back counts.
    """

    def __init__(
        self,
        *,
        store: Store,
        forms: FormReader,
        clock: Clock,
        number: str,
        gateway: Gateway | None = None,
        back: timedelta = timedelta(0),
    ) -> None:
        self._store = store
        self._forms = forms
        self._number = number
        self._gateway = gateway
        self._since = clock.now() - back - _SKEW
        self._seq: int | None = None
        self._seen: set[str] = set()

    async def look(self, *, ask_twilio: bool) -> Sequence[Heard]:
        """Return what is new since the last look, oldest first.

        Raises:
            TwilioProblem: Twilio could not be asked; the journal's news come with the next look.
            StoreProblem: The store cannot be read.
        """
        found = [] if self._gateway is None or not ask_twilio else await self._listed(self._gateway)
        found = [*await self._journalled(), *found]
        fresh: dict[str, Heard] = {}
        for message in found:
            if message.sid not in self._seen:
                fresh.setdefault(message.sid, message)
        self._seen.update(fresh)
        return sorted(fresh.values(), key=lambda each: each.at)

    async def _listed(self, gateway: Gateway) -> list[Heard]:
        rows = await gateway.list_messages(
            to=f"{WHATSAPP}:{self._number}", since=self._since, limit=_ROWS
        )
        return [
            Heard(row.sid, row.sender, row.body, at, polled=True)
            for row in rows
            if row.direction == "inbound" and (at := row.sent_at or row.created_at)
            if at >= self._since
        ]

    async def _journalled(self) -> list[Heard]:
        if self._seq is None:
            # What is older than the newest few hundred rows is of no use to somebody who waits.
            self._seq = max(0, await self._store.journal.last_seq() - _ROWS)
        found: list[Heard] = []
        while rows := await self._store.journal.after(self._seq, limit=_ROWS):
            found += [heard for row in rows if (heard := self._heard(row))]
            self._seq = rows[-1].seq
        return found

    def _heard(self, row: JournalRow) -> Heard | None:
        entry = row.entry
        at = _time(entry.occurred_at, entry.received_at)
        if entry.kind is not JournalKind.INBOUND or at < self._since:
            return None
        message = self._forms.parse_inbound(entry.fields)
        if message.recipient.value != self._number:
            return None
        polled = entry.source != "webhook"
        return Heard(message.sid or entry.key, message.sender.wire, message.body, at, polled)


def _time(occurred_at: datetime | None, received_at: datetime) -> datetime:
    return occurred_at or received_at
