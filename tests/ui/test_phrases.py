"""Sentences about the window, and when the offer to ask a question is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wa_console.domain.text import safe_text
from wa_console.domain.window import Window, reply_window
from wa_console.ui.phrases import Reminders, ago, bar_title, closed_words, reminder
from wa_console.ui.present_look import Look

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LOOK = Look(zone=UTC)
METTE = safe_text("Mette")


def window(**left: float) -> Window:
    """Return a window with so much left at `NOW`; below zero it is closed."""
    last = NOW - timedelta(hours=24) + timedelta(seconds=60) + timedelta(**left)
    return reply_window(last, NOW)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(hours=48), "2 d ago"),
    ],
)
def test_ago(span: timedelta, words: str) -> None:
    assert ago(span) == words


def test_closed_words() -> None:
    assert closed_words(window(hours=-50), now=NOW) == "window closed 2 d ago"
    assert closed_words(window(hours=1), now=NOW) == "window open"
    assert closed_words(reply_window(None, NOW), now=NOW) == "has not written yet"


def test_bar_title() -> None:
    title = bar_title(window(minutes=-18), name=METTE, now=NOW, look=LOOK)
    assert title == "Window closed since 14:42 today · 18 min ago"
    never = bar_title(reply_window(None, NOW), name=METTE, now=NOW, look=LOOK)
    assert never == "Mette has not written yet"


def test_reminder_counts_minutes() -> None:
    assert reminder(window(minutes=60)).startswith("60 minutes left")
    assert reminder(window(minutes=9, seconds=59)).startswith("10 minutes left")
    assert reminder(window(seconds=40)).startswith("1 minute left")


def test_each_offer_is_made_once() -> None:
    reminders = Reminders()
    assert not reminders.due("a", window(minutes=61))
    assert reminders.due("a", window(minutes=60))
    last = NOW - timedelta(hours=24) + timedelta(minutes=61)
    for minutes in (1, 20, 49):
        assert not reminders.due("a", reply_window(last, NOW + timedelta(minutes=minutes)))
    assert reminders.due("a", reply_window(last, NOW + timedelta(minutes=50)))
    assert not reminders.due("a", reply_window(last, NOW + timedelta(minutes=55)))
    assert not reminders.due("a", reply_window(last, NOW + timedelta(minutes=61)))


def test_opened_late_the_nearest_offer_is_made_and_no_other() -> None:
    reminders = Reminders()
    assert reminders.due("a", window(minutes=5))
    assert not reminders.due("a", window(minutes=5))
    assert reminders.due("b", window(minutes=5))


def test_a_new_window_is_offered_again() -> None:
    reminders = Reminders()
    assert reminders.due("a", window(minutes=50))
    later = NOW + timedelta(hours=20)
    again = reply_window(NOW, later + timedelta(hours=3, minutes=10))
    assert reminders.due("a", again)
