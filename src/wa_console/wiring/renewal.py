"""Lets a running engine take up credentials that were saved while it runs (wiring.rotation).

It looks for the news only; where credentials are is credentials' business, and what is done with
them the caller's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from wa_console.credentials import Credentials
from wa_console.services import facts
from wa_console.store.port import Session, Store

_LOOK_S = 2.0


class Renewal:
    """An errand of the engine: looks every two seconds whether something was saved.

    Args:
        store: Where that is told (facts.CREDENTIALS_TURN).
        find: Looks the credentials up; may take seconds, so it runs in a thread.
        take: Is given them when they are complete.
    """

    def __init__(
        self, *, store: Store, find: Callable[[], Credentials], take: Callable[[Credentials], None]
    ) -> None:
        self._store = store
        self._find = find
        self._take = take
        self._seen: int | None = None

    async def step(self) -> None:
        """Look once, then wait.

        Raises:
            SetupProblem: The credentials cannot be read; the engine goes on with those it has.
        """
        turn = await self._store.read(_turn)
        if self._seen is not None and turn != self._seen:
            found = await asyncio.to_thread(self._find)
            if found.can_call and found.can_verify:
                self._take(found)
        self._seen = turn
        await asyncio.sleep(_LOOK_S)


async def _turn(session: Session) -> int:
    return await session.facts.number(facts.CREDENTIALS_TURN) or 0
