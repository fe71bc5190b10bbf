"""What became of our messages, asked of Twilio: complete, paced, with the reason of a failure."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.services.list_rig import ListRig, looking
from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage
from wa_console.services.listed import Source


@pytest.fixture
async def list_rig(live: TwilioRig) -> AsyncIterator[ListRig]:
    async with looking(live) as made:
        made.deaf()
        yield made


async def replied(rig: ListRig, body: str = "Hej igen") -> ChatMessage:
    """A customer writes and is answered; Twilio has the answer."""
    said = await rig.live.twilio.say(WHO, body="Hej")
    await rig.catch_up.run(Source.POLL)
    await rig.project()
    conversation = (await rig.live.desk.message_of(said.sid)).conversation_id
    queued = await rig.live.desk.outbox.queue_reply(conversation, body, author="anna")
    await rig.live.send_all()
    return await rig.live.desk.message(queued.id)


async def seen(rig: ListRig, message: ChatMessage) -> ChatMessage:
    await rig.project()
    return await rig.live.desk.message(message.id)


async def test_a_receipt_of_a_later_callback_is_the_same_journal_row(list_rig: ListRig) -> None:
    message = await replied(list_rig)
    await list_rig.live.twilio.settle()
    assert (await list_rig.catch_up.run(Source.CATCH_UP)).receipts == 1
    told = list_rig.live.twilio.world.messages[message.sid or ""]
    read = await seen(list_rig, message)
    assert read.status.value == told.status
    assert [event.source for event in read.statuses] == ["catch-up"]
    before = await list_rig.live.desk.store.journal.last_seq()
    await list_rig.live.desk.report(message.sid or "", told.status)
    assert await list_rig.live.desk.store.journal.last_seq() == before


async def test_a_failure_comes_with_its_code_and_a_sentence(list_rig: ListRig) -> None:
    message = await replied(list_rig)
    row = list_rig.live.twilio.world.messages[message.sid or ""]
    await list_rig.live.twilio.settle()
    row.status, row.error_code, row.sent_at = "failed", 63016, None
    await list_rig.catch_up.run(Source.POLL)
    failed = await seen(list_rig, message)
    assert failed.status is DeliveryStatus.FAILED
    assert failed.error is not None
    assert (failed.error.code, bool(failed.error.text)) == (63016, True)
    assert list_rig.wire.requests[-1].url.params.get("From") is not None


async def test_what_the_newest_page_does_not_hold_is_fetched(list_rig: ListRig) -> None:
    message = await replied(list_rig)
    await list_rig.live.twilio.settle()
    world = list_rig.live.twilio.world
    ours = world.messages[message.sid or ""]
    for number in range(60):
        # Another program sends from the same number, and more than a page of it.
        assert ours.sent_at is not None
        copy = {
            field: getattr(ours, field) for field in ("direction", "from_", "to", "body", "status")
        }
        world.add_message(
            type(ours)(
                sid=f"SM{number:032x}",
                seq=world.next_seq(),
                created_at=ours.sent_at,
                updated_at=ours.sent_at,
                sent_at=ours.sent_at,
                **copy,
            )
        )
    await list_rig.catch_up.run(Source.POLL)
    assert list_rig.wire.requests[-1].url.path.endswith(f"/{message.sid}.json")
    assert (await seen(list_rig, message)).status.value == ours.status


async def test_the_older_a_message_the_less_often_it_is_asked_for(list_rig: ListRig) -> None:
    message = await replied(list_rig)
    await list_rig.live.twilio.settle()
    row = list_rig.live.twilio.world.messages[message.sid or ""]
    row.status = "sent"
    clock = list_rig.live.twilio.clock

    async def asked() -> bool:
        before = list_rig.wire.lists
        await list_rig.catch_up.run(Source.POLL)
        return list_rig.wire.lists - before == 2

    clock.jump(600)
    assert await asked()
    clock.jump(10)
    assert not await asked()
    clock.jump(60)
    assert await asked()
    clock.jump(10)
    before = list_rig.wire.lists
    await list_rig.catch_up.run(Source.CATCH_UP)
    assert list_rig.wire.lists - before == 2


async def test_a_settled_message_is_never_asked_for_again(list_rig: ListRig) -> None:
    message = await replied(list_rig)
    await list_rig.live.twilio.settle()
    list_rig.live.twilio.world.messages[message.sid or ""].status = "read"
    await list_rig.catch_up.run(Source.POLL)
    await list_rig.project()
    before = list_rig.wire.lists
    assert (await list_rig.catch_up.run(Source.CATCH_UP)).receipts == 0
    assert list_rig.wire.lists - before == 1


async def test_a_store_finds_unsettled_messages_by_an_index_of_their_own(
    list_rig: ListRig,
) -> None:
    import sqlite3

    from wa_console.store.statements import load_statements

    message = await replied(list_rig)
    unsettled = await list_rig.live.desk.store.read(
        lambda s: s.messages.unsettled(message.created_at, limit=10)
    )
    assert [row.sid for row in unsettled] == [message.sid]
    assert unsettled[0].number == list_rig.live.twilio.number
    with sqlite3.connect(":memory:") as plain:
        from wa_console.store.sqlite_migrations import STORE, steps_in

        for step in steps_in(STORE.steps):
            plain.executescript(step.sql)
        sql = load_statements("sqlite")["messages.unsettled"]
        plan = plain.execute(f"EXPLAIN QUERY PLAN {sql}", {"since_ms": 0, "limit": 1}).fetchall()
    plain.close()
    assert any("message_unsettled" in row[-1] for row in plan), plan
