"""Writes the engine's health into the store, at most once a second and only what has changed.

Reading it again is services.health's duty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock, to_ms
from wa_console.domain.errors import StoreProblem
from wa_console.services import facts
from wa_console.services.journal import Receiver, ReceiverHealth
from wa_console.store.port import Session, Store

_ALIVE_EVERY_MS = 5_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What the store knows already."""

    health: ReceiverHealth = field(default_factory=ReceiverHealth)
    trouble: str | None = None
    alive_ms: int = 0


class VitalSigns:
    """The engine's way of telling how it does."""

    def __init__(
        self, *, store: Store, clock: Clock, receiver: Receiver, wall: Callable[[], float]
    ) -> None:
        self._store = store
        self._clock = clock
        self._receiver = receiver
        self._wall = wall
        self._told = _Told()

    async def tell(self, troubles: Mapping[str, str]) -> None:
        """Write what changed since the last time.

        A rejection or a trouble is told to the feed as well: a person must see it within two
        seconds (faults B2).

        Raises:
            StoreProblem: The store does not take it; it is tried again with the next call.
        """
        told = _Told(
            health=self._receiver.health,
            trouble="; ".join(dict.fromkeys(troubles.values())),
            alive_ms=int(self._wall() * 1000),
        )
        before = self._told
        same = (told.health, told.trouble) == (before.health, before.trouble)
        if same and told.alive_ms - before.alive_ms < _ALIVE_EVERY_MS:
            return
        await self._store.write(lambda session: self._write(session, before, told))
        self._told = told

    async def end(self) -> None:
        """Say that the engine has ended in order."""
        try:
            await self._store.write(lambda s: s.facts.set_number(facts.ENGINE_ALIVE_MS, 0))
        except StoreProblem:
            return  # readers see it by the time of the last sign of life

    async def _write(self, session: Session, before: _Told, told: _Told) -> None:
        await session.facts.set_number(facts.ENGINE_ALIVE_MS, told.alive_ms)
        health = told.health
        if health.last_webhook_at is not None:
            await session.facts.set_number(facts.LAST_WEBHOOK_MS, to_ms(health.last_webhook_at))
        new_rejections = health.rejected - before.health.rejected
        if new_rejections:
            total = await session.facts.number(facts.REJECTED) or 0
            await session.facts.set_number(facts.REJECTED, total + new_rejections)
            await session.facts.set_text(facts.LAST_REJECTION, health.last_rejection)
        if told.trouble != before.trouble:
            await session.facts.set_text(facts.ENGINE_TROUBLE, told.trouble or "")
        if new_rejections or told.trouble != before.trouble:
            await session.changes.add(ChangeKind.HEALTH_UPDATED, self._clock.now())
