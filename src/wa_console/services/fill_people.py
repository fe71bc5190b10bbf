"""Invents customers, their conversations and every message, from a seed.

First only times and directions are drawn (a number for each message), so that a conversation can be
told as it stands at the end before its messages are written; texts are drawn on the way. Knows no
store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

from wa_console.domain.address import Address, parse_twilio
from wa_console.domain.clock import from_ms, to_ms
from wa_console.domain.conversation import Conversation, ConversationState, Customer
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ChatMessage,
    Direction,
    MessageError,
    MessageKind,
    TemplateUse,
)
from wa_console.domain.setup import Number, Representative, Setup
from wa_console.domain.template import render
from wa_console.domain.window import WINDOW, WindowState
from wa_console.services import fill_texts as texts

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_WINDOW_MS: Final = int(WINDOW.total_seconds() * 1000)
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # of our ids (domain.ids)
_CONTENT_SID: Final = "HX" + "f" * 32
_CLOSED_AFTER_MS = 3 * _DAY  # silence after which most conversations have been closed
_READ_SHARE, _DELIVERED_SHARE, _SENT_SHARE = 0.72, 0.92, 0.97  # of ours; the rest failed


@dataclass(frozen=True, slots=True)
class Invented:
    """A customer and their conversation as it stands at the end."""

    customer: Customer
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class _Beat:
    """One message before it has words: when, whose, the how many-eth of its conversation."""

    ms: int
    person: int
    number: int
    inbound: bool


def made_id(ms: int, bits: int) -> str:
    """Return an id of our shape (26 characters, sortable by time) from given bits."""
    value = (ms << 80) | (bits & ((1 << 80) - 1))
    return "".join(_ALPHABET[(value >> (5 * place)) & 31] for place in range(25, -1, -1))


class History:
    """One invented history; `people` first, then `messages`, each drawn once."""

    def __init__(
        self, *, setup: Setup, now: datetime, conversations: int, messages: int, seed: int
    ) -> None:
        # Not a secret: the same seed has to give the same history.
        self._dice = Random(seed)  # noqa: S311
        self._seed = seed
        self._now_ms = to_ms(now)
        self._setup = setup
        self._numbers = setup.numbers or (Number("+4570203040"),)
        self._staff = setup.representatives or (Representative("anna"), Representative("bo"))
        self._timelines = self._draw_times(conversations, messages)
        self._names = [self._draw_name() for _each in range(conversations)]

    def people(self) -> Iterator[Invented]:
        """Yield every customer with their conversation."""
        for person, beats in enumerate(self._timelines):
            yield self._person(person, beats)

    def messages(self) -> Iterator[ChatMessage]:
        """Yield every message in the order of time."""
        beats = sorted(
            (beat for timeline in self._timelines for beat in timeline),
            key=lambda beat: (beat.ms, beat.person),
        )
        heard: dict[int, int] = {}
        for beat in beats:
            if beat.inbound:
                heard[beat.person] = beat.ms
                yield self._inbound(beat)
            else:
                yield self._outbound(beat, beat.ms - heard.get(beat.person, 0))

    def _draw_times(self, conversations: int, messages: int) -> list[list[_Beat]]:
        """Share the messages out, a few people with many; draw a timeline for each."""
        dice = self._dice
        weights = [min(dice.paretovariate(1.3), 40.0) for _each in range(conversations)]
        counts = [1] * conversations
        for person in dice.choices(range(conversations), weights, k=messages - conversations):
            counts[person] += 1
        return [self._timeline(person, count) for person, count in enumerate(counts)]

    def _timeline(self, person: int, count: int) -> list[_Beat]:
        """Draw a conversation backwards from its last message, so that none lies ahead of now."""
        dice = self._dice
        recent = dice.random() < 0.3
        age = dice.uniform(1_000, _DAY) if recent else dice.expovariate(1 / (20 * _DAY)) + _DAY
        ms, beats = self._now_ms - int(age), []
        inbound = count == 1 or dice.random() < 0.4
        for number in range(count - 1, -1, -1):
            beats.append(_Beat(ms, person, number, inbound or number == 0))
            within = dice.random() < 0.8
            pause = dice.uniform(20_000, 15 * _MINUTE) if within else dice.uniform(6, 240) * _HOUR
            ms -= int(pause) + 1
            inbound = dice.random() < (0.35 if inbound else 0.75)
        return beats[::-1]

    def _draw_name(self) -> tuple[str, str]:
        """Return (name at WhatsApp, language)."""
        dice = self._dice
        name = f"{dice.choice(texts.FIRST_NAMES)} {dice.choice(texts.LAST_NAMES)}"
        return name + dice.choice(texts.FLOURISHES), "da" if dice.random() < 0.7 else "en"

    def _person(self, person: int, beats: list[_Beat]) -> Invented:
        name, language = self._names[person]
        address = self._address(person)
        first, last = beats[0].ms, beats[-1].ms
        customer = Customer(
            id=self._id(first, person, -1),
            addresses=(address,),
            first_seen_at=from_ms(first),
            profile_name=name,
            language=language,
        )
        number = self._number(person)
        workstream = self._setup.workstream_of(number.address)
        conversation = Conversation(
            id=self._conversation_id(person),
            customer_id=customer.id,
            number=number.address,
            reply_to=address.wire,
            state=ConversationState.OPEN,
            created_at=from_ms(first),
            updated_at=from_ms(last),
            workstream=workstream.name if workstream else "",
            queue=workstream.fallback_queue if workstream else "",
            last_inbound_at=from_ms(max(beat.ms for beat in beats if beat.inbound)),
            first_reply_at=next((from_ms(b.ms) for b in beats if not b.inbound), None),
            last_message_id=self._message_id(beats[-1]),
        )
        return Invented(customer, self._in_state(conversation, beats))

    def _in_state(self, conversation: Conversation, beats: list[_Beat]) -> Conversation:
        """Return the conversation with what its last messages say about it."""
        dice = self._dice
        unanswered = list(_unanswered(beats))
        labels = tuple(dice.sample(texts.LABELS, dice.choice((0, 0, 0, 1, 2))))
        assignee = dice.choice(self._staff).login if dice.random() < 0.7 else ""
        silence = self._now_ms - beats[-1].ms
        if silence > _CLOSED_AFTER_MS and dice.random() < 0.85:
            closed_at = from_ms(beats[-1].ms + 10 * _MINUTE)
            state = ConversationState.CLOSED
            return replace(
                conversation, state=state, closed_at=closed_at, assignee=assignee, labels=labels
            )
        state = ConversationState.ACTIVE if assignee else ConversationState.OPEN
        if assignee and not unanswered and dice.random() < 0.5:
            state = ConversationState.WAITING
        return replace(
            conversation,
            state=state,
            assignee=assignee,
            labels=labels,
            unread=dice.randint(0, len(unanswered)),
            waiting_since=from_ms(unanswered[-1].ms) if unanswered else None,
        )

    def _inbound(self, beat: _Beat) -> ChatMessage:
        name, language = self._names[beat.person]
        address, body = self._address(beat.person), self._words(texts.CUSTOMER[language])
        sid = self._sid(beat)
        raw = {
            "MessageSid": sid,
            "From": address.wire,
            "To": f"whatsapp:{self._number(beat.person).address}",
            "ProfileName": name,
            "Body": body,
            "NumMedia": "0",
        }
        return ChatMessage(
            id=self._message_id(beat),
            conversation_id=self._conversation_id(beat.person),
            direction=Direction.INBOUND,
            kind=MessageKind.SESSION,
            created_at=from_ms(beat.ms),
            status=DeliveryStatus.RECEIVED,
            sid=sid,
            body=body,
            raw=raw,
        )

    def _outbound(self, beat: _Beat, silence_ms: int) -> ChatMessage:
        """Write one of ours; outside the window only a template can have been sent."""
        name, language = self._names[beat.person]
        message = ChatMessage(
            id=self._message_id(beat),
            conversation_id=self._conversation_id(beat.person),
            direction=Direction.OUTBOUND,
            kind=MessageKind.SESSION,
            created_at=from_ms(beat.ms),
            status=self._fate(),
            sid=self._sid(beat),
            author=self._dice.choice(self._staff).login,
            window_state=WindowState.OPEN.value,
        )
        if message.status is DeliveryStatus.UNDELIVERED:
            message = replace(message, error=MessageError(63024))
        if silence_ms < _WINDOW_MS - _MINUTE:
            return replace(message, body=self._words(texts.STAFF[language]))
        values = {"1": name.split()[0], "2": self._order()}
        return replace(
            message,
            kind=MessageKind.TEMPLATE,
            body=render(texts.TEMPLATE[language], values),
            template=TemplateUse(_CONTENT_SID, values),
            window_state=WindowState.CLOSED.value,
        )

    def _fate(self) -> DeliveryStatus:
        drawn = self._dice.random()
        if drawn < _READ_SHARE:
            return DeliveryStatus.READ
        if drawn < _DELIVERED_SHARE:
            return DeliveryStatus.DELIVERED
        return DeliveryStatus.SENT if drawn < _SENT_SHARE else DeliveryStatus.UNDELIVERED

    def _words(self, choices: tuple[str, ...]) -> str:
        dice = self._dice
        time = f"{dice.randint(8, 20)}:{dice.randint(0, 59):02}"
        return dice.choice(choices).format(order=self._order(), time=time)

    def _order(self) -> str:
        return f"#{self._dice.randint(10_000, 99_999)}"

    def _address(self, person: int) -> Address:
        # The stride is coprime to the range: no number twice, and no two in a row.
        return parse_twilio(f"whatsapp:+45{20_000_000 + person * 7_919 % 79_999_999}")

    def _number(self, person: int) -> Number:
        return self._numbers[person % len(self._numbers)]

    def _conversation_id(self, person: int) -> str:
        return self._id(self._timelines[person][0].ms, person, -2)

    def _message_id(self, beat: _Beat) -> str:
        return self._id(beat.ms, beat.person, beat.number)

    def _id(self, ms: int, person: int, number: int) -> str:
        return made_id(ms, (person << 40) | ((number + 2) << 16) | (self._seed & 0xFFFF))

    def _sid(self, beat: _Beat) -> str:
        return f"SM{self._seed & 0xFFFF_FFFF:08x}{beat.person:012x}{beat.number:012x}"


def _unanswered(beats: list[_Beat]) -> Iterator[_Beat]:
    """Yield the customer's messages that nobody has answered, newest first."""
    for beat in reversed(beats):
        if not beat.inbound:
            return
        yield beat
