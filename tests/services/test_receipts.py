"""Receipts: forward only, every one kept, early ones joined, in any order and number."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.rig import START, Rig, sample, sample_names, sid
from wa_console.domain.changes import ChangeKind
from wa_console.domain.conversation import Conversation
from wa_console.domain.delivery import DeliveryStatus, from_twilio, merge
from wa_console.domain.message import ChatMessage, StatusReport
from wa_console.gateway import errorcodes, forms
from wa_console.services.receipts import apply_report
from wa_console.store.port import OutboxRow, OutboxState, Session

RUNS = sample_names("status")
HOUR = timedelta(hours=1)
WORDS = ["queued", "sending", "sent", "delivered", "read", "failed", "undelivered", "canceled"]


async def queued(rig: Rig, text: str = "Svar") -> ChatMessage:
    """A reply that the sender has not touched."""
    conversation = await rig.hear()
    return await rig.outbox.queue_reply(conversation.id, text, author="anna")


async def accepted(rig: Rig, number: str, text: str = "Svar") -> ChatMessage:
    """A reply that Twilio has, under a SID."""
    message = await queued(rig, text)
    sent = replace(message, sid=number, status=DeliveryStatus.ACCEPTED)
    row = await rig.row(message.id)

    async def work(session: Session) -> None:
        await session.messages.update(sent)
        await session.outbox.update(
            replace(row, state=OutboxState.DONE, started_at=message.created_at)
        )

    await rig.store.write(work)
    return sent


async def sending(rig: Rig, message: ChatMessage, state: OutboxState) -> OutboxRow:
    """Its POST has begun, and nobody knows more."""
    row = replace(await rig.row(message.id), state=state, attempt=1, started_at=message.created_at)
    word = DeliveryStatus.SENDING if state is OutboxState.SENDING else DeliveryStatus.UNKNOWN

    async def work(session: Session) -> None:
        await session.outbox.update(row)
        await session.messages.update(replace(message, status=word))

    await rig.store.write(work)
    return row


async def thread_of(rig: Rig, message: ChatMessage) -> Conversation:
    return await rig.conversations.get(message.conversation_id)


@pytest.mark.parametrize("name", RUNS)
async def test_every_run_of_the_samples_ends_where_it_must(rig: Rig, name: str) -> None:
    run = sample(name)
    number = run["steps"][0]["MessageSid"]
    await accepted(rig, number)
    for step in run["steps"]:
        await rig.receiver.status(list(step.items()), query="")
        await rig.projector.drain()
    message = await rig.message_of(number)
    assert message.status.value == run["final_status"]
    words = dict.fromkeys(step["MessageStatus"] for step in run["steps"])
    assert [event.word for event in message.statuses] == list(words)


@pytest.mark.parametrize("name", RUNS)
async def test_every_run_before_the_create_answer(rig: Rig, name: str) -> None:
    """The receipts are parked, and joined when the message turns out to be ours by its id."""
    run = sample(name)
    number = run["steps"][0]["MessageSid"]
    message = await queued(rig)
    await sending(rig, message, OutboxState.SENDING)
    for step in run["steps"]:
        await rig.receiver.status(list(step.items()), query="")
    await rig.projector.drain()
    assert (await rig.message(message.id)).statuses == ()
    await rig.report(number, "accepted", query=f"m={message.id}")
    after = await rig.message(message.id)
    assert (after.sid, after.status.value) == (number, run["final_status"])


async def test_all_orders_of_a_run_end_the_same(rig: Rig) -> None:
    steps = sample("status/undelivered_recipient")["steps"]
    for order in itertools.permutations(steps):
        number = sid()
        await accepted(rig, number)
        for step in order:
            form = step | {"MessageSid": number}
            await rig.receiver.status(list(form.items()), query="")
        await rig.projector.drain()
        message = await rig.message_of(number)
        assert message.status is DeliveryStatus.UNDELIVERED
        assert message.error is not None
        assert message.error.code == 63024


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), seed=st.integers(0, 9))
async def test_any_history_ends_where_merge_says(rig: Rig, words: list[str], seed: int) -> None:
    expected = DeliveryStatus.ACCEPTED
    for status in filter(None, map(from_twilio, words)):
        expected = merge(expected, status)
    number = sid()
    message = await accepted(rig, number)
    shuffled = words * 2
    random.Random(seed).shuffle(shuffled)

    async def work(session: Session) -> None:
        for at, word in enumerate(shuffled):
            report = StatusReport(number, "AC", word, from_twilio(word))
            await apply_report(session, report, message_id=None, at=START + timedelta(seconds=at))

    await rig.store.write(work)
    after = await rig.message(message.id)
    assert after.status is expected
    assert {event.word for event in after.statuses} == set(words)
    bad = expected in (DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED)
    assert (after.error is not None) is bad


async def test_a_repeat_changes_nothing(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "delivered")
    seen = await rig.last_change()
    report = StatusReport(number, "AC", "delivered", DeliveryStatus.DELIVERED)
    changed = await rig.store.write(lambda s: apply_report(s, report, message_id=None, at=START))
    assert not changed
    assert await rig.last_change() == seen


async def test_a_late_word_is_kept_though_it_moves_nothing(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "read")
    seen = await rig.last_change()
    await rig.report(number, "sent")
    message = await rig.message_of(number)
    assert message.status is DeliveryStatus.READ
    assert [event.word for event in message.statuses] == ["read", "sent"]
    assert [c.kind for c in await rig.changes(seen)] == [ChangeKind.MESSAGE_UPDATED]


async def test_an_unknown_word_is_kept(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "teleported")
    message = await rig.message_of(number)
    assert message.status is DeliveryStatus.ACCEPTED
    assert [event.word for event in message.statuses] == ["teleported"]


async def test_a_bare_code_gets_a_sentence(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "undelivered", code=63024)
    error = (await rig.message_of(number)).error
    assert error is not None
    assert (error.code, error.text) == (63024, errorcodes.sentence(63024))


async def test_a_code_that_comes_second_is_taken_in(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "failed")
    await rig.report(number, "failed", code=63018)
    error = (await rig.message_of(number)).error
    assert error is not None
    assert error.code == 63018


async def test_delivered_overrules_undelivered_and_clears_the_error(rig: Rig) -> None:
    number = sid()
    await accepted(rig, number)
    await rig.report(number, "undelivered", code=63024)
    await rig.report(number, "delivered")
    message = await rig.message_of(number)
    assert (message.status, message.error) == (DeliveryStatus.DELIVERED, None)


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.QUEUED])
async def test_our_id_in_the_callback_settles_the_send(rig: Rig, state: OutboxState) -> None:
    """Also when it had been queued again meanwhile: Twilio speaks of it, so Twilio has it."""
    message = await queued(rig)
    if state is not OutboxState.QUEUED:
        await sending(rig, message, state)
    number = sid()
    await rig.report(number, "sent", query=f"x=1&m={message.id}")
    after = await rig.message(message.id)
    assert (after.sid, after.status) == (number, DeliveryStatus.SENT)
    assert (await rig.row(message.id)).state is OutboxState.DONE


async def test_our_id_is_not_believed_for_another_sid(rig: Rig) -> None:
    number = sid()
    message = await accepted(rig, number)
    await rig.report(sid(), "failed", code=63016, query=f"m={message.id}")
    after = await rig.message(message.id)
    assert (after.sid, after.status) == (number, DeliveryStatus.ACCEPTED)


async def test_a_customers_message_takes_no_receipts(rig: Rig) -> None:
    conversation = await rig.hear()
    (message,) = await rig.thread(conversation.id)
    assert message.sid is not None
    await rig.report(message.sid, "failed", code=63016)
    await rig.report(sid(), "failed", code=63016, query=f"m={message.id}")
    after = await rig.message(message.id)
    assert (after.status, after.error) == (DeliveryStatus.RECEIVED, None)
    assert rig.inbox.window(await thread_of(rig, message)).allows_free_text


async def test_63016_shuts_the_window_and_gives_the_text_back(rig: Rig) -> None:
    number = sid()
    message = await accepted(rig, number, "Er du der?")
    rig.fixed.advance(timedelta(minutes=5))
    await rig.report(number, "failed", code=63016)
    conversation = await thread_of(rig, message)
    assert conversation.closed_by_channel_at == START
    assert not rig.inbox.window(conversation).allows_free_text
    assert await rig.conversations.draft(conversation.id, login="anna") == "Er du der?"
    seen = await rig.last_change()
    assert (await rig.projector.replay()).changed == 0
    assert await rig.last_change() == seen


async def test_63016_leaves_another_draft_alone(rig: Rig) -> None:
    number = sid()
    message = await accepted(rig, number, "gammel")
    await rig.conversations.save_draft(message.conversation_id, login="anna", text="ny")
    await rig.report(number, "failed", code=63016)
    assert await rig.conversations.draft(message.conversation_id, login="anna") == "ny"


async def test_what_the_customer_wrote_since_has_reopened_it(rig: Rig) -> None:
    number = sid()
    message = await accepted(rig, number)
    rig.fixed.advance(timedelta(seconds=10))
    await rig.hear("her er jeg")
    rig.fixed.advance(timedelta(seconds=10))
    await rig.report(number, "failed", code=63016)
    conversation = await thread_of(rig, message)
    assert conversation.closed_by_channel_at == START
    assert rig.inbox.window(conversation).allows_free_text


async def test_receipts_with_one_sid_wait_once_for_each_word(rig: Rig) -> None:
    number = sid()
    for word in ("sent", "delivered"):
        await rig.report(number, word)
    report = forms.parse_status([("MessageSid", number), ("MessageStatus", "sent")])
    assert not await rig.store.write(
        lambda s: apply_report(s, report, message_id=None, at=START + HOUR)
    )
    message = await queued(rig)
    await rig.report(number, "read", query=f"m={message.id}")
    events = (await rig.message(message.id)).statuses
    assert [(e.word, e.at) for e in events] == [
        ("sent", START),
        ("delivered", START),
        ("read", START),
    ]
