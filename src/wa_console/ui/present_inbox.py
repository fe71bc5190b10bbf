"""One entry of the inbox and the view tabs as view models. Pure (ARCHITECTURE 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wa_console.domain.conversation import ConversationState, InboxRow, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.i18n import N_, _
from wa_console.domain.message import ContentKind, Direction, MessageKind
from wa_console.domain.text import SafeText, snippet
from wa_console.domain.window import Window
from wa_console.ui.present_look import Look, Tone, tone_of
from wa_console.ui.present_time import time_left, window_at

TITLE_LIMIT: Final = 60
SNIPPET_LIMIT: Final = 120
_MOST_UNREAD: Final = 99

KIND_WORDS: Final[Mapping[ContentKind, str]] = {
    ContentKind.IMAGE: N_("Photo"),
    ContentKind.AUDIO: N_("Audio"),
    ContentKind.VIDEO: N_("Video"),
    ContentKind.DOCUMENT: N_("Document"),
    ContentKind.STICKER: N_("Sticker"),
    ContentKind.CONTACT: N_("Contact card"),
    ContentKind.LOCATION: N_("Location"),
    ContentKind.UNSUPPORTED: N_("Something this console cannot show"),
}
"""What a message carries, when it is not plain text; translate when shown."""

_VIEW_WORDS: Final[Mapping[View, tuple[str, str]]] = {
    View.MINE: (N_("Mine"), N_("Mine")),
    View.UNASSIGNED: (N_("Unassigned"), N_("Free")),
    View.WAITING: (N_("Waiting"), N_("Wait")),
    View.ALL: (N_("All"), N_("All")),
    View.CLOSED: (N_("Closed"), N_("Done")),
    View.QUARANTINE: (N_("Quarantine"), N_("Held")),
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """The cells that change with the clock: shape, time left and tone."""

    shape: str
    time: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class InboxLine:
    """One entry of the inbox.

    Attributes:
        countdown: Time left; ours, in a column that customer text cannot reach.
        unread: Badge, empty for none, ``99+`` for many; ours.
        mark: Sign of a draft or a failed message, else empty; ours.
        mark_tone: ``draft``, ``failed`` or empty.
        title: The customer's name or number.
        who: Who spoke last, with its colon, or what it was; leads the snippet.
        snippet: The last message in one line; the rightmost thing of its row.
        dim: Whether the entry asks for nothing now (closed conversations).
    """

    countdown: Countdown
    unread: str
    mark: str
    mark_tone: str
    title: SafeText
    who: str
    snippet: SafeText
    dim: bool


@dataclass(frozen=True, slots=True)
class TabView:
    """One tab over the inbox: its words for a wide and a narrow screen, and its count."""

    view: View
    label: str
    short: str
    count: int | None


def countdown(window: Window, *, now: datetime, look: Look) -> Countdown:
    """Return the cells of a countdown at a moment."""
    window = window_at(window, now)
    tone = tone_of(window)
    return Countdown(look.glyphs.shape(tone), time_left(window), tone)


def inbox_line(row: InboxRow, window: Window, *, now: datetime, look: Look) -> InboxLine:
    """Return an entry of the inbox.

    Args:
        row: The entry as the store has it.
        window: The reply window of the conversation.
        now: The product's time.
        look: Signs, and who is looking.
    """
    mark, mark_tone = _mark(row, look)
    who, text = _last(row, look)
    return InboxLine(
        countdown=countdown(window, now=now, look=look),
        unread=_unread(row.unread),
        mark=mark,
        mark_tone=mark_tone,
        title=customer_title(row.name, row.profile_name, row.address.display),
        who=who,
        snippet=text,
        dim=row.state is ConversationState.CLOSED,
    )


def customer_title(name: str, profile_name: str, number: str) -> SafeText:
    """Return the team's name for a customer, else the one they chose, else their number.

    A name of blanks or of invisible characters only does not count.
    """
    for candidate in (name, profile_name):
        if (title := snippet(candidate, TITLE_LIMIT)).strip():
            return title
    return snippet(number, TITLE_LIMIT)


def tab_views(counts: Mapping[View, int], views: Sequence[View]) -> tuple[TabView, ...]:
    """Return the tabs of the views in their order; one without a count shows none."""
    return tuple(
        TabView(view, _(_VIEW_WORDS[view][0]), _(_VIEW_WORDS[view][1]), counts.get(view))
        for view in views
    )


def _unread(count: int) -> str:
    if count <= 0:
        return ""
    return str(count) if count <= _MOST_UNREAD else f"{_MOST_UNREAD}+"


def _mark(row: InboxRow, look: Look) -> tuple[str, str]:
    if row.last_status in (DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED):
        return look.glyphs.failed, "failed"
    return (look.glyphs.note, "draft") if row.has_draft else ("", "")


def _last(row: InboxRow, look: Look) -> tuple[str, SafeText]:
    """Return our words before the last message, and the message in one line."""
    who = _speaker(row, look)
    content = _content(row.last_content)
    text = snippet(row.last_body, SNIPPET_LIMIT)
    if content is None or content not in KIND_WORDS:
        return who, text
    word = _(KIND_WORDS[content])
    sign = look.glyphs.kinds.get(content, "")
    lead = f"{sign} {word}" if sign else word
    dot = f" {look.glyphs.dot} " if text else ""
    return f"{who}{lead}{dot}", text


def _content(word: str) -> ContentKind | None:
    try:
        return ContentKind(word)
    except ValueError:
        return None


def _speaker(row: InboxRow, look: Look) -> str:
    if row.last_kind == MessageKind.NOTE:
        return _("Note: ")
    if row.last_kind == MessageKind.TEMPLATE:
        return _("Template: ")
    if row.last_direction != Direction.OUTBOUND:
        return ""
    if row.last_author == look.login or not row.last_author:
        return _("You: ") if row.last_author else _("Us: ")
    return f"{snippet(row.last_author, 12)}: "
