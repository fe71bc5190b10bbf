"""Times and sizes as a person reads them. Pure: the caller brings `now`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from wa_console.domain.i18n import N_, _
from wa_console.domain.window import Window, WindowState

_HOUR: Final = 3600
_MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_ZERO: Final = timedelta(0)


def window_at(window: Window, now: datetime) -> Window:
    """Return the same window as it stands at `now`: painted from the clock, never counted down.

    The state `closing` is kept as it was: tones are told from the time left alone.
    """
    if window.closes_at is None or window.state is WindowState.CLOSED:
        return window
    remaining = window.closes_at - now
    if remaining <= _ZERO:
        return replace(window, state=WindowState.CLOSED, remaining=_ZERO)
    return replace(window, remaining=remaining)


def time_left(window: Window) -> str:
    """Return the time left for a narrow column, at most six cells: ``23 h``, ``58:40``, ``closed``.

    Hours are whole hours from one hour up, so that a list over ssh is quiet (performance 5).
    """
    seconds = window.remaining_s
    if seconds is None:
        return _("never")
    if window.state is WindowState.CLOSED:
        return _("closed")
    if seconds >= _HOUR:
        return _("{hours} h").format(hours=seconds // _HOUR)
    return f"{seconds // 60:02}:{seconds % 60:02}"


def time_left_exact(window: Window) -> str:
    """Return the time left to the second, ``0:04:12``; an empty text when closed or never."""
    seconds = window.remaining_s or 0
    if not window.allows_free_text:
        return ""
    return f"{seconds // _HOUR}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def clock_time(moment: datetime, zone: tzinfo | None) -> str:
    """Return ``16:41`` in the zone; None is the machine's own zone."""
    return f"{moment.astimezone(zone):%H:%M}"


def local_day(moment: datetime, zone: tzinfo | None) -> date:
    """Return the calendar day that a moment has in the zone."""
    return moment.astimezone(zone).date()


def date_words(day: date, *, year: bool = True) -> str:
    """Return ``3 Mar 2026`` with the month in the chosen language."""
    month = _(_MONTHS[day.month - 1])
    if year:
        return _("{day} {month} {year}").format(day=day.day, month=month, year=day.year)
    return _("{day} {month}").format(day=day.day, month=month)


def day_words(day: date, today: date) -> str:
    """Return a day as a heading: Today, Yesterday, a weekday of the last week, or its date."""
    days = (today - day).days
    if days == 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    if 1 < days < 7:
        return _(_WEEKDAYS[day.weekday()])
    return date_words(day, year=day.year != today.year)


def moment_words(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """Return a moment near now: ``16:41 today``, ``16:41 tomorrow``, ``16:41 on 3 Mar``."""
    time = clock_time(moment, zone)
    day, today = local_day(moment, zone), local_day(now, zone)
    match (day - today).days:
        case 0:
            return _("{time} today").format(time=time)
        case 1:
            return _("{time} tomorrow").format(time=time)
        case -1:
            return _("{time} yesterday").format(time=time)
        case _:
            words = date_words(day, year=day.year != today.year)
            return _("{time} on {date}").format(time=time, date=words)


def span_words(span: timedelta) -> str:
    """Return a length of time, two units at most: ``12 s``, ``4 m 48 s``, ``2 h 5 m``, ``3 d``."""
    seconds = max(0, int(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // _HOUR, seconds // 86400
    if days:
        return _("{days} d").format(days=days)
    if hours:
        return _("{hours} h {minutes} m").format(hours=hours, minutes=minutes % 60)
    if minutes:
        return _("{minutes} m {seconds} s").format(minutes=minutes, seconds=seconds % 60)
    return _("{seconds} s").format(seconds=seconds)


def size_words(size: int) -> str:
    """Return a number of bytes as ``212 kB``, ``1.4 MB`` (powers of ten, as file managers do)."""
    if size < 1000:
        return _("{size} B").format(size=size)
    if size < 1_000_000:
        return _("{size} kB").format(size=round(size / 1000))
    return _("{size} MB").format(size=f"{size / 1_000_000:.1f}")
