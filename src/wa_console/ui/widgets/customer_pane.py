"""The pane beside the conversation: who the customer is, and how the conversation stands."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from wa_console.ui.present import CustomerView, PaneRow
from wa_console.ui.widgets.strips import Palette, strip_of, wrap

_MARGIN: Final = 2
_Parts = tuple[tuple[str, Style], ...]


class CustomerPane(ScrollView, can_focus=False):
    """Name and sections; scrolls with the wheel when there is more than fits."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"customer-pane--{name}"
        for name in ("row", "name", "heading", "label", "value", "chip", "urgent")
    }

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._view: CustomerView | None = None
        self._palette = Palette(self, "customer-pane")
        self._rows: list[_Parts] = []

    def show(self, view: CustomerView | None) -> None:
        """Show a customer, None for nobody; the same view again costs nothing."""
        if view != self._view:
            self._view = view
            self._lay_out()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def notify_style_update(self) -> None:
        """Wrap anew: styles stand in the rows."""
        super().notify_style_update()
        self._palette.clear()
        if self.is_mounted:
            self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        at = y + self.scroll_offset.y
        parts = self._rows[at] if at < len(self._rows) else ()
        return strip_of(parts, self.scrollable_content_region.width, self._palette("row"))

    def _lay_out(self) -> None:
        self._rows = self._all_rows() if self._view else []
        self.virtual_size = Size(1, len(self._rows))
        self.refresh()

    def _all_rows(self) -> list[_Parts]:
        view = self._view
        if view is None:
            return []
        gap = (" " * _MARGIN, self._palette("row"))
        name = self._palette("name")
        rows: list[_Parts] = [()]
        rows += ((gap, (part, name)) for part in wrap(view.name, self._room)[:2])
        for section in view.sections:
            rows += ((), (gap, (section.title, self._palette("heading"))))
            for row in section.rows:
                rows += self._row(row)
        return rows

    @property
    def _room(self) -> int:
        return max(8, self.scrollable_content_region.width - 2 * _MARGIN)

    def _row(self, row: PaneRow) -> list[_Parts]:
        """Return a label with its value behind it, or below where it does not fit."""
        gap = (" " * _MARGIN, self._palette("row"))
        label = (f"{row.label}  ", self._palette("label"))
        if row.chips:
            return self._chips(row, gap, label)
        style = self._palette(row.tone or "value")
        if cell_len(label[0]) + cell_len(row.value) <= self._room:
            return [(gap, label, (row.value, style))]
        return [(gap, label), *((gap, (part, style)) for part in wrap(row.value, self._room))]

    def _chips(
        self, row: PaneRow, gap: tuple[str, Style], label: tuple[str, Style]
    ) -> list[_Parts]:
        chip, fill = self._palette("chip"), self._palette("row")
        rows: list[_Parts] = []
        parts: list[tuple[str, Style]] = [gap, label]
        used = cell_len(label[0])
        for text in row.chips:
            cells = cell_len(text) + 3
            if used + cells > self._room and used:
                rows.append(tuple(parts))
                parts, used = [gap], 0
            parts += ((f" {text} ", chip), (" ", fill))
            used += cells
        return [*rows, tuple(parts)]
