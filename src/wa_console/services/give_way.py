"""Lets the projector stand back while webhooks come faster than it can ever follow.

Twilio waits for an answer and gives up; a screen can wait half a second. Both work on the same
loop and the same cores, and to project a message costs ten times what it costs to journal it. It
only decides when; what is projected and in which order is the projector's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from wa_console.services.bell import Bell

GATHER_S: Final = 0.005
"""After a first arrival: what came at the same moment shares its transaction."""
LOOK_S: Final = 0.05
HOLD_S: Final = 0.5
"""In a rush a batch is projected twice a second at least, so that screens move on."""
RUSH: Final = 2
"""So many times more arrivals than were projected meanwhile: there is no keeping up."""


class GiveWay:
    """Watches the arrivals for the projector.

    Args:
        arrived: Rings with every new webhook.
        batch: Rows of a full batch; with a smaller one the projector has caught up.
        pause: Waits for so many seconds.
    """

    def __init__(
        self,
        arrived: Bell,
        *,
        batch: int,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._arrived = arrived
        self._batch = batch
        self._pause = pause
        self._rings = arrived.rings

    async def gather(self) -> None:
        """Wait a moment for what comes together with a first arrival."""
        await self._pause(GATHER_S)

    async def after(self, count: int) -> None:
        """Stand back after a batch of ``count`` rows, if so many came meanwhile; at most 0.5 s.

        Ends as soon as fewer than half a batch come within a look: the rush is over.
        """
        came = self._arrived.rings - self._rings
        if count >= self._batch and came >= RUSH * count:
            for _look in range(round(HOLD_S / LOOK_S)):
                rings = self._arrived.rings
                await self._pause(LOOK_S)
                if self._arrived.rings - rings < self._batch // 2:
                    break
        self._rings = self._arrived.rings
