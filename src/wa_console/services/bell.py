"""Wakes loops of one process. A bell carries no data: whoever hears it reads the store."""

from __future__ import annotations

import asyncio


class Bell:
    """Counts rings, so that one which comes between looking and waiting is not missed.

    ::

        heard = bell.rings
        ... look for work, find none ...
        await bell.wait(heard, timeout_s=5)     # returns at once if it rang meanwhile
    """

    def __init__(self) -> None:
        self.rings = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everybody who waits. To be called on the loop's thread."""
        self.rings += 1
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self, heard: int, *, timeout_s: float) -> bool:
        """Wait for a ring after the ``heard``-th.

        Returns:
            True when it rang, False when ``timeout_s`` seconds passed first.
        """
        if self.rings != heard:
            return True
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait({waiter}, timeout=timeout_s)
        finally:
            self._waiters.discard(waiter)
        return self.rings != heard
