"""The top row: product and number, presence and load, health, windows that close soon."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from wa_console.ui.present import StatusPart, StatusView
from wa_console.ui.widgets.strips import Palette, strip_of

_MARGIN: Final = 1
_GAPS: Final = (6, 4, 3, 2)  # widest space between groups that still fits


class StatusLine(Widget):
    """One row; shows the widest form of its view that fits."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"status-line--{tone}"
        for tone in ("row", "strong", "muted", "plain", "calm", "warn", "urgent")
    }

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._view: StatusView | None = None
        self._palette = Palette(self, "status-line")

    def show(self, view: StatusView) -> None:
        """Show a view; the same one again costs nothing."""
        if view != self._view:
            self._view = view
            self.refresh()

    def notify_style_update(self) -> None:
        """Forget the colours."""
        super().notify_style_update()
        self._palette.clear()

    def render_line(self, y: int) -> Strip:
        """Return the row."""
        fill = self._palette("row")
        width = self.size.width
        if y or self._view is None:
            return strip_of((), width, fill)
        groups, gap = self._fitting(self._view, width)
        parts = [(" " * _MARGIN, fill)]
        for at, group in enumerate(groups):
            if at:
                parts.append((" " * gap, fill))
            parts += ((part.text, self._palette("row", part.tone)) for part in group)
        return strip_of(parts, width, fill)

    @staticmethod
    def _fitting(view: StatusView, width: int) -> tuple[tuple[tuple[StatusPart, ...], ...], int]:
        for groups in (view.wide, view.middle, view.narrow):
            used = _MARGIN + sum(cell_len(part.text) for group in groups for part in group)
            for gap in _GAPS:
                if used + gap * (len(groups) - 1) <= width:
                    return groups, gap
        return view.narrow, _GAPS[-1]
