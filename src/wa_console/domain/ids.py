"""Makes our own ids: 26 lowercase characters that sort in the order they were made.

The form is that of a ULID, 48 bits of milliseconds and 80 of chance in Crockford's base 32. An id
is a name, not a secret. This module may not look at a clock: the caller says what time it is.
"""

from __future__ import annotations

import re
import secrets
import threading
from datetime import datetime
from typing import Final

from wa_console.domain.clock import to_ms

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 26
_RANDOM_BITS: Final = 80
# Within one millisecond the next id is a random step up, not one up: two processes that were
# forked from the same state do not then make the same id.
_STEP_BITS: Final = 40
_SHAPE: Final = re.compile(f"[0-7][{_ALPHABET}]{{{_LENGTH - 1}}}")


class _Source:
    """Hands out growing numbers, whatever the clock does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, ms: int) -> int:
        """Return a number of 128 bits above all before it; `ms` leads if it is the latest."""
        fresh = (max(ms, 0) << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
        with self._lock:
            if fresh >> _RANDOM_BITS <= self._last >> _RANDOM_BITS:
                fresh = self._last + 1 + secrets.randbits(_STEP_BITS)
            self._last = fresh
        return fresh


_SOURCE: Final = _Source()


def new_id(now: datetime) -> str:
    """Return a new id that sorts after every id this process made before.

    That holds for equal times and for a clock that goes back, too; ids of different processes
    sort by their milliseconds. Safe to call from any thread.

    Args:
        now: the product's time; a moment before 1970 counts as 1970.

    Raises:
        ValueError: the datetime is naive.
    """
    number = _SOURCE.next(to_ms(now))
    shifts = range(5 * (_LENGTH - 1), -1, -5)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in shifts)


def is_id(text: str) -> bool:
    """Whether the text has the shape of an id of ours; it need not exist."""
    return _SHAPE.fullmatch(text) is not None
