"""The way of a reply to a simulated Twilio over real HTTP, on good days and bad ones."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.services.rig import Rig
from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage
from wa_console.domain.setup import Number
from wa_console.gateway import errorcodes
from wa_console.gateway.twilio import TwilioGateway
from wa_console.services.pace import Pace
from wa_console.store.port import OutboxState

HOURS_24 = 24 * 3600.0
SECOND = "+4531226411"


async def reply(live: TwilioRig, text: str = "Den er på vej.", *, who: str = WHO) -> ChatMessage:
    """A customer has written, and somebody has answered."""
    conversation = await live.told("Hvor er min pakke?", who=who)
    return await live.desk.outbox.queue_reply(conversation.id, text, author="anna")


async def status(desk: Rig, message: ChatMessage) -> DeliveryStatus:
    return (await desk.message(message.id)).status


async def test_a_reply_is_sent_once_and_read(live: TwilioRig) -> None:
    message = await reply(live)
    assert await live.sender.run_once()
    sent = await live.desk.message(message.id)
    assert sent.sid is not None
    assert sent.status is DeliveryStatus.ACCEPTED
    row = await live.desk.row(message.id)
    assert (row.state, row.attempt, row.leased_by) == (OutboxState.DONE, 1, "")
    await live.settle()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.READ
    assert [e.word for e in after.statuses] == ["sent", "delivered", "read"]
    assert not await live.sender.run_once()
    assert await live.accepted() == ["Den er på vej."]


async def test_the_callback_carries_our_id(live: TwilioRig) -> None:
    message = await reply(live)
    await live.send_all()
    (known,) = await live.truth()
    assert known["status_callback"] == f"{live.public_url}/twilio/status?m={message.id}"


async def test_without_a_public_url_no_callback_is_asked_for(live: TwilioRig) -> None:
    await reply(live)
    await live.another_sender(status_url=None).run_once()
    (known,) = await live.truth()
    assert not known["status_callback"]


async def test_nothing_to_do(live: TwilioRig) -> None:
    assert not await live.sender.run_once()


async def test_order_inside_a_conversation(live: TwilioRig) -> None:
    conversation = await live.told()
    texts = [f"nr. {n}" for n in range(6)]
    for text in texts:
        await live.desk.outbox.queue_reply(conversation.id, text, author="anna")
    assert await live.sender.run_once()
    assert await live.accepted() == texts[:1]
    await live.send_all()
    assert await live.accepted() == texts


async def test_two_conversations_are_served_at_once(live: TwilioRig) -> None:
    await reply(live, "et")
    await reply(live, "to", who=SECOND)
    assert await live.sender.run_once()
    assert sorted(await live.accepted()) == ["et", "to"]


async def test_a_refusal_ends_it_with_code_and_text(live: TwilioRig) -> None:
    conversation = await live.told()
    bad = replace(conversation, reply_to="whatsapp:12")
    await live.desk.store.write(lambda s: s.conversations.save(bad))
    message = await live.desk.outbox.queue_reply(conversation.id, "Hej", author="anna")
    await live.send_all()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.FAILED
    assert after.error is not None
    assert after.error.code == 21211
    assert after.error.text
    assert (await live.desk.row(message.id)).state is OutboxState.DONE


async def test_a_window_that_closed_since_is_never_posted(live: TwilioRig) -> None:
    message = await reply(live, "for sent")
    live.twilio.clock.jump(HOURS_24)
    assert await live.sender.run_once()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.FAILED
    assert after.error is not None
    assert (after.error.code, after.error.text) == (63016, errorcodes.sentence(63016))
    draft = await live.desk.conversations.draft(message.conversation_id, login="anna")
    assert draft == "for sent"
    assert await live.accepted() == []
    assert (await live.desk.row(message.id)).attempt == 0


async def test_the_one_behind_a_refused_one_goes_its_own_way(live: TwilioRig) -> None:
    first = await reply(live, "for sent")
    live.twilio.clock.jump(HOURS_24)
    await live.told("er der nogen?", who=SECOND)
    other = await reply(live, "ja", who=SECOND)
    await live.send_all()
    assert await status(live.desk, first) is DeliveryStatus.FAILED
    assert await status(live.desk, other) is DeliveryStatus.ACCEPTED


async def test_63016_from_whatsapp_shuts_the_window(live: TwilioRig) -> None:
    """Our clock said open, WhatsApp's said shut: theirs counts (faults D7, D9)."""
    message = await reply(live, "Er du der?")
    live.twilio.world.last_inbound.clear()
    await live.send_all()
    await live.settle()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.FAILED
    assert after.error is not None
    assert after.error.code == 63016
    conversation = await live.desk.conversations.get(message.conversation_id)
    assert not live.desk.inbox.window(conversation).allows_free_text
    draft = await live.desk.conversations.draft(conversation.id, login="anna")
    assert draft == "Er du der?"


