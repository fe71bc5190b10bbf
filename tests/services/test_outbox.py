"""Queueing: every rule is asked before a row is written, and all of it is written or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.rig import CUSTOMER, NUMBER, SETUP, START, Rig
from wa_console.domain.address import parse_typed
from wa_console.domain.changes import ChangeKind
from wa_console.domain.conversation import ConversationState, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import (
    NotAllowed,
    NotFound,
    RuleRefusal,
    SetupProblem,
    TemplateProblem,
    WindowClosed,
)
from wa_console.domain.message import ChatMessage, Direction, MessageError, MessageKind
from wa_console.domain.setup import Number
from wa_console.domain.template import Approval, Template
from wa_console.store.port import OutboxState

HX = "HX" + "1" * 32
TEMPLATE = Template(
    content_sid=HX,
    name="delivery_update",
    language="da",
    kind="twilio/text",
    text="Hej {{1}}, din pakke {{2}} er på vej.",
    approval=Approval.APPROVED,
)
VALUES = {"1": "Mette", "2": "4711"}
DAY = timedelta(hours=24)


async def waiting(rig: Rig) -> int:
    return await rig.store.read(lambda s: s.outbox.waiting())


async def keep(rig: Rig, template: Template) -> None:
    await rig.store.write(lambda s: s.templates.save(template, synced_at=None))


async def change(rig: Rig, message: ChatMessage) -> None:
    await rig.store.write(lambda s: s.messages.update(message))


async def test_a_reply_is_queued_with_its_exact_request(rig: Rig) -> None:
    conversation = await rig.hear()
    await rig.conversations.save_draft(conversation.id, login="anna", text="Den er på")
    seen = await rig.last_change()
    rig.fixed.advance(timedelta(minutes=3))
    message = await rig.outbox.queue_reply(conversation.id, " Den er\npå vej ", author="anna")
    assert message.body == " Den er\npå vej "
    assert (message.direction, message.kind) == (Direction.OUTBOUND, MessageKind.SESSION)
    assert (message.status, message.author) == (DeliveryStatus.QUEUED, "anna")
    assert (message.window_state, message.sid) == ("open", None)
    row = await rig.row(message.id)
    assert (row.sender, row.to, row.body) == (f"whatsapp:{NUMBER}", CUSTOMER, message.body)
    assert (row.state, row.due_ms, row.attempt) == (OutboxState.QUEUED, 0, 0)
    after = await rig.conversations.get(conversation.id)
    assert (after.unread, after.waiting_since) == (0, None)
    assert after.first_reply_at == START + timedelta(minutes=3)
    assert after.last_message_id == message.id
    assert after.last_inbound_at == START  # our own words extend nothing (faults D8)
    assert await rig.conversations.draft(conversation.id, login="anna") == ""
    assert [c.kind for c in await rig.changes(seen)] == [ChangeKind.MESSAGE_QUEUED]


async def test_the_window_is_asked_to_the_second(rig: Rig) -> None:
    conversation = await rig.hear()
    end = START + DAY - rig.rules.margin
    rig.fixed.set(end - timedelta(milliseconds=1))
    message = await rig.outbox.queue_reply(conversation.id, "nu", author="anna")
    assert message.window_state == "closing"
    rig.fixed.set(end)
    await rig.conversations.save_draft(conversation.id, login="anna", text="for sent")
    with pytest.raises(WindowClosed) as refused:
        await rig.outbox.queue_reply(conversation.id, "for sent", author="anna")
    assert refused.value.closed_at == end
    assert refused.value.exit_code == 6
    assert await waiting(rig) == 1
    assert await rig.conversations.draft(conversation.id, login="anna") == "for sent"


async def test_who_never_wrote_gets_no_free_text(rig: Rig) -> None:
    conversation = await rig.outbox.open_thread(parse_typed("+45 20 99 99 99"))
    with pytest.raises(WindowClosed) as refused:
        await rig.outbox.queue_reply(conversation.id, "Hej", author="anna")
    assert refused.value.closed_at is None
    assert await rig.thread(conversation.id) == []


@pytest.mark.parametrize("text", ["", " \n\t "])
async def test_nothing_is_not_sent(rig: Rig, text: str) -> None:
    conversation = await rig.hear()
    with pytest.raises(NotAllowed):
        await rig.outbox.queue_reply(conversation.id, text, author="anna")


async def test_1600_characters_and_no_more(rig: Rig) -> None:
    conversation = await rig.hear()
    await rig.outbox.queue_reply(conversation.id, "æ" * 1600, author="anna")
    with pytest.raises(RuleRefusal, match="1601"):
        await rig.outbox.queue_reply(conversation.id, "æ" * 1601, author="anna")
    assert await waiting(rig) == 1


async def test_no_answer_to_nobody_or_to_quarantine(rig: Rig) -> None:
    with pytest.raises(NotFound):
        await rig.outbox.queue_reply("nope", "Hej", author="anna")
    strange = await rig.hear(To="whatsapp:+4570000000")
    with pytest.raises(NotAllowed, match="quarantine"):
        await rig.outbox.queue_reply(strange.id, "Hej", author="anna")


async def test_an_answer_opens_a_closed_conversation(rig: Rig) -> None:
    conversation = await rig.hear()
    await rig.conversations.take(conversation.id, login="anna")
    await rig.conversations.close(conversation.id, by="anna")
    await rig.outbox.queue_reply(conversation.id, "Lige én ting til", author="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.state, after.closed_at) == (ConversationState.ACTIVE, None)


async def test_a_template_goes_out_in_a_closed_window(rig: Rig) -> None:
    await keep(rig, TEMPLATE)
    conversation = await rig.hear()
    rig.fixed.advance(2 * DAY)
    message = await rig.outbox.queue_template(conversation.id, HX, VALUES, author="anna")
    assert message.body == "Hej Mette, din pakke 4711 er på vej."
    assert message.kind is MessageKind.TEMPLATE
    assert message.window_state == "closed"
    row = await rig.row(message.id)
    assert (row.content_sid, row.variables, row.body) == (HX, VALUES, "")
    last = await rig.store.read(lambda s: s.templates.last_variables(HX))
    assert last == VALUES


@pytest.mark.parametrize("approval", list(Approval))
async def test_only_approved_or_unasked_templates(rig: Rig, approval: Approval) -> None:
    await keep(rig, replace(TEMPLATE, approval=approval))
    conversation = await rig.hear()
    if approval in (Approval.APPROVED, Approval.UNKNOWN):
        await rig.outbox.queue_template(conversation.id, HX, VALUES, author="anna")
        assert await waiting(rig) == 1
    else:
        with pytest.raises(TemplateProblem):
            await rig.outbox.queue_template(conversation.id, HX, VALUES, author="anna")
        assert await waiting(rig) == 0


@pytest.mark.parametrize(
    "values",
    [{}, {"1": "Mette"}, {"1": "Mette", "2": ""}, VALUES | {"3": "x"}, VALUES | {"2": "a\nb"}],
)
async def test_values_that_do_not_do(rig: Rig, values: dict[str, str]) -> None:
    await keep(rig, replace(TEMPLATE, approval=Approval.UNKNOWN))
    conversation = await rig.hear()
    with pytest.raises(TemplateProblem) as refused:
        await rig.outbox.queue_template(conversation.id, HX, values, author="anna")
    assert refused.value.problems
    assert await waiting(rig) == 0


async def test_an_unknown_template(rig: Rig) -> None:
    conversation = await rig.hear()
    with pytest.raises(NotFound, match="HX2"):
        await rig.outbox.queue_template(conversation.id, "HX2", {}, author="anna")


async def failed(rig: Rig, conversation_id: str, *, template: bool = False) -> str:
    """A message that Twilio refused."""
    if template:
        message = await rig.outbox.queue_template(conversation_id, HX, VALUES, author="anna")
    else:
        message = await rig.outbox.queue_reply(conversation_id, "igen?", author="anna")
    bad = replace(message, status=DeliveryStatus.FAILED, error=MessageError(63012, "x"))
    await rig.store.write(lambda s: s.messages.update(bad))
    return message.id


async def test_a_resend_is_a_new_message(rig: Rig) -> None:
    conversation = await rig.hear()
    old = await failed(rig, conversation.id)
    new = await rig.outbox.resend(old, author="bo")
    assert new.id != old
    assert (new.body, new.author, new.raw) == ("igen?", "bo", {"ResendOf": old})
    assert (await rig.message(old)).status is DeliveryStatus.FAILED
    assert (await rig.row(new.id)).body == "igen?"


async def test_a_resend_of_a_template(rig: Rig) -> None:
    await keep(rig, TEMPLATE)
    conversation = await rig.hear()
    old = await failed(rig, conversation.id, template=True)
    rig.fixed.advance(2 * DAY)
    new = await rig.outbox.resend(old, author="bo")
    assert (await rig.row(new.id)).variables == VALUES
    await keep(rig, replace(TEMPLATE, approval=Approval.PAUSED))
    with pytest.raises(TemplateProblem):
        await rig.outbox.resend(old, author="bo")


async def test_no_resend_of_what_did_not_fail(rig: Rig) -> None:
    conversation = await rig.hear()
    message = await rig.outbox.queue_reply(conversation.id, "Hej", author="anna")
    for status in set(DeliveryStatus) - {
        DeliveryStatus.FAILED,
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.CANCELED,
        DeliveryStatus.PARKED,
    }:
        await change(rig, replace(message, status=status))
        with pytest.raises(NotAllowed):
            await rig.outbox.resend(message.id, author="anna")
    with pytest.raises(NotAllowed):
        await rig.outbox.resend((await rig.thread(conversation.id))[0].id, author="anna")
    with pytest.raises(NotFound):
        await rig.outbox.resend("nope", author="anna")


async def test_no_resend_into_a_closed_window(rig: Rig) -> None:
    conversation = await rig.hear()
    old = await failed(rig, conversation.id)
    rig.fixed.advance(DAY)
    with pytest.raises(WindowClosed):
        await rig.outbox.resend(old, author="anna")


async def test_a_thread_is_found_or_begun_once(rig: Rig) -> None:
    heard = await rig.hear()
    assert (await rig.outbox.open_thread(parse_typed("0045 20 12 34 56"))).id == heard.id
    new = await rig.outbox.open_thread(parse_typed("+4520999999"), number="Support Denmark")
    assert (new.reply_to, new.number) == ("whatsapp:+4520999999", NUMBER)
    assert new.state is ConversationState.OPEN
    again = await rig.outbox.open_thread(parse_typed("+4520999999"), number=NUMBER)
    assert again == new
    assert await rig.inbox.size(View.ALL, login="anna") == 2


async def test_a_thread_needs_a_number_of_ours(rig: Rig) -> None:
    to = parse_typed("+4520999999")
    with pytest.raises(SetupProblem, match="none of the numbers"):
        await rig.outbox.open_thread(to, number="+4570000000")
    await rig.setup.apply(replace(SETUP, numbers=(), workstreams=()))
    with pytest.raises(SetupProblem, match="No number"):
        await rig.outbox.open_thread(to)


async def test_a_thread_at_the_other_number(rig: Rig) -> None:
    numbers = (*SETUP.numbers, Number("+4571993001", name="Norge"))
    await rig.setup.apply(replace(SETUP, numbers=numbers))
    heard = await rig.hear()
    other = await rig.outbox.open_thread(parse_typed("+4520123456"), number="Norge")
    assert (other.customer_id, other.number) == (heard.customer_id, "+4571993001")
    assert other.id != heard.id


async def test_the_same_text_within_three_seconds(rig: Rig) -> None:
    conversation = await rig.hear("Hej")
    await rig.outbox.queue_reply(conversation.id, "Hej", author="anna")
    assert await rig.outbox.doubled(conversation.id, "Hej")
    assert not await rig.outbox.doubled(conversation.id, "Hej!")
    rig.fixed.advance(timedelta(seconds=3))
    assert not await rig.outbox.doubled(conversation.id, "Hej")
