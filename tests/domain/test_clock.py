"""The product's clock: conversions are exact, the file clock survives a bad file."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.clock import (
    Clock,
    FileClock,
    FixedClock,
    SystemClock,
    as_utc,
    from_ms,
    iso,
    parse_iso,
    to_ms,
)

WALL = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAIVE = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - what must be refused
MOMENTS = st.datetimes(timezones=st.just(UTC))
CALENDAR_MS = st.integers(
    to_ms(datetime.min.replace(tzinfo=UTC)), to_ms(datetime.max.replace(tzinfo=UTC))
)


def anchor(path: Path, *, wall: datetime = WALL, ms: object, speed: object = 1) -> None:
    path.write_text(json.dumps({"anchor_wall_ms": to_ms(wall), "anchor_ms": ms, "speed": speed}))


@given(CALENDAR_MS)
def test_milliseconds_survive_both_ways(ms: int) -> None:
    assert to_ms(from_ms(ms)) == ms
    assert parse_iso(iso(ms)) == ms


@given(MOMENTS)
def test_a_moment_loses_less_than_a_millisecond(moment: datetime) -> None:
    assert timedelta(0) <= moment - from_ms(to_ms(moment)) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_795_435_200_000, "2026-11-23T12:00:00.000Z"),
    ],
)
def test_iso_is_utc_with_milliseconds_and_z(ms: int, text: str) -> None:
    assert iso(ms) == text


@pytest.mark.parametrize(
    "text",
    ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00+01:00", " 2026-11-23 07:00:00.000-05:00 "],
)
def test_iso_of_any_zone_is_understood(text: str) -> None:
    assert parse_iso(text) == to_ms(WALL)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-23", "2026-11-23T12:00:00"])
def test_iso_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_iso(text)


def test_naive_times_are_refused_everywhere() -> None:
    clock = FixedClock(WALL)
    for call in (to_ms, as_utc, FixedClock, clock.set):
        with pytest.raises(ValueError, match="without a zone"):
            call(NAIVE)
    assert clock.now() == WALL


def test_times_outside_the_calendar_are_refused() -> None:
    with pytest.raises(ValueError):
        from_ms(10**18)
    with pytest.raises(ValueError):
        as_utc(datetime.min.replace(tzinfo=timezone(timedelta(hours=1))))


@time_machine.travel(WALL, tick=False)
def test_system_clock_is_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now() == WALL
    assert clock.now().tzinfo is UTC


def test_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(WALL.astimezone(timezone(timedelta(hours=5))))
    assert clock.now() == WALL
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(hours=1))
    clock.advance(timedelta(minutes=-30))
    assert clock.now() == WALL + timedelta(minutes=30)
    clock.set(WALL)
    assert clock.now() == WALL


@pytest.mark.parametrize("speed", [0, 0.5, 1, 60])
def test_file_clock_runs_at_its_speed(tmp_path: Path, speed: float) -> None:
    path = tmp_path / "clock.json"
    start = datetime(2030, 1, 1, tzinfo=UTC)
    anchor(path, ms=to_ms(start), speed=speed)
    clock = FileClock(path)
    with time_machine.travel(WALL, tick=False) as wall:
        assert clock.now() == start
        wall.shift(timedelta(minutes=2))
        assert clock.now() == start + timedelta(minutes=2) * speed


@time_machine.travel(WALL, tick=False)
def test_file_clock_follows_a_new_anchor(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    clock = FileClock(path)
    assert clock.now() == WALL
    anchor(path, ms=1_000_000)
    assert to_ms(clock.now()) == 1_000_000
    fresh = tmp_path / "fresh.json"
    anchor(fresh, ms=2_000_000)
    before = path.stat()
    os.utime(fresh, ns=(before.st_mtime_ns, before.st_mtime_ns))
    fresh.replace(path)  # same size, same mtime: two replacements within one tick
    assert to_ms(clock.now()) == 2_000_000


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        '{"anchor_wall_ms": 1',
        "[]",
        "null",
        "[" * 100_000,
        '{"anchor_wall_ms": 1, "anchor_ms": 1}',
        '{"anchor_wall_ms": 1, "anchor_ms": 1, "speed": "fast"}',
        '{"anchor_wall_ms": 1, "anchor_ms": true, "speed": 1}',
        '{"anchor_wall_ms": 1, "anchor_ms": 1, "speed": NaN}',
        '{"anchor_wall_ms": 1, "anchor_ms": 1, "speed": -1}',
        '{"anchor_wall_ms": 1, "anchor_ms": ' + "9" * 400 + ', "speed": 1}',
        '{"anchor_wall_ms": 1, "anchor_ms": ' + "9" * 5_000 + ', "speed": 1}',
        "\udcff\udcfe",
    ],
)
@time_machine.travel(WALL, tick=False)
def test_file_clock_keeps_the_last_good_anchor(tmp_path: Path, content: str) -> None:
    path = tmp_path / "clock.json"
    path.write_bytes(content.encode(errors="surrogateescape"))
    clock = FileClock(path)
    assert clock.now() == WALL  # never saw a good one: the machine's time
    anchor(path, ms=5_000_000)
    assert to_ms(clock.now()) == 5_000_000
    path.write_bytes(content.encode(errors="surrogateescape"))
    assert to_ms(clock.now()) == 5_000_000
    path.unlink()
    assert to_ms(clock.now()) == 5_000_000
    anchor(path, ms=6_000_000)
    assert to_ms(clock.now()) == 6_000_000


@time_machine.travel(WALL, tick=False)
def test_file_clock_reads_an_unchanged_file_once(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    anchor(path, ms=1_000_000)
    clock = FileClock(path)
    assert to_ms(clock.now()) == 1_000_000
    seen = path.stat()
    anchor(path, ms=2_000_000)
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # nothing tells it from the first
    assert to_ms(clock.now()) == 1_000_000


@time_machine.travel(WALL, tick=False)
def test_file_clock_stays_inside_the_calendar(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    anchor(path, wall=WALL - timedelta(days=1), ms=0, speed=1e300)
    assert FileClock(path).now().year == 9999
    anchor(path, wall=WALL + timedelta(days=1), ms=0, speed=1e300)
    assert FileClock(path).now().year == 1
