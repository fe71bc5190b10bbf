"""What the invented customers answer: rules over the representative's words.

Duty: pure functions from a message to the lines of an answer, in Danish or English. The dice are
handed in; nothing is sent from here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wa_console.simulator import specimens
from wa_console.simulator.records import Button, Content, Customer, Location, MediaItem, Message
from wa_console.simulator.render import buttons


@dataclass(frozen=True, slots=True)
class Line:
    """One message of an answer."""

    body: str = ""
    media: tuple[MediaItem, ...] = ()
    button: Button | None = None
    location: Location | None = None


class Topic(StrEnum):
    """What a representative's message is about, as far as a rule can tell."""

    PHOTO = "photo"
    DOCUMENT = "document"
    PLACE = "place"
    TIME = "time"
    FAREWELL = "farewell"
    THANKS = "thanks"
    QUESTION = "question"
    GREETING = "greeting"
    NEWS = "news"


# In order: the first that fits is what the customer answers to.
_WORDS: Mapping[Topic, str] = {
    Topic.PHOTO: r"billede|foto|photo|picture",
    Topic.DOCUMENT: r"faktura|kvittering|invoice|receipt",
    Topic.PLACE: r"adresse|address|hvor (bor|er)|where (are|do)|placering|location",
    Topic.TIME: r"hvornår|klokken|\bkl\.|tidspunkt|what time|when|passer|suit",
    Topic.FAREWELL: r"god (dag|aften|weekend)|farvel|goodbye|\bbye\b|(lovely|nice|good) day",
    Topic.THANKS: r"\btak\b|thank|velbekomme|you.re welcome",
    Topic.QUESTION: r"\?",
    Topic.GREETING: r"^\s*(hej|hello|hi|goddag|godmorgen|good morning)\b",
}

_LINES: Mapping[str, Mapping[Topic, Sequence[str]]] = {
    "da": {
        Topic.PHOTO: ("Her er et billede", "Sådan ser den ud", "Kan du se det her?"),
        Topic.DOCUMENT: ("Her er fakturaen", "Jeg fandt den, den er vedhæftet"),
        Topic.PLACE: ("Jeg sender lige, hvor vi er", "Det er her"),
        Topic.TIME: (
            "Efter kl. 16 passer mig bedst",
            "I morgen formiddag, hvis I kan",
            "Jeg er hjemme hele torsdagen",
        ),
        Topic.THANKS: ("Selv tak", "Det var så lidt", "👍"),
        Topic.FAREWELL: ("I lige måde!", "Tak for hjælpen 😊"),
        Topic.QUESTION: (
            "Ja, det er rigtigt",
            "Nej, desværre ikke",
            "Det tror jeg, nummeret er DK-4471-20",
            "Det ved jeg ikke helt. Kan du se det på jeres side?",
        ),
        Topic.GREETING: (
            "Hej, godt at høre fra jer",
            "Hej! Har du nyt om min pakke?",
            "Goddag, tak fordi du skriver",
        ),
        Topic.NEWS: (
            "Okay, tak for besked",
            "Super, så venter jeg på den",
            "Det lyder godt 👍",
            "Fint. Skal jeg selv gøre noget?",
        ),
    },
    "en": {
        Topic.PHOTO: ("Here is a photo", "This is what it looks like", "Can you see it here?"),
        Topic.DOCUMENT: ("Here is the invoice", "Found it, it is attached"),
        Topic.PLACE: ("Let me send you where we are", "It is here"),
        Topic.TIME: (
            "After four suits me best",
            "Tomorrow morning, if you can",
            "I am at home all Thursday",
        ),
        Topic.THANKS: ("You're welcome", "No trouble at all", "👍"),
        Topic.FAREWELL: ("You too!", "Thanks for your help 😊"),
        Topic.QUESTION: (
            "Yes, that is right",
            "No, I am afraid not",
            "I think so, the number is GB-2086-14",
            "I am not quite sure. Can you see it on your side?",
        ),
        Topic.GREETING: (
            "Hi, good to hear from you",
            "Hello! Any news about my parcel?",
            "Hi, thanks for writing",
        ),
        Topic.NEWS: (
            "Okay, thanks for letting me know",
            "Great, I will wait for it then",
            "Sounds good 👍",
            "Fine. Do I need to do anything?",
        ),
    },
}

_AFTERTHOUGHTS: Mapping[str, Mapping[str, str]] = {
    "worried": {
        "da": "Er du helt sikker på, at den ikke er blevet væk?",
        "en": "Are you quite sure it is not lost?",
    },
    "polite": {
        "da": "På forhånd mange tak for hjælpen.",
        "en": "Thank you very much in advance.",
    },
    "cheerful": {"da": "I er søde 😄", "en": "You are stars 😄"},
}

_HOME = Location(55.66752, 12.54316, "Hjemme", "Vesterbrogade 112, København")
_PLACES = {"da": _HOME, "en": Location(51.51563, -0.07217, "Home", "12 Commercial Street, London")}


def topic_of(text: str) -> Topic:
    """What a text is about; news if nothing else."""
    lower = text.lower()
    return next((t for t, pattern in _WORDS.items() if re.search(pattern, lower)), Topic.NEWS)


def answer(
    customer: Customer,
    message: Message,
    content: Content | None,
    *,
    dice: random.Random,
    turn: int,
) -> list[Line]:
    """The lines of a customer's answer; none if he leaves it at that.

    Args:
        customer: Who answers; his persona colours the answer.
        message: What he was sent.
        content: The template it was made from, if it was one.
        dice: Decides where a rule leaves a choice.
        turn: How many messages he has been sent, this one included.
    """
    language = "da" if customer.language == "da" else "en"
    offered = buttons(content) if content is not None else []
    if offered and dice.random() < 0.85:
        pressed = dice.choice(offered)
        return [Line(button=Button(pressed.text, pressed.payload, reply_to=message.sid))]
    topic = topic_of(message.body)
    if topic in {Topic.THANKS, Topic.FAREWELL} and dice.random() < 0.4:
        return []
    line = _line(customer.persona, topic, language, dice=dice, turn=turn)
    extra = _AFTERTHOUGHTS.get(customer.persona, {}).get(language)
    if extra is not None and topic in {Topic.NEWS, Topic.QUESTION} and dice.random() < 0.3:
        return [line, Line(body=extra)]
    return [line]


def _line(persona: str, topic: Topic, language: str, *, dice: random.Random, turn: int) -> Line:
    body = dice.choice(_LINES[language][topic])
    match topic:
        case Topic.PHOTO:
            return Line(body, media=(MediaItem("image/jpeg", specimens.photo()),))
        case Topic.DOCUMENT:
            return Line(media=(specimens.make("document"),))
        case Topic.PLACE:
            return Line(location=_PLACES[language])
        case Topic.GREETING | Topic.TIME | Topic.THANKS | Topic.FAREWELL:
            return Line(body)
        case Topic.QUESTION | Topic.NEWS:
            return _habit(persona, language, turn=turn) or Line(body)


def _habit(persona: str, language: str, *, turn: int) -> Line | None:
    """What a persona is fond of sending, every third time."""
    if turn % 3 != 1:
        return None
    match persona:
        case "photographer":
            return Line(media=(specimens.make("picture"),))
        case "talker":
            return Line(media=(specimens.make("voice"),))
        case "wanderer":
            return Line(location=_PLACES[language])
        case _:
            return None
