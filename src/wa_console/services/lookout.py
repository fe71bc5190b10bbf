"""Decides when Twilio's list is looked at: planned, after sleep, and when somebody asks.

Catch-up comes at the start, every five minutes and when the wall clock has jumped: then the machine
slept, and what was posted meanwhile is lost (faults A4, H1). Polling comes in between, where no
webhook can reach us. How to look is services.catchup's duty.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from wa_console.services.bell import Bell
from wa_console.services.catchup import CatchUp, Found
from wa_console.services.listed import Source

CATCH_UP_S: Final = 300.0
"""Seconds between two catch-ups (faults A4)."""
JUMP_S: Final = 30.0
"""A wall clock that moves by more than this between two ticks: the machine slept (faults H1)."""
LEFT_S: Final = 35.0
"""When what was left to its webhook is looked for again: a little past the webhook's turn."""
NO_NUMBER_S: Final = 2.0
"""While nothing is set up: so soon is a set-up that was applied taken up (CONTRACT)."""
JITTER: Final = 0.1
"""Share of a pause that chance adds or takes: many consoles must not ask in step."""
_TICK_S: Final = 1.0


class Lookout:
    """Keeps watch. ``step`` is a loop's step: it returns after each look.

    Args:
        catch_up: Looks.
        poll_s: Seconds between two polls, 0 for none.
        last_webhook_at: Tells when the last genuine webhook came, None before the first.
        wall: Tells epoch seconds.
        chance: Gives numbers in [0, 1).
    """

    def __init__(
        self,
        *,
        catch_up: CatchUp,
        poll_s: float,
        last_webhook_at: Callable[[], datetime | None],
        wall: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._catch_up = catch_up
        self._poll_s = poll_s
        self._last_webhook_at = last_webhook_at
        self._wall = wall
        self._chance = chance
        self._bell = Bell()
        self._ticked = wall()
        self._catch_up_at = self._ticked
        self._poll_at = self._ticked
        self._deaf_until: datetime | None = None

    def look_now(self) -> None:
        """Catch up at once: we may have been unreachable. To be called on the loop's thread."""
        self._catch_up_at = self._wall()
        # Webhooks of before do not prove that they come now.
        self._deaf_until = self._last_webhook_at()
        self._bell.ring()

    async def step(self) -> None:
        """Wait until a look is due, and look.

        Raises:
            TwilioProblem: Twilio could not be asked; the look stays due, the caller backs off.
            StoreProblem: The store does not take writes.
        """
        heard = self._bell.rings
        while (source := self.due()) is None:
            await self._bell.wait(heard, timeout_s=_TICK_S)
            heard = self._bell.rings
        found = await self._catch_up.run(source, webhooks_come=self._webhooks_come())
        self._plan(source, found)
        if self._bell.rings != heard:
            # Asked for during the look, which may have been too early for what it is asked for.
            self._catch_up_at = self._wall()

    def due(self) -> Source | None:
        """Return what is due now, None for nothing; notices a jump of the wall clock."""
        now = self._wall()
        if abs(now - self._ticked) > JUMP_S:
            self.look_now()
        self._ticked = now
        if now >= self._catch_up_at:
            return Source.CATCH_UP
        if self._poll_s and now >= self._poll_at:
            return Source.POLL
        return None

    def _plan(self, source: Source, found: Found) -> None:
        # A look that took long is no sleep.
        now = self._ticked = self._wall()
        swing = 1 + JITTER * (2 * self._chance() - 1)
        self._poll_at = now + self._poll_s * swing
        if source is Source.CATCH_UP:
            self._catch_up_at = now + CATCH_UP_S * swing
        if found.left and not self._poll_s:
            self._catch_up_at = min(self._catch_up_at, now + LEFT_S)
        if not found.numbers:
            self._poll_at = self._catch_up_at = now + NO_NUMBER_S

    def _webhooks_come(self) -> bool:
        """Whether a webhook has come since we last had reason to doubt it."""
        last = self._last_webhook_at()
        return last is not None and last != self._deaf_until
