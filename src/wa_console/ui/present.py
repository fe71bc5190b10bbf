"""View models: what widgets paint, made from domain objects by pure functions.

The one door for screens and tests; the parts live beside it, one file a region. Nothing here knows
Textual, a store or a clock: `now` and the `Look` (signs, time zone, who is looking) are brought.
"""

from __future__ import annotations

from wa_console.ui.present_delivery import Ticks, ticks
from wa_console.ui.present_header import HeaderClock, HeaderView, header, header_clock
from wa_console.ui.present_inbox import (
    Countdown,
    InboxLine,
    TabView,
    countdown,
    customer_title,
    inbox_line,
    tab_views,
)
from wa_console.ui.present_look import ASCII, UNICODE, Glyphs, Look, Tone, tone_of
from wa_console.ui.present_panes import (
    CustomerView,
    PaneRow,
    PaneSection,
    StatusFacts,
    StatusPart,
    StatusView,
    customer_view,
    status_line,
)
from wa_console.ui.present_time import (
    clock_time,
    date_words,
    day_words,
    local_day,
    moment_words,
    size_words,
    span_words,
    time_left,
    time_left_exact,
    window_at,
)
from wa_console.ui.present_timeline import (
    BubbleLine,
    BubbleView,
    Role,
    Side,
    WindowMark,
    bubble,
    copy_text,
    window_mark_words,
    window_marks,
)

__all__ = [
    "ASCII",
    "UNICODE",
    "BubbleLine",
    "BubbleView",
    "Countdown",
    "CustomerView",
    "Glyphs",
    "HeaderClock",
    "HeaderView",
    "InboxLine",
    "Look",
    "PaneRow",
    "PaneSection",
    "Role",
    "Side",
    "StatusFacts",
    "StatusPart",
    "StatusView",
    "TabView",
    "Ticks",
    "Tone",
    "WindowMark",
    "bubble",
    "clock_time",
    "copy_text",
    "countdown",
    "customer_title",
    "customer_view",
    "date_words",
    "day_words",
    "header",
    "header_clock",
    "inbox_line",
    "local_day",
    "moment_words",
    "size_words",
    "span_words",
    "status_line",
    "tab_views",
    "ticks",
    "time_left",
    "time_left_exact",
    "tone_of",
    "window_at",
    "window_mark_words",
    "window_marks",
]
