"""Writes one outgoing message: the message, its outbox row, what answering means for the thread.

No rule is asked here; services.outbox does that before it calls.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from wa_console.domain.address import WHATSAPP
from wa_console.domain.changes import ChangeKind
from wa_console.domain.conversation import Conversation, ConversationState
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotAllowed
from wa_console.domain.i18n import _
from wa_console.domain.ids import new_id
from wa_console.domain.message import ChatMessage, ContentKind, Direction, MessageKind, TemplateUse
from wa_console.domain.window import Window
from wa_console.store.port import OutboxRow, Session


def outbound(
    conversation: Conversation,
    now: datetime,
    *,
    body: str,
    author: str,
    window: Window,
    kind: MessageKind,
    template: TemplateUse | None = None,
) -> ChatMessage:
    """Return a new message of ours, not yet saved.

    Args:
        conversation: Where it belongs.
        now: The product's time.
        body: Its text; of a template, the filled-in one.
        author: Login of who wrote it.
        window: The window at this moment, kept with the message.
        kind: Session message or template.
        template: What was put into which template.
    """
    return ChatMessage(
        id=new_id(now),
        conversation_id=conversation.id,
        direction=Direction.OUTBOUND,
        kind=kind,
        created_at=now,
        status=DeliveryStatus.QUEUED,
        content=ContentKind.TEXT,
        body=body,
        template=template,
        author=author,
        window_state=window.state.value,
    )


async def queue(session: Session, conversation: Conversation, message: ChatMessage) -> None:
    """Save a message of ours, ready to be sent, and tell the feed.

    Raises:
        NotAllowed: Our number is paused; nothing was saved.
    """
    number = (await session.facts.setup()).number(conversation.number)
    if number is not None and number.paused:
        raise NotAllowed(_("Our number is paused: nothing is sent until it is resumed (F6)."))
    await session.messages.add(message)
    use = message.template
    await session.outbox.add(
        OutboxRow(
            message_id=message.id,
            conversation_id=conversation.id,
            sender=f"{WHATSAPP}:{conversation.number}",
            to=conversation.reply_to,
            body="" if use else message.body,
            content_sid=use.content_sid if use else "",
            variables=use.variables if use else {},
            media_urls=tuple(m.url for m in message.media),
            created_at=message.created_at,
        )
    )
    await session.conversations.save(_answered(conversation, message))
    await session.changes.add(
        ChangeKind.MESSAGE_QUEUED,
        message.created_at,
        conversation_id=conversation.id,
        message_id=message.id,
    )


def _answered(conversation: Conversation, message: ChatMessage) -> Conversation:
    """Return the conversation once we have answered: read, no longer waiting, not closed."""
    at = message.created_at
    state = conversation.state
    if state is ConversationState.CLOSED:
        state = ConversationState.ACTIVE if conversation.assignee else ConversationState.OPEN
    waited = conversation.waiting_since is not None
    return replace(
        conversation,
        state=state,
        closed_at=None,
        unread=0,
        waiting_since=None,
        first_reply_at=conversation.first_reply_at or (at if waited else None),
        last_message_id=message.id,
        updated_at=max(conversation.updated_at, at),
    )
