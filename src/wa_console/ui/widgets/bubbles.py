"""Lays a message out in rows of cells and paints them; customer left, us right.

In every row the customer's text is the last thing: edges, marks and words of ours stand left of it
or in rows of their own (faults F3, F5). Pure layout: asks no clock and posts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rich.cells import cell_len
from textual.strip import Strip

from wa_console.domain.i18n import ngettext
from wa_console.domain.text import LINE_LIMIT
from wa_console.ui.present import BubbleLine, BubbleView, Glyphs, Role, Side, Ticks
from wa_console.ui.widgets.strips import Palette, cut, strip_of, wrap

GUTTER: Final = 2
"""Cells left and right of all bubbles; the cursor's sign stands in them."""
_FRAME: Final = 3  # edge and one blank on either side of the text
_WIDEST: Final = 64  # longer lines are hard to read
_NARROWEST: Final = 40
_QUOTE_ROWS: Final = 3
_HARD_BLANK: Final = "\u00a0"

COMPONENTS: Final = frozenset(
    f"timeline--{name}"
    for name in (
        "row", "them", "us", "note", "them-edge", "us-edge", "note-edge", "cursor", "meta", "mark",
        "quote", "card", "muted", "text", "more", "cure", "pending", "sent", "read", "failed",
        "unknown", "rule", "opened", "closed", "chip", "system",
    )
)  # fmt: skip
"""Component classes of the timeline; colours stand in styles/timeline.tcss."""


class Ask(StrEnum):
    """What a person can want of a message."""

    BIOGRAPHY = "biography"
    RETRY = "retry"
    COPY = "copy"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LaidRow:
    """One row inside a bubble.

    Attributes:
        parts: Texts with the word of their style.
        ask: What a click on the row wants, None for nothing.
    """

    parts: tuple[tuple[str, str], ...]
    ask: Ask | None = None

    @property
    def cells(self) -> int:
        """Width of the texts."""
        return sum(cell_len(text) for text, _style in self.parts)


@dataclass(frozen=True, slots=True)
class LaidBubble:
    """A message in rows, for one width.

    Attributes:
        indent: Cells left of the edge.
        inner: Cells of the widest text; all rows are filled to it.
    """

    side: Side
    indent: int
    inner: int
    rows: tuple[LaidRow, ...]


