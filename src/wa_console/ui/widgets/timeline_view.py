"""How a conversation is drawn: which messages, where they stand, what keeps its place.

`Timeline` adds what a person does with it. Posts nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar

from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip

from wa_console.domain.i18n import ngettext
from wa_console.domain.message import ChatMessage, Direction
from wa_console.domain.window import WINDOW
from wa_console.ui.present import Look, local_day
from wa_console.ui.widgets.bubbles import COMPONENTS, GUTTER
from wa_console.ui.widgets.strips import Palette, strip_of
from wa_console.ui.widgets.timeline_sheet import Names, Sheet
from wa_console.ui.widgets.virtual import VirtualView


class TimelineView(VirtualView):
    """A virtual sheet of messages, the newest at its end.

    Attributes:
        new_below: Messages that came while the end was out of view; a chip in the last row says
            so. Zero again when the end is reached.
        cursor_id: Message under the cursor, None while there is none.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENTS)

    new_below: var[int] = var(0, init=False)
    cursor_id: var[str | None] = var(None, init=False)

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        look: Look | None = None,
        margin: timedelta = timedelta(seconds=60),
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._now = now
        self._look = look or Look()
        self._margin = margin
        self._palette = Palette(self, "timeline")
        self._sheet = Sheet(self._palette, self._look, margin)
        self._messages: dict[str, ChatMessage] = {}
        self._order: list[ChatMessage] = []
        self._follow = True  # the end was in view when the person last scrolled
        self._names = Names()
        self._more = False
        self._drawn_day: date | None = None
        self._closes_at: datetime | None = None

    @property
    def oldest(self) -> ChatMessage | None:
        """The oldest message that is loaded, None when there is none."""
        return self._order[0] if self._order else None

    def message(self, message_id: str) -> ChatMessage | None:
        """Return a message that is loaded, None for any other."""
        return self._messages.get(message_id)

    def tick(self) -> None:
        """Draw anew when the window closed or the day changed; else it costs two comparisons."""
        now = self._now()
        closed = self._closes_at is not None and now >= self._closes_at
        if closed or local_day(now, self._look.zone) != self._drawn_day:
            self._rebuild()

    def on_resize(self) -> None:
        """Lay out for the new width; the end stays the end, what is in view keeps its place."""
        self._rebuild()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember whether the end is in view; the chip goes when it is."""
        super().watch_scroll_y(old_value, new_value)
        self._follow = self.scroll_offset.y >= self.max_scroll_y
        if self._follow:
            self.new_below = 0

    def watch_new_below(self) -> None:
        """Draw or take away the chip."""
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def watch_cursor_id(self, old: str | None, new: str | None) -> None:
        """Repaint the two messages; the keys that the new one allows may differ."""
        for message_id in (old, new):
            if span := self._sheet.span(message_id):
                self.refresh_lines(*span)
        self.refresh_bindings()

    def notify_style_update(self) -> None:
        """Forget painted rows: colours or focus have changed."""
        super().notify_style_update()
        self._palette.clear()
        self._sheet.unpaint()

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        width = self.scrollable_content_region.width
        if self.new_below and y == self.size.height - 1:
            return self._chip(width)
        cursor = self.cursor_id if self.has_focus else None
        strip = self._sheet.strip(y + self.scroll_offset.y, cursor)
        return strip or strip_of((), width, self._palette("row"))

    def _chip(self, width: int) -> Strip:
        """Return the row that says how many new messages are below: all ours, the whole row."""
        count = self.new_below
        text = ngettext("{sign} {count} new message", "{sign} {count} new messages", count)
        text = f" {text.format(sign=self._look.glyphs.down, count=count)} "
        fill, chip = self._palette("row"), self._palette("row", "chip")
        left = max(0, (width - len(text)) // 2)
        return strip_of(((" " * left, fill), (text, chip)), width, fill)

    def _last_row(self) -> int:
        """Return the last row in view that a message can stand in."""
        return min(self.scroll_offset.y + self.size.height, self._sheet.height) - 1

    def _in_view(self, message_id: str | None) -> bool:
        span = self._sheet.span(message_id)
        first = self.scroll_offset.y
        return span is not None and span[0] < first + self.size.height and sum(span) > first

    def _near(self, row: int, *, step: int) -> str | None:
        """Return the message at a row, or the next one in a direction."""
        while 0 <= row < self._sheet.height:
            if message_id := self._sheet.at(row):
                return message_id
            row += step
        return None

    def _anchor(self) -> tuple[str, int] | None:
        """Return the first message in view and how far its top is from the top of the view."""
        message_id = self._near(self.scroll_offset.y, step=1)
        span = self._sheet.span(message_id)
        if message_id is None or span is None:
            return None
        return message_id, span[0] - self.scroll_offset.y

    def _restore(self, anchor: tuple[str, int] | None) -> None:
        span = self._sheet.span(anchor[0]) if anchor else None
        if anchor is not None and span is not None:
            self._scroll_rows(span[0] - anchor[1])

    def _take(self, messages: Iterable[ChatMessage]) -> None:
        self._messages.update((message.id, message) for message in messages)
        self._order = sorted(self._messages.values(), key=order_of)

    def _rebuild(self) -> None:
        """Lay out again; the end stays the end, else what is in view keeps its place."""
        anchor, follow = self._anchor(), self._follow
        self._build()
        if follow:
            self._scroll_rows(self._sheet.height)
        else:
            self._restore(anchor)

    def _build(self) -> None:
        """Lay out what is new or changed and tell Textual how high the sheet is."""
        width = self.scrollable_content_region.width
        if width <= 2 * GUTTER:
            return  # not laid out yet, or hidden; on_resize comes
        now = self._now()
        self._sheet.build(self._order, width=width, now=now, more=self._more, names=self._names)
        self._drawn_day = local_day(now, self._look.zone)
        inbound = [m.created_at for m in self._order if m.direction is Direction.INBOUND]
        closes_at = inbound[-1] + WINDOW - self._margin if inbound else None
        self._closes_at = closes_at if closes_at is not None and closes_at > now else None
        self.virtual_size = Size(1, self._sheet.height)
        self.refresh()


def order_of(message: ChatMessage) -> tuple[datetime, str]:
    """Return what messages are sorted by: their time, then our own sortable id."""
    return message.created_at, message.id
