"""What a person would see: the rows of the compositor as plain text."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.geometry import Region
from textual.widget import Widget


def screen_text(app: App[Any]) -> list[str]:
    """Return the rows of the active screen, blanks at their ends taken off."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def widget_text(widget: Widget) -> list[str]:
    """Return the rows that a widget has on the screen, at full width."""
    region = widget.region
    strips = widget.app.screen._compositor.render_strips()
    rows = strips[region.y : region.bottom]
    return [
        "".join(segment.text for segment in strip.crop(region.x, region.right)) for strip in rows
    ]


class Repaints:
    """Records which regions a widget asks to have repainted, instead of how long it took."""

    def __init__(self, widget: Widget, monkeypatch: Any) -> None:
        self.regions: list[Region] = []
        self.whole = 0
        original = widget.refresh

        def refresh(*regions: Region, **named: Any) -> Widget:
            self.regions += regions
            self.whole += not regions
            return original(*regions, **named)

        monkeypatch.setattr(widget, "refresh", refresh)

    def clear(self) -> None:
        """Forget what was recorded."""
        self.regions.clear()
        self.whole = 0

    @property
    def rows(self) -> set[int]:
        """The rows of the widget that were asked for."""
        return {y for region in self.regions for y in region.line_range}
