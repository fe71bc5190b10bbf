"""How the inbox is drawn: geometry, rows of cells, countdowns. No key, no reading, no intent.

`ConversationList` adds what a person does with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final

from textual.geometry import Region, Size
from textual.reactive import var
from textual.strip import Strip

from wa_console.domain.conversation import InboxRow
from wa_console.domain.window import Window
from wa_console.ui.present import InboxLine, Look, countdown, inbox_line
from wa_console.ui.widgets.inbox_pages import RowPages
from wa_console.ui.widgets.inbox_rows import (
    COMPONENTS,
    COUNT_WIDTH,
    COUNT_X,
    ENTRY_ROWS,
    EntryPainter,
    EntryState,
)
from wa_console.ui.widgets.strips import Palette, strip_of
from wa_console.ui.widgets.virtual import VirtualView

ROOMY_HEIGHT: Final = 30
"""From so many rows on, a blank row stands between entries."""
_KEPT_LINES: Final = 500


class InboxView(VirtualView):
    """A virtual list of conversations.

    Attributes:
        opened_id: Conversation that is open beside the list, marked at its edge.
        roomy: Whether a blank row stands between entries; None decides by the height.
        empty_text: Sentence shown when there is no row; ours, never customer text.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = set(COMPONENTS)

    opened_id: var[str | None] = var(None, init=False)
    roomy: var[bool | None] = var(None, init=False)
    empty_text: var[str] = var("", init=False)

    def __init__(
        self,
        *,
        window_of: Callable[[InboxRow], Window],
        now: Callable[[], datetime],
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
        disabled: bool = False,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes, disabled=disabled)
        self._window_of = window_of
        self._now = now
        self._look = look or Look()
        self._palette = Palette(self, "conversation-list")
        self._painter = EntryPainter(self._palette, self._look.glyphs)
        self._pages: RowPages | None = None
        self._cursor = 0
        self._lines: dict[str, tuple[InboxRow, InboxLine]] = {}

    @property
    def row_count(self) -> int:
        """How many rows the view has."""
        return self._pages.size if self._pages else 0

    def tick(self) -> None:
        """Repaint the countdowns that show another time than they should; once a second.

        Only their cells: 40 rows a second over ssh would be 7 kB (performance 5).
        """
        now = self._now()
        for index in self._visible():
            row = self._row(index)
            known = self._lines.get(row.id) if row else None
            if row is None or known is None:
                continue
            count = countdown(self._window_of(row), now=now, look=self._look)
            if count != known[1].countdown:
                self._lines[row.id] = (row, replace(known[1], countdown=count))
                self.refresh(Region(COUNT_X, self._y(index), COUNT_WIDTH, 1))

    def render_line(self, y: int) -> Strip:
        """Return one row of the screen."""
        width = self.scrollable_content_region.width
        index, row = divmod(y + self.scroll_offset.y, self._step)
        fill = self._palette("row")
        if not self.row_count:
            text = self.empty_text if y == 1 and self._pages is not None else ""
            return strip_of((("  ", fill), (text, self._palette("row", "empty"))), width, fill)
        if index >= self.row_count or row >= ENTRY_ROWS:
            return strip_of((), width, fill)
        line, state = self._line(index), self._state(index)
        if line is None:
            return self._painter.placeholder(row=row, width=width, cursor=state.cursor)
        return self._painter.row(line, state, row=row, width=width)

    def notify_style_update(self) -> None:
        """Forget painted rows: colours or focus have changed."""
        super().notify_style_update()
        self._palette.clear()
        self._painter.clear()

    def watch_roomy(self) -> None:
        """Lay out anew."""
        self._lay_out()

    def watch_empty_text(self) -> None:
        """Show the other sentence."""
        self.refresh()

    def watch_opened_id(self, old: str | None, new: str | None) -> None:
        """Move the mark of the open conversation."""
        for conversation_id in (old, new):
            index = self._pages.index_of(conversation_id) if self._pages else None
            if index is not None:
                self._refresh_entry(index)

    @property
    def _step(self) -> int:
        """Rows of the screen from one entry to the next."""
        roomy = self.size.height >= ROOMY_HEIGHT if self.roomy is None else self.roomy
        return ENTRY_ROWS + roomy

    def _y(self, index: int) -> int:
        return index * self._step - self.scroll_offset.y

    def _row(self, index: int) -> InboxRow | None:
        return self._pages.row(index) if self._pages else None

    def _state(self, index: int) -> EntryState:
        row = self._row(index)
        return EntryState(index == self._cursor, row is not None and row.id == self.opened_id)

    def _line(self, index: int) -> InboxLine | None:
        """Return the entry as it is now; texts are made safe once, the countdown each time."""
        row = self._row(index)
        if row is None:
            return None
        window = self._window_of(row)
        known = self._lines.get(row.id)
        if known is None or known[0] != row:
            line = inbox_line(row, window, now=self._now(), look=self._look)
        else:
            count = countdown(window, now=self._now(), look=self._look)
            line = known[1] if count == known[1].countdown else replace(known[1], countdown=count)
        self._lines[row.id] = (row, line)
        return line

    def _visible(self) -> range:
        """Return the rows in view, also those cut by its edge."""
        first = self.scroll_offset.y // self._step
        last = (self.scroll_offset.y + self.size.height - 1) // self._step
        return range(first, min(last + 1, self.row_count))

    def _refresh_entry(self, index: int) -> None:
        y = self._y(index)
        if -ENTRY_ROWS < y < self.size.height:
            self.refresh(Region(0, y, self.size.width, ENTRY_ROWS))

    def _scroll_into_view(self) -> None:
        top, height = self._cursor * self._step, self.size.height
        if top < self.scroll_offset.y:
            self._scroll_rows(top)
        elif top + ENTRY_ROWS > self.scroll_offset.y + height:
            self._scroll_rows(top + ENTRY_ROWS - height)

    def _lay_out(self) -> None:
        self.virtual_size = Size(1, self.row_count * self._step)
        self.refresh()

    def _put(self, pages: RowPages, cursor: int) -> None:
        """Draw what was read; only entries that differ, if there are as many as before."""
        if len(self._lines) > _KEPT_LINES:
            self._lines.clear()
        same = self._pages is not None and self._pages.size == pages.size
        visible = self._visible()
        before = [(self._row(index), self._state(index)) for index in visible]
        self._pages, self._cursor = pages, cursor
        if not same:
            self._lay_out()
            return
        for index, drawn in zip(visible, before, strict=True):
            if drawn != (self._row(index), self._state(index)):
                self._refresh_entry(index)
