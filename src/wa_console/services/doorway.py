"""Keeps a way in from the internet open and tells everybody who needs its URL.

A quick tunnel has another URL each time: signatures, status callbacks and (if asked) the senders'
webhooks at Twilio follow it. While there is none, catch-up and polling do the work (faults H4).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.errors import TwilioProblem
from wa_console.gateway.outside import Tunnel
from wa_console.gateway.port import Gateway
from wa_console.services import facts
from wa_console.services.reach import ReachReport
from wa_console.store.port import Session, Store

WATCH_S: Final = 60.0
"""Seconds between two looks from outside (faults H4)."""
_UNTIL_OPEN_S: Final = 1.0
SETTLE_S: Final = 10.0
"""A new name asked for before it is known everywhere stays unknown here for minutes (DNS)."""

Moved = Callable[[str | None], None]
"""Is told the public URL, None while there is none."""


class Doorway:
    """A tunnel at work.

    Args:
        store: Keeps the URL, for screens and the doctor.
        clock: The product's clock.
        tunnel: What makes us reachable.
        port: Where the listener listens.
        moved: Sets everything in this process that depends on the URL.
        look_now: Called when we can be reached again: something may have been missed.
        reach: Checks a URL by a round trip.
        gateway: Twilio, if its webhook settings are to follow the URL; None: they are not.
        settle_s: Seconds from a new URL to the first look at it.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        tunnel: Tunnel,
        port: int,
        moved: Moved,
        look_now: Callable[[], None],
        reach: Callable[[str], Awaitable[ReachReport]],
        gateway: Gateway | None = None,
        settle_s: float = SETTLE_S,
    ) -> None:
        self._store = store
        self._clock = clock
        self._tunnel = tunnel
        self._port = port
        self._moved = moved
        self._look_now = look_now
        self._reach = reach
        self._gateway = gateway
        self._settle_s = settle_s
        self._url = ""
        self._told_url = ""
        self._settled_url = ""
        self._was_reached = True

    async def keep(self) -> None:
        """Run the tunnel until it ends: a loop's step.

        Raises:
            SetupProblem: Its program or library is not there.
            TwilioProblem: It did not open, or it ended; the caller starts it again.
        """
        try:
            await self._tunnel.run(self._port, self._opened)
        finally:
            self._url = ""
            self._moved(None)
            await self._keep_url("")

    async def watch(self) -> None:
        """Look from outside, then pause: a loop's step.

        Raises:
            TwilioProblem: Webhooks do not reach us at present.
        """
        await self.look()
        await asyncio.sleep(WATCH_S if self._url else _UNTIL_OPEN_S)

    async def look(self) -> None:
        """Point Twilio's webhooks at the tunnel if asked, then look at it from outside.

        Raises:
            TwilioProblem: Twilio did not take the URL, or it does not lead here.
        """
        url = self._url
        if not url:
            return
        await self._point_webhooks(url)
        if url != self._settled_url:
            await asyncio.sleep(self._settle_s)
            self._settled_url = url
        report = await self._reach(url)
        was_reached, self._was_reached = self._was_reached, report.ok
        if not report.ok:
            raise TwilioProblem(report.sentence)
        if not was_reached:
            self._look_now()

    async def _opened(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._moved(self._url)
        await self._keep_url(self._url)
        self._look_now()

    async def _keep_url(self, url: str) -> None:
        now = self._clock.now()

        async def work(session: Session) -> None:
            if await session.facts.text(facts.TUNNEL_URL) != url:
                await session.facts.set_text(facts.TUNNEL_URL, url)
                await session.changes.add(ChangeKind.HEALTH_UPDATED, now)

        await self._store.write(work)

    async def _point_webhooks(self, url: str) -> None:
        """Set the webhooks of our senders, once for each URL. The sandbox has no such setting."""
        if self._gateway is None or url == self._told_url:
            return
        setup = await self._store.read(lambda session: session.facts.setup())
        ours = {number.address for number in setup.numbers if not number.sandbox}
        for sender in await self._gateway.senders():
            if sender.address.rpartition(":")[2] in ours:
                await self._gateway.set_webhooks(
                    sender.sid,
                    inbound_url=f"{url}/twilio/inbound",
                    status_url=f"{url}/twilio/status",
                )
        self._told_url = url
