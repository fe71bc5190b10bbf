"""Finds out what became of sends whose outcome is unknown, by looking, never by sending blindly.

Twilio's message list is asked after 10, 60 and 300 seconds; rows are matched to what it shows by
content, each listed message once, oldest first: the representative may really have sent "ok" twice
(faults 3.5). A callback that carries our id settles a row at any time (services.receipts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from wa_console.domain.clock import Clock
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage, StatusReport
from wa_console.gateway.port import Accepted, Explainer, Gateway, ListedMessage
from wa_console.services.pace import LOOKS_S, Pace
from wa_console.services.receipts import apply_report
from wa_console.services.rules import Rules
from wa_console.services.settling import Settler
from wa_console.store.port import OutboxRow, OutboxState, Session, Store

_BEFORE = timedelta(minutes=2)
_AFTER = timedelta(minutes=5)
_PAGE = 100
_ROUNDS = 2
"""Text inside the window is queued once more; after that only a person decides."""


class Reconciler:
    """Settles sends in state ``unknown``.

    Args:
        store: Where the outbox lives.
        gateway: Twilio, to list messages.
        clock: The product's clock.
        rules: The window settings; text is queued again only into an open window.
        pace: The wall clock that looks are timed by.
        explain: Gives sentences for error codes.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        clock: Clock,
        rules: Rules | None = None,
        pace: Pace | None = None,
        explain: Explainer | None = None,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._rules = rules or Rules()
        self._pace = pace or Pace()
        self._explain = explain
        self._settler = Settler(clock=clock, explain=explain, pace=self._pace)

    async def run_once(self) -> int:
        """Look at Twilio for every row whose time has come: one list call for each customer.

        Returns:
            How many rows are settled now, or queued again.

        Raises:
            TwilioProblem: Twilio could not be asked; no look is counted.
            StoreProblem: The store does not take writes.
        """
        unknown = await self._store.read(lambda s: s.outbox.in_state(OutboxState.UNKNOWN))
        now_ms = self._pace.now_ms()
        due: dict[tuple[str, str], list[OutboxRow]] = {}
        for row in unknown:
            if row.due_ms <= now_ms:
                due.setdefault((row.sender, row.to), []).append(row)
        settled = 0
        for (sender, to), rows in due.items():
            # Without a date filter: a row still queued at Twilio has no DateSent (FACTS 8.4).
            listed = await self._gateway.list_messages(to=to, sender=sender, limit=_PAGE)
            settled += await self._settle_all(rows, listed)
        return settled

    async def _settle_all(self, rows: Sequence[OutboxRow], listed: Sequence[ListedMessage]) -> int:
        async def work(session: Session) -> int:
            free = [m for m in listed if await session.messages.by_sid(m.sid) is None]
            open_rows = [r for r in rows if await _still_unknown(session, r.message_id)]
            found = await _match(session, open_rows, free)
            settled = 0
            for row in open_rows:
                message = await session.messages.get(row.message_id)
                if message is None:
                    continue
                match = found.get(row.message_id)
                if match is not None:
                    await self._found(session, row, message, match)
                    settled += 1
                else:
                    settled += await self._not_found(session, row, message)
            return settled

        return await self._store.write(work)

    async def _found(
        self, session: Session, row: OutboxRow, message: ChatMessage, listed: ListedMessage
    ) -> None:
        """Twilio has it: what the list says of it is as good as a receipt."""
        await self._settler.accept(
            session, row, message, Accepted(listed.sid, DeliveryStatus.ACCEPTED)
        )
        report = StatusReport(
            sid=listed.sid,
            account_sid=listed.account_sid,
            word=listed.status_word,
            status=listed.status,
            error_code=listed.error_code,
        )
        await apply_report(
            session,
            report,
            message_id=row.message_id,
            at=self._clock.now(),
            source="listing",
            explain=self._explain,
        )

    async def _not_found(self, session: Session, row: OutboxRow, message: ChatMessage) -> bool:
        """Look again later; after the last look queue a text once more, or leave it to a person."""
        looks = row.looks + 1
        looked = replace(row, looks=looks)
        if looks % len(LOOKS_S):
            pause = LOOKS_S[looks % len(LOOKS_S)] - LOOKS_S[looks % len(LOOKS_S) - 1]
            await session.outbox.update(replace(looked, due_ms=self._pace.after_ms(pause)))
            return False
        if looks < _ROUNDS * len(LOOKS_S) and await self._may_repeat(session, row):
            await self._settler.requeue(session, looked, message)
            return True
        # The message stays `unknown` for a person; the replies behind it need not wait for that.
        await session.outbox.update(replace(looked, state=OutboxState.DONE))
        return False

    async def _may_repeat(self, session: Session, row: OutboxRow) -> bool:
        """Whether it is text inside the window: a template costs money, a person decides."""
        conversation = await session.conversations.get(row.conversation_id)
        if row.content_sid or conversation is None:
            return False
        return self._rules.window(conversation, self._clock.now()).allows_free_text


async def _still_unknown(session: Session, message_id: str) -> bool:
    row = await session.outbox.get(message_id)
    return row is not None and row.state is OutboxState.UNKNOWN


async def _match(
    session: Session, rows: Sequence[OutboxRow], listed: Sequence[ListedMessage]
) -> dict[str, ListedMessage]:
    """Return which listed message is which row, by message id.

    By text first. What is left over may be a template's, whose rendered text Twilio need not show
    as we do (FACTS 8.5): time and customer have to do.
    """
    pool = sorted(
        (m for m in listed if m.direction.startswith("outbound") and m.created_at is not None),
        key=lambda m: (m.created_at, m.sid),
    )
    found: dict[str, ListedMessage] = {}
    for by_text in (True, False):
        for row in rows:
            if row.message_id in found or not (by_text or row.content_sid):
                continue
            message = await session.messages.get(row.message_id)
            body = message.body if message else row.body
            hit = next((m for m in pool if _fits(row, body, m, by_text=by_text)), None)
            if hit is not None:
                pool.remove(hit)
                found[row.message_id] = hit
    return found


def _fits(row: OutboxRow, body: str, listed: ListedMessage, *, by_text: bool) -> bool:
    begun, made = row.started_at, listed.created_at
    if begun is None or made is None or made < begun - _BEFORE:
        return False
    if by_text:
        return listed.body == body and bool(listed.num_media) == bool(row.media_urls)
    return made <= begun + _AFTER
