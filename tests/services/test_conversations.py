"""What people do with conversations, and what they are told when it makes no sense."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.rig import SETUP, START, Rig
from wa_console.domain.changes import ChangeKind
from wa_console.domain.conversation import ConversationState, View
from wa_console.domain.errors import NotAllowed, NotFound
from wa_console.domain.message import MessageKind

STRANGE = {"To": "whatsapp:+4570000000"}
LATER = timedelta(minutes=1)


async def test_taking_makes_it_mine_and_active(rig: Rig) -> None:
    conversation = await rig.hear()
    seen = await rig.last_change()
    await rig.conversations.take(conversation.id, login="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.assignee, after.state) == ("anna", ConversationState.ACTIVE)
    assert [c.kind for c in await rig.changes(seen)] == [ChangeKind.CONVERSATION_UPDATED]
    (row,) = await rig.inbox.page(View.MINE, login="anna", offset=0, limit=9)
    assert row.id == conversation.id


async def test_assigning_to_people_and_queues(rig: Rig) -> None:
    conversation = await rig.hear()
    assign = rig.conversations.assign
    await assign(conversation.id, login="bo", by="anna")
    await assign(conversation.id, queue="Delivery", by="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.assignee, after.queue, after.state) == ("", "Delivery", ConversationState.OPEN)
    await assign(conversation.id, login="bo", queue="Delivery", by="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.assignee, after.queue, after.state) == (
        "bo",
        "Delivery",
        ConversationState.ACTIVE,
    )
    for wrong in ({"login": "nobody"}, {"queue": "Nowhere"}):
        with pytest.raises(NotFound):
            await assign(conversation.id, **wrong, by="anna")
    with pytest.raises(NotAllowed):
        await assign(conversation.id, by="anna")
    # Who sits here may take it, whether set up or not; without people any login will do.
    await rig.conversations.take(conversation.id, login="me")
    await rig.setup.apply(replace(SETUP, representatives=()))
    await assign(conversation.id, login="anybody", by="anna")


async def test_assigning_opens_what_is_closed(rig: Rig) -> None:
    conversation = await rig.hear()
    await rig.conversations.close(conversation.id, by="anna")
    await rig.conversations.take(conversation.id, login="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.state, after.closed_at) == (ConversationState.ACTIVE, None)


async def test_closing_and_reopening(rig: Rig) -> None:
    conversation = await rig.hear()
    rig.fixed.advance(LATER)
    await rig.conversations.close(conversation.id, by="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.state, after.closed_at) == (ConversationState.CLOSED, START + LATER)
    assert (after.unread, after.waiting_since) == (0, None)
    with pytest.raises(NotAllowed, match="already"):
        await rig.conversations.close(conversation.id, by="anna")
    await rig.conversations.reopen(conversation.id, by="anna")
    after = await rig.conversations.get(conversation.id)
    assert (after.state, after.closed_at) == (ConversationState.OPEN, None)
    with pytest.raises(NotAllowed):
        await rig.conversations.reopen(conversation.id, by="anna")


async def test_waiting_is_for_active_ones(rig: Rig) -> None:
    conversation = await rig.hear()
    with pytest.raises(NotAllowed):
        await rig.conversations.wait(conversation.id, by="anna")
    await rig.conversations.take(conversation.id, login="anna")
    await rig.conversations.wait(conversation.id, by="anna")
    after = await rig.conversations.get(conversation.id)
    assert after.state is ConversationState.WAITING
    assert (await rig.hear("her")).state is ConversationState.ACTIVE


async def test_a_note_stays_inside(rig: Rig) -> None:
    conversation = await rig.hear()
    seen = await rig.last_change()
    rig.fixed.advance(LATER)
    note = await rig.conversations.note(conversation.id, "[b]pas på[/]\n", author="anna")
    assert (note.kind, note.body, note.author) == (MessageKind.NOTE, "[b]pas på[/]\n", "anna")
    after = await rig.conversations.get(conversation.id)
    assert after.last_message_id == note.id
    assert (after.unread, after.waiting_since) == (1, START)  # a note is no answer
    assert [c.kind for c in await rig.changes(seen)] == [ChangeKind.NOTE_ADDED]
    assert await rig.store.read(lambda s: s.outbox.get(note.id)) is None
    with pytest.raises(NotAllowed):
        await rig.conversations.note(conversation.id, " \n", author="anna")


async def test_labels(rig: Rig) -> None:
    conversation = await rig.hear()
    label = rig.conversations.label
    await label(conversation.id, " vip  kunde ")
    await label(conversation.id, "retur")
    seen = await rig.last_change()
    await label(conversation.id, "VIP kunde")
    assert await rig.last_change() == seen
    assert (await rig.conversations.get(conversation.id)).labels == ("vip kunde", "retur")
    await label(conversation.id, "Vip Kunde", remove=True)
    await label(conversation.id, "nope", remove=True)
    assert (await rig.conversations.get(conversation.id)).labels == ("retur",)
    with pytest.raises(NotAllowed):
        await label(conversation.id, "  ")


async def test_read_is_read_once(rig: Rig) -> None:
    conversation = await rig.hear()
    await rig.conversations.mark_read(conversation.id)
    after = await rig.conversations.get(conversation.id)
    assert (after.unread, after.waiting_since) == (0, START)
    seen = await rig.last_change()
    await rig.conversations.mark_read(conversation.id)
    assert await rig.last_change() == seen


async def test_drafts_are_everybodys_own(rig: Rig) -> None:
    conversation = await rig.hear()
    save, draft = rig.conversations.save_draft, rig.conversations.draft
    seen = await rig.last_change()
    for text in ("H", "He", "Hej", "Hej"):
        await save(conversation.id, login="anna", text=text)
    assert len(await rig.changes(seen)) == 1
    assert await draft(conversation.id, login="anna") == "Hej"
    assert await draft(conversation.id, login="bo") == ""
    row = await rig.inbox.row(conversation.id, login="anna")
    assert row is not None
    assert row.has_draft
    await save(conversation.id, login="anna", text="")
    assert len(await rig.changes(seen)) == 2
    row = await rig.inbox.row(conversation.id, login="anna")
    assert row is not None
    assert not row.has_draft


async def test_release_and_discard(rig: Rig) -> None:
    one = await rig.hear("hvem?", **STRANGE)
    two = await rig.hear(
        "og mig?", **STRANGE | {"From": "whatsapp:+4520999999", "WaId": "4520999999"}
    )
    assert (await rig.inbox.counts("anna")).quarantine == 2
    with pytest.raises(NotAllowed, match="quarantine"):
        await rig.conversations.take(one.id, login="anna")
    await rig.conversations.release(one.id)
    await rig.conversations.discard(two.id)
    counts = await rig.inbox.counts("anna")
    assert (counts.quarantine, counts.unassigned, counts.all) == (0, 1, 1)
    assert (await rig.conversations.get(one.id)).unread == 1
    put_away = await rig.conversations.get(two.id)
    assert (put_away.state, put_away.quarantined) == (ConversationState.CLOSED, True)
    for step in (rig.conversations.release, rig.conversations.discard):
        with pytest.raises(NotAllowed):
            await step(one.id)
    assert await rig.store.journal.last_seq() == 2
    assert (await rig.projector.replay()).changed == 0


@pytest.mark.parametrize(
    "text",
    ["+4520123456", "0045 20 12 34 56", "20 12 34 56", "whatsapp:+4520123456", "4520123456"],
)
async def test_found_by_address_in_any_spelling(rig: Rig, text: str) -> None:
    conversation = await rig.hear()
    assert (await rig.conversations.find(f" {text} ")).id == conversation.id
    assert (await rig.conversations.find(conversation.id)).id == conversation.id


async def test_the_thread_that_is_found_is_the_liveliest(rig: Rig) -> None:
    sms = {"From": "+4520123456", "To": "+4571993000"}
    await rig.hear("sms", **sms)
    trusted = await rig.hear()
    rig.fixed.advance(LATER)
    await rig.hear("sms igen", **sms)
    assert (await rig.conversations.find("+4520123456")).id == trusted.id


@pytest.mark.parametrize("text", ["", "nope", "+4520999999", "01arz3ndektsv4rrffq69g5fav"])
async def test_what_is_not_there(rig: Rig, text: str) -> None:
    await rig.hear()
    with pytest.raises(NotFound) as missing:
        await rig.conversations.find(text)
    assert str(missing.value)


async def test_every_step_needs_a_conversation(rig: Rig) -> None:
    do = rig.conversations
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: do.get("nope"),
        lambda: do.take("nope", login="anna"),
        lambda: do.close("nope", by="anna"),
        lambda: do.reopen("nope", by="anna"),
        lambda: do.wait("nope", by="anna"),
        lambda: do.note("nope", "x", author="anna"),
        lambda: do.label("nope", "x"),
        lambda: do.mark_read("nope"),
        lambda: do.save_draft("nope", login="anna", text="x"),
        lambda: do.release("nope"),
        lambda: do.discard("nope"),
    ]
    for step in steps:
        with pytest.raises(NotFound):
            await step()
