"""A short list of things that are on or off; Space switches the one under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wa_console.ui.wizard_keys import TOGGLES


class Toggles(OptionList):
    """Lines with a sign, a word and a sentence each.

    Args:
        lines: Name, what it is called, what it means, whether it is on.
    """

    BINDINGS = [*TOGGLES]  # noqa: RUF012 - Textual's class variable

    def __init__(self, lines: Sequence[tuple[str, str, str, bool]], *, on: str, off: str) -> None:
        super().__init__(compact=True)
        self._switches = lines
        self._states = (off, on)
        self.on = {name: is_on for name, _title, _told, is_on in lines}

    def on_mount(self) -> None:
        """Show them."""
        self.add_options([Option(self._line(at)) for at in range(len(self._switches))])
        self.highlighted = 0

    def _line(self, at: int) -> Content:
        name, title, told, _was = self._switches[at]
        is_on = self.on[name]
        sign, colour = ("●", "$wa-calm") if is_on else ("○", "$wa-muted")
        return Content.assemble(
            (f"{sign} ", colour),
            (title, "bold"),
            (f"  {self._states[is_on]}", colour),
            "\n  ",
            (told, "$wa-muted"),
            "\n",
        )

    def action_switch_line(self) -> None:
        """Switch the line under the cursor."""
        at = self.highlighted
        if at is None:
            return
        name = self._switches[at][0]
        self.on[name] = not self.on[name]
        self.replace_option_prompt_at_index(at, self._line(at))
