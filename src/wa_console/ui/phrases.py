"""Sentences about the 24-hour window where a reply is written. Pure: the caller brings `now`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from wa_console.domain.i18n import _, ngettext
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window, WindowState
from wa_console.ui.present_look import Look
from wa_console.ui.present_time import moment_words

REMIND_AT: Final = (timedelta(minutes=60), timedelta(minutes=10))
"""Time left at which a quiet notice offers to ask a question (UI.md, Composer)."""


def ago(span: timedelta) -> str:
    """Return how long ago in one unit: ``just now``, ``5 min ago``, ``2 h ago``, ``3 d ago``."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{n} min ago").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h ago").format(n=minutes // 60)
    return _("{n} d ago").format(n=minutes // (24 * 60))


def closed_words(window: Window, *, now: datetime) -> str:
    """Return ``window closed 2 d ago``, ``has not written yet`` or ``window open``."""
    if window.state is WindowState.NEVER:
        return _("has not written yet")
    if window.allows_free_text or window.closes_at is None:
        return _("window open")
    return _("window closed {ago}").format(ago=ago(now - window.closes_at))


def bar_title(window: Window, *, name: SafeText, now: datetime, look: Look) -> str:
    """Return the title of the template bar: since when the window is closed."""
    if window.state is WindowState.NEVER or window.closes_at is None:
        return _("{name} has not written yet").format(name=name)
    since = moment_words(window.closes_at, now, look.zone)
    return _("Window closed since {since} · {ago}").format(
        since=since, ago=ago(now - window.closes_at)
    )


def reminder(window: Window) -> str:
    """Return the quiet offer to ask a question while that is still free."""
    minutes = max(1, round(window.remaining.total_seconds() / 60))
    return ngettext(
        "{n} minute left · ask something now, the answer opens it again",
        "{n} minutes left · ask something now, the answer opens it again",
        minutes,
    ).format(n=minutes)


class Reminders:
    """Which offers were made: each threshold once for each window of a conversation."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, datetime], timedelta] = {}

    def due(self, conversation_id: str, window: Window) -> bool:
        """Whether to offer now; the nearest threshold passed is told and those above it with it."""
        if window.closes_at is None or not window.allows_free_text:
            return False
        passed = [limit for limit in REMIND_AT if window.remaining <= limit]
        if not passed:
            return False
        # To the minute: a provider's time found later may move the end by seconds.
        key = (conversation_id, window.closes_at.replace(second=0, microsecond=0))
        nearest = min(passed)
        if self._told.get(key, timedelta.max) <= nearest:
            return False
        self._told[key] = nearest
        return True
