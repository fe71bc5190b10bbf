"""What a customer's message does to the store: customer, thread, message, unread, window.

Everything happens only when the message is inserted (faults A1), so that a repeat or a replay of
the journal changes nothing, not even a name.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from wa_console.domain.address import WHATSAPP
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import to_ms
from wa_console.domain.conversation import Conversation, state_after_inbound
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.ids import new_id
from wa_console.domain.message import (
    ChatMessage,
    Direction,
    InboundMessage,
    MessageKind,
    StatusEvent,
)
from wa_console.domain.setup import Setup
from wa_console.services.threads import Contact, find_or_begin
from wa_console.store.port import JournalEntry, Session

HELD, PAUSED = "held", "paused"
"""Key and value in a conversation's context while our number is paused."""
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGEST_BITS = 80


async def apply_inbound(
    session: Session, message: InboundMessage, *, entry: JournalEntry, setup: Setup
) -> bool:
    """Insert a customer's message with all that follows from it.

    Args:
        session: A writing session.
        message: What the form said.
        entry: The journal's entry it stands in.
        setup: Decides what is ours; the rest goes to quarantine, nothing is dropped (CONTRACT).

    Returns:
        True when it was inserted, False when it was there already.
    """
    at = entry.occurred_at or entry.received_at
    message_id = new_id(at) if message.sid else derived_id(entry.key, at)
    if await _is_known(session, message.sid, message_id):
        return False
    foreign = _is_foreign(message, setup)
    strange = foreign or setup.number(message.recipient.value) is None
    contact = Contact(
        identities=message.identities,
        number=message.recipient.value,
        profile_name=message.profile_name,
        foreign=foreign,
    )
    thread = await find_or_begin(session, contact, setup=setup, at=at)
    stored = _stored(message, message_id, conversation_id=thread.conversation.id, at=at)
    if entry.source != "webhook":
        # The screen can then say what Twilio's list does not tell: name, button, place.
        stored = replace(stored, statuses=(_listed_event(entry),))
    conversation = after_inbound(
        thread.conversation,
        stored,
        reply_to=contact.reply_to,
        newest=await is_newest(session, thread.conversation, stored),
    )
    # A thread of an unknown number stays released once somebody released it; one that a message
    # of ours reaches has lost its reason to be kept apart.
    conversation = replace(
        conversation, quarantined=strange and (thread.conversation.quarantined or thread.begun)
    )
    ours = setup.number(message.recipient.value)
    if ours is not None and ours.paused:
        conversation = held_back(conversation)
    if thread.customer_changed:
        await session.customers.save(thread.customer)
    await session.conversations.save(conversation)
    await session.messages.add(stored)
    await session.changes.add(
        ChangeKind.MESSAGE_RECEIVED, at, conversation_id=conversation.id, message_id=message_id
    )
    return True


def after_inbound(
    conversation: Conversation, message: ChatMessage, *, reply_to: str, newest: bool
) -> Conversation:
    """Return the conversation once the customer has written ``message``.

    The only thing that opens or extends a window (FACTS 15.1). A message found later (catch-up)
    never moves anything back.
    """
    at = message.created_at
    previous = conversation.last_inbound_at
    waiting = conversation.waiting_since
    refused = conversation.closed_by_channel_at
    return replace(
        conversation,
        reply_to=reply_to if previous is None or at >= previous else conversation.reply_to,
        state=state_after_inbound(conversation.state, assigned=bool(conversation.assignee)),
        closed_at=None,
        unread=conversation.unread + 1,
        waiting_since=at if waiting is None else min(waiting, at),
        last_inbound_at=at if previous is None else max(previous, at),
        closed_by_channel_at=None if refused is not None and at > refused else refused,
        last_message_id=message.id if newest else conversation.last_message_id,
        updated_at=max(conversation.updated_at, at),
    )


def held_back(conversation: Conversation) -> Conversation:
    """Return a conversation as it is kept while our number is paused: no work, nothing lost.

    The mark in its context tells it from what is held back for other reasons (services.channels).
    """
    return replace(conversation, quarantined=True, context={**conversation.context, HELD: PAUSED})


async def is_newest(session: Session, conversation: Conversation, message: ChatMessage) -> bool:
    """Whether ``message`` comes last in the timeline of its conversation."""
    if conversation.last_message_id is None or message.created_at > conversation.updated_at:
        return True
    last = await session.messages.get(conversation.last_message_id)
    return last is None or (last.created_at, last.id) < (message.created_at, message.id)


def derived_id(key: str, at: datetime) -> str:
    """Return an id that is the same for the same journal key and time, and sorts like any other."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    number = (to_ms(at) << _DIGEST_BITS) | int.from_bytes(digest[: _DIGEST_BITS // 8], "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def _listed_event(entry: JournalEntry) -> StatusEvent:
    return StatusEvent(
        word=DeliveryStatus.RECEIVED.value, at=entry.received_at, source=entry.source
    )


async def _is_known(session: Session, sid: str, message_id: str) -> bool:
    if sid:
        return await session.messages.by_sid(sid) is not None
    return await session.messages.get(message_id) is not None


def _is_foreign(message: InboundMessage, setup: Setup) -> bool:
    """Whether it is of an account we do not serve, or no WhatsApp message at all (faults B4)."""
    account = setup.account
    return (
        account is None
        or message.account_sid != account.account_sid
        or message.sender.channel != WHATSAPP
        or message.recipient.channel != WHATSAPP
    )


def _stored(
    message: InboundMessage, message_id: str, *, conversation_id: str, at: datetime
) -> ChatMessage:
    return ChatMessage(
        id=message_id,
        conversation_id=conversation_id,
        direction=Direction.INBOUND,
        kind=MessageKind.SESSION,
        created_at=at,
        status=DeliveryStatus.RECEIVED,
        sid=message.sid or None,
        content=message.content,
        body=message.body,
        raw=dict(message.raw),
        media=message.media,
        quoted=message.quoted,
        button=message.button,
        location=message.location,
        referral=message.referral,
        forwarded=message.forwarded,
    )
