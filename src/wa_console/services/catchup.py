"""Asks Twilio's message list for what no webhook told: polling and catch-up are one mechanism.

Every row goes into the same journal under the same key as its webhook would (services.listed), so
what came both ways is there once (faults A1, A4). It decides nothing about when to look
(services.lookout) and projects nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from wa_console.domain.address import WHATSAPP
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock, from_ms, to_ms
from wa_console.domain.errors import TwilioProblem
from wa_console.gateway.port import Gateway, ListedMessage
from wa_console.services import facts
from wa_console.services.bell import Bell
from wa_console.services.listed import (
    Source,
    in_order,
    inbound_entry,
    inbound_key_of,
    is_ready,
    time_of,
)
from wa_console.services.unsettled import Receipts
from wa_console.store.port import JournalEntry, Session, Store

OVERLAP: Final = timedelta(minutes=10)
"""Looked at again each time: the list may lag behind (faults A4)."""
FIRST_LOOK: Final = timedelta(hours=24)
"""How far a new store looks back: whose window may still be open can still be answered."""
WEBHOOKS_TURN: Final = timedelta(seconds=30)
"""So long a message is left to its webhook, which tells more: twice the time limit of FACTS 3."""
SHORTEST_GAP: Final = timedelta(minutes=1)
_BREATH: Final = timedelta(seconds=2)
"""Twilio tells whole seconds, a webhook's row the moment it came: by so much the later of two
messages may seem to be the earlier. Its list says which one really is."""
_TICK: Final = timedelta(milliseconds=1)
_MOST: Final = 1_000_000
_MEDIA_AT_ONCE: Final = 4
_MEDIA_TRIES: Final = 3
_APPENDS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a look brought.

    Attributes:
        found: Customers' messages in the list; ``new`` and ``already_here`` add up to it.
        since: From when on was asked, in Twilio's time.
        until: When was asked.
        receipts: News about messages of ours.
        left: Customers' messages left for the next look: to their webhook, or because Twilio did
            not show their attachments yet. Not in ``found``.
        numbers: How many numbers of ours were asked for; 0 while nothing is set up.
    """

    found: int
    new: int
    already_here: int
    since: datetime
    until: datetime
    receipts: int = 0
    left: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows of one look, oldest first.

    Attributes:
        take: To be journalled, each with its place in time.
        known: Here already: journal key and place in time.
        left: For the next look.
    """

    take: list[tuple[ListedMessage, datetime | None]] = field(default_factory=list)
    known: dict[str, datetime] = field(default_factory=dict)
    left: list[ListedMessage] = field(default_factory=list)


class CatchUp:
    """Looks at Twilio's message list for all of our numbers.

    Args:
        store: Journal, set-up, watermark.
        gateway: Twilio.
        clock: The product's clock.
        arrived: Rung when something new has been journalled, for the projector.
        every_s: Seconds between two planned looks: so much silence is no gap.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        clock: Clock,
        arrived: Bell | None = None,
        every_s: float = 0.0,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._arrived = arrived
        self._shortest_gap = max(SHORTEST_GAP, timedelta(seconds=2 * every_s))
        self._receipts = Receipts(store=store, gateway=gateway, clock=clock)
        self._seen: dict[str, datetime] = {}
        self._media_tries: dict[str, int] = {}

    async def run(
        self, source: Source, *, since: datetime | None = None, webhooks_come: bool = False
    ) -> Found:
        """Look once: customers' messages, then what became of ours.

        Args:
            source: Polling keeps a pace for receipts; catch-up asks for all of them.
            since: From when on; None: ten minutes before the newest message ever listed.
            webhooks_come: Leave messages of the last 30 seconds to their webhooks.

        Raises:
            TwilioProblem: Twilio could not be asked. What was found before is kept; the
                watermark stays.
            StoreProblem: The store does not take writes; the watermark stays.
        """
        now = self._clock.now()
        numbers, planned = await self._store.read(lambda session: self._plan(session, now))
        start = since or planned
        if not numbers:
            return Found(0, 0, 0, start, now)
        rows = [row for number in numbers for row in await self._inbound(number, start)]
        taken_before = now - WEBHOOKS_TURN if webhooks_come else None
        found = await self._sort(in_order(rows), taken_before=taken_before)
        entries, held = await self._entries(found.take, source, now)
        new = await self._append(entries)
        self._seen = found.known | {each.key: each.occurred_at or now for each in entries}
        waiting = [*found.left, *held]
        # Who asks for less than was due has not looked at what lies before.
        mark = _mark(rows, waiting) if start <= planned else None
        await self._store.write(lambda s: self._note(s, mark=mark, now=now, new=new))
        receipts = await self._receipts.look(all_of_them=source is Source.CATCH_UP)
        news = await self._append([receipt.entry(source, now) for receipt in receipts])
        count = len(entries) + len(found.known)
        return Found(
            count,
            new,
            count - new,
            start,
            now,
            receipts=news,
            left=len(waiting),
            numbers=len(numbers),
        )

    async def _plan(self, session: Session, now: datetime) -> tuple[list[str], datetime]:
        """Return our numbers, and from when on to ask."""
        setup = await session.facts.setup()
        mark_ms = await session.facts.number(facts.WATERMARK_MS)
        start = now - FIRST_LOOK if mark_ms is None else from_ms(mark_ms) - OVERLAP
        return [f"{WHATSAPP}:{number.address}" for number in setup.numbers], start

    async def _inbound(self, number: str, since: datetime) -> list[ListedMessage]:
        listed = await self._gateway.list_messages(to=number, since=since, limit=_MOST)
        return [row for row in listed if row.direction == "inbound" and row.sid]

    async def _sort(
        self, rows: Sequence[ListedMessage], *, taken_before: datetime | None
    ) -> _Sorted:
        unseen = [row for row in rows if inbound_key_of(row) not in self._seen]
        here = self._seen | await self._store.read(lambda session: _projected(session, unseen))
        found = _Sorted()
        newest: dict[str, datetime] = {}
        for row in rows:
            key, at = inbound_key_of(row), time_of(row)
            if key in here:
                found.known[key] = newest[row.sender] = here[key]
            elif not is_ready(row) or (taken_before and at and at > taken_before):
                found.left.append(row)
            else:
                before = newest.get(row.sender)
                if at and before and at <= before <= at + _BREATH:
                    at = before + _TICK
                if at:
                    newest[row.sender] = at
                found.take.append((row, at))
        return found

    async def _entries(
        self,
        rows: Sequence[tuple[ListedMessage, datetime | None]],
        source: Source,
        now: datetime,
    ) -> tuple[list[JournalEntry], list[ListedMessage]]:
        """Return journal entries in order, and rows whose attachments Twilio does not show yet."""
        media = await self._media_of([row for row, _at in rows if row.num_media])
        entries, held = [], []
        for row, at in rows:
            files = media.get(row.sid, [])
            if len(files) < row.num_media and self._try_again(row.sid):
                held.append(row)
            else:
                self._media_tries.pop(row.sid, None)
                entries.append(inbound_entry(row, files, at=at, source=source, received_at=now))
        return entries, held

    def _try_again(self, sid: str) -> bool:
        """Whether to wait for attachments; in the end the text matters more (faults E1)."""
        self._media_tries[sid] = self._media_tries.get(sid, 0) + 1
        return self._media_tries[sid] < _MEDIA_TRIES

    async def _media_of(
        self, rows: Sequence[ListedMessage]
    ) -> dict[str, Sequence[tuple[str, str]]]:
        """Ask for the attachments of messages, a few at a time."""
        turn = asyncio.Semaphore(_MEDIA_AT_ONCE)

        async def ask(row: ListedMessage) -> Sequence[tuple[str, str]]:
            async with turn:
                try:
                    return await self._gateway.media_urls(row.sid)
                except TwilioProblem:
                    return []  # one that is gone must not hold up all the others

        answers = await asyncio.gather(*(ask(row) for row in rows))
        return dict(zip((row.sid for row in rows), answers, strict=True))

    async def _append(self, entries: Sequence[JournalEntry]) -> int:
        """Journal entries in order; returns how many were new."""
        new = 0
        for begin in range(0, len(entries), _APPENDS_AT_ONCE):
            batch = entries[begin : begin + _APPENDS_AT_ONCE]
            # All at once: appends in flight share their commits, and keep their order.
            new += sum(await asyncio.gather(*(self._store.journal.append(each) for each in batch)))
        if new and self._arrived is not None:
            self._arrived.ring()
        return new

    async def _note(
        self, session: Session, *, mark: datetime | None, now: datetime, new: int
    ) -> None:
        """Keep how far we have looked, and that something had been missed."""
        looked_ms = await session.facts.number(facts.LAST_LOOK_MS)
        await session.facts.set_number(facts.LAST_LOOK_MS, to_ms(now))
        kept = await session.facts.number(facts.WATERMARK_MS)
        if mark is not None and (kept is None or to_ms(mark) > kept):
            await session.facts.set_number(facts.WATERMARK_MS, to_ms(mark))
        if not new or looked_ms is None:
            return
        gap = facts.Gap(since=from_ms(looked_ms), until=now, count=new)
        if gap.until - gap.since > self._shortest_gap:
            await facts.keep_gap(session, gap)
            await session.changes.add(ChangeKind.HEALTH_UPDATED, now)


def _mark(rows: Sequence[ListedMessage], waiting: Sequence[ListedMessage]) -> datetime | None:
    """Return the new watermark: Twilio's own time, for our clock may be wrong (faults H3).

    Nothing that still waits may fall behind it.
    """
    newest = max((at for row in rows if (at := time_of(row))), default=None)
    oldest_waiting = min((at for row in waiting if (at := time_of(row))), default=None)
    if newest is None or oldest_waiting is None:
        return newest
    return min(newest, oldest_waiting)


async def _projected(session: Session, rows: Sequence[ListedMessage]) -> dict[str, datetime]:
    """Return the place in time of those messages that stand in their conversations already."""
    found: dict[str, datetime] = {}
    for row in rows:
        message = await session.messages.by_sid(row.sid)
        if message is not None:
            found[inbound_key_of(row)] = message.created_at
    return found
