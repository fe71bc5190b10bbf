"""Keeps the inbox true: which view and filter, its rows, the counts on the tabs, the empty page.

Asks the services and tells the widgets; knows no key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from wa_console.domain.conversation import InboxRow, View
from wa_console.domain.i18n import _
from wa_console.domain.text import snippet
from wa_console.services.inbox import Inbox
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.conversation_list import ConversationList
from wa_console.ui.widgets.view_tabs import ViewTabs


@dataclass(frozen=True, slots=True)
class ViewRows:
    """The rows of one view and filter, as the list widget reads them."""

    inbox: Inbox
    view: View
    login: str
    text: str

    async def page(self, *, offset: int, limit: int) -> Sequence[InboxRow]:
        """A slice, in the inbox's order."""
        return await self.inbox.page(
            self.view, login=self.login, text=self.text, offset=offset, limit=limit
        )

    async def size(self) -> int:
        """How many rows there are."""
        return await self.inbox.size(self.view, login=self.login, text=self.text)

    async def position(self, conversation_id: str) -> int | None:
        """Where a conversation stands, None when it is not among them."""
        return await self.inbox.position(
            self.view, conversation_id, login=self.login, text=self.text
        )


class InboxFlow:
    """The inbox of one console.

    Attributes:
        view: The view that is shown.
        text: The filter, empty for none.
        closing_soon: Windows that end within the hour, for the status line.
        turns_at: When that number and the order of the rows are next out of date.
    """

    def __init__(
        self,
        seat: Seat,
        *,
        rows: ConversationList,
        tabs: ViewTabs,
        pane: Widget,
        empty: Static,
    ) -> None:
        self._seat = seat
        self._rows = rows
        self._tabs = tabs
        self._pane = pane
        self._empty = empty
        self.view = View.MINE
        self.text = ""
        self.closing_soon = 0
        self.turns_at: datetime | None = None

    @property
    def _source(self) -> ViewRows:
        return ViewRows(self._seat.desk.inbox, self.view, self._seat.login, self.text)

    async def show(
        self, view: View | None = None, *, text: str | None = None, select: str | None = None
    ) -> None:
        """Show a view, or the same one with another filter."""
        self.view = self.view if view is None else view
        self.text = self.text if text is None else text
        # At the same time: the first rows do not wait for the counts of all views.
        await asyncio.gather(self.count(), self._rows.show(self._source, select=select))
        await self._explain()

    async def refresh(self) -> None:
        """Read again what is on the screen; the selection stays where it is."""
        await self.count()
        await self._rows.reload()
        await self._explain()

    def turned(self) -> bool:
        """Whether a window has ended or begun to close since the last count; told once."""
        if self.turns_at is None or self._seat.now() < self.turns_at:
            return False
        self.turns_at = None
        return True

    async def count(self) -> None:
        """Put fresh counts on the tabs."""
        counts = await self._seat.desk.inbox.counts(self._seat.login)
        self.closing_soon = counts.closing_soon
        self.turns_at = await self._seat.desk.inbox.turns_at()
        self._tabs.active = self.view
        self._tabs.show(
            {
                View.MINE: counts.mine,
                View.UNASSIGNED: counts.unassigned,
                View.WAITING: counts.waiting,
                View.QUARANTINE: counts.quarantine,
            }
        )

    async def at(self, position: int) -> str | None:
        """Return the conversation in a row of the view, 0 the first; None past the end."""
        rows = await self._source.page(offset=position, limit=1)
        return rows[0].id if rows else None

    async def _explain(self) -> None:
        empty = await self._source.size() == 0
        self._pane.set_class(empty, "-empty")
        if empty:
            self._empty.update(await self._words())

    async def _words(self) -> Content:
        """What an empty list says: what to do next."""
        if self.text:
            words = _("Nobody here is called “{text}”.").format(text=snippet(self.text, 24))
            return _page(words, _("Esc clears the filter."))
        if await self._seat.desk.setup.empty():
            return _page(
                _("Nothing is set up yet."),
                _("Leave (Ctrl+Q) and run"),
                "wa-console setup",
                _("or, to look around,"),
                "wa-console demo",
            )
        match self.view:
            case View.MINE:
                return _page(
                    _("No one waits for you."),
                    _("] shows the other views."),
                    _("Press N to write first."),
                )
            case View.UNASSIGNED:
                return _page(_("Everyone is taken care of."), _("Press N to write first."))
            case View.WAITING:
                return _page(_("No one waits."), _("Press N to write first."))
            case _:
                return _page(_("No conversation yet."), _("Press N to write first."))


def _page(title: str, *lines: str) -> Content:
    body = Content("\n".join(("", *lines)))
    return Content.assemble((title, "bold $wa-strong"), "\n", body)
