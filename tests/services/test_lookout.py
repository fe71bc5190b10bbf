"""When Twilio is looked at: planned, after sleep, on demand; never more often than that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.services.list_rig import ListRig, looking
from tests.services.rig import Wall
from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.errors import TwilioProblem
from wa_console.services.listed import Source
from wa_console.services.lookout import Lookout


@dataclass
class Watch:
    rig: ListRig
    wall: Wall
    lookout: Lookout

    async def pass_time(self, seconds: float) -> Source | None:
        """Move the wall clock in ticks; returns what is due then."""
        whole, rest = divmod(seconds, 1)
        for tick in [1.0] * int(whole) + [rest]:
            self.wall.now += tick
            due = self.lookout.due()
            if due is not None:
                return due
        return None


def watch(rig: ListRig, wall: Wall, *, poll_s: float) -> Watch:
    lookout = Lookout(
        catch_up=rig.catch_up,
        poll_s=poll_s,
        last_webhook_at=lambda: rig.live.desk.receiver.health.last_webhook_at,
        wall=wall,
        chance=lambda: 0.5,
    )
    return Watch(rig, wall, lookout)


@pytest.fixture
async def list_rig(live: TwilioRig) -> AsyncIterator[ListRig]:
    async with looking(live) as made:
        made.deaf()
        yield made


async def test_catch_up_at_the_start_and_every_five_minutes(list_rig: ListRig, wall: Wall) -> None:
    made = watch(list_rig, wall, poll_s=0)
    assert made.lookout.due() is Source.CATCH_UP
    await made.lookout.step()
    assert await made.pass_time(299) is None
    assert await made.pass_time(1) is Source.CATCH_UP


async def test_polls_come_in_between(list_rig: ListRig, wall: Wall) -> None:
    made = watch(list_rig, wall, poll_s=10)
    await made.lookout.step()
    for _ in range(3):
        assert await made.pass_time(9) is None
        assert await made.pass_time(1) is Source.POLL
        await made.lookout.step()


@pytest.mark.parametrize("jump_s", [31.0, 8 * 3600.0, -3600.0])
async def test_a_jump_of_the_wall_clock_is_a_wake(
    list_rig: ListRig, wall: Wall, jump_s: float
) -> None:
    made = watch(list_rig, wall, poll_s=0)
    await made.lookout.step()
    assert await made.pass_time(5) is None
    wall.now += jump_s
    assert made.lookout.due() is Source.CATCH_UP
    await made.lookout.step()
    assert made.lookout.due() is None


async def test_a_failed_look_stays_due(list_rig: ListRig, wall: Wall) -> None:
    made = watch(list_rig, wall, poll_s=0)
    await list_rig.live.fault("error_500_before")
    with pytest.raises(TwilioProblem):
        await made.lookout.step()
    assert made.lookout.due() is Source.CATCH_UP


async def test_what_is_left_to_a_webhook_is_looked_for_soon(list_rig: ListRig, wall: Wall) -> None:
    made = watch(list_rig, wall, poll_s=0)
    await made.lookout.step()
    list_rig.hearing()
    await list_rig.live.told("webhooks come")
    list_rig.deaf()
    await list_rig.live.twilio.say(WHO, body="this one does not")
    await made.pass_time(300)
    await made.lookout.step()
    assert len((await list_rig.inbox())[f"whatsapp:{WHO}"]) == 1
    assert await made.pass_time(34) is None
    list_rig.live.twilio.clock.jump(35)
    assert await made.pass_time(1) is Source.CATCH_UP
    await made.lookout.step()
    await list_rig.project()
    assert len((await list_rig.inbox())[f"whatsapp:{WHO}"]) == 2


async def test_after_sleep_nothing_is_left_to_webhooks_until_one_has_come(
    list_rig: ListRig, wall: Wall
) -> None:
    made = watch(list_rig, wall, poll_s=0)
    await made.lookout.step()
    list_rig.hearing()
    await list_rig.live.told("before the lid is closed")
    list_rig.deaf()
    await list_rig.live.twilio.say(WHO, body="while asleep")
    made.lookout.look_now()
    await made.lookout.step()
    await list_rig.project()
    assert len((await list_rig.inbox())[f"whatsapp:{WHO}"]) == 2


async def test_a_look_that_is_asked_for_during_a_look_comes_behind_it(
    list_rig: ListRig, wall: Wall
) -> None:
    made = watch(list_rig, wall, poll_s=0)
    looking_now = asyncio.create_task(made.lookout.step())
    await list_rig.wire.asked.wait()
    made.lookout.look_now()
    await looking_now
    assert made.lookout.due() is Source.CATCH_UP
    await made.lookout.step()
    assert made.lookout.due() is None


async def test_an_empty_set_up_is_asked_after_again_soon(empty_watch: Watch) -> None:
    await empty_watch.lookout.step()
    assert await empty_watch.pass_time(1) is None
    assert await empty_watch.pass_time(1) is Source.CATCH_UP


@pytest.fixture
async def empty_watch(list_rig: ListRig, wall: Wall) -> Watch:
    from wa_console.domain.setup import Setup

    await list_rig.live.desk.store.write(lambda s: s.facts.save_setup(Setup()))
    return watch(list_rig, wall, poll_s=0)
