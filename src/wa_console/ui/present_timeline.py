"""Messages of a conversation as view models: bubbles, day rules, openings and closings.

Pure (ARCHITECTURE 3). Every text of a customer, of Twilio and of a template passes `safe_text`
here; widgets lay out and paint what they are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from wa_console.domain.i18n import N_, _
from wa_console.domain.message import (
    ChatMessage,
    ContentKind,
    Direction,
    Media,
    MediaStatus,
    MessageKind,
)
from wa_console.domain.text import SafeText, safe_text, snippet
from wa_console.domain.window import WINDOW
from wa_console.ui.present_delivery import Ticks, ticks
from wa_console.ui.present_inbox import KIND_WORDS
from wa_console.ui.present_look import Look
from wa_console.ui.present_time import clock_time, size_words

_QUOTE_LIMIT: Final = 160


class Side(StrEnum):
    """Where a message stands: the customer's left, ours right, notes left in their own frame."""

    THEM = "them"
    US = "us"
    NOTE = "note"
    SYSTEM = "system"


class Role(StrEnum):
    """What a line before the body is; chooses its style."""

    QUOTE = "quote"
    CARD = "card"
    MUTED = "muted"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class BubbleLine:
    """A paragraph above the body: quoted text, a card, or a word about the message."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class BubbleView:
    """One message, ready to be laid out.

    Attributes:
        lead: Words of ours that begin the body's first row: the note's sign and name.
        above: Paragraphs over the body.
        body: The safe text, at most 4,096 characters and 200 lines.
        hidden: Characters that are not shown.
        mark: ``T name`` on a template, a word on automatic messages, else empty.
        time: Local time of day.
        author: Who of us wrote it, empty for the customer and for oneself.
        aside: Who sees it, on notes.
        ticks: What became of it, None where that means nothing.
    """

    id: str
    side: Side
    body: SafeText
    time: str
    lead: str = ""
    above: tuple[BubbleLine, ...] = ()
    hidden: int = 0
    mark: str = ""
    author: str = ""
    aside: str = ""
    ticks: Ticks | None = None


@dataclass(frozen=True, slots=True)
class WindowMark:
    """A moment at which the window for free text opened or closed."""

    at: datetime
    opened: bool


def bubble(
    message: ChatMessage,
    *,
    look: Look,
    template_names: Mapping[str, str] | None = None,
    quoted: ChatMessage | None = None,
    customer_name: SafeText | None = None,
) -> BubbleView:
    """Return a message as it is shown.

    Args:
        message: The message.
        look: Signs, zone, and who is looking.
        template_names: Name of each template by Content SID.
        quoted: The message it answers to, where it is known.
        customer_name: How the customer is called where they are quoted.
    """
    body = safe_text(_body(message))
    note = message.kind is MessageKind.NOTE
    return BubbleView(
        id=message.id,
        side=_side(message),
        body=body,
        time=clock_time(message.created_at, look.zone),
        lead=_("{sign} Note").format(sign=look.glyphs.note) + f" {look.glyphs.dot} "
        if note
        else "",
        above=tuple(_above(message, look, _quote(quoted, look, customer_name))),
        hidden=_hidden(_body(message), body),
        mark=_mark(message, look, template_names or {}),
        author=_author(message, look),
        aside=_("only your team sees this") if note else "",
        ticks=ticks(message, look=look),
    )


def window_marks(
    messages: Sequence[ChatMessage],
    *,
    now: datetime,
    margin: timedelta,
    more: bool,
) -> tuple[WindowMark, ...]:
    """Return when the window opened and closed, as far as the messages tell (FACTS 15.1).

    Args:
        messages: In the order of time.
        now: The product's time.
        margin: How much earlier than 24 hours we take it to close.
        more: Whether older messages exist: then the first one may not have opened it.
    """
    marks: list[WindowMark] = []
    closes: datetime | None = None
    for at in (m.created_at for m in messages if m.direction is Direction.INBOUND):
        if closes is not None and at >= closes:
            marks.append(WindowMark(closes, opened=False))
            marks.append(WindowMark(at, opened=True))
        elif closes is None and not more:
            marks.append(WindowMark(at, opened=True))
        closes = at + WINDOW - margin
    if closes is not None and now >= closes:
        marks.append(WindowMark(closes, opened=False))
    return tuple(marks)


def window_mark_words(mark: WindowMark, *, look: Look) -> str:
    """Return the line that the timeline draws for an opening or a closing, below its day."""
    time = clock_time(mark.at, look.zone)
    if mark.opened:
        return _("window opened {time}").format(time=time)
    return _("window closed {time} {dot} only templates").format(time=time, dot=look.glyphs.dot)


def copy_text(message: ChatMessage) -> str:
    """Return what the copy key takes: the safe text without a line end behind it (faults F7)."""
    return safe_text(_body(message), limit=65536, max_lines=4096).rstrip("\n")


def _side(message: ChatMessage) -> Side:
    if message.kind is MessageKind.NOTE:
        return Side.NOTE
    if message.kind is MessageKind.SYSTEM:
        return Side.SYSTEM
    return Side.THEM if message.direction is Direction.INBOUND else Side.US


def _body(message: ChatMessage) -> str:
    if message.button and message.content in (ContentKind.BUTTON, ContentKind.LIST):
        return message.button.text or message.body
    return message.body


def _hidden(raw: str, shown: SafeText) -> int:
    """Return how many characters are left out; a cut text ends in one sign that is not its own."""
    if len(raw) <= len(shown) or not shown.endswith("…"):
        return 0
    return len(raw) - len(shown) + 1


def _author(message: ChatMessage, look: Look) -> str:
    if message.direction is Direction.INBOUND or message.author in ("", look.login):
        return ""
    return snippet(message.author, 20)


def _mark(message: ChatMessage, look: Look, names: Mapping[str, str]) -> str:
    match message.kind:
        case MessageKind.TEMPLATE:
            sid = message.template.content_sid if message.template else ""
            return f"{look.glyphs.template} {snippet(names.get(sid, ''), 40)}".rstrip()
        case MessageKind.AUTOMATED:
            return _("automatic")
        case MessageKind.SURVEY:
            return _("survey")
        case _:
            return ""


def _above(message: ChatMessage, look: Look, quote: str) -> Iterable[BubbleLine]:
    if message.forwarded:
        yield BubbleLine(_("Forwarded"), Role.MUTED)
    if message.referral:
        headline = snippet(message.referral.headline or message.referral.body, _QUOTE_LIMIT)
        yield BubbleLine(_("Came from an ad: {headline}").format(headline=headline), Role.MUTED)
    if message.quoted:
        yield BubbleLine(quote, Role.QUOTE)
    if message.content in (ContentKind.BUTTON, ContentKind.LIST):
        chosen = message.content is ContentKind.LIST
        yield BubbleLine(
            _("Chose from the list") if chosen else _("Pressed the button"), Role.MUTED
        )
    yield from _cards(message, look)


def _quote(quoted: ChatMessage | None, look: Look, customer_name: SafeText | None) -> str:
    if quoted is None:
        return _("an earlier message")
    if quoted.direction is Direction.INBOUND:
        who = f"{customer_name}: " if customer_name else ""
    else:
        who = f"{_author(quoted, look)}: " if _author(quoted, look) else _("You: ")
    text = snippet(_body(quoted), _QUOTE_LIMIT)
    return who + (text or _(KIND_WORDS.get(quoted.content, N_("a message"))))


def _cards(message: ChatMessage, look: Look) -> Iterable[BubbleLine]:
    sign = look.glyphs.kinds.get(message.content, "")
    word = _(KIND_WORDS.get(message.content, N_("File")))
    title = f"{sign} {word}" if sign else word
    if message.content is ContentKind.UNSUPPORTED:
        yield BubbleLine(_unsupported(message, look), Role.CARD)
        return
    if place := message.location:
        yield BubbleLine(title, Role.CARD)
        yield from (
            BubbleLine(snippet(text, _QUOTE_LIMIT), Role.TEXT)
            for text in (place.label, place.address)
            if text
        )
        degrees = f"{place.latitude:.5f}, {place.longitude:.5f}"
        yield BubbleLine(degrees, Role.MUTED)
        return
    for media in message.media:
        yield BubbleLine(_card(title, media, look), Role.CARD)
    if not message.media and message.content in KIND_WORDS:
        yield BubbleLine(title, Role.CARD)


def _card(title: str, media: Media, look: Look) -> str:
    parts = [title, snippet(media.type, 60)]
    if media.size is not None:
        parts.append(size_words(media.size))
    match media.status:
        case MediaStatus.PENDING:
            parts.append(_("being fetched"))
        case MediaStatus.FAILED:
            parts.append(_("could not be fetched"))
        case MediaStatus.QUARANTINED:
            parts.append(_("held back"))
        case MediaStatus.REMOVED:
            parts.append(_("removed"))
        case MediaStatus.STORED:
            parts.append(_("Enter opens"))
    return f" {look.glyphs.dot} ".join(part for part in parts if part)


def _unsupported(message: ChatMessage, look: Look) -> str:
    kind = snippet(message.raw.get("MessageType", ""), 40)
    named = _("Not shown here: {kind}").format(kind=kind) if kind else _("A kind not shown here")
    return f"{named} {look.glyphs.dot} " + _("press i for its fields")
