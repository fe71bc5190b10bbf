"""Sending on the worst of days: crashes, lost answers, throttling; nothing twice, nothing lost.

The figure of faults.md section 3, in one process: the sender is cut at random points and starts
again, Twilio answers with every kind of fault, no receipt ever comes.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest

from tests.services.twilio_rig import TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import TwilioProblem
from wa_console.services.pace import Pace
from wa_console.store.port import OutboxState

FAULTS = ("error_500_after", "drop_after", "error_500_before", "drop_before", "status_429")
CUSTOMERS, TEXTS = 5, 6


async def queue_everything(live: TwilioRig) -> dict[str, str]:
    """Queue replies to some customers; each has "ok" twice. Returns id to unique text or "ok"."""
    queued = {}
    for number in range(CUSTOMERS):
        conversation = await live.told(who=f"+453122{number:04d}")
        for n in range(TEXTS):
            text = "ok" if n in (1, 2) else f"{number}/{n}"
            message = await live.desk.outbox.queue_reply(conversation.id, text, author="anna")
            queued[message.id] = text
    return queued


async def one_life(live: TwilioRig, dice: random.Random) -> None:
    """An engine starts, works a little, and is cut off in the middle of it."""
    sender = live.another_sender(pace=Pace(wall=live.wall, grace_s=0.0))
    await sender.recover()
    if dice.random() < 0.6:
        await live.fault(dice.choice(FAULTS))
    working = asyncio.create_task(sender.run_once())
    if dice.random() < 0.4:
        await asyncio.wait({working}, timeout=dice.random() * 0.03)
        working.cancel()
    await asyncio.wait({working})
    live.wall.now += dice.choice((1, 5, 60))
    try:
        await live.reconciler.run_once()
    except TwilioProblem:
        live.wall.now += 1


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_twice_and_nothing_lost(live: TwilioRig, seed: int) -> None:
    dice = random.Random(seed)
    queued = await queue_everything(live)
    await live.fault("lost_callback", times=10_000)
    lives = 0
    while await live.desk.store.read(lambda s: s.outbox.waiting()):
        await one_life(live, dice)
        lives += 1
        assert lives < 2_000, "it never ends"
    sent = Counter((entry["to"], entry["body"]) for entry in await live.truth())
    known: Counter[tuple[str, str]] = Counter()
    for message_id, text in queued.items():
        message = await live.desk.message(message_id)
        row = await live.desk.row(message_id)
        assert row.state is OutboxState.DONE
        if message.sid is not None:
            known[(row.to, text)] += 1
        else:
            # Twice in a row nothing came of it: a person decides, and it was never sent.
            assert message.status is DeliveryStatus.UNKNOWN
    assert sent == known
    assert sum(known.values()) >= len(queued) - 4
