"""Paints one entry of the inbox: two rows of cells, ours left, the customer's text right.

The left column has a fixed width and holds everything of ours; customer text is the last thing in
its row, since terminals disagree on the width of emoji (faults F3, F5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from wa_console.ui.present import Glyphs, InboxLine
from wa_console.ui.widgets.strips import Palette, strip_of

COUNT_X: Final = 1
"""First cell of the countdown in its row."""
COUNT_WIDTH: Final = 8
"""Cells of the countdown: shape, blank, time left."""
LEFT_WIDTH: Final = 11
"""Cells of our column: edge, countdown, two blanks."""
ENTRY_ROWS: Final = 2
_GAP: Final = " " * (LEFT_WIDTH - COUNT_X - COUNT_WIDTH)

COMPONENTS: Final = frozenset(
    f"conversation-list--{name}"
    for name in (
        "row", "cursor", "edge", "opened", "calm", "warn", "urgent", "closed", "never", "title",
        "dim", "who", "snippet", "unread", "draft", "failed", "placeholder", "empty",
    )
)  # fmt: skip
"""Component classes of the list; colours stand in styles/inbox.tcss."""


@dataclass(frozen=True, slots=True)
class EntryState:
    """How an entry stands in the list."""

    cursor: bool
    opened: bool


class EntryPainter:
    """Makes the strips of entries and keeps the last few hundred."""

    def __init__(self, palette: Palette, glyphs: Glyphs) -> None:
        self._palette = palette
        self._glyphs = glyphs
        self._strips: LRUCache[tuple[InboxLine, EntryState, int, int], Strip] = LRUCache(512)

    def clear(self) -> None:
        """Forget what was painted; the styles have changed."""
        self._strips.clear()

    def row(self, line: InboxLine, state: EntryState, *, row: int, width: int) -> Strip:
        """Return the first or second row of an entry, exactly `width` cells."""
        key = (line, state, row, width)
        strip = self._strips.get(key)
        if strip is None:
            paint = self._first if row == 0 else self._second
            strip = self._strips[key] = paint(line, state, width)
        return strip

    def placeholder(self, *, row: int, width: int, cursor: bool) -> Strip:
        """Return a row of an entry that is still being read."""
        base = "cursor" if cursor else "row"
        fill = self._palette(base)
        length = (14, 22)[row]
        bar = self._glyphs.placeholder * max(0, min(length, width - LEFT_WIDTH - 1))
        edge = self._glyphs.edge if cursor else " "
        return strip_of(
            (
                (edge, self._palette(base, "edge")),
                (" " * (LEFT_WIDTH - 1), fill),
                (bar, self._palette(base, "placeholder")),
            ),
            width,
            fill,
        )

    def _first(self, line: InboxLine, state: EntryState, width: int) -> Strip:
        base = self._base(state)
        count = line.countdown
        time = f"{count.shape} {count.time}".ljust(COUNT_WIDTH)
        title = "dim" if line.dim else "title"
        parts = (
            self._edge(state),
            (time, self._palette(base, count.tone)),
            (_GAP, self._palette(base)),
            (line.title, self._palette(base, title)),
        )
        return strip_of(parts, width, self._palette(base))

    def _second(self, line: InboxLine, state: EntryState, width: int) -> Strip:
        base = self._base(state)
        fill = self._palette(base)
        badge = f" {line.unread} " if line.unread else ""
        mark = line.mark or " "
        gap = COUNT_WIDTH - len(mark) - len(badge)
        parts = (
            self._edge(state),
            (mark, self._palette(base, line.mark_tone)),
            (" " * gap, fill),
            (badge, self._palette(base, "unread")),
            (_GAP, fill),
            (line.who, self._palette(base, "who")),
            (line.snippet, self._palette(base, "snippet")),
        )
        return strip_of(parts, width, fill)

    def _edge(self, state: EntryState) -> tuple[str, Style]:
        base = self._base(state)
        if state.cursor:
            return self._glyphs.edge, self._palette(base, "edge")
        sign = self._glyphs.opened if state.opened else " "
        return sign, self._palette(base, "opened")

    @staticmethod
    def _base(state: EntryState) -> str:
        return "cursor" if state.cursor else "row"
