"""Plays a scenario's past through the real parts: signed webhooks in, the outbox out.

The simulated clock is set to each event's time before it happens, so that windows, receipts and
day lines arise as they would have. Nothing is written into the store behind the engine's back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from wa_console.domain.address import parse_typed
from wa_console.domain.presence import Presence
from wa_console.domain.setup import (
    Account,
    Number,
    Queue,
    Representative,
    Setup,
    Workstream,
)
from wa_console.simulator.scenario import (
    SCENARIOS,
    CustomerSays,
    StaffKind,
    StaffSays,
    content_sid,
)
from wa_console.simulator.specimens import make

if TYPE_CHECKING:
    from wa_console.services.engine import Engine
    from wa_console.simulator.server import Simulator
    from wa_console.wiring.store import OpenStore

_LOOK_S = 0.002


def demo_setup(simulator: Simulator) -> Setup:
    """Return the set-up of the demo's support desk; ``anna`` is the person at the screen."""
    return Setup(
        account=Account(simulator.account_sid, "Support"),
        numbers=(Number(simulator.number, "Support"),),
        queues=(Queue("Delivery", ("anna", "bo")),),
        representatives=(
            Representative("anna", "Anna", capacity=8),
            Representative("bo", "Bo", capacity=5),
        ),
        workstreams=(
            Workstream("WhatsApp", ("Support",), language="da", fallback_queue="Delivery"),
        ),
    )


class Stage:
    """Where a scenario is played.

    Args:
        simulator: Where customers speak.
        opened: The store and desk that staff works at.
        engine: The engine that must have digested one event before the next.
    """

    def __init__(self, simulator: Simulator, opened: OpenStore, engine: Engine) -> None:
        self._simulator = simulator
        self._desk = opened.desk
        self._engine = engine

    async def play(self, scenario: str, *, speed: float) -> None:
        """Play a scenario up to the present, then let the clock run at ``speed``."""
        script = SCENARIOS[scenario]
        now = self._simulator.clock.now()
        sids = {template.key: content_sid(template) for template in script.templates}
        await _until(lambda: self._templates_known(len(sids)))
        for event in script.events:
            self._simulator.clock.set(now=now + timedelta(seconds=event.at_s), speed=1.0)
            match event:
                case CustomerSays():
                    await self._customer(event)
                case StaffSays():
                    await self._staff(event, sids)
                case _:
                    assert_never(event)
            await self._settled()
        self._simulator.clock.set(now=_present(now), speed=speed)
        self._simulator.world.lively = True
        await self._desk.presences.set("anna", Presence.AVAILABLE)

    async def _customer(self, event: CustomerSays) -> None:
        await self._simulator.say(
            event.who,
            body=event.body,
            media=[make(kind) for kind in event.media],
            button=event.button,
            location=event.location,
        )

    async def _staff(self, event: StaffSays, sids: dict[str, str]) -> None:
        desk, author = self._desk, event.author
        conversation = await desk.outbox.open_thread(parse_typed(event.who))
        match event.kind:
            case StaffKind.REPLY:
                await desk.conversations.mark_read(conversation.id)
                await desk.outbox.queue_reply(conversation.id, event.body, author=author)
            case StaffKind.NOTE:
                await desk.conversations.note(conversation.id, event.body, author=author)
            case StaffKind.TEMPLATE:
                await desk.outbox.queue_template(
                    conversation.id,
                    sids[event.template_key or ""],
                    event.variables,
                    author=author,
                )
            case StaffKind.LABEL:
                await desk.conversations.label(conversation.id, event.body)
            case StaffKind.ASSIGN:
                await desk.conversations.assign(conversation.id, login=event.body, by=author)
            case StaffKind.CLOSE:
                await desk.conversations.close(conversation.id, by=author)
            case _:
                assert_never(event.kind)

    async def _settled(self) -> None:
        """Wait until the engine has worked off what happened, receipts included."""
        await self._digested()
        await self._simulator.settle()
        await self._digested()

    async def _digested(self) -> None:
        await _until(self._engine.settled)

    async def _templates_known(self, count: int) -> bool:
        """Whether the engine, which asks Twilio at its start, has them all."""
        return len(await self._desk.templates.all()) >= count


async def _until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a state of the store that no event tells; the demo alone needs this."""
    while not await reached():  # noqa: ASYNC110
        await asyncio.sleep(_LOOK_S)


def _present(began: datetime) -> datetime:
    """Return the real time now: playing the past has taken a moment."""
    return max(began, datetime.now(began.tzinfo))