def lay_out(view: BubbleView, *, width: int, glyphs: Glyphs) -> LaidBubble:
    """Return the rows of a message for a timeline of `width` cells."""
    room = width - 2 * GUTTER
    widest = min(room, max(_NARROWEST, min(_WIDEST, room * 3 // 4)))
    space = max(8, widest - _FRAME)
    body, hidden = _body(view, space)
    rows = [
        *(row for line in view.above for row in _above(line, space, glyphs)),
        *body,
        *_more(hidden, space),
        *_foot(view, space, glyphs),
    ]
    inner = max(row.cells for row in rows)
    right = view.side is Side.US
    indent = max(GUTTER, width - GUTTER - inner - _FRAME) if right else GUTTER
    return LaidBubble(view.side, indent, inner, tuple(rows))


def paint(
    bubble: LaidBubble, *, width: int, cursor: bool, palette: Palette, glyphs: Glyphs
) -> tuple[Strip, ...]:
    """Return the strips of a message, each exactly `width` cells."""
    side = bubble.side
    fill, base = palette("row"), palette(side)
    edge = palette(side, f"{side}-edge", "cursor" if cursor else "")
    strips = []
    for at, row in enumerate(bubble.rows):
        sign = glyphs.chosen if cursor and at == 0 else " "
        gap = ((" " * (bubble.indent - 1), fill), (sign, palette("row", "cursor")))
        rest = " " * (bubble.inner - row.cells)
        text = [(text, palette(side, name)) for text, name in row.parts]
        if side is Side.US:
            parts = (*gap, (" ", base), *text, (f"{rest} ", base), (glyphs.us_edge, edge))
        else:
            parts = (*gap, (glyphs.edge, edge), (" ", base), *text, (f"{rest} ", base))
        strips.append(strip_of(parts, width, fill))
    return tuple(strips)


@dataclass(frozen=True, slots=True)
class LaidRule:
    """A centred line of ours: a day, an opening or closing, older messages, a system message.

    Attributes:
        rows: Its texts, each no wider than the timeline.
        style: Word of its component class.
    """

    rows: tuple[str, ...]
    style: str


def lay_rule(text: str, style: str, *, width: int, lined: str = "") -> LaidRule:
    """Return a line for a timeline of `width` cells.

    Args:
        text: Words of ours, or safe text.
        style: Word of its component class.
        width: Cells of the timeline.
        lined: Character of a short rule on both sides, empty for none.
    """
    side = lined * 3
    rows = wrap(text, max(8, width - 2 * GUTTER - 2 * len(side)))
    return LaidRule(tuple(f"{side} {row} {side}".strip() for row in rows), style)


def paint_rule(rule: LaidRule, *, width: int, palette: Palette) -> tuple[Strip, ...]:
    """Return the strips of a line, each exactly `width` cells."""
    fill, ink = palette("row"), palette("row", rule.style)
    strips = []
    for row in rule.rows:
        left = max(0, (width - cell_len(row)) // 2)
        strips.append(strip_of(((" " * left, fill), (row, ink)), width, fill))
    return tuple(strips)


def _body(view: BubbleView, space: int) -> tuple[list[LaidRow], int]:
    """Return the rows of the text and how many characters are left out."""
    if not view.body and not view.lead:
        return [], 0
    texts = wrap(view.lead + view.body, space)
    hidden = view.hidden
    if len(texts) > LINE_LIMIT:
        hidden += sum(len(text) for text in texts[LINE_LIMIT:])
        texts = texts[:LINE_LIMIT]
    return [LaidRow(((text, ""),)) for text in texts], hidden


def _above(line: BubbleLine, space: int, glyphs: Glyphs) -> Iterable[LaidRow]:
    if line.role is Role.QUOTE:
        bar = f"{glyphs.quote} "
        for text in wrap(line.text, space - len(bar))[:_QUOTE_ROWS]:
            yield LaidRow(((bar, "us-edge"), (text, "quote")))
        return
    if line.role is not Role.CARD:
        yield from (LaidRow(((text, line.role),)) for text in wrap(line.text, space))
        return
    dot = f" {glyphs.dot} "
    whole = dot.join(part.replace(" ", _HARD_BLANK) for part in line.text.split(dot))
    for text in wrap(whole, space):  # breaks between the parts of a card, not inside them
        yield LaidRow(((text.replace(_HARD_BLANK, " "), line.role),), Ask.OPEN)


def _more(hidden: int, space: int) -> Iterable[LaidRow]:
    if hidden:
        text = ngettext(
            "… {count} more character · Enter shows all",
            "… {count} more characters · Enter shows all",
            hidden,
        ).format(count=hidden)
        yield LaidRow(((cut(text, space), "more"),), Ask.OPEN)


def _foot(view: BubbleView, space: int, glyphs: Glyphs) -> Iterable[LaidRow]:
    """Return the last rows: mark, time, author, who sees it, and what became of it."""
    dot = f" {glyphs.dot} "
    parts = [(view.mark, "mark")] if view.mark else []
    meta = dot.join(part for part in (view.time, view.author, view.aside) if part)
    parts.append((dot + meta if parts else meta, "meta"))
    ticks = view.ticks
    if ticks is None or not ticks.failure:
        if ticks is not None:
            parts.append((f" {ticks.sign} {ticks.word}", ticks.tone))
        yield from _packed(parts, space)
        return
    yield from _packed(parts, space)
    yield from _failure(ticks, space)


def _failure(ticks: Ticks, space: int) -> Iterable[LaidRow]:
    for text in wrap(f"{ticks.sign} {ticks.failure}", space):
        yield LaidRow(((text, "failed"),))
    if ticks.cure:
        ask = Ask.RETRY if ticks.can_retry else None
        yield LaidRow(((cut(ticks.cure, space), "cure"),), ask)


def _packed(parts: list[tuple[str, str]], space: int) -> Iterable[LaidRow]:
    """Put parts side by side while they fit, else below each other."""
    row: list[tuple[str, str]] = []
    for text, style in parts:
        if row and sum(cell_len(t) for t, _s in row) + cell_len(text) > space:
            yield LaidRow(tuple(row))
            row, text = [], text.lstrip(" ·-")
        row.append((cut(text, space), style))
    yield LaidRow(tuple(row))
