"""Things to put into a store, each with only what a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from wa_console.domain.address import parse_twilio
from wa_console.domain.conversation import Conversation, ConversationState, Customer, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.store.port import Session, Store
from wa_console.store.records import InboxQuery, JournalEntry, JournalKind, OutboxRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPEN_SINCE = NOW - timedelta(hours=24)
OURS = "+4570203040"


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def customer(customer_id: str = "c1", *wires: str, **others: Any) -> Customer:
    return Customer(
        id=customer_id,
        addresses=tuple(parse_twilio(wire) for wire in wires or (_wire(customer_id),)),
        first_seen_at=others.pop("first_seen_at", NOW),
        **others,
    )


def _wire(name: str) -> str:
    return f"whatsapp:+4520{sum(ord(c) * 31**i for i, c in enumerate(name)) % 1_000_000:06}"


def conversation(
    conversation_id: str = "v1", customer_id: str = "c1", **others: Any
) -> Conversation:
    return Conversation(
        id=conversation_id,
        customer_id=customer_id,
        number=others.pop("number", OURS),
        reply_to=others.pop("reply_to", _wire(customer_id)),
        state=others.pop("state", ConversationState.OPEN),
        created_at=others.pop("created_at", NOW),
        updated_at=others.pop("updated_at", NOW),
        **others,
    )


def message(message_id: str = "m1", conversation_id: str = "v1", **others: Any) -> ChatMessage:
    return ChatMessage(
        id=message_id,
        conversation_id=conversation_id,
        direction=others.pop("direction", Direction.INBOUND),
        kind=others.pop("kind", MessageKind.SESSION),
        created_at=others.pop("created_at", NOW),
        status=others.pop("status", DeliveryStatus.RECEIVED),
        **others,
    )


def sending(message_id: str = "m1", conversation_id: str = "v1", **others: Any) -> OutboxRow:
    return OutboxRow(
        message_id=message_id,
        conversation_id=conversation_id,
        sender=f"whatsapp:{OURS}",
        to=_wire("c1"),
        **others,
    )


def entry(key: str = "in:AC1:SM1", **others: Any) -> JournalEntry:
    return JournalEntry(
        kind=others.pop("kind", JournalKind.INBOUND),
        key=key,
        fields=others.pop("fields", (("Body", "hej"), ("From", "whatsapp:+4531226410"))),
        received_at=others.pop("received_at", NOW),
        **others,
    )


def query(view: View = View.ALL, *, login: str = "anna", text: str = "") -> InboxQuery:
    return InboxQuery(view=view, login=login, open_since=OPEN_SINCE, text=text)


async def put(store: Store, *things: Customer | Conversation | ChatMessage | OutboxRow) -> None:
    """Save them in one transaction, in the order given."""

    async def work(session: Session) -> None:
        for thing in things:
            match thing:
                case Customer():
                    await session.customers.save(thing)
                case Conversation():
                    await session.conversations.save(thing)
                case ChatMessage():
                    assert await session.messages.add(thing)
                case OutboxRow():
                    await session.outbox.add(thing)

    await store.write(work)


def fails_after(work: Callable[[Session], Awaitable[None]]) -> Callable[[Session], Awaitable[None]]:
    """Do the work, then raise, as a service does that finds out late that it must not."""

    async def failing(session: Session) -> None:
        await work(session)
        raise LookupError("changed its mind")

    return failing
