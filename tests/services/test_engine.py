"""The whole engine beside a simulated Twilio: everything by itself, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.rig import inbound_form
from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage
from wa_console.services.engine import Engine
from wa_console.services.health import HealthService
from wa_console.services.outbox import Outbox
from wa_console.services.pace import Pace
from wa_console.services.search import Search
from wa_console.store.sqlite import open_sqlite

PATIENCE_S = 20.0


@dataclass
class Running:
    """An engine at work."""

    live: TwilioRig
    engine: Engine
    task: asyncio.Task[None]

    async def until(self, check: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something to become true, looking with each change."""
        store = self.live.desk.store
        async with asyncio.timeout(PATIENCE_S):
            while not await check():
                if self.task.done():
                    self.task.result()
                seen = await self.live.desk.last_change()
                await store.changed(seen, timeout_s=0.05)

    async def status_is(self, message: ChatMessage, status: DeliveryStatus) -> None:
        async def check() -> bool:
            return (await self.live.desk.message(message.id)).status is status

        await self.until(check)

    async def end(self) -> None:
        self.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(self.task, 5)


def engine_of(live: TwilioRig) -> Engine:
    return Engine(
        store=live.desk.store,
        clock=live.desk.clock,
        receiver=live.desk.receiver,
        projector=live.desk.projector,
        sender=live.another_sender(pace=Pace(first_s=0.01, longest_s=0.05)),
        reconciler=live.reconciler,
        search=Search(store=live.desk.store),
        templates=live.templates,
    )


@pytest.fixture
async def running(live: TwilioRig) -> AsyncIterator[Running]:
    engine = engine_of(live)
    made = Running(live, engine, asyncio.create_task(engine.run()))
    yield made
    if not made.task.done():
        await made.end()


async def test_from_the_customers_word_to_the_read_mark(running: Running) -> None:
    live = running.live
    said = await live.twilio.say(WHO, body="Hvor er min pakke?")
    await running.until(running.engine.settled)
    conversation_id = (await live.desk.message_of(said.sid)).conversation_id
    message = await live.desk.outbox.queue_reply(conversation_id, "På vej", author="anna")
    await running.status_is(message, DeliveryStatus.READ)
    assert await live.accepted() == ["På vej"]
    assert await running.engine.settled()


async def test_what_another_program_queues_is_sent(running: Running, tmp_path: Path) -> None:
    live = running.live
    said = await live.twilio.say(WHO, body="Hej")
    await running.until(running.engine.settled)
    conversation_id = (await live.desk.message_of(said.sid)).conversation_id
    other = await open_sqlite(tmp_path / "store.db")
    try:
        outbox = Outbox(
            store=other,
            clock=live.desk.clock,
            rules=live.desk.rules,
            explain=live.desk.outbox._explain,
        )
        message = await outbox.queue_reply(conversation_id, "fra kommandoen", author="bo")
    finally:
        await other.close()
    await running.status_is(message, DeliveryStatus.READ)


async def test_templates_and_search_come_by_themselves(running: Running) -> None:
    live = running.live
    await live.twilio.say(WHO, body="nåletræ")
    search = Search(store=live.desk.store)

    async def ready() -> bool:
        return bool(await live.templates.all()) and bool(await search.find("nåletræ"))

    await running.until(ready)


async def test_health_is_told(running: Running) -> None:
    live = running.live
    health = HealthService(store=live.desk.store, clock=live.desk.clock)
    live.desk.receiver.rejected("no signature")

    async def told() -> bool:
        report = await health.report()
        return (report.engine, report.rejected) == ("running", 1)

    await running.until(told)
    await running.end()
    assert (await health.report()).engine == "absent"


async def test_a_loop_in_trouble_stops_no_other(
    live: TwilioRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> int:
        raise ValueError("x")

    monkeypatch.setattr(live.reconciler, "run_once", broken)
    engine = engine_of(live)
    running = Running(live, engine, asyncio.create_task(engine.run()))
    health = HealthService(store=live.desk.store, clock=live.desk.clock)

    async def in_trouble() -> bool:
        return "ValueError" in (await health.report()).engine

    await running.until(in_trouble)
    said = await live.twilio.say(WHO, body="Hej")
    await running.until(engine.settled)
    assert (await live.desk.message_of(said.sid)).body == "Hej"
    assert not running.task.done()
    await running.end()


async def test_templates_that_cannot_be_read_are_no_trouble(live: TwilioRig) -> None:
    await live.fault("error_500_before", match="Content", times=99)
    engine = engine_of(live)
    running = Running(live, engine, asyncio.create_task(engine.run()))
    health = HealthService(store=live.desk.store, clock=live.desk.clock)

    async def failed() -> bool:
        return "templates" in engine._beside.troubles

    await running.until(failed)
    await engine._tell_health()
    assert (await health.report()).status == "ok"
    await running.end()


async def test_a_bad_day_loses_nothing_and_sends_nothing_twice(running: Running) -> None:
    """Half of all creates are throttled, callbacks come twice and in disorder (faults D5, C1)."""
    live = running.live
    await live.fault("status_429", times=6)
    await live.fault("duplicate_callback", times=12)
    await live.fault("reorder_callbacks", times=12)
    await live.fault("duplicate_webhook", match="webhook", times=4)
    texts = {who: [f"{who} {n}" for n in range(3)] for who in (WHO, "+4531226411", "+4531226412")}
    sent: list[ChatMessage] = []
    for who, answers in texts.items():
        said = await live.twilio.say(who, body="Hej")
        await running.until(running.engine.settled)
        conversation_id = (await live.desk.message_of(said.sid)).conversation_id
        queue = live.desk.outbox.queue_reply
        sent += [await queue(conversation_id, text, author="a") for text in answers]
    for message in sent:
        await running.status_is(message, DeliveryStatus.READ)
    accepted = await live.accepted()
    assert len(accepted) == 9
    for answers in texts.values():
        assert [text for text in accepted if text in answers] == answers


async def test_a_new_engine_takes_up_what_the_old_one_left(tmp_path: Path, live: TwilioRig) -> None:
    await live.desk.receiver.inbound(
        inbound_form(AccountSid=live.twilio.account_sid, To=f"whatsapp:{live.twilio.number}"),
        query="",
    )
    engine = engine_of(live)
    assert not await engine.settled()
    running = Running(live, engine, asyncio.create_task(engine.run()))
    await running.until(engine.settled)
    await running.end()


async def test_ending_at_once_after_starting(live: TwilioRig) -> None:
    for turns in range(4):
        engine = engine_of(live)
        task = asyncio.create_task(engine.run())
        await asyncio.wait({task}, timeout=0.01 * turns)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
