"""Twilio's WhatsApp sandbox in figures and words: number, join link, who joined and for how long.

Pure. The facts are FACTS 12: one shared number, a join phrase, three days, three templates. Nothing
here asks Twilio or draws the QR code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _

SANDBOX_NUMBER: Final = "+14155238886"
"""The one number that all sandboxes share (FACTS 12)."""
JOIN_LASTS: Final = timedelta(days=3)
"""So long after joining a phone can be written to; then 63015 (FACTS 12)."""
PHRASE_LIMIT: Final = 40
"""Longer, the QR code of the link would no longer fit a terminal of 80x24 (version 4 at most)."""

_JOIN: Final = re.compile(r"join\b[\s:]*", re.IGNORECASE)
_PHRASE: Final = re.compile(r"[a-z0-9]+(?:[- ][a-z0-9]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SandboxTemplate:
    """One of the sandbox's three templates.

    Attributes:
        content_sid: Empty where no public page tells it: it can be read here, not sent.
    """

    name: str
    text: str
    content_sid: str = ""


TEMPLATES: Final = (
    SandboxTemplate(
        "appointment_reminders",
        "Your appointment is coming up on {{1}} at {{2}}",
        "HXb5b62575e6e4ff6129ad7c8efe1f983e",
    ),
    SandboxTemplate(
        "order_notifications",
        "Your {{1}} order of {{2}} has shipped and should be delivered on {{3}}. Details: {{4}}",
    ),
    SandboxTemplate("verification_codes", "Your {{1}} code is {{2}}"),
)
"""In Twilio's order (FACTS 12); the ContentSids of the last two are not public."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that reached us, told from a webhook or from Twilio's list.

    Attributes:
        who: Its sender on the wire, raw.
        body: Raw.
        at: Twilio's time, or ours where Twilio told none.
        polled: It was found in the list; False: it came by webhook.
    """

    sid: str
    who: str
    body: str
    at: datetime
    polled: bool


@dataclass(frozen=True, slots=True)
class Participant:
    """A phone that has joined the sandbox.

    Attributes:
        ends_at: From then on a send to it fails with 63015 until it joins again.
        certain: Its join message was seen. Else it has only written, so it must have joined
            before: the time is the latest it can be.
    """

    who: str
    ends_at: datetime
    certain: bool

    def left(self, now: datetime) -> timedelta:
        """Return how long it can still be written to; zero when it must join again."""
        return max(self.ends_at - now, timedelta(0))


def join_phrase(text: str) -> str:
    """Return the phrase of a sandbox as typed or pasted, without the word ``join``.

    Raises:
        SetupProblem: It cannot be one; the sentence says what to type.
    """
    words = " ".join(_JOIN.sub("", text.strip(), count=1).strip("\"'“”. ").split())
    if not words:
        raise SetupProblem(
            _("Type the two words that Twilio shows behind join, such as silver-otter.")
        )
    if "://" in words or "wa.me" in words:
        raise SetupProblem(_("That is a link. Type only the words behind join."))
    if len(quote(words)) > PHRASE_LIMIT or not _PHRASE.fullmatch(words):
        raise SetupProblem(_("A join phrase is words with a hyphen between, such as silver-otter."))
    return words.lower()


def join_message(phrase: str) -> str:
    """Return what the phone must write: ``join silver-otter``."""
    return f"join {phrase}"


def join_link(phrase: str) -> str:
    """Return the link that opens WhatsApp with the join message written."""
    return f"https://wa.me/{SANDBOX_NUMBER[1:]}?text={quote(join_message(phrase))}"


def is_join(body: str, phrase: str) -> bool:
    """Whether a message joins this sandbox."""
    return " ".join(body.lower().split()) == join_message(phrase)


def participants(heard: Iterable[Heard], phrase: str) -> Sequence[Participant]:
    """Return who has joined, the one with most time left first.

    A join counts from its own time. ``stop`` and joining another sandbox leave this one
    (FACTS 12).
    """
    found: dict[str, Participant] = {}
    for message in sorted(heard, key=lambda each: each.at):
        word = " ".join(message.body.lower().split())
        if is_join(word, phrase):
            found[message.who] = Participant(message.who, message.at + JOIN_LASTS, certain=True)
        elif word == "stop" or word.startswith("join "):
            found.pop(message.who, None)
        elif message.who not in found:
            found[message.who] = Participant(message.who, message.at + JOIN_LASTS, certain=False)
    return sorted(found.values(), key=lambda each: each.ends_at, reverse=True)
