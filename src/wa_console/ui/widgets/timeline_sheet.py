"""The timeline as one long sheet of strips: which message stands at which row.

Each message is laid out and painted once for a width and kept until it changes. Knows styles and
sizes, no keys and no messages of Textual.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate

from textual.strip import Strip

from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage, MessageKind
from wa_console.domain.text import SafeText
from wa_console.ui.present import (
    BubbleView,
    Look,
    WindowMark,
    bubble,
    day_words,
    local_day,
    window_mark_words,
    window_marks,
)
from wa_console.ui.widgets.bubbles import (
    Ask,
    LaidBubble,
    LaidRule,
    lay_out,
    lay_rule,
    paint,
    paint_rule,
)
from wa_console.ui.widgets.strips import Palette


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the timeline.

    Attributes:
        height: Rows with the blank one below.
        message_id: Which message, None for a rule.
        rule: A line of ours, None for a message.
    """

    height: int
    message_id: str | None = None
    rule: LaidRule | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """How templates (by Content SID) and the customer are called."""

    templates: Mapping[str, str] = field(default_factory=dict)
    customer: SafeText | None = None


@dataclass(slots=True)
class _Kept:
    """A message as it was laid out, with its strips without and with the cursor."""

    message: ChatMessage
    quoted: ChatMessage | None
    view: BubbleView
    laid: LaidBubble
    painted: dict[bool, tuple[Strip, ...]] = field(default_factory=dict)


