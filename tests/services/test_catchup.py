"""Polling and catch-up: complete, once, in order, whichever way a message came first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.list_rig import ListRig, looking
from tests.services.rig import inbound_form
from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import TwilioProblem
from wa_console.domain.message import Direction, StatusEvent
from wa_console.services import facts
from wa_console.services.catchup import FIRST_LOOK, OVERLAP
from wa_console.services.listed import Source
from wa_console.simulator.specimens import make
from wa_console.store.port import Session

CUSTOMERS = [f"+45201000{number:02d}" for number in range(10, 30)]


@pytest.fixture
async def list_rig(live: TwilioRig) -> AsyncIterator[ListRig]:
    """Nobody hears of anything unless they look."""
    async with looking(live) as made:
        made.deaf()
        yield made


async def say(rig: ListRig, rounds: range) -> None:
    for number in rounds:
        for who in CUSTOMERS:
            await rig.live.twilio.say(who, body=f"{number}: {who}")


async def answer_all(rig: ListRig, count: int) -> None:
    desk = rig.live.desk
    for address, messages in (await rig.inbox()).items():
        for number in range(count):
            text = f"answer {number} to {address}"
            await desk.outbox.queue_reply(messages[0].conversation_id, text, author="anna")
    await rig.live.send_all()


async def test_two_polls_bring_200_messages_and_200_statuses_once_and_in_order(
    list_rig: ListRig,
) -> None:
    await say(list_rig, range(5))
    first = await list_rig.catch_up.run(Source.POLL)
    await list_rig.project()
    await answer_all(list_rig, 10)
    await list_rig.live.twilio.settle()
    await say(list_rig, range(5, 10))
    second = await list_rig.catch_up.run(Source.POLL)
    await list_rig.project()

    assert (first.new, second.new, second.receipts) == (100, 100, 200)
    threads = await list_rig.inbox()
    assert len(threads) == len(CUSTOMERS)
    for address, messages in threads.items():
        who = address.removeprefix("whatsapp:")
        heard = [m.body for m in messages if m.direction is Direction.INBOUND]
        assert heard == [f"{number}: {who}" for number in range(10)]
        ours = [m for m in messages if m.direction is Direction.OUTBOUND]
        assert len(ours) == 10
        truth = list_rig.live.twilio.world.messages
        assert [m.status.value for m in ours] == [truth[m.sid or ""].status for m in ours]
        assert {m.status for m in ours} <= {DeliveryStatus.READ, DeliveryStatus.DELIVERED}
    third = await list_rig.catch_up.run(Source.POLL)
    assert (third.new, third.receipts, third.already_here) == (0, 0, 200)


async def test_what_came_by_webhook_is_not_doubled_nor_is_what_came_by_poll(
    list_rig: ListRig,
) -> None:
    live = list_rig.live
    forms = []
    for number in range(40):
        if number % 2:
            list_rig.hearing()
        else:
            list_rig.deaf()
        said = await live.twilio.say(WHO, body=f"line {number}")
        forms.append(
            inbound_form(
                f"line {number}",
                MessageSid=said.sid,
                AccountSid=live.twilio.account_sid,
                To=f"whatsapp:{live.twilio.number}",
                From=f"whatsapp:{WHO}",
            )
        )
    await list_rig.project()
    found = await list_rig.catch_up.run(Source.CATCH_UP)
    assert (found.found, found.new, found.already_here) == (40, 20, 20)
    late = [await live.desk.receiver.inbound(form, query="") for form in forms]
    assert not any(late)
    await list_rig.project()
    messages = (await list_rig.inbox())[f"whatsapp:{WHO}"]
    assert sorted(m.body for m in messages) == sorted(f"line {n}" for n in range(40))
    conversation = await live.desk.conversations.get(messages[0].conversation_id)
    assert conversation.unread == 40


async def test_a_webhook_that_waits_for_the_projector_is_here_already(list_rig: ListRig) -> None:
    list_rig.hearing()
    await list_rig.live.twilio.say(WHO, body="only journalled")
    found = await list_rig.catch_up.run(Source.CATCH_UP)
    assert (found.new, found.already_here) == (0, 1)


async def test_5000_missed_messages_take_at_most_six_list_calls(list_rig: ListRig) -> None:
    live = list_rig.live
    now = live.desk.clock.now().replace(microsecond=0)
    sids = [
        sid
        for minute in range(50, 0, -1)
        for sid in list_rig.plant(100, at=now - timedelta(minutes=minute))
    ]
    found = await list_rig.catch_up.run(Source.CATCH_UP)
    assert (found.found, found.new) == (5000, 5000)
    assert list_rig.wire.lists <= 6
    rows = await live.desk.store.journal.after(0, limit=10_000)
    assert [dict(row.entry.fields)["MessageSid"] for row in rows] == sids


async def test_fields_are_spelled_as_the_webhook_spells_them(list_rig: ListRig) -> None:
    list_rig.hearing()
    said = await list_rig.live.twilio.say(WHO, body="Æ & ø", media=[make("photo")])
    (by_webhook,) = await list_rig.live.desk.store.journal.after(0, limit=9)
    list_rig.deaf()
    unheard = await list_rig.live.twilio.say(WHO, body="Æ & ø", media=[make("photo")])
    await list_rig.catch_up.run(Source.POLL)
    (_, by_poll) = await list_rig.live.desk.store.journal.after(0, limit=9)
    told, listed = dict(by_webhook.entry.fields), dict(by_poll.entry.fields)
    assert {name: told[name].replace(said.sid, "SID") for name in listed if "Url" not in name} == {
        name: value.replace(unheard.sid, "SID")
        for name, value in listed.items()
        if "Url" not in name
    }
    assert listed["MediaUrl0"].startswith(
        f"https://api.twilio.com/2010-04-01/Accounts/{told['AccountSid']}"
        f"/Messages/{unheard.sid}/Media/ME"
    )
    assert by_poll.entry.source == "poll"
    assert by_poll.entry.occurred_at is not None


async def test_attachments_that_twilio_does_not_show_yet_are_waited_for(
    list_rig: ListRig,
) -> None:
    said = await list_rig.live.twilio.say(WHO, media=[make("photo")])
    await list_rig.live.fault("error_500_before", match="Media.json")
    first = await list_rig.catch_up.run(Source.POLL)
    assert (first.found, first.left) == (0, 1)
    second = await list_rig.another().run(Source.POLL)
    assert (second.new, second.left) == (1, 0)
    await list_rig.project()
    message = await list_rig.live.desk.message_of(said.sid)
    assert [medium.type for medium in message.media] == ["image/jpeg"]


async def test_a_message_whose_attachment_is_gone_comes_in_the_end(list_rig: ListRig) -> None:
    said = await list_rig.live.twilio.say(WHO, body="see this", media=[make("photo")])
    list_rig.live.twilio.world.media.clear()
    found = [await list_rig.catch_up.run(Source.POLL) for _ in range(3)]
    assert [each.new for each in found] == [0, 0, 1]
    await list_rig.project()
    assert (await list_rig.live.desk.message_of(said.sid)).body == "see this"


async def test_a_new_store_looks_a_day_back_and_then_from_the_watermark(
    list_rig: ListRig,
) -> None:
    now = list_rig.live.desk.clock.now().replace(microsecond=0)
    list_rig.plant(1, at=now - timedelta(hours=25))
    list_rig.plant(2, at=now - timedelta(hours=3))
    first = await list_rig.catch_up.run(Source.CATCH_UP)
    assert (first.new, first.until - first.since) == (2, FIRST_LOOK)
    again = await list_rig.another().run(Source.CATCH_UP)
    assert again.since == now - timedelta(hours=3) - OVERLAP
    assert (again.found, again.new) == (2, 0)
    asked = await list_rig.another().run(Source.CATCH_UP, since=now - timedelta(hours=30))
    assert (asked.new, asked.already_here) == (1, 2)
    assert (await list_rig.another().run(Source.CATCH_UP)).since == again.since


async def test_asking_for_less_does_not_hide_what_lies_before(list_rig: ListRig) -> None:
    now = list_rig.live.desk.clock.now().replace(microsecond=0)
    list_rig.plant(3, at=now - timedelta(hours=2))
    list_rig.plant(1, at=now - timedelta(minutes=1))
    late = await list_rig.catch_up.run(Source.CATCH_UP, since=now - timedelta(minutes=5))
    assert late.new == 1
    whole = await list_rig.another().run(Source.CATCH_UP)
    assert (whole.new, whole.already_here) == (3, 1)


async def test_the_watermark_stays_when_twilio_cannot_be_asked(list_rig: ListRig) -> None:
    await list_rig.live.twilio.say(WHO, body="Hej")
    await list_rig.live.fault("status_429")
    with pytest.raises(TwilioProblem):
        await list_rig.catch_up.run(Source.POLL)
    mark = await list_rig.live.desk.store.read(lambda s: s.facts.number(facts.WATERMARK_MS))
    assert mark is None
    assert (await list_rig.catch_up.run(Source.POLL)).new == 1


async def test_only_a_gap_of_more_than_a_minute_is_noted(list_rig: ListRig) -> None:
    clock = list_rig.live.twilio.clock
    await list_rig.live.twilio.say(WHO, body="before anybody looked")
    await list_rig.catch_up.run(Source.CATCH_UP)
    clock.jump(30)
    await list_rig.live.twilio.say(WHO, body="soon")
    await list_rig.catch_up.run(Source.CATCH_UP)
    assert await list_rig.gap() is None
    clock.jump(7200)
    await list_rig.live.twilio.say(WHO, body="after two hours")
    found = await list_rig.catch_up.run(Source.CATCH_UP)
    gap = await list_rig.gap()
    assert gap is not None
    assert gap.count == 1
    assert found.until - gap.until < timedelta(milliseconds=1)
    assert timedelta(seconds=7199) < gap.until - gap.since < timedelta(seconds=7300)


async def test_while_webhooks_come_the_newest_are_left_to_them(list_rig: ListRig) -> None:
    await list_rig.live.twilio.say(WHO, body="just now")
    found = await list_rig.catch_up.run(Source.CATCH_UP, webhooks_come=True)
    assert (found.found, found.left) == (0, 1)
    list_rig.live.twilio.clock.jump(31)
    found = await list_rig.catch_up.run(Source.CATCH_UP, webhooks_come=True)
    assert (found.new, found.left) == (1, 0)


async def test_what_the_list_does_not_tell_takes_nothing_away(list_rig: ListRig) -> None:
    list_rig.hearing()
    first = await list_rig.live.told("Hej")
    list_rig.deaf()
    said = await list_rig.live.twilio.say(WHO, body="igen")
    await list_rig.catch_up.run(Source.POLL)
    await list_rig.project()
    store = list_rig.live.desk.store
    customer = await store.read(lambda s: s.customers.get(first.customer_id))
    assert customer is not None
    assert customer.profile_name
    assert len(customer.addresses) > 1
    message = await list_rig.live.desk.message_of(said.sid)
    assert message.conversation_id == first.id
    assert message.listed
    assert message.statuses == (StatusEvent("received", message.statuses[0].at, source="poll"),)
    heard = await list_rig.live.desk.thread(first.id)
    assert [each.listed for each in heard] == [False, True]


async def test_lines_of_one_second_keep_their_order_whichever_way_they_came(
    list_rig: ListRig,
) -> None:
    clock = list_rig.live.twilio.clock
    clock.set(now=clock.now().replace(microsecond=400_000), speed=0.0)
    for number in range(8):
        if number in (2, 5):
            list_rig.hearing()
        else:
            list_rig.deaf()
        clock.jump(0.05)
        await list_rig.live.twilio.say(WHO, body=f"line {number}")
    await list_rig.project()
    await list_rig.catch_up.run(Source.POLL)
    await list_rig.project()
    heard = (await list_rig.inbox())[f"whatsapp:{WHO}"]
    # Those listed before the first webhook are of the second's beginning; the rest follow it.
    assert [message.body for message in heard] == [f"line {number}" for number in range(8)]
    assert len({message.created_at for message in heard}) == len(heard)


async def test_nothing_is_asked_while_nothing_is_set_up(list_rig: ListRig) -> None:
    desk = list_rig.live.desk
    await desk.store.write(_without_numbers)
    found = await list_rig.catch_up.run(Source.POLL)
    assert (found.numbers, found.found, list_rig.wire.requests) == (0, 0, [])


async def _without_numbers(session: Session) -> None:
    await session.facts.save_setup(replace(await session.facts.setup(), numbers=()))
