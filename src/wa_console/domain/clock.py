"""The product's clock, and the one place where time becomes a number or a text.

All time in wa-console is aware UTC; stored it is epoch milliseconds. Nobody else calls
`datetime.now`: the demo's clock can run faster or jump, and every process on one home must see the
same time. This module may not know a time zone other than UTC.
"""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_MS = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST_MS = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MILLISECOND


class Clock(Protocol):
    """Tells the time of the product, which need not be the time of the wall."""

    def now(self) -> datetime:
        """Return the present moment as an aware UTC datetime."""
        ...


def as_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC.

    Args:
        moment: an aware datetime of any zone.

    Raises:
        ValueError: it is naive, or lies outside the years 1 to 9999 in UTC.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"a time without a zone is not accepted: {moment!r}")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"a time outside the calendar: {moment!r}") from error


def to_ms(moment: datetime) -> int:
    """Return epoch milliseconds, rounded down, exact (no float in between).

    Raises:
        ValueError: the datetime is naive.
    """
    return (as_utc(moment) - _EPOCH) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Return the UTC datetime of epoch milliseconds.

    Raises:
        ValueError: the year would not lie within 1 to 9999.
    """
    try:
        return _EPOCH + ms * _MILLISECOND
    except OverflowError as error:
        raise ValueError(f"milliseconds outside the calendar: {ms}") from error


def iso(ms: int) -> str:
    """Return ISO 8601 in UTC with milliseconds and ``Z`` (CONTRACT, "JSON").

    Raises:
        ValueError: the year would not lie within 1 to 9999.
    """
    return from_ms(ms).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_iso(text: str) -> int:
    """Return the epoch milliseconds of an ISO 8601 time; the inverse of `iso`.

    Args:
        text: date and time with ``Z`` or an offset; surrounding blanks are ignored.

    Raises:
        ValueError: it is no ISO 8601 time, or it names no zone.
    """
    return to_ms(datetime.fromisoformat(text.strip()))


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Anchor:
    """At wall time `wall_ms` the product's clock showed `ms`; since then it runs at `speed`."""

    wall_ms: float
    ms: float
    speed: float

    def at(self, wall_ms: int) -> int:
        """Return the product's milliseconds at a wall time, kept inside the calendar."""
        value = self.ms + (wall_ms - self.wall_ms) * self.speed
        return math.floor(min(max(value, _FIRST_MS), _LAST_MS))


def _number(value: object) -> float:
    """Return a finite JSON number; integers stay exact.

    Raises:
        ValueError: it is something else; `true` is not a number here.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    if not math.isfinite(value):
        raise ValueError("not finite")
    return value


def _read_anchor(path: Path) -> _Anchor | None:
    """Return the anchor in the file, None if it is missing, half written or garbled."""
    try:
        data = json.loads(path.read_bytes())
        wall_ms, ms, speed = (
            _number(data[key]) for key in ("anchor_wall_ms", "anchor_ms", "speed")
        )
    # RecursionError: a file of many "[" is garbled like any other; OverflowError: an integer
    # too long for isfinite.
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None
    return _Anchor(wall_ms, ms, speed) if speed >= 0 else None


class FileClock:
    """Follows a clock written to a file, so that all processes on a demo home agree.

    The file holds JSON ``{"anchor_wall_ms", "anchor_ms", "speed"}``:
    now = anchor_ms + (wall_ms - anchor_wall_ms) * speed. It is looked at (one `stat`) on every
    call and read again only when it changed. A missing, half-written or garbled file (negative
    speed included) keeps the last good anchor; before there was any, it is the machine's time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int, int] | None = None
        self._anchor: _Anchor | None = None

    def now(self) -> datetime:
        """Return the time the file tells, in UTC."""
        self._refresh()
        wall_ms = time.time_ns() // 1_000_000
        return from_ms(wall_ms if self._anchor is None else self._anchor.at(wall_ms))

    def _refresh(self) -> None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - on every look at the clock: half the cost
        except OSError:
            return
        # The inode tells two replacements apart that fall into one tick of the file system
        # (4 ms here) and have the same size.
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        if stamp == self._stamp:
            return
        # The stamp is of before the reading: a change during it is seen at the next call.
        anchor = _read_anchor(self._path)
        self._stamp = stamp
        if anchor is not None:
            self._anchor = anchor


class FixedClock:
    """A clock that stands still until it is told otherwise, for tests and replays."""

    def __init__(self, start: datetime) -> None:
        self._now = as_utc(start)

    def now(self) -> datetime:
        """Return the time last set, in UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock; a negative step moves it back."""
        self._now += by

    def set(self, moment: datetime) -> None:
        """Put the clock to a moment.

        Raises:
            ValueError: the moment is naive.
        """
        self._now = as_utc(moment)