async def test_receipts_before_the_create_answer(live: TwilioRig) -> None:
    await live.fault("callback_before_answer")
    message = await reply(live)
    assert await live.sender.run_once()
    await live.settle()
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.READ
    assert [e.word for e in after.statuses] == ["sent", "delivered", "read"]


async def test_receipts_projected_while_the_create_is_under_way(live: TwilioRig) -> None:
    await live.fault("callback_before_answer")
    await live.fault("delay", seconds=0.2)
    message = await reply(live)
    sending = asyncio.create_task(live.sender.run_once())
    while not await live.desk.projector.drain():
        await asyncio.wait({sending}, timeout=0.01)
    await sending
    await live.settle()
    assert await status(live.desk, message) is DeliveryStatus.READ
    assert (await live.desk.row(message.id)).state is OutboxState.DONE
    assert len(await live.accepted()) == 1


async def test_429_waits_and_tries_again(live: TwilioRig) -> None:
    await live.fault("status_429", times=3)
    message = await reply(live)
    waits = []
    for _ in range(3):
        assert await live.sender.run_once()
        assert await status(live.desk, message) is DeliveryStatus.QUEUED
        assert not await live.sender.run_once()
        row = await live.desk.row(message.id)
        waits.append(row.due_ms - live.wall() * 1000)
        live.wall.now = row.due_ms / 1000
    assert waits == [500, 1000, 2000]
    await live.send_all()
    assert await status(live.desk, message) is DeliveryStatus.ACCEPTED
    assert len(await live.accepted()) == 1


async def test_retry_after_holds_everything_back(live: TwilioRig) -> None:
    await live.fault("status_429", retry_after=7)
    first = await reply(live)
    assert await live.sender.run_once()
    second = await reply(live, "to", who=SECOND)
    live.wall.now += 6.9
    assert not await live.sender.run_once()
    live.wall.now += 0.2
    await live.send_all()
    assert await status(live.desk, first) is DeliveryStatus.ACCEPTED
    assert await status(live.desk, second) is DeliveryStatus.ACCEPTED


async def test_429_keeps_the_order_of_a_conversation(live: TwilioRig) -> None:
    await live.fault("status_429")
    conversation = await live.told()
    for text in ("et", "to"):
        await live.desk.outbox.queue_reply(conversation.id, text, author="anna")
    assert await live.sender.run_once()
    assert not await live.sender.run_once()
    live.wall.now += 1
    await live.send_all()
    assert await live.accepted() == ["et", "to"]


async def test_what_never_left_is_sent_again(live: TwilioRig) -> None:
    """Nobody listens: certainly not sent, so there is no risk in another try."""
    nowhere = TwilioGateway(
        account_sid=live.twilio.account_sid,
        username="x",
        password="y",
        base_url="http://127.0.0.1:1",
    )
    message = await reply(live)
    sender = live.another_sender()
    sender._gateway = nowhere
    assert await sender.run_once()
    await nowhere.close()
    assert await status(live.desk, message) is DeliveryStatus.QUEUED
    live.wall.now += 1
    await live.send_all()
    assert await status(live.desk, message) is DeliveryStatus.ACCEPTED


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("error_500_before", 0),
        ("error_500_after", 1),
        ("drop_before", 0),
        ("drop_after", 1),
    ],
)
async def test_nobody_knows_so_nobody_sends_again(live: TwilioRig, kind: str, sent: int) -> None:
    await live.fault("lost_callback", times=9)
    await live.fault(kind)
    message = await reply(live)
    await live.desk.outbox.queue_reply(message.conversation_id, "og så", author="anna")
    assert await live.sender.run_once()
    assert await status(live.desk, message) is DeliveryStatus.UNKNOWN
    assert (await live.desk.row(message.id)).state is OutboxState.UNKNOWN
    live.wall.now += 3600
    # Neither this one nor what comes after it in the conversation.
    assert not await live.sender.run_once()
    assert len(await live.accepted()) == sent


