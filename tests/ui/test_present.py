"""Words, signs and inbox lines: tables, no Textual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.samples import LOOK, NOW, inbound_for, inbox_row
from wa_console.domain.conversation import ConversationState, View
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window, WindowState, reply_window
from wa_console.ui.present import (
    ASCII,
    UNICODE,
    Countdown,
    Look,
    Tone,
    clock_time,
    countdown,
    customer_title,
    date_words,
    day_words,
    inbox_line,
    local_day,
    moment_words,
    size_words,
    span_words,
    tab_views,
    time_left,
    time_left_exact,
    tone_of,
    window_at,
)


def window(left: timedelta) -> Window:
    return reply_window(inbound_for(left), NOW)


@pytest.mark.parametrize(
    ("left", "short", "exact", "tone", "shape"),
    [
        (timedelta(hours=23, minutes=59), "23 h", "23:59:00", Tone.CALM, "●"),
        (timedelta(hours=5, minutes=1), "5 h", "5:01:00", Tone.CALM, "●"),
        (timedelta(hours=1, seconds=1), "1 h", "1:00:01", Tone.CALM, "●"),
        (timedelta(hours=1), "1 h", "1:00:00", Tone.WARN, "◑"),
        (timedelta(minutes=58, seconds=40), "58:40", "0:58:40", Tone.WARN, "◑"),
        (timedelta(minutes=10, seconds=1), "10:01", "0:10:01", Tone.WARN, "◑"),
        (timedelta(minutes=10), "10:00", "0:10:00", Tone.URGENT, "◔"),
        (timedelta(minutes=4, seconds=12), "04:12", "0:04:12", Tone.URGENT, "◔"),
        (timedelta(milliseconds=1), "00:01", "0:00:01", Tone.URGENT, "◔"),
        (timedelta(0), "closed", "", Tone.CLOSED, "○"),
        (timedelta(hours=-3), "closed", "", Tone.CLOSED, "○"),
    ],
)
def test_time_left(left: timedelta, short: str, exact: str, tone: Tone, shape: str) -> None:
    answer = window(left)
    assert time_left(answer) == short
    assert time_left_exact(answer) == exact
    assert tone_of(answer) is tone
    assert UNICODE.shape(tone) == shape


def test_customer_who_never_wrote() -> None:
    never = reply_window(None, NOW)
    assert (time_left(never), time_left_exact(never), tone_of(never)) == ("never", "", Tone.NEVER)


@given(st.integers(min_value=-3600, max_value=24 * 3600 - 60))
def test_time_left_fits_its_column(seconds: int) -> None:
    count = countdown(window(timedelta(seconds=seconds)), now=NOW, look=LOOK)
    assert len(f"{count.shape} {count.time}") <= 8


@given(st.integers(min_value=0, max_value=86340), st.integers(min_value=0, max_value=90000))
def test_a_window_seen_later_is_the_window_asked_later(left: int, later: int) -> None:
    """Painting from the end agrees with asking the rule again (no counting down, faults H1)."""
    last = inbound_for(timedelta(seconds=left))
    now = NOW + timedelta(seconds=later)
    seen, asked = window_at(reply_window(last, NOW), now), reply_window(last, now)
    assert (seen.remaining, seen.closes_at) == (asked.remaining, asked.closes_at)
    assert seen.allows_free_text == asked.allows_free_text
    assert tone_of(seen) is tone_of(asked)


def test_ascii_signs_are_ascii() -> None:
    for tone in Tone:
        assert ASCII.shape(tone).isascii()
    singles = (ASCII.tick, ASCII.failed, ASCII.edge, ASCII.us_edge, ASCII.rule, ASCII.dot, ASCII.up)
    assert all(sign.isascii() and len(sign) == 1 for sign in singles)


def test_shapes_differ_wherever_the_words_do_not() -> None:
    """Closed and never share a circle: their words tell them apart; the others differ in both."""
    assert len({UNICODE.shape(tone) for tone in Tone}) == 4
    assert len({ASCII.shape(tone) for tone in Tone}) == 4


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 5), "Today"),
        (date(2026, 3, 4), "Yesterday"),
        (date(2026, 3, 3), "Tuesday"),
        (date(2026, 2, 27), "Friday"),
        (date(2026, 2, 26), "26 Feb"),
        (date(2025, 12, 31), "31 Dec 2025"),
        (date(2026, 3, 6), "6 Mar"),
    ],
)
def test_day_words(day: date, words: str) -> None:
    assert day_words(day, date(2026, 3, 5)) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "15:36 today"), (9, "00:36 tomorrow"), (-24, "15:36 yesterday"), (-72, "15:36 on 2 Mar")],
)
def test_moment_words(hours: int, words: str) -> None:
    assert moment_words(NOW + timedelta(hours=hours), NOW, UTC) == words


def test_times_are_shown_in_the_zone_of_the_person() -> None:
    zone = timezone(timedelta(hours=9))
    assert clock_time(NOW, zone) == "00:36"
    assert local_day(NOW, zone) == date(2026, 3, 6)
    assert moment_words(NOW, NOW, zone) == "00:36 today"


def test_dates() -> None:
    assert date_words(date(2026, 3, 3)) == "3 Mar 2026"
    assert date_words(date(2026, 3, 3), year=False) == "3 Mar"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (12, "12 s"), (288, "4 m 48 s"), (7500, "2 h 5 m"), (3 * 86400 + 5, "3 d")],
)
def test_span_words(seconds: int, words: str) -> None:
    assert span_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 B"), (999, "999 B"), (212_000, "212 kB"), (1_400_000, "1.4 MB")],
)
def test_size_words(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("changes", "who", "text"),
    [
        ({}, "", "Hej"),
        ({"last_body": "two\nlines"}, "", "two ⏎ lines"),
        ({"last_direction": "outbound", "last_author": "anna"}, "You: ", "Hej"),
        ({"last_direction": "outbound", "last_author": "bo"}, "bo: ", "Hej"),
        ({"last_direction": "outbound"}, "Us: ", "Hej"),
        ({"last_direction": "outbound", "last_kind": "note"}, "Note: ", "Hej"),
        ({"last_direction": "outbound", "last_kind": "template"}, "Template: ", "Hej"),
        ({"last_content": "image"}, "📷 Photo · ", "Hej"),
        ({"last_content": "image", "last_body": ""}, "📷 Photo", ""),
        ({"last_content": "audio", "last_body": ""}, "🎤 Audio", ""),
        ({"last_content": "location", "last_body": ""}, "📍 Location", ""),
        (
            {"last_content": "unsupported", "last_body": ""},
            "Something this console cannot show",
            "",
        ),
        ({"last_content": "hologram"}, "", "Hej"),
        ({"last_content": "", "last_body": ""}, "", ""),
    ],
)
def test_inbox_line_says_who_and_what(changes: dict[str, str], who: str, text: str) -> None:
    row = inbox_row(**changes)
    line = inbox_line(row, window(timedelta(hours=5)), now=NOW, look=LOOK)
    assert (line.who, line.snippet) == (who, text)


def test_ascii_look_has_no_pictures() -> None:
    look = Look(glyphs=ASCII, zone=UTC)
    row = inbox_row(last_content="image", last_body="")
    assert inbox_line(row, window(timedelta(0)), now=NOW, look=look).who == "Photo"


@pytest.mark.parametrize(("unread", "badge"), [(0, ""), (1, "1"), (99, "99"), (100, "99+")])
def test_unread_badge(unread: int, badge: str) -> None:
    row = inbox_row(unread=unread)
    assert inbox_line(row, window(timedelta(0)), now=NOW, look=LOOK).unread == badge


@pytest.mark.parametrize(
    ("changes", "mark", "tone"),
    [
        ({}, "", ""),
        ({"has_draft": True}, "✎", "draft"),
        ({"last_status": "failed"}, "✗", "failed"),
        ({"last_status": "undelivered", "has_draft": True}, "✗", "failed"),
    ],
)
def test_marks(changes: dict[str, Any], mark: str, tone: str) -> None:
    line = inbox_line(inbox_row(**changes), window(timedelta(0)), now=NOW, look=LOOK)
    assert (line.mark, line.mark_tone) == (mark, tone)


def test_closed_conversations_are_dim() -> None:
    row = inbox_row(state=ConversationState.CLOSED)
    assert inbox_line(row, window(timedelta(0)), now=NOW, look=LOOK).dim


@pytest.mark.parametrize(
    ("name", "profile", "title"),
    [
        ("Mette (VIP)", "mettemus", "Mette (VIP)"),
        ("", "mettemus", "mettemus"),
        ("", "", "+45 1"),
        ("   ", "\u3164\u200b", "+45 1"),
    ],
)
def test_customer_title(name: str, profile: str, title: str) -> None:
    made = customer_title(name, profile, "+45 1")
    assert made == title
    assert isinstance(made, SafeText)


def test_countdown_is_made_from_the_clock() -> None:
    answer = window(timedelta(minutes=59))
    later = NOW + timedelta(minutes=50)
    assert countdown(answer, now=later, look=LOOK) == Countdown("◔", "09:00", Tone.URGENT)
    assert countdown(answer, now=NOW + timedelta(hours=1), look=LOOK).time == "closed"


def test_tabs_have_two_widths_and_counts() -> None:
    tabs = tab_views({View.MINE: 6, View.UNASSIGNED: 3}, (View.MINE, View.UNASSIGNED, View.ALL))
    assert [(tab.label, tab.short, tab.count) for tab in tabs] == [
        ("Mine", "Mine", 6),
        ("Unassigned", "Free", 3),
        ("All", "All", None),
    ]
    assert all(tab.label and tab.short for tab in tab_views({}, tuple(View)))


def test_a_window_that_never_was_stays_so() -> None:
    never = Window(WindowState.NEVER, None, timedelta(0))
    assert window_at(never, datetime(2027, 1, 1, tzinfo=UTC)) is never
