"""What the outcome of one POST means for message and outbox row (ARCHITECTURE 5.5, faults 3).

Shared by the sender (answers) and the reconciler (what a listing found). Every function runs inside
the caller's transaction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.delivery import DeliveryStatus, merge
from wa_console.domain.message import ChatMessage, MessageError
from wa_console.gateway.port import (
    Accepted,
    Explainer,
    NotSent,
    Refused,
    SendOutcome,
    Throttled,
    Unknown,
)
from wa_console.services.pace import LOOKS_S, Pace
from wa_console.services.receipts import save_outcome, with_sid
from wa_console.store.port import OutboxRow, OutboxState, Session


class Settler:
    """Writes outcomes down."""

    def __init__(self, *, clock: Clock, explain: Explainer | None, pace: Pace) -> None:
        self._clock = clock
        self._explain = explain
        self._pace = pace

    async def settle(self, session: Session, sent: OutboxRow, outcome: SendOutcome) -> None:
        """Take in what Twilio answered to the POST of ``sent``.

        A callback may have settled the row meanwhile; then only a SID is news.
        """
        row = await session.outbox.get(sent.message_id)
        message = await session.messages.get(sent.message_id)
        if row is None or message is None:
            return
        match outcome:
            case Accepted():
                await self.accept(session, row, message, outcome)
            case _ if row.state is not OutboxState.SENDING:
                return
            case Refused():
                await self._fail(session, row, message, outcome)
            case Throttled():
                await self._again(session, row, message, outcome.retry_after_s or 0.0)
            case NotSent():
                await self._again(session, row, message, 0.0)
            case Unknown():
                await self.to_unknown(session, row, self._clock.now())
            case _:
                assert_never(outcome)

    async def accept(
        self, session: Session, row: OutboxRow, message: ChatMessage, outcome: Accepted
    ) -> None:
        """Twilio has it: store the SID, join receipts that came early, leave the outbox."""
        updated = message
        if message.sid is None:
            updated = await with_sid(session, message, outcome.sid, explain=self._explain)
        updated = replace(updated, status=merge(updated.status, outcome.status))
        now = self._clock.now()
        await save_outcome(session, before=message, after=updated, at=now)
        await session.outbox.update(_released(row, OutboxState.DONE))

    async def to_unknown(self, session: Session, row: OutboxRow, now: datetime) -> None:
        """Nobody can tell whether Twilio has it: look before anything else (faults 3.4)."""
        message = await session.messages.get(row.message_id)
        if message is None:
            return
        unknown = replace(message, status=merge(message.status, DeliveryStatus.UNKNOWN))
        await save_outcome(session, before=message, after=unknown, at=now)
        await session.outbox.update(
            replace(_released(row, OutboxState.UNKNOWN), due_ms=self._pace.after_ms(LOOKS_S[0]))
        )

    async def requeue(self, session: Session, row: OutboxRow, message: ChatMessage) -> None:
        """Queue it again at once: our own step back, no report (delivery.merge)."""
        queued = replace(message, status=DeliveryStatus.QUEUED)
        await save_outcome(session, before=message, after=queued, at=self._clock.now())
        await session.outbox.update(replace(_released(row, OutboxState.QUEUED), due_ms=0))

    async def tell(self, session: Session, message: ChatMessage, at: datetime) -> None:
        """Tell the feed that a message and its conversation look different."""
        await session.changes.add(
            ChangeKind.MESSAGE_UPDATED,
            at,
            conversation_id=message.conversation_id,
            message_id=message.id,
        )

    async def _fail(
        self, session: Session, row: OutboxRow, message: ChatMessage, outcome: Refused
    ) -> None:
        text = outcome.text
        if not text and self._explain is not None:
            text = self._explain.sentence(outcome.code)
        failed = replace(
            message,
            status=merge(message.status, DeliveryStatus.FAILED),
            error=MessageError(outcome.code, text),
        )
        await save_outcome(session, before=message, after=failed, at=self._clock.now())
        await session.outbox.update(_released(row, OutboxState.DONE))

    async def _again(
        self, session: Session, row: OutboxRow, message: ChatMessage, at_least_s: float
    ) -> None:
        """Queue it again after a pause: it was certainly never processed (faults D5)."""
        await self.requeue(session, row, message)
        pause = max(self._pace.pause_s(row.attempt), at_least_s)
        await session.outbox.update(
            replace(_released(row, OutboxState.QUEUED), due_ms=self._pace.after_ms(pause))
        )


def _released(row: OutboxRow, state: OutboxState) -> OutboxRow:
    return replace(row, state=state, leased_by="", leased_until_ms=0)