async def test_a_receipt_settles_what_nobody_knew(live: TwilioRig) -> None:
    await live.fault("error_500_after")
    message = await reply(live)
    await live.send_all()
    assert await status(live.desk, message) is DeliveryStatus.UNKNOWN
    await live.settle()
    assert await status(live.desk, message) is DeliveryStatus.READ
    assert (await live.desk.row(message.id)).state is OutboxState.DONE
    assert len(await live.accepted()) == 1


async def test_a_restart_finds_a_send_under_way(live: TwilioRig) -> None:
    await live.fault("delay", seconds=30)
    message = await reply(live)
    first = live.another_sender(pace=Pace(wall=live.wall, grace_s=0.0))
    task = asyncio.create_task(first.run_once())
    while await status(live.desk, message) is not DeliveryStatus.SENDING:
        await asyncio.wait({task}, timeout=0.01)
    # Its own send is under way, not lost.
    assert await first.recover() == 0
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await status(live.desk, message) is DeliveryStatus.SENDING
    again = live.another_sender()
    assert await again.recover() == 1
    assert await status(live.desk, message) is DeliveryStatus.UNKNOWN
    assert await again.recover() == 0
    assert not await again.run_once()


async def test_ending_waits_a_moment_for_the_answer(live: TwilioRig) -> None:
    await live.fault("delay", seconds=0.2)
    message = await reply(live)
    task = asyncio.create_task(live.sender.run_once())
    while await status(live.desk, message) is not DeliveryStatus.SENDING:
        await asyncio.wait({task}, timeout=0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await status(live.desk, message) is DeliveryStatus.ACCEPTED
    assert (await live.desk.row(message.id)).state is OutboxState.DONE


async def test_a_restart_frees_what_was_claimed(live: TwilioRig) -> None:
    message = await reply(live)
    now_ms = int(live.wall() * 1000)
    claimed = await live.desk.store.write(
        lambda s: s.outbox.claim(now_ms=now_ms, owner="dead", until_ms=now_ms + 60_000, limit=9)
    )
    assert [row.message_id for row in claimed] == [message.id]
    assert not await live.sender.run_once()
    assert await live.sender.recover() == 0
    assert await live.sender.run_once()
    assert await status(live.desk, message) is DeliveryStatus.ACCEPTED


async def test_two_engines_by_mistake_send_once(live: TwilioRig) -> None:
    await reply(live)
    await asyncio.gather(live.sender.run_once(), live.another_sender().run_once())
    assert len(await live.accepted()) == 1


async def test_the_sandbox_gets_one_message_in_three_seconds(live: TwilioRig) -> None:
    setup = await live.desk.setup.current()
    sandbox = Number(live.twilio.number, name="Support Denmark", sandbox=True)
    await live.desk.setup.apply(replace(setup, numbers=(sandbox,)))
    await reply(live, "et")
    await reply(live, "to", who=SECOND)
    await live.sender.run_once()
    assert len(await live.accepted()) == 1
    live.wall.now += 2.9
    assert not await live.sender.run_once()
    live.wall.now += 0.2
    await live.send_all()
    assert sorted(await live.accepted()) == ["et", "to"]


async def test_waiting_ends_with_a_wake_up(live: TwilioRig) -> None:
    await live.sender.run_once()
    waiting = asyncio.create_task(live.sender.wait())
    live.sender.wake()
    await asyncio.wait_for(waiting, 2)


async def test_waiting_ends_when_something_is_due(live: TwilioRig) -> None:
    await reply(live)
    await asyncio.wait_for(live.sender.wait(), 2)
