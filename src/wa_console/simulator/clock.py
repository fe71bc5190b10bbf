"""The simulated clock: real time that may run faster, stand still or jump.

Duty: tell the time of the simulated world and publish each change to a small file, so that other
processes see the same time. It may not know anything about messages.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SimClock:
    """A clock with an anchor and a speed: ``now = anchor + (wall - wall at anchor) * speed``.

    Args:
        speed: Simulated seconds in a wall second; 0 stands still. Not negative.
        file: Where each change is published as ``{"anchor_wall_ms", "anchor_ms", "speed"}``;
            replaced atomically, so that a reader never sees half a file. None: nowhere.

    Raises:
        ValueError: If ``speed`` is negative.
    """

    def __init__(self, *, speed: float = 1.0, file: Path | None = None) -> None:
        self._file = file
        self._changed = asyncio.Event()
        wall_ms = _wall_ms()
        self._anchor_wall_ms = wall_ms
        self._anchor_ms = wall_ms
        self._speed = _checked(speed)
        self._publish()

    @property
    def speed(self) -> float:
        """Simulated seconds that pass in one wall second."""
        return self._speed

    def now(self) -> datetime:
        """The simulated time, aware, in UTC."""
        return _EPOCH + timedelta(milliseconds=self._now_ms())

    def set(self, *, now: datetime | None = None, speed: float | None = None) -> None:
        """Sets the time, the speed, or both; what is left out goes on as it is.

        Args:
            now: The new time, aware; earlier than the present one is allowed (history is
                played back that way).
            speed: The new speed, not negative.

        Raises:
            ValueError: If ``now`` is naive or ``speed`` negative; nothing is changed then.
        """
        if now is not None and now.tzinfo is None:
            raise ValueError("the clock needs a time with a zone")
        new_speed = self._speed if speed is None else _checked(speed)
        anchor_ms = self._now_ms() if now is None else (now - _EPOCH) / timedelta(milliseconds=1)
        self._anchor_ms = round(anchor_ms)
        self._anchor_wall_ms = _wall_ms()
        self._speed = new_speed
        self._publish()

    def jump(self, seconds: float) -> None:
        """Moves the time by ``seconds``, which may be negative; the speed stays."""
        self.set(now=self.now() + timedelta(seconds=seconds))

    async def sleep_until(self, when: datetime) -> None:
        """Returns once the simulated time has reached ``when``, however the clock is moved."""
        while (left := (when - self.now()).total_seconds()) > 0:
            changed = self._changed
            # A stopped clock never gets there by itself: wait for somebody to move it.
            limit = left / self._speed if self._speed > 0 else None
            try:
                await asyncio.wait_for(changed.wait(), limit)
            except TimeoutError:
                continue

    def _now_ms(self) -> float:
        return self._anchor_ms + (time.time() * 1000 - self._anchor_wall_ms) * self._speed

    def _publish(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        if self._file is None:
            return
        text = json.dumps(
            {
                "anchor_wall_ms": self._anchor_wall_ms,
                "anchor_ms": self._anchor_ms,
                "speed": self._speed,
            }
        )
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(self._file)


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000


def _checked(speed: float) -> float:
    if not 0 <= speed < float("inf"):
        raise ValueError("the speed of the clock is a number from 0 up")
    return float(speed)
