"""One quiet row for what has just happened or could be done; it goes away by itself."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from wa_console.domain.text import safe_text

TONES: Final = ("calm", "warn", "urgent")


class NoticeLine(Widget):
    """Hidden while it has nothing to say."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = ""
        self._timer: Timer | None = None
        self.display = False

    @property
    def text(self) -> str:
        """What it says now, empty for nothing."""
        return self._text

    def show(self, text: str, *, tone: str = "calm", seconds: float = 6.0) -> None:
        """Say something for a while.

        Args:
            text: Any text; it is made safe and cut to one line here.
            tone: ``calm``, ``warn`` or ``urgent``; the words must say it too.
            seconds: How long it stays; 0 for until something else is said.
        """
        self._stop()
        self._text = safe_text(text, multiline=False, limit=300)
        for name in TONES:
            self.set_class(name == tone, f"-{name}")
        self.display = bool(self._text)
        self.refresh(layout=True)
        if seconds and self._text:
            self._timer = self.set_timer(seconds, self.clear)

    def clear(self) -> None:
        """Say nothing."""
        self._stop()
        self._text = ""
        self.display = False

    def render(self) -> Content:
        """The row."""
        width = max(self.content_size.width, 1)
        return Content(self._text).truncate(width, ellipsis=True)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
