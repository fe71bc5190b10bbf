"""Unknown sends are settled by looking: nothing twice, nothing missing (faults 3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.services.twilio_rig import WHO, TwilioRig
from wa_console.domain.address import parse_typed
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import TwilioProblem
from wa_console.domain.message import ChatMessage
from wa_console.domain.template import Approval
from wa_console.gateway.port import ListedMessage
from wa_console.store.port import OutboxState

LOOKS = (10, 50, 240)
"""Seconds between the looks: after 10, 60 and 300."""


async def unknown(live: TwilioRig, text: str, kind: str) -> ChatMessage:
    """A reply whose POST ended without an answer, and whose receipts are lost."""
    await live.fault("lost_callback", times=50)
    await live.fault(kind)
    conversation = await live.told()
    message = await live.desk.outbox.queue_reply(conversation.id, text, author="anna")
    assert await live.sender.run_once()
    assert (await live.desk.row(message.id)).state is OutboxState.UNKNOWN
    return message


async def look(live: TwilioRig, seconds: float) -> int:
    live.wall.now += seconds
    return await live.reconciler.run_once()


async def test_what_twilio_has_is_found_at_the_first_look(live: TwilioRig) -> None:
    message = await unknown(live, "Er på vej", "error_500_after")
    assert await look(live, 9.9) == 0
    assert await look(live, 0.1) == 1
    after = await live.desk.message(message.id)
    assert after.sid is not None
    assert after.status is DeliveryStatus.ACCEPTED
    assert (await live.desk.row(message.id)).state is OutboxState.DONE
    assert await look(live, 600) == 0
    assert await live.accepted() == ["Er på vej"]


async def test_what_the_list_says_of_it_is_taken_over(live: TwilioRig) -> None:
    message = await unknown(live, "Er på vej", "drop_after")
    await live.twilio.settle()
    assert await look(live, 10) == 1
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.READ
    assert [(e.word, e.source) for e in after.statuses] == [("read", "listing")]


async def test_a_failure_in_the_list_comes_with_its_code(live: TwilioRig) -> None:
    message = await unknown(live, "Er på vej", "drop_after")
    for known in live.twilio.world.messages.values():
        if known.body == "Er på vej":
            known.status, known.error_code = "undelivered", 63024
    assert await look(live, 10) == 1
    after = await live.desk.message(message.id)
    assert after.status is DeliveryStatus.UNDELIVERED
    assert after.error is not None
    assert after.error.code == 63024
    assert after.error.text


async def test_the_same_word_twice_is_two_messages(live: TwilioRig) -> None:
    """One "ok" was accepted, the other never: exactly one is found, and one more goes out."""
    first = await unknown(live, "ok", "error_500_after")
    await look(live, 10)
    second = await unknown(live, "ok", "error_500_before")
    assert (await live.desk.message(first.id)).status is DeliveryStatus.ACCEPTED
    for seconds in LOOKS:
        await look(live, seconds)
    assert (await live.desk.row(second.id)).state is OutboxState.QUEUED
    await live.send_all()
    assert await live.accepted() == ["ok", "ok"]
    sids = {(await live.desk.message(m.id)).sid for m in (first, second)}
    assert len(sids - {None}) == 2


async def test_text_is_queued_once_more_and_only_once(live: TwilioRig) -> None:
    message = await unknown(live, "hej", "error_500_before")
    assert [await look(live, seconds) for seconds in LOOKS] == [0, 0, 1]
    assert (await live.desk.message(message.id)).status is DeliveryStatus.QUEUED
    await live.fault("error_500_before")
    assert await live.sender.run_once()
    assert (await live.desk.message(message.id)).status is DeliveryStatus.UNKNOWN
    assert [await look(live, seconds) for seconds in LOOKS] == [0, 0, 0]
    # A person decides now; what comes after it is not held up.
    assert (await live.desk.message(message.id)).status is DeliveryStatus.UNKNOWN
    assert (await live.desk.row(message.id)).state is OutboxState.DONE
    await live.desk.outbox.queue_reply(message.conversation_id, "næste", author="anna")
    await live.send_all()
    assert await live.accepted() == ["næste"]


async def test_no_text_is_repeated_into_a_closed_window(live: TwilioRig) -> None:
    message = await unknown(live, "hej", "error_500_before")
    live.twilio.clock.jump(24 * 3600.0)
    for seconds in LOOKS:
        assert await look(live, seconds) == 0
    assert (await live.desk.message(message.id)).status is DeliveryStatus.UNKNOWN
    assert await live.accepted() == []


async def template(live: TwilioRig, kind: str) -> ChatMessage:
    """A template whose POST ended without an answer."""
    await live.templates.sync()
    found = next(t for t in await live.templates.all() if t.approval is Approval.APPROVED)
    await live.fault("lost_callback", times=50)
    await live.fault(kind)
    conversation = await live.desk.outbox.open_thread(parse_typed(WHO))
    message = await live.desk.outbox.queue_template(
        conversation.id,
        found.content_sid,
        dict.fromkeys(found.placeholders, "4711"),
        author="anna",
    )
    assert await live.sender.run_once()
    return message


async def test_a_template_is_found_by_time_where_its_text_differs(live: TwilioRig) -> None:
    message = await template(live, "error_500_after")
    for known in live.twilio.world.messages.values():
        known.body = "as Twilio shows it"
    assert await look(live, 10) == 1
    assert (await live.desk.message(message.id)).status is DeliveryStatus.ACCEPTED


async def test_a_template_costs_money_and_is_not_repeated(live: TwilioRig) -> None:
    message = await template(live, "error_500_before")
    for seconds in LOOKS:
        assert await look(live, seconds) == 0
    assert (await live.desk.message(message.id)).status is DeliveryStatus.UNKNOWN
    assert (await live.desk.row(message.id)).state is OutboxState.DONE


async def test_an_older_message_is_not_it(live: TwilioRig) -> None:
    """The same words from an hour before, sent by another program."""
    message = await unknown(live, "hej", "drop_after")
    for known in live.twilio.world.messages.values():
        known.created_at -= timedelta(hours=1)
    assert await look(live, 10) == 0
    assert (await live.desk.message(message.id)).status is DeliveryStatus.UNKNOWN


async def test_a_look_that_fails_does_not_count(live: TwilioRig) -> None:
    message = await unknown(live, "hej", "error_500_before")
    await live.fault("error_500_before")
    with pytest.raises(TwilioProblem):
        await look(live, 10)
    assert (await live.desk.row(message.id)).looks == 0
    assert await look(live, 0) == 0
    assert (await live.desk.row(message.id)).looks == 1


async def test_a_receipt_between_two_looks_ends_it(live: TwilioRig) -> None:
    message = await unknown(live, "hej", "error_500_before")
    await look(live, 10)
    number = "SM" + "9" * 32
    await live.desk.report(number, "delivered", query=f"m={message.id}")
    assert await look(live, 600) == 0
    assert (await live.desk.message(message.id)).sid == number


async def test_one_call_for_each_customer(live: TwilioRig, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await unknown(live, "et", "error_500_after")
    row = await live.desk.row(first.id)
    second = await live.desk.outbox.queue_reply(first.conversation_id, "to", author="anna")
    both = replace(row, message_id=second.id, body="to")
    await live.desk.store.write(lambda s: s.outbox.update(both))
    calls = []
    listing = live.gateway.list_messages

    async def counted(**filters: Any) -> Sequence[ListedMessage]:
        calls.append(filters)
        return await listing(**filters)

    monkeypatch.setattr(live.gateway, "list_messages", counted)
    assert await look(live, 10) == 1
    assert len(calls) == 1
    assert (await live.desk.row(first.id)).state is OutboxState.DONE
    assert (await live.desk.row(second.id)).looks == 1
