"""The inbox's views as tabs with their counts, in one row. Posts a choice, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from wa_console.domain.conversation import View
from wa_console.ui.present import Look, TabView, tab_views
from wa_console.ui.widgets.strips import Palette, strip_of

USUAL_VIEWS: Final = (View.MINE, View.UNASSIGNED, View.WAITING, View.ALL)
"""The tabs that are always there (UI.md, Inbox)."""
RARE_VIEWS: Final = (View.CLOSED, View.QUARANTINE)
"""Tabs that show while they are active or hold something that was counted."""
_Tab = tuple[TabView, str, str]  # with its label and its count as they are shown


class ViewTabs(Widget):
    """One row of tabs.

    Attributes:
        active: The view that is shown. Setting it does not post `Chosen`.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "view-tabs--tab",
        "view-tabs--active",
        "view-tabs--count",
        "view-tabs--ends",
    }

    active: var[View] = var(View.MINE, init=False)

    class Chosen(Message):
        """The person chose a view."""

        def __init__(self, view_tabs: ViewTabs, view: View) -> None:
            super().__init__()
            self.view_tabs = view_tabs
            self.view = view

        @property
        def control(self) -> ViewTabs:
            """The tabs."""
            return self.view_tabs

    def __init__(
        self,
        *,
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._counts: dict[View, int] = {}
        self._look = look or Look()
        self._palette = Palette(self, "view-tabs")

    @property
    def views(self) -> tuple[View, ...]:
        """The tabs from left to right: the usual ones, then the active or a counted rare one."""
        rare = (view for view in RARE_VIEWS if view is self.active or self._counts.get(view))
        return (*USUAL_VIEWS, *rare)

    def show(self, counts: Mapping[View, int]) -> None:
        """Show how many conversations each view has; one that is missing shows no number."""
        if counts != self._counts:
            self._counts = dict(counts)
            self.refresh()

    def choose(self, view: View) -> None:
        """Make a view the active one and post `Chosen`, also when it was active."""
        self.active = view
        self.post_message(self.Chosen(self, view))

    def step(self, by: int) -> None:
        """Choose the view `by` tabs to the right, round the end."""
        views = self.views
        self.choose(views[(views.index(self.active) + by) % len(views)])

    def watch_active(self) -> None:
        """Draw the other tab as active."""
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the colours."""
        super().notify_style_update()
        self._palette.clear()

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the pointer."""
        for view, start, end in self._spans():
            if start <= event.x < end:
                self.choose(view)
                return

    def render_line(self, y: int) -> Strip:
        """Return the row of tabs; the active one is a filled plate."""
        fill, width = self._palette("tab"), self.size.width
        if y:
            return strip_of((), width, fill)
        gap, texts = self._form()
        glyphs = self._look.glyphs
        parts: list[tuple[str, Style]] = []
        was_active = False
        for tab, label, count in texts:
            is_active = tab.view is self.active
            start = glyphs.us_edge if is_active else glyphs.edge if was_active else " "
            blanks = " " * (gap - 1)
            between = start + blanks if was_active else blanks + start
            parts.append((between, self._palette("ends")))
            parts.append((label, self._palette("active" if is_active else "tab")))
            parts.append((count, self._palette("active" if is_active else "count")))
            was_active = is_active
        if was_active:
            parts.append((glyphs.edge, self._palette("ends")))
        return strip_of(parts, width, fill)

    def _spans(self) -> list[tuple[View, int, int]]:
        """Return each tab with its first cell and the one behind it, half the blanks its own."""
        gap, texts = self._form()
        spans, start = [], gap
        for tab, label, count in texts:
            end = start + cell_len(label) + cell_len(count)
            spans.append((tab.view, start - 1, end + 1))
            start = end + gap
        return spans

    def _form(self) -> tuple[int, list[_Tab]]:
        """Return the roomiest form that fits: long words or short ones, two blanks or one."""
        tabs = tab_views(self._counts, self.views)
        long = [(tab, tab.label, _count(tab)) for tab in tabs]
        short = [(tab, tab.short, _count(tab)) for tab in tabs]
        for gap, texts in ((2, long), (1, long), (2, short)):
            used = sum(cell_len(label) + cell_len(count) + gap for _tab, label, count in texts)
            if used + gap <= self.size.width:
                return gap, texts
        return 1, short


def _count(tab: TabView) -> str:
    return "" if tab.count is None else f" {tab.count}"
