"""One of a few words, changed with the arrow keys: all of them are seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from wa_console.domain.i18n import N_
from wa_console.domain.text import snippet

_GAP = 2


class Choice(Widget, can_focus=True):
    """A row of words of which one is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "step(-1)", N_("Before"), show=False),
        Binding("right,down,space", "step(1)", N_("Next"), show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another word is chosen."""

        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            """Where it was chosen."""
            return self.choice

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        value: str = "",
        name: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Take up choices.

        Args:
            choices: (value, words) of each; at least one.
            value: The one chosen at first; the first one if it is none of them.
            name: How the form knows it.
            classes: Style classes.
        """
        super().__init__(name=name, classes=classes)
        self._choices = tuple(choices)
        self._at = 0
        self.choose(value)

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._choices[self._at][0]

    def choose(self, value: str) -> None:
        """Choose a value; one that is not offered changes nothing."""
        values = [each for each, _words in self._choices]
        if value in values:
            self._at = values.index(value)
            self.refresh()

    def render(self) -> Content:
        """The words, the chosen one marked by a sign and by colour."""
        parts: list[tuple[str, str]] = []
        for at, (_value, words) in enumerate(self._choices):
            sign, style = ("●", "bold $wa-strong") if at == self._at else ("○", "$wa-muted")
            parts.append((f"{sign} {snippet(words, 24)}", style))
            parts.append((" " * _GAP, ""))
        return Content.assemble(*parts)

    def action_step(self, step: int) -> None:
        """Choose the one beside, round the corner."""
        self._at = (self._at + step) % len(self._choices)
        self.refresh()
        self.post_message(self.Changed(self, self.value))

    def on_click(self, event: events.Click) -> None:
        """A click chooses the word under it."""
        column = 0
        for at, (_value, words) in enumerate(self._choices):
            column += 2 + Content(snippet(words, 24)).cell_length + _GAP
            if event.x < column:
                self.action_step(at - self._at)
                return
