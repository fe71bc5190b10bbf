"""Keeps the wizard's tunnel open and looks at it from outside until the step is left.

The same care as services.doorway, before there is a set-up. It may not draw or keep anything: what
happens is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from wa_console.domain.errors import TwilioProblem, WaConsoleError
from wa_console.gateway.outside import Opened
from wa_console.gateway.port import Probed
from wa_console.services.doorway import WATCH_S

AGAIN_S: Final = 5.0
"""Seconds until a tunnel that ended is started again, or one not reached is looked at again."""


@dataclass(frozen=True, slots=True)
class TunnelNews:
    """How the tunnel does.

    Attributes:
        url: Its public URL, empty while there is none.
        reached: What the round trip found, None before it was made.
        problem: What went wrong, empty for nothing.
    """

    url: str = ""
    reached: Probed | None = None
    problem: str = ""


Told = Callable[[TunnelNews], None]


class TunnelKeeper:
    """One tunnel under supervision.

    Args:
        run: Runs it until it ends, and tells its URL.
        opened: Is told the URL before anybody else.
        probe: Makes the round trip through the URL.
        told: Is told the news.
        settle_s: Seconds from a new URL to the first round trip.
        again_s: Seconds until something is tried again.
    """

    def __init__(
        self,
        *,
        run: Callable[[Opened], Awaitable[None]],
        opened: Opened,
        probe: Callable[[], Awaitable[Probed]],
        told: Told,
        settle_s: float,
        again_s: float = AGAIN_S,
    ) -> None:
        self._run = run
        self._take = opened
        self._probe = probe
        self._told = told
        self._settle_s = settle_s
        self._again_s = again_s
        self._looking: asyncio.Task[None] | None = None

    async def keep(self) -> None:
        """Run it and start it again when it ends, until cancelled.

        Raises:
            SetupProblem: It cannot be opened here, and trying again is of no use.
        """
        while True:
            try:
                await self._run(self._opened)
            except TwilioProblem as problem:
                self._told(TunnelNews(problem=str(problem)))
            finally:
                await self._stop_looking()
            await asyncio.sleep(self._again_s)

    async def _opened(self, url: str) -> None:
        await self._stop_looking()
        self._looking = asyncio.create_task(self._look(url.rstrip("/")))

    async def _look(self, url: str) -> None:
        problem = ""
        try:
            await self._take(url)
        except WaConsoleError as refused:  # Twilio did not take it; the tunnel works all the same
            problem = str(refused)
        self._told(TunnelNews(url, problem=problem))
        await asyncio.sleep(self._settle_s)
        while True:
            reached = await self._probe()
            self._told(TunnelNews(url, reached, problem))
            await asyncio.sleep(WATCH_S if reached.ok else self._again_s)

    async def _stop_looking(self) -> None:
        looking, self._looking = self._looking, None
        if looking is not None:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
