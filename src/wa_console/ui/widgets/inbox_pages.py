"""Rows of an inbox of any length, kept in pages of a hundred (performance, design rule 3).

Knows no widget and asks nothing by itself; 100,000 rows cost what the pages in view cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from wa_console.domain.conversation import InboxRow

PAGE_ROWS: Final = 100
"""Rows read at once."""
_KEPT_PAGES: Final = 8


class RowSource(Protocol):
    """One view of the inbox in its order, however long."""

    async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """Return at most `limit` rows from position `offset` on; fewer at the end."""
        ...

    async def size(self) -> int:
        """Return how many rows there are."""
        ...

    async def position(self, conversation_id: str) -> int | None:
        """Return the position of a conversation, None when it is not in this view."""
        ...


class RowPages:
    """What was read of a source: some pages and the number of rows.

    The number and each page are read at different moments; where they disagree, the page wins
    when it is shown and the next `reload` of the list puts it right.
    """

    def __init__(self, source: RowSource) -> None:
        self._source = source
        self._pages: dict[int, tuple[InboxRow, ...]] = {}
        self._index: dict[str, int] = {}
        self.size = 0

    async def measure(self) -> None:
        """Ask the source for the number of rows."""
        self.size = max(0, await self._source.size())

    async def position(self, conversation_id: str | None) -> int | None:
        """Return the position of a conversation by the source, None without one."""
        return await self._source.position(conversation_id) if conversation_id else None

    async def load(self, page: int) -> None:
        """Read a page; the one farthest away is forgotten when there are too many."""
        rows = tuple(await self._source.page(offset=page * PAGE_ROWS, limit=PAGE_ROWS))
        self._pages[page] = rows
        self._index.update((row.id, page * PAGE_ROWS + at) for at, row in enumerate(rows))
        if len(self._pages) > _KEPT_PAGES:
            far = max(self._pages, key=lambda number: abs(number - page))
            for row in self._pages.pop(far):
                self._index.pop(row.id, None)

    async def load_span(self, first: int, last: int) -> None:
        """Read every missing page of the rows from `first` to `last`."""
        while (page := self.missing(first, last)) is not None:
            await self.load(page)

    def missing(self, first: int, last: int) -> int | None:
        """Return the first page that these rows need and that was not read, else None."""
        first, last = max(0, first), min(last, self.size - 1)
        pages = range(first // PAGE_ROWS, last // PAGE_ROWS + 1) if last >= first else range(0)
        return next((page for page in pages if page not in self._pages), None)

    def row(self, index: int) -> InboxRow | None:
        """Return the row at a position, None while it is not read or no longer there."""
        rows = self._pages.get(index // PAGE_ROWS, ())
        at = index % PAGE_ROWS
        return rows[at] if 0 <= index < self.size and at < len(rows) else None

    def index_of(self, conversation_id: str | None) -> int | None:
        """Return the position of a conversation among the pages read."""
        return None if conversation_id is None else self._index.get(conversation_id)


@dataclass(frozen=True, slots=True)
class Survey:
    """A fresh reading of a source.

    Attributes:
        pages: What was read.
        cursor: Position of the chosen conversation, or the nearest one if it is gone.
        anchor: Position of the row that keeps its place on screen.
    """

    pages: RowPages
    cursor: int
    anchor: int


async def survey(
    source: RowSource,
    *,
    selected: str | None,
    anchor: str | None,
    cursor: int,
    anchor_at: int,
    reach: int,
) -> Survey:
    """Read a source anew around what is on screen.

    Args:
        source: The rows.
        selected: Conversation under the cursor.
        anchor: Conversation of the row that keeps its place.
        cursor: Position to fall back on when `selected` is gone.
        anchor_at: Position to fall back on when `anchor` is gone.
        reach: Rows to read on both sides of the anchor.
    """
    pages = RowPages(source)
    await pages.measure()
    cursor = await _place(pages, selected, cursor)
    anchor_at = cursor if anchor == selected else await _place(pages, anchor, anchor_at)
    await pages.load_span(anchor_at - reach, anchor_at + reach)
    await pages.load_span(cursor, cursor)
    # The position was read a moment before the page: what is shown is what counts.
    found, held = pages.index_of(selected), pages.index_of(anchor)
    return Survey(pages, cursor if found is None else found, anchor_at if held is None else held)


async def _place(pages: RowPages, conversation_id: str | None, near: int) -> int:
    position = await pages.position(conversation_id)
    return max(0, min(near, pages.size - 1)) if position is None else position
