"""What a receipt does to a message: forward only, every one kept, early ones joined later.

Used by the projector (callbacks), the sender (create answers) and the reconciler (listings), so
that all three end in the same state whatever comes first (faults C1 to C3).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wa_console.domain.changes import ChangeKind
from wa_console.domain.delivery import DeliveryStatus, from_twilio, merge
from wa_console.domain.message import (
    ChatMessage,
    Direction,
    MessageError,
    MessageKind,
    StatusEvent,
    StatusReport,
)
from wa_console.domain.window import CLOSED_CODE
from wa_console.gateway.port import Explainer
from wa_console.store.port import OutboxState, Session

_BAD_ENDS = frozenset({DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED})


async def apply_report(
    session: Session,
    report: StatusReport,
    *,
    message_id: str | None,
    at: datetime,
    source: str = "callback",
    explain: Explainer | None = None,
) -> bool:
    """Take in one receipt.

    Args:
        session: A writing session.
        report: What Twilio said.
        message_id: Our own id from the callback's query (``m=…``), None without one. It finds a
            message whose SID we have not been told yet.
        at: When it came.
        source: ``callback``, or what else told us.
        explain: Gives a sentence for a code that came without text (faults C5).

    Returns:
        True when it changed something, False for a repeat.
    """
    event = StatusEvent(word=report.word, at=at, error_code=report.error_code, source=source)
    message = await _addressee(session, report.sid, message_id)
    if message is None:
        return await _park(session, report.sid, event)
    updated = message
    if message.sid is None and report.sid:
        updated = await with_sid(session, message, report.sid, explain=explain)
    added = await session.messages.add_event(message.id, event)
    updated = with_event(updated, event, text=report.error_text, explain=explain)
    changed = await save_outcome(session, before=message, after=updated, at=at)
    if report.status is not None:
        await _settle(session, message.id)
    if added and not changed:
        await _tell(session, message, at)
    return added or changed


async def with_sid(
    session: Session, message: ChatMessage, sid: str, *, explain: Explainer | None
) -> ChatMessage:
    """Return the message with its SID and every receipt that came before the SID was known."""
    other = await session.messages.by_sid(sid)
    if other is not None and other.id != message.id:
        return message  # a SID names one message; the first that had it keeps it
    updated = replace(message, sid=sid)
    for event in await session.messages.claim_receipts(sid):
        await session.messages.add_event(message.id, event)
        updated = with_event(updated, event, explain=explain)
    return updated


def with_event(
    message: ChatMessage, event: StatusEvent, *, text: str = "", explain: Explainer | None
) -> ChatMessage:
    """Return the message after a receipt. A word we do not know is kept, but moves nothing."""
    reported = from_twilio(event.word)
    if reported is None or message.direction is Direction.INBOUND:
        return message
    status = merge(message.status, reported)
    if status not in _BAD_ENDS:
        return replace(message, status=status, error=None)
    known = message.error is not None and message.error.code is not None
    if reported is not status or (status is message.status and known):
        return replace(message, status=status)
    sentence = text or (explain.sentence(event.error_code) if explain else "")
    return replace(message, status=status, error=MessageError(event.error_code, sentence))


async def save_outcome(
    session: Session, *, before: ChatMessage, after: ChatMessage, at: datetime
) -> bool:
    """Save what became of a message, and what a refusal by the window means for its thread.

    Returns:
        True when anything differs from ``before``.
    """
    if after == before:
        return False
    await session.messages.update(after)
    await _tell(session, after, at)
    failed_now = after.status in _BAD_ENDS and before.status not in _BAD_ENDS
    if failed_now and after.error is not None and after.error.code == CLOSED_CODE:
        await _window_was_closed(session, after, at)
    return True


async def keep_as_draft(session: Session, message: ChatMessage, at: datetime) -> None:
    """Give a text that was not sent back to its author, unless they are writing another."""
    if message.kind is not MessageKind.SESSION or not message.body or not message.author:
        return
    if not await session.messages.draft(message.conversation_id, message.author):
        await session.messages.save_draft(message.conversation_id, message.author, message.body, at)


async def _window_was_closed(session: Session, message: ChatMessage, at: datetime) -> None:
    """Close the window as of the moment we sent: what the customer wrote since has reopened it."""
    await keep_as_draft(session, message, at)
    row = await session.outbox.get(message.id)
    sent_at = row.started_at if row and row.started_at else message.created_at
    conversation = await session.conversations.get(message.conversation_id)
    if conversation is None:
        return
    earlier = conversation.closed_by_channel_at
    await session.conversations.save(
        replace(conversation, closed_by_channel_at=max(earlier or sent_at, sent_at))
    )
    await session.changes.add(ChangeKind.CONVERSATION_UPDATED, at, conversation_id=conversation.id)


async def _addressee(session: Session, sid: str, message_id: str | None) -> ChatMessage | None:
    found = await session.messages.by_sid(sid) if sid else None
    if found is not None or message_id is None:
        return found
    named = await session.messages.get(message_id)
    if named is None or named.direction is Direction.INBOUND:
        return None
    return named if named.sid in (None, sid) or not sid else None


async def _park(session: Session, sid: str, event: StatusEvent) -> bool:
    """Keep a receipt for later, once for each word."""
    waiting = await session.messages.claim_receipts(sid)
    new = event.word not in {other.word for other in waiting}
    for kept in (*waiting, event) if new else waiting:
        await session.messages.park_receipt(sid, kept)
    return new


async def _settle(session: Session, message_id: str) -> None:
    """Twilio speaks of the message, so it has it: nothing is left to send or to look up."""
    row = await session.outbox.get(message_id)
    if row is not None and row.state is not OutboxState.DONE:
        done = replace(row, state=OutboxState.DONE, leased_by="", leased_until_ms=0)
        await session.outbox.update(done)


async def _tell(session: Session, message: ChatMessage, at: datetime) -> None:
    await session.changes.add(
        ChangeKind.MESSAGE_UPDATED,
        at,
        conversation_id=message.conversation_id,
        message_id=message.id,
    )
