"""How things look in words and signs: glyph sets, tones, and the settings a view model needs.

Pure: no Textual, no clock, no store. Colour is not decided here; a tone is a word that the style
sheets give a colour, and every tone has a shape and a text of its own beside it (UI.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from enum import StrEnum
from typing import Final, assert_never

from wa_console.domain.message import ContentKind
from wa_console.domain.window import Window, WindowState

WARN: Final = timedelta(minutes=60)
"""From here on a window is worth a look (UI.md, notices at T-60 and T-10)."""
URGENT: Final = timedelta(minutes=10)


class Tone(StrEnum):
    """How pressing a window is; the value is the CSS class without its dash."""

    CALM = "calm"
    WARN = "warn"
    URGENT = "urgent"
    CLOSED = "closed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The signs of one set, each one cell wide unless it leads customer text.

    Attributes:
        shapes: Calm, warn, urgent, closed, never: fuller means more time.
        edge: Left edge of a customer's message, of a note and of the chosen row.
        chosen: Beside the message under the cursor.
        us_edge: Right edge of ours.
        opened: Edge of the row whose conversation is open.
        kinds: What an attachment is, before its name; may be two cells, stands left of text only.
    """

    shapes: tuple[str, str, str, str, str]
    pending: str
    tick: str
    failed: str
    unknown: str
    note: str
    template: str
    edge: str
    chosen: str
    us_edge: str
    opened: str
    quote: str
    rule: str
    gauge: str
    gauge_rest: str
    up: str
    down: str
    dot: str
    placeholder: str
    kinds: Mapping[ContentKind, str]

    def shape(self, tone: Tone) -> str:
        """Return the sign that doubles a tone's colour."""
        return self.shapes[tuple(Tone).index(tone)]


UNICODE: Final = Glyphs(
    shapes=("●", "◑", "◔", "○", "○"),
    pending="·",
    tick="✓",
    failed="✗",
    unknown="?",
    note="✎",
    template="T",
    edge="▌",
    chosen="▸",
    us_edge="▐",
    opened="▏",
    quote="▏",
    rule="─",
    gauge="━",
    gauge_rest="─",
    up="↑",
    down="↓",
    dot="·",
    placeholder="╌",
    kinds={
        ContentKind.IMAGE: "📷",
        ContentKind.AUDIO: "🎤",
        ContentKind.VIDEO: "🎬",
        ContentKind.DOCUMENT: "📄",
        ContentKind.STICKER: "🌟",
        ContentKind.CONTACT: "👤",
        ContentKind.LOCATION: "📍",
    },
)
"""The signs for a terminal with a usual font."""

ASCII: Final = Glyphs(
    shapes=("*", "+", "!", "-", "-"),
    pending=".",
    tick="v",
    failed="x",
    unknown="?",
    note="#",
    template="T",
    edge="|",
    chosen=">",
    us_edge="|",
    opened=":",
    quote="|",
    rule="-",
    gauge="=",
    gauge_rest="-",
    up="^",
    down="v",
    dot="-",
    placeholder="-",
    kinds={},
)
"""The signs for poor fonts, serial lines and screen readers."""


@dataclass(frozen=True, slots=True)
class Look:
    """What every view model asks: which signs, whose time zone, who is looking.

    Attributes:
        zone: Zone that times are shown in; None is the machine's own.
        login: The representative at this console: their own messages say "you".
    """

    glyphs: Glyphs = UNICODE
    zone: tzinfo | None = None
    login: str = ""


def tone_of(window: Window) -> Tone:
    """Return how pressing a window is: calm, warn under 60 minutes, urgent under 10."""
    match window.state:
        case WindowState.NEVER:
            return Tone.NEVER
        case WindowState.CLOSED:
            return Tone.CLOSED
        case WindowState.OPEN | WindowState.CLOSING:
            if window.remaining <= URGENT:
                return Tone.URGENT
            return Tone.WARN if window.remaining <= WARN else Tone.CALM
        case _:
            assert_never(window.state)
