"""How fast the sender goes: requests at once, leases, back-off. All in wall-clock seconds.

Pacing follows the machine's clock, never the product's, which a demo may run fast.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

LOOKS_S: tuple[float, ...] = (10.0, 60.0, 300.0)
"""When Twilio is asked about an unknown outcome, counted from the attempt (faults 3.5)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The sender's pace.

    Attributes:
        in_flight: Creates at once at most (faults D5).
        lease_s: How long a claimed row is ours before another engine may take it (faults D4).
        first_s: First pause after a 429 or a request that never left; doubled each time.
        longest_s: Longest such pause.
        jitter: Share of a pause that chance may take off.
        sandbox_gap_s: Pause between two messages from a sandbox number (FACTS 12).
        grace_s: How long a POST under way may still take when the engine is told to end.
        wall: Tells epoch seconds.
        chance: Gives numbers in [0, 1).
    """

    in_flight: int = 2
    lease_s: float = 60.0
    first_s: float = 0.5
    longest_s: float = 30.0
    jitter: float = 0.25
    sandbox_gap_s: float = 3.0
    grace_s: float = 2.0
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random

    def now_ms(self) -> int:
        """Return wall-clock time in epoch milliseconds."""
        return int(self.wall() * 1000)

    def after_ms(self, seconds: float) -> int:
        """Return the wall-clock moment ``seconds`` from now in epoch milliseconds."""
        return self.now_ms() + int(seconds * 1000)

    def pause_s(self, attempt: int) -> float:
        """Return how long to wait after the ``attempt``-th try (1 is the first)."""
        # The exponent is capped: 2**5000 is no float, and a long outage gets there.
        longest = min(self.longest_s, self.first_s * 2.0 ** min(attempt - 1, 30))
        return longest * (1 - self.jitter * self.chance())
