"""Rows of cells: cutting, padding and styling text for widgets that draw their own lines.

Widths are terminal cells as Textual counts them. Nothing here knows a message or an inbox row.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

_ELLIPSIS = "…"


class Palette:
    """A widget's component styles, looked up once until the style sheet changes.

    Textual forgets its own copies at every refresh; a row of the inbox needs six of them, and
    making one costs some 30 microseconds.
    """

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._widget = widget
        self._prefix = prefix
        self._styles: dict[tuple[str, ...], Style] = {}

    def clear(self) -> None:
        """Forget all styles; call it from `notify_style_update`."""
        self._styles.clear()

    def __call__(self, base: str, *names: str) -> Style:
        """Return the style of a component class with what others say put on top of it.

        Only what a later class sets itself counts, so that text keeps the background of its row.

        Args:
            base: Word behind the widget's prefix; its background is complete.
            names: More words; empty ones are left out.
        """
        key = (base, *names)
        style = self._styles.get(key)
        if style is None:
            style = self._widget.get_component_rich_style(f"{self._prefix}--{base}")
            for name in filter(None, names):
                component = f"{self._prefix}--{name}"
                style += self._widget.get_component_rich_style(component, partial=True)
            self._styles[key] = style
        return style


def cut(text: str, width: int) -> str:
    """Return the text in at most `width` cells; a cut one ends in ``…``, graphemes stay whole."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return text
    spans, _total = split_graphemes(text)
    used, end = 0, 0
    for _start, stop, cells in spans:
        if used + cells > width - 1:
            break
        used, end = used + cells, stop
    return text[:end].rstrip() + _ELLIPSIS


def strip_of(parts: Iterable[tuple[str, Style]], width: int, fill: Style) -> Strip:
    """Return one row of exactly `width` cells; what is too long is cut at the right."""
    segments: list[Segment] = []
    used = 0
    for text, style in parts:
        if not text or used >= width:
            continue
        text = cut(text, width - used)
        segments.append(Segment(text, style))
        used += cell_len(text)
    if used < width:
        segments.append(Segment(" " * (width - used), fill))
    return Strip(segments, width)


def wrap(text: str, width: int) -> list[str]:
    """Return the text in rows of at most `width` cells, broken at blanks where there are any.

    Line ends are kept; a word that is too long is broken between graphemes. A blank at a break is
    dropped, blanks at the start of a line stay.
    """
    width = max(2, width)  # a wide character needs two cells
    rows: list[str] = []
    for line in text.split("\n"):
        rows += [line] if cell_len(line) <= width else _wrap_line(line, width)
    return rows


def _wrap_line(line: str, width: int) -> list[str]:
    rows: list[str] = []
    start = used = 0
    at_blank, used_at_blank = -1, 0  # the last place where the row may be broken
    for begin, end, cells in split_graphemes(line)[0]:
        if line[begin] == " ":
            at_blank, used_at_blank = end, used + cells
        if used + cells > width and line[begin] != " ":
            if at_blank > start and line[start:at_blank].strip():
                rows.append(line[start:at_blank].rstrip(" "))
                start, used = at_blank, used - used_at_blank
            else:
                rows.append(line[start:begin])
                start, used = begin, 0
            at_blank, used_at_blank = -1, 0
        used += cells
    rows.append(line[start:].rstrip(" "))
    return rows
