"""When the projector stands back for webhooks. Time is counted in pauses; nothing really waits."""

from __future__ import annotations

from collections.abc import Iterable

from wa_console.services.bell import Bell
from wa_console.services.give_way import GATHER_S, HOLD_S, LOOK_S, RUSH, GiveWay

BATCH = 32


class Street:
    """Arrivals: some during a batch, then so many in each pause."""

    def __init__(self, during_pauses: Iterable[int] = ()) -> None:
        self.arrived = Bell()
        self.pauses: list[float] = []
        self._coming = iter(during_pauses)
        self.way = GiveWay(self.arrived, batch=BATCH, pause=self._pause)

    def come(self, count: int) -> None:
        for _one in range(count):
            self.arrived.ring()

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.come(next(self._coming, 0))


async def test_a_quiet_day_waits_for_nobody() -> None:
    street = Street()
    street.come(1)
    await street.way.after(1)
    await street.way.after(BATCH)  # a backlog from before, nobody comes
    assert street.pauses == []


async def test_while_it_keeps_up_it_goes_on() -> None:
    street = Street()
    street.come(RUSH * BATCH - 1)
    await street.way.after(BATCH)
    street.come(RUSH * BATCH)
    await street.way.after(BATCH - 1)  # no full batch: it has caught up
    assert street.pauses == []


async def test_in_a_rush_it_stands_back_but_never_for_good() -> None:
    street = Street([BATCH] * 100)
    street.come(RUSH * BATCH)
    await street.way.after(BATCH)
    assert sum(street.pauses) <= HOLD_S + LOOK_S
    assert len(street.pauses) > 1
    before = len(street.pauses)
    await street.way.after(BATCH)  # what came while it stood back is no new rush
    assert len(street.pauses) == before


async def test_it_goes_on_when_the_rush_is_over() -> None:
    street = Street([BATCH, BATCH, 3])
    street.come(RUSH * BATCH)
    await street.way.after(BATCH)
    assert street.pauses == [LOOK_S] * 3


async def test_what_comes_together_is_gathered_for_a_moment() -> None:
    street = Street()
    await street.way.gather()
    assert street.pauses == [GATHER_S]
