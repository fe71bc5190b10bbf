"""The inbox: a virtual list in which 100,000 rows cost what the rows in view cost.

Takes a `RowSource` in and posts intents out. It reads pages in a worker and drops what comes back
after the list has turned to something else. May not call a service or decide what opening means.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var

from wa_console.domain.conversation import InboxRow
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import N_
from wa_console.domain.window import Window
from wa_console.ui.present import Look
from wa_console.ui.widgets.inbox_pages import RowPages, RowSource, survey
from wa_console.ui.widgets.inbox_rows import ENTRY_ROWS
from wa_console.ui.widgets.inbox_view import InboxView

__all__ = ["ConversationList", "RowSource"]

_TRIES: Final = 3  # of a reload while the person keeps moving


class ConversationList(InboxView):
    """The inbox: cursor, keys, mouse, and reading what is in view.

    Attributes:
        selected_id: Conversation under the cursor; None while its page is being read or when the
            list is empty. Read it; move the cursor with `select`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "move(1)", N_("Down"), show=False, id="inbox.down",
                tooltip=N_("Next conversation")),
        Binding("k,up", "move(-1)", N_("Up"), show=False, id="inbox.up",
                tooltip=N_("Conversation before")),
        Binding("g,home", "first", N_("First"), show=False, id="inbox.first",
                tooltip=N_("First conversation")),
        Binding("G,end", "last", N_("Last"), show=False, id="inbox.last",
                tooltip=N_("Last conversation")),
        Binding("pageup", "page(-1)", N_("Page up"), show=False, id="inbox.page_up",
                tooltip=N_("One screen up")),
        Binding("pagedown", "page(1)", N_("Page down"), show=False, id="inbox.page_down",
                tooltip=N_("One screen down")),
        Binding("enter", "open", N_("Open"), show=True, id="inbox.open",
                tooltip=N_("Open the conversation")),
    ]  # fmt: skip

    selected_id: var[str | None] = var(None, init=False)

    class Intent(Message):
        """Something about one conversation."""

        def __init__(self, conversation_list: ConversationList, conversation_id: str) -> None:
            super().__init__()
            self.conversation_list = conversation_list
            self.conversation_id = conversation_id

        @property
        def control(self) -> ConversationList:
            """The list it happened in."""
            return self.conversation_list

    class Highlighted(Intent):
        """The cursor came to stand on a conversation."""

    class Opened(Intent):
        """The person opened a conversation."""

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
        super().__init__(
            window_of=window_of,
            now=now,
            look=look,
            name=name,
            id=id,
            classes=classes,
            disabled=disabled,
        )
        self._source: RowSource | None = None
        self._generation = 0
        self._reloading = self._again = self._fetching = False
        self._open_when_read = False

    async def show(self, source: RowSource, *, select: str | None = None) -> None:
        """Show another view or filter; the old rows stay until the new ones are there.

        Args:
            source: The rows.
            select: Conversation to put the cursor on; without one, or if it is not there, the
                first row.

        Raises:
            WaConsoleError: the source could not be read; the list is as it was.
        """
        self._generation += 1
        generation = self._generation
        found = await survey(
            source, selected=select, anchor=select, cursor=0, anchor_at=0, reach=self._reach
        )
        if generation == self._generation:
            self._source = source
            self._commit(found.pages, found.cursor)
            self._scroll_into_view()

    async def reload(self) -> None:
        """Read the visible pages again: rows may have come, gone, moved or changed.

        The cursor stays on its conversation and, as far as the list can scroll, on its place on
        the screen. If a reload is under way it runs once more and this call returns at once.

        Raises:
            WaConsoleError: the source could not be read; the list is as it was.
        """
        self._again = True
        if self._reloading:
            return
        self._reloading = True
        try:
            while self._again and self._source is not None:
                self._again = False
                await self._reload_once(self._source)
        finally:
            self._reloading = False

    async def select(self, conversation_id: str) -> bool:
        """Put the cursor on a conversation of this view.

        Returns:
            False when it is not in this view, or the list turned to another one meanwhile.

        Raises:
            WaConsoleError: the source could not be read.
        """
        for stale in (False, True):
            if stale:  # it came after the list was last read
                await self.reload()
            pages = self._pages
            position = await pages.position(conversation_id) if pages else None
            if pages is None or position is None:
                return False
            await pages.load_span(position, position)
            found = pages.index_of(conversation_id)
            if found is not None and pages is self._pages:
                self._move_to(found)
                return True
        return False

    def select_row(self, index: int) -> None:
        """Put the cursor on a row counted from 0, the last one if there are fewer."""
        self._move_to(index)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._move_to(self._cursor + by)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._move_to(self.row_count - 1)

    def action_page(self, by: int) -> None:
        """Move the cursor by screens."""
        self._move_to(self._cursor + by * max(1, self.size.height // self._step - 1))

    def action_open(self) -> None:
        """Open the conversation under the cursor; if its page is still coming, as it comes."""
        if self.selected_id is None:
            self._open_when_read = self.row_count > 0
            return
        self.opened_id = self.selected_id
        self.post_message(self.Opened(self, self.selected_id))

    def on_click(self, event: events.Click) -> None:
        """Choose and open the row under the pointer."""
        index = (event.y + self.scroll_offset.y) // self._step
        if index < self.row_count:
            self._move_to(index)
            self.action_open()

    def on_resize(self) -> None:
        """Lay out anew: the space between entries and the cut of texts depend on the size."""
        self._lay_out()
        self._scroll_into_view()
        self._fetch_visible()

    def watch_selected_id(self, selected: str | None) -> None:
        """Tell the screen where the cursor stands."""
        if selected is not None:
            self.post_message(self.Highlighted(self, selected))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read the pages that came into view."""
        super().watch_scroll_y(old_value, new_value)
        self._fetch_visible()

    @property
    def _reach(self) -> int:
        """Rows to have on both sides of the one that keeps its place."""
        return self.size.height // ENTRY_ROWS + 1

    async def _reload_once(self, source: RowSource) -> None:
        generation = self._generation
        for _try in range(_TRIES):
            selected, cursor, anchor = self.selected_id, self._cursor, self._anchor()
            row = self._row(anchor)
            found = await survey(
                source,
                selected=selected,
                anchor=row.id if row else None,
                cursor=cursor,
                anchor_at=anchor,
                reach=self._reach,
            )
            if generation != self._generation:
                return  # the list shows something else by now
            if (selected, cursor, anchor) == (self.selected_id, self._cursor, self._anchor()):
                shift = (found.anchor - anchor) * self._step
                self._commit(found.pages, found.cursor)
                if shift:
                    self._scroll_rows(self.scroll_offset.y + shift)
                return
        self._again = True  # the person moves faster than we read: look again when they rest

    def _anchor(self) -> int:
        """Return the row that keeps its place: the cursor's, or the first one if that is away."""
        visible = self._visible()
        return self._cursor if self._cursor in visible or not visible else visible[0]

    def _commit(self, pages: RowPages, cursor: int) -> None:
        """Show what was read, with the cursor on its conversation."""
        self._put(pages, cursor)
        self._take_selection()
        self._fetch_visible()

    def _move_to(self, index: int) -> None:
        index = max(0, min(index, self.row_count - 1))
        self._open_when_read = False
        old, self._cursor = self._cursor, index
        self._scroll_into_view()
        if index != old:
            self._refresh_entry(old)
            self._refresh_entry(index)
        self._take_selection()
        self._fetch_visible()

    def _take_selection(self) -> None:
        row = self._row(self._cursor)
        self.selected_id = row.id if row else None
        if row and self._open_when_read:
            self._open_when_read = False
            self.action_open()

    def _fetch_visible(self) -> None:
        """Start reading what is in view and missing, unless a worker is at it."""
        if not self._fetching and self._next_missing() is not None:
            self._fetching = True
            self.run_worker(self._fetch(), group="inbox-pages")

    def _next_missing(self) -> int | None:
        if self._pages is None:
            return None
        visible = self._visible()
        page = self._pages.missing(visible.start, visible.stop - 1) if visible else None
        return self._pages.missing(self._cursor, self._cursor) if page is None else page

    async def _fetch(self) -> None:
        """Read page after page, always the one in view now: a long scroll piles nothing up."""
        try:
            while self._pages is not None and (page := self._next_missing()) is not None:
                pages = self._pages
                await pages.load(page)
                if pages is self._pages:
                    self.refresh()
                    if self.selected_id is None:
                        self._take_selection()
        except WaConsoleError as error:
            # The placeholders stay; the next reload asks again, and its caller shows the banner.
            self.log.warning(f"a page of the inbox could not be read: {error}")
        finally:
            self._fetching = False
