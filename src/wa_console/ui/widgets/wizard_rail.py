"""The wizard's rail: every step with its state, and where one is. A click goes back to a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from wa_console.domain.text import snippet

_ROOMY: Final = 3
"""Rows of a step where there is room: name, answer, blank."""


@dataclass(frozen=True, slots=True)
class RailRow:
    """One step.

    Attributes:
        state: ``done``, ``here`` or ``ahead``.
        told: The answer in short, raw.
    """

    step: str
    title: str
    state: str
    told: str = ""


_SIGNS: Final = {"done": ("✓", "$wa-calm"), "here": ("▸", "$primary"), "ahead": ("○", "$wa-muted")}
_NAMES: Final = {"done": "$foreground", "here": "bold $primary", "ahead": "$wa-muted"}


class WizardRail(Widget):
    """Steps from above to below."""

    class Wanted(Message):
        """A step was clicked."""

        def __init__(self, rail: WizardRail, step: str) -> None:
            super().__init__()
            self.rail = rail
            self.step = step

        @property
        def control(self) -> WizardRail:
            """The rail."""
            return self.rail

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: Sequence[RailRow] = ()
        self._lines: list[str] = []

    def show(self, rows: Sequence[RailRow]) -> None:
        """Show these steps."""
        self._rows = rows
        self.refresh()

    def render(self) -> Content:
        """Name and sign of each, the answer below where there is room."""
        height, width = self.content_size.height, max(self.content_size.width, 1)
        roomy = height >= _ROOMY * len(self._rows)
        lines: list[Content] = []
        self._lines = []

        def add(line: Content, step: str) -> None:
            lines.append(line.truncate(width, ellipsis=True))
            self._lines.append(step)

        for row in self._rows:
            sign, colour = _SIGNS[row.state]
            name = (row.title, _NAMES[row.state])
            add(Content.assemble((f"{sign} ", colour), name), row.step)
            told = snippet(row.told, 60) if row.told else ""
            if told and (roomy or row.state == "here" or height >= 2 * len(self._rows)):
                add(Content.assemble("  ", (told, "$wa-muted")), row.step)
            if roomy:
                add(Content(""), "")
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Go back to a step that is done."""
        at = event.get_content_offset_capture(self).y
        step = self._lines[at] if 0 <= at < len(self._lines) else ""
        if any(row.step == step and row.state == "done" for row in self._rows):
            self.post_message(self.Wanted(self, step))
