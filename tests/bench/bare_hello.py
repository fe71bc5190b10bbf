"""The least Textual program: what a first frame costs before anybody has written anything."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

READY = "hello, world"


class Hello(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static(READY)


if __name__ == "__main__":
    Hello().run()
