"""Textual's own list of 100 lines: what a key costs where nothing else is."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import OptionList

READY = "option number 3 "


class Lines(App[None]):
    """A list over the whole screen; j and k move as in the console."""

    BINDINGS = [("j", "move('down')"), ("k", "move('up')")]  # noqa: RUF012 - Textual's

    def compose(self) -> ComposeResult:
        """The list."""
        yield OptionList(*(f"option number {number} of a hundred" for number in range(100)))

    def action_move(self, direction: str) -> None:
        """Move the highlight."""
        lines = self.query_one(OptionList)
        if direction == "down":
            lines.action_cursor_down()
        else:
            lines.action_cursor_up()


if __name__ == "__main__":
    Lines().run()
