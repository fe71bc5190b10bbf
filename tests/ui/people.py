"""The people and templates of the design's pictures, and how they get into a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from wa_console.domain.address import parse_twilio
from wa_console.domain.clock import to_ms
from wa_console.domain.conversation import Conversation, ConversationState, Customer
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ChatMessage,
    ContentKind,
    Direction,
    Media,
    MediaStatus,
    MessageError,
    MessageKind,
    StatusEvent,
    TemplateUse,
)
from wa_console.domain.setup import Account, Number, Representative, Setup, Workstream
from wa_console.domain.template import Approval, Button, Template
from wa_console.services import facts
from wa_console.services.rules import Rules
from wa_console.store.port import Session

NOW = datetime(2026, 11, 23, 15, 36, 48, tzinfo=UTC)
"""16:36:48 in Copenhagen."""
LOGIN = "anna"
NUMBER = "+4570203040"
WALL = 1_800_000_000.0
"""Epoch seconds at which the engine last showed that it lives."""
RULES = Rules()


def left(**span: float) -> datetime:
    """Return when a customer wrote whose window has so much left at `NOW`."""
    return NOW - timedelta(hours=24) + RULES.margin + timedelta(**span)


_PEOPLE = (
    # id, name, number, last inbound, unread, words, ours
    ("mette", "Mette Holm", "+4531226410", left(minutes=4, seconds=12), 2, "", False),
    ("jonas", "Jonas Brandt", "+4522334455", left(minutes=58, seconds=40), 1,
     "the lid is cracked", False),
    ("nn", "", "+4528441092", left(hours=5, minutes=20), 0, "Can I change my address?", False),
    ("aisha", "Aisha Khan", "+447700900123", left(hours=11, minutes=5), 0,
     "I have moved it to Friday for you.", True),
    ("lars", "Lars Pedersen", "+4526789012", left(hours=19, minutes=30), 3, "", False),
    ("priya", "Priya Nair", "+919876543210", left(hours=23, minutes=10), 1, "thanks!! 🙏", False),
    ("oskar", "Oskar Lind", "+46701234567", NOW - timedelta(days=3), 0,
     "Hej Oskar, din pakke DK-4471-20 er på vej.", True),
    ("emma", "Emma Sørensen", "+4551234567", NOW - timedelta(days=2, hours=4), 0,
     "Did the refund arrive?", True),
)  # fmt: skip


def _sid(number: int) -> str:
    return f"HX{number:032x}"


def _template(number: int, name: str, text: str, **more: Any) -> Template:
    made = Template(
        content_sid=_sid(0x9F2C0041 + number),
        name=name,
        language="da",
        kind="twilio/quick-reply",
        text=text,
        category="UTILITY",
        approval=Approval.APPROVED,
    )
    return replace(made, **more)


TEMPLATES = (
    _template(
        1,
        "delivery_update",
        "Hej {{1}}, din pakke {{2}} er på vej og ankommer torsdag. Svar her, hvis du vil ændre "
        "leveringen.",
        variables={"1": "Anna", "2": "DK-0000-00"},
        buttons=(
            Button("Track parcel", "quick_reply"),
            Button("Change delivery", "quick_reply"),
        ),
    ),
    _template(
        2,
        "delivery_delay",
        "Hej {{1}}, vi beklager, at {{2}} er forsinket.",
        variables={"1": "Anna", "2": "din pakke"},
    ),
    _template(
        3,
        "delivery_delay",
        "Hi {{1}}, we are sorry that {{2}} is late.",
        language="en",
        variables={"1": "Anna", "2": "your parcel"},
    ),
    _template(
        4,
        "delivery_feedback",
        "Hvordan var leveringen, {{1}}?",
        category="MARKETING",
        variables={"1": "Anna"},
    ),
    _template(5, "hello_again", "Hej! Må vi fortsætte samtalen her?", kind="twilio/text"),
    _template(
        6,
        "delivery_return",
        "Your return {{1}} is registered.",
        language="en",
        approval=Approval.PENDING,
        variables={"1": "R-1"},
    ),
    _template(
        7,
        "old_offer",
        "Tilbud kun i dag.",
        approval=Approval.REJECTED,
        reason="TAG_CONTENT_MISMATCH",
        category="MARKETING",
    ),
)

SETUP = Setup(
    account=Account("AC" + "4" * 32, "Support"),
    numbers=(Number(NUMBER, "Support"),),
    representatives=(Representative(LOGIN, "Anna", capacity=10),),
    workstreams=(Workstream("WhatsApp", ("Support",), language="da"),),
)


def _message(
    conversation_id: str, number: int, at: datetime, body: str, **more: Any
) -> ChatMessage:
    made = ChatMessage(
        id=f"{conversation_id}-{number:03}",
        conversation_id=conversation_id,
        direction=Direction.INBOUND,
        kind=MessageKind.SESSION,
        created_at=at,
        status=DeliveryStatus.RECEIVED,
        sid=f"SM{conversation_id}{number:03}",
        body=body,
        raw={"From": "whatsapp:+4531226410", "Body": body, "ProfileName": "Mette Holm"},
    )
    return replace(made, **more)


def _ours(conversation_id: str, number: int, at: datetime, body: str, **more: Any) -> ChatMessage:
    settings = {
        "direction": Direction.OUTBOUND,
        "status": DeliveryStatus.READ,
        "author": LOGIN,
        "window_state": "open",
        "raw": {},
    } | more
    return _message(conversation_id, number, at, body, **settings)


def _mette() -> list[ChatMessage]:
    yesterday = left(minutes=4, seconds=12)
    first = yesterday - timedelta(hours=3)
    return [
        _message("mette", 1, first, "Hej! Min pakke skulle være kommet i går"),
        _ours("mette", 2, first + timedelta(minutes=2), "Hej Mette, jeg kigger på det med det "
              "samme.", statuses=(
                  StatusEvent("sent", first + timedelta(minutes=2, seconds=1)),
                  StatusEvent("delivered", first + timedelta(minutes=2, seconds=2)),
                  StatusEvent("read", first + timedelta(minutes=3)),
              )),
        _ours("mette", 3, first + timedelta(minutes=6), "Courier says depot Aarhus, ETA Thursday",
              kind=MessageKind.NOTE, sid=None),
        _message("mette", 4, yesterday, "Hej, hvornår kommer pakken?"),
        _ours("mette", 5, NOW - timedelta(minutes=9), "Den er hos os torsdag formiddag 📦",
              status=DeliveryStatus.UNDELIVERED, error=MessageError(63024, "")),
    ]  # fmt: skip


def _others(person: tuple[Any, ...]) -> list[ChatMessage]:
    key, _name, _number, last, _unread, words, ours = person
    photo = Media("https://api.twilio.com/x", "image/jpeg", size=212_000, status=MediaStatus.STORED)
    voice = Media("https://api.twilio.com/y", "audio/ogg", size=41_000, status=MediaStatus.STORED)
    inbound = {
        "jonas": {"content": ContentKind.IMAGE, "media": (photo,)},
        "lars": {"content": ContentKind.AUDIO, "media": (voice,)},
    }.get(key, {})
    first = _message(key, 1, last, "Hej" if ours else words, **inbound)
    if not ours:
        return [first]
    template = (
        {
            "kind": MessageKind.TEMPLATE,
            "template": TemplateUse(TEMPLATES[0].content_sid, {"1": "Oskar", "2": "DK-4471-20"}),
            "status": DeliveryStatus.DELIVERED,
        }
        if key == "oskar"
        else {}
    )
    return [first, _ours(key, 2, last + timedelta(minutes=20), words, **template)]


async def seed(session: Session) -> None:
    """Write everything."""
    await session.facts.save_setup(SETUP)
    await session.facts.set_number(facts.ENGINE_ALIVE_MS, int(WALL * 1000))
    await session.facts.set_number(facts.LAST_WEBHOOK_MS, to_ms(NOW - timedelta(seconds=12)))
    for template in TEMPLATES:
        await session.templates.save(template, synced_at=NOW)
    await session.templates.remember_variables(
        TEMPLATES[0].content_sid, {"1": "Oskar", "2": "DK-4471-20"}
    )
    for person in _PEOPLE:
        await _add(session, person)


async def _add(session: Session, person: tuple[Any, ...]) -> None:
    key, name, number, last, unread, _words, ours = person
    messages = _mette() if key == "mette" else _others(person)
    await session.customers.save(
        Customer(
            id=f"k-{key}",
            addresses=(parse_twilio(f"whatsapp:{number}"),),
            first_seen_at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
            profile_name=name,
            language="da" if number.startswith("+45") else "",
        )
    )
    conversation = Conversation(
        id=key,
        customer_id=f"k-{key}",
        number=NUMBER,
        reply_to=f"whatsapp:{number}",
        state=ConversationState.ACTIVE,
        created_at=messages[0].created_at,
        updated_at=messages[-1].created_at,
        workstream="WhatsApp",
        queue="Delivery",
        assignee=LOGIN,
        unread=unread,
        last_inbound_at=last,
        waiting_since=None if ours else last,
        first_reply_at=messages[1].created_at if len(messages) > 1 else None,
        labels=("vip", "parcel") if key == "mette" else (),
    )
    await session.conversations.save(conversation)
    for message in messages:
        await session.messages.add(message)
        for event in message.statuses:
            await session.messages.add_event(message.id, event)
    saved = await session.conversations.get(key)
    assert saved is not None
    await session.conversations.save(replace(saved, last_message_id=messages[-1].id))
