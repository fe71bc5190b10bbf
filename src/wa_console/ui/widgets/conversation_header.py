"""Who the open conversation is with and how long free text is allowed: three rows, or two.

Ours (number, assignee) stands left of the customer's name, which may be of any width and say
anything (faults F3, F5). The time is painted from the clock, never counted down.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from textual.geometry import Region
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from wa_console.ui.present import HeaderClock, HeaderView, Look, Tone, header_clock
from wa_console.ui.widgets.strips import Palette, strip_of

GAUGE_CELLS: Final = 24
"""One cell an hour."""
_WIDE_ROWS: Final = 3
_NARROW_ROWS: Final = 2
_WIDE_FROM: Final = 60
_TALL_FROM: Final = 28


class ConversationHeader(Widget):
    """The header of the conversation pane; sets its own height.

    While it has a view it carries one of the classes ``-calm -warn -urgent -closed -never``.

    Attributes:
        narrow: Whether to draw two rows instead of three; None decides by the room there is.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"conversation-header--{name}"
        for name in ("row", "name", "facts", "clock", "until", "gauge", "gauge-rest")
    }

    narrow: var[bool | None] = var(None, init=False)

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        look: Look | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._now = now
        self._look = look or Look()
        self._palette = Palette(self, "conversation-header")
        self._view: HeaderView | None = None
        self._clock: HeaderClock | None = None

    def show(self, view: HeaderView | None) -> None:
        """Show a conversation; None shows nothing."""
        self._view = view
        self._clock = None
        self._measure()
        self.tick()
        self.refresh()

    def tick(self) -> None:
        """Repaint the rows of the window if they say something else than before."""
        if self._view is None:
            return
        clock = header_clock(self._view.window, now=self._now(), look=self._look)
        if clock == self._clock:
            return
        self._clock = clock
        for tone in Tone:
            self.set_class(tone is clock.tone, f"-{tone}")
        self.refresh(Region(0, 1, self.size.width, max(0, self.size.height - 1)))

    def on_resize(self) -> None:
        """Take the height of the form that fits."""
        self._measure()

    def watch_narrow(self) -> None:
        """Draw the other form."""
        self._measure()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the colours."""
        super().notify_style_update()
        self._palette.clear()

    def render_line(self, y: int) -> Strip:
        """Return one row."""
        width = self.size.width
        fill = self._palette("row")
        if self._view is None or self._clock is None:
            return strip_of((), width, fill)
        match y:
            case 0:
                return self._who(self._view, width)
            case 1:
                return self._window(self._clock, width)
            case 2:
                until = (("  ", fill), (self._clock.until, self._palette("until")))
                return strip_of(until, width, fill)
            case _:
                return strip_of((), width, fill)

    def _who(self, view: HeaderView, width: int) -> Strip:
        fill = self._palette("row")
        facts = view.facts_narrow if self._is_narrow else view.facts
        parts = (
            ("  ", fill),
            (facts, self._palette("facts")),
            ("  ", fill),
            (view.name, self._palette("name")),
        )
        return strip_of(parts, width, fill)

    def _window(self, clock: HeaderClock, width: int) -> Strip:
        fill, bold = self._palette("row"), self._palette("clock")
        if self._is_narrow:
            parts = [
                (f"{clock.shape} ", bold),
                (f"{clock.lead_narrow}  ", bold),
                (clock.until_narrow, self._palette("until")),
            ]
        else:
            full = round(clock.fraction * GAUGE_CELLS)
            if clock.fraction > 0:
                full = max(1, full)
            glyphs = self._look.glyphs
            parts = [(f"{clock.shape} ", bold), (f"{clock.lead}  ", bold)]
            if clock.tone is not Tone.NEVER:
                parts += [
                    (glyphs.gauge * full, self._palette("gauge")),
                    (glyphs.gauge_rest * (GAUGE_CELLS - full), self._palette("gauge-rest")),
                ]
        return strip_of([("  ", fill), *parts], width, fill)

    def _measure(self) -> None:
        self.styles.height = _NARROW_ROWS if self._is_narrow else _WIDE_ROWS

    @property
    def _is_narrow(self) -> bool:
        if self.narrow is not None:
            return self.narrow
        return self.size.width < _WIDE_FROM or self.app.size.height < _TALL_FROM
