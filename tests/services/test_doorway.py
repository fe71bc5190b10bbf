"""A tunnel at work: everybody who needs its URL is told, and told again when it changes."""

from __future__ import annotations

import asyncio

import pytest

from tests.services.twilio_rig import TwilioRig
from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import TwilioProblem
from wa_console.gateway.outside import Opened
from wa_console.services.doorway import Doorway
from wa_console.services.health import HealthService
from wa_console.services.reach import Reach, ReachReport


class Gate:
    """A tunnel that a test opens, moves and breaks."""

    def __init__(self, *urls: str) -> None:
        self._urls = urls
        self.open = asyncio.Event()
        self.broken = asyncio.Event()

    async def run(self, port: int, opened: Opened) -> None:
        assert port == 4711
        for url in self._urls:
            await opened(url)
        self.open.set()
        await self.broken.wait()
        raise TwilioProblem("the tunnel fell in")


class House:
    """A doorway with all that hangs on it."""

    def __init__(self, live: TwilioRig, gate: Gate, *, sets_webhook: bool = False) -> None:
        self.moves: list[str | None] = []
        self.looks = 0
        self.reach = Reach.REACHED
        self.live = live
        self.doorway = Doorway(
            store=live.desk.store,
            clock=live.desk.clock,
            tunnel=gate,
            port=4711,
            moved=self.moves.append,
            look_now=self._look_now,
            reach=self._reach,
            gateway=live.gateway if sets_webhook else None,
            settle_s=0.0,
        )

    def _look_now(self) -> None:
        self.looks += 1

    async def _reach(self, _url: str) -> ReachReport:
        return ReachReport(self.reach, "said so")

    async def url_on_screen(self) -> str:
        health = HealthService(store=self.live.desk.store, clock=self.live.desk.clock)
        return (await health.report()).tunnel_url


async def test_the_url_is_told_while_there_is_one(live: TwilioRig) -> None:
    gate = Gate("https://one.example/", "https://two.example")
    house = House(live, gate)
    keeping = asyncio.create_task(house.doorway.keep())
    await gate.open.wait()
    assert house.moves == ["https://one.example", "https://two.example"]
    assert house.looks == 2
    assert await house.url_on_screen() == "https://two.example"
    gate.broken.set()
    with pytest.raises(TwilioProblem, match="fell in"):
        await keeping
    assert house.moves[-1] is None
    assert await house.url_on_screen() == ""
    told = [c for c in await live.desk.changes() if c.kind is ChangeKind.HEALTH_UPDATED]
    assert len(told) == 3


async def test_a_tunnel_that_leads_nowhere_is_trouble_until_it_leads_here(live: TwilioRig) -> None:
    gate = Gate("https://one.example")
    house = House(live, gate)
    keeping = asyncio.create_task(house.doorway.keep())
    await gate.open.wait()
    await house.doorway.look()
    assert house.looks == 1
    house.reach = Reach.NOT_REACHED
    with pytest.raises(TwilioProblem, match="said so"):
        await house.doorway.look()
    house.reach = Reach.REACHED
    await house.doorway.look()
    assert house.looks == 2
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


@pytest.mark.parametrize("asked", [True, False])
async def test_twilios_webhooks_follow_the_tunnel_only_if_asked(
    live: TwilioRig, asked: bool
) -> None:
    gate = Gate("https://one.example")
    house = House(live, gate, sets_webhook=asked)
    before = (await live.gateway.senders())[0]
    keeping = asyncio.create_task(house.doorway.keep())
    await gate.open.wait()
    await house.doorway.look()
    after = (await live.gateway.senders())[0]
    if asked:
        assert after.callback_url == "https://one.example/twilio/inbound"
        assert after.status_callback_url == "https://one.example/twilio/status"
    else:
        assert after == before
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
