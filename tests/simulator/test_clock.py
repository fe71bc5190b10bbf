"""The simulated clock and the file it is published in."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from wa_console.simulator.clock import SimClock

START = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(("speed", "passed_s"), [(1.0, 10), (60.0, 600), (0.0, 0), (0.5, 5)])
def test_speed(speed: float, passed_s: float) -> None:
    with time_machine.travel(START, tick=False) as wall:
        clock = SimClock(speed=speed)
        wall.shift(10)
        assert clock.now() == START + timedelta(seconds=passed_s)


def test_change_of_speed_does_not_move_the_time() -> None:
    with time_machine.travel(START, tick=False) as wall:
        clock = SimClock(speed=100)
        wall.shift(3)
        before = clock.now()
        clock.set(speed=2)
        assert clock.now() == before
        wall.shift(1)
        assert clock.now() == before + timedelta(seconds=2)


def test_set_and_jump_both_ways() -> None:
    with time_machine.travel(START, tick=False):
        clock = SimClock()
        clock.set(now=START - timedelta(days=3))
        clock.jump(3600.5)
        assert clock.now() == START - timedelta(days=3) + timedelta(seconds=3600.5)
        clock.jump(-7200)
        assert clock.now() < START - timedelta(days=3)


def test_refusals_change_nothing() -> None:
    with time_machine.travel(START, tick=False):
        clock = SimClock()
        for wrong in (-1.0, float("inf"), float("nan")):
            with pytest.raises(ValueError):
                clock.set(now=START + timedelta(days=1), speed=wrong)
        with pytest.raises(ValueError):
            clock.set(now=datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose
        assert (clock.now(), clock.speed) == (START, 1.0)


def test_file_tells_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    with time_machine.travel(START, tick=False) as wall:
        clock = SimClock(speed=10, file=path)
        first = json.loads(path.read_text())
        assert set(first) == {"anchor_wall_ms", "anchor_ms", "speed"}
        wall.shift(7)
        clock.jump(86_400)
        wall.shift(5)
        seen = json.loads(path.read_text())
        wall_ms = (START + timedelta(seconds=12)).timestamp() * 1000
        now_ms = seen["anchor_ms"] + (wall_ms - seen["anchor_wall_ms"]) * seen["speed"]
        assert datetime.fromtimestamp(now_ms / 1000, UTC) == clock.now()
    assert [p.name for p in tmp_path.iterdir()] == ["clock.json"]


async def test_sleeper_wakes_when_a_stopped_clock_is_moved() -> None:
    clock = SimClock(speed=0)
    until = clock.now() + timedelta(hours=1)
    sleeper = asyncio.create_task(clock.sleep_until(until))
    await asyncio.sleep(0)
    clock.jump(3599)
    await asyncio.sleep(0)
    assert not sleeper.done()
    clock.jump(1)
    await asyncio.wait_for(sleeper, 1)


async def test_sleeper_notices_a_faster_clock() -> None:
    clock = SimClock(speed=1)
    sleeper = asyncio.create_task(clock.sleep_until(clock.now() + timedelta(hours=1)))
    await asyncio.sleep(0)
    clock.set(speed=1e9)
    await asyncio.wait_for(sleeper, 1)