class Sheet:
    """All rows of one conversation for one width.

    Attributes:
        height: Rows of the whole sheet.
    """

    def __init__(self, palette: Palette, look: Look, margin: timedelta) -> None:
        self._palette = palette
        self._look = look
        self._margin = margin
        self._width = 0
        self._names = Names()
        self._kept: dict[str, _Kept] = {}
        self._rules: dict[LaidRule, tuple[Strip, ...]] = {}
        self._entries: list[Entry] = []
        self._ends: list[int] = []
        self._tops: dict[str, int] = {}
        self.height = 0

    def forget(self) -> None:
        """Forget everything, for another conversation; until `build` there is nothing here."""
        self._kept.clear()
        self._rules.clear()
        self._entries, self._ends, self._tops = [], [], {}
        self.height = 0

    def unpaint(self) -> None:
        """Forget the colours; the rows stay where they are."""
        self._rules.clear()
        for kept in self._kept.values():
            kept.painted.clear()

    def build(
        self,
        messages: Sequence[ChatMessage],
        *,
        width: int,
        now: datetime,
        more: bool,
        names: Names,
    ) -> None:
        """Lay out messages, given in the order of time; one that did not change costs a look-up."""
        if (width, names) != (self._width, self._names):
            self.forget()
        self._width, self._names = width, names
        self._entries = list(self._all_entries(messages, now=now, more=more))
        self._ends = list(accumulate(entry.height for entry in self._entries))
        self.height = self._ends[-1] if self._ends else 0
        self._tops = {
            entry.message_id: end - entry.height
            for entry, end in zip(self._entries, self._ends, strict=True)
            if entry.message_id is not None
        }

    def strip(self, y: int, cursor_id: str | None) -> Strip | None:
        """Return a row of the sheet, None for a blank one or one beyond its end."""
        at = self._index(y)
        if at is None:
            return None
        entry = self._entries[at]
        row = y - (self._ends[at] - entry.height)
        if entry.rule is not None:
            strips = self._painted_rule(entry.rule)
        else:
            strips = self._painted(entry.message_id or "", cursor=entry.message_id == cursor_id)
        return strips[row] if row < len(strips) else None

    def at(self, y: int) -> str | None:
        """Return the message at a row, None for a rule or beyond the end."""
        at = self._index(y)
        return None if at is None else self._entries[at].message_id

    def ask_at(self, y: int) -> Ask | None:
        """Return what a click on a row wants, None for nothing in particular."""
        message_id = self.at(y)
        if message_id is None:
            return None
        rows = self._kept[message_id].laid.rows
        row = y - self._tops[message_id]
        return rows[row].ask if row < len(rows) else None

    def span(self, message_id: str | None) -> tuple[int, int] | None:
        """Return the first row of a message and how many it has, None when it is not here."""
        if message_id is None or message_id not in self._tops:
            return None
        return self._tops[message_id], len(self._kept[message_id].laid.rows)

    def ids(self) -> list[str]:
        """Return the messages from top to bottom."""
        return list(self._tops)

    def can_retry(self, message_id: str | None) -> bool:
        """Whether the message failed in a way that sending it again may mend."""
        kept = self._kept.get(message_id) if message_id else None
        return kept is not None and kept.view.ticks is not None and kept.view.ticks.can_retry

    def _index(self, y: int) -> int | None:
        at = bisect_right(self._ends, y)
        return at if y >= 0 and at < len(self._entries) else None

    def _all_entries(
        self, messages: Sequence[ChatMessage], *, now: datetime, more: bool
    ) -> Iterable[Entry]:
        yield Entry(1, rule=LaidRule((), "row"))  # air below the header
        if more:
            text = _("{sign} older messages").format(sign=self._look.glyphs.up)
            yield self._rule(text, "muted")
        by_sid = {message.sid: message for message in messages if message.sid}
        marks = window_marks(messages, now=now, margin=self._margin, more=more)
        today = local_day(now, self._look.zone)
        day: date | None = None
        for at, item in _in_order(messages, marks):
            if (that := local_day(at, self._look.zone)) != day:
                day = that
                yield self._rule(day_words(day, today), "rule")
            if isinstance(item, WindowMark):
                words = window_mark_words(item, look=self._look)
                style = "opened" if item.opened else "closed"
                yield self._rule(words, style, lined=self._look.glyphs.rule)
            elif item.kind is MessageKind.SYSTEM:
                view = bubble(item, look=self._look)
                yield self._rule(f"{view.body} {self._look.glyphs.dot} {view.time}", "system")
            else:
                yield self._message(item, by_sid)

    def _rule(self, text: str, style: str, *, lined: str = "") -> Entry:
        rule = lay_rule(text, style, width=self._width, lined=lined)
        return Entry(len(rule.rows) + 1, rule=rule)

    def _painted_rule(self, rule: LaidRule) -> tuple[Strip, ...]:
        if rule not in self._rules:
            self._rules[rule] = paint_rule(rule, width=self._width, palette=self._palette)
        return self._rules[rule]

    def _message(self, message: ChatMessage, by_sid: Mapping[str, ChatMessage]) -> Entry:
        quoted = by_sid.get(message.quoted.sid) if message.quoted else None
        kept = self._kept.get(message.id)
        if kept is None or kept.message != message or kept.quoted != quoted:
            view = bubble(
                message,
                look=self._look,
                template_names=self._names.templates,
                quoted=quoted,
                customer_name=self._names.customer,
            )
            laid = lay_out(view, width=self._width, glyphs=self._look.glyphs)
            kept = self._kept[message.id] = _Kept(message, quoted, view, laid)
        return Entry(len(kept.laid.rows) + 1, message.id)

    def _painted(self, message_id: str, *, cursor: bool) -> tuple[Strip, ...]:
        kept = self._kept[message_id]
        if cursor not in kept.painted:
            kept.painted[cursor] = paint(
                kept.laid,
                width=self._width,
                cursor=cursor,
                palette=self._palette,
                glyphs=self._look.glyphs,
            )
        return kept.painted[cursor]


def _in_order(
    messages: Sequence[ChatMessage], marks: Sequence[WindowMark]
) -> Iterable[tuple[datetime, ChatMessage | WindowMark]]:
    """Merge both by time; an opening stands above the message that made it."""
    items: list[tuple[datetime, ChatMessage | WindowMark]] = [(mark.at, mark) for mark in marks]
    items += ((message.created_at, message) for message in messages)
    return sorted(items, key=lambda item: item[0])  # stable: marks come first
