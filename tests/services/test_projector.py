"""From journal to conversations: nothing lost, nothing twice, one bad row stops nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.services.rig import (
    ACCOUNT,
    NUMBER,
    SETUP,
    START,
    Rig,
    inbound_form,
    opened,
    sample,
    sample_names,
    sid,
    status_form,
)
from wa_console.domain.clock import FixedClock
from wa_console.domain.conversation import View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import StoreProblem
from wa_console.domain.message import Direction, InboundMessage, StatusReport
from wa_console.gateway import forms
from wa_console.services.projector import MAX_ATTEMPTS, Projector

INBOUND = sample_names("inbound")
POISON = "poison"


class Picky:
    """The real reader of forms, but one message is more than it can take."""

    def parse_inbound(self, fields: Sequence[tuple[str, str]]) -> InboundMessage:
        if dict(fields).get("Body") == POISON:
            raise ValueError(POISON)
        return forms.parse_inbound(fields)

    def parse_status(self, fields: Sequence[tuple[str, str]]) -> StatusReport:
        return forms.parse_status(fields)


async def snapshot(rig: Rig) -> list[object]:
    """Everything a replay must leave alone."""
    rows = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=100)
    rows = [*rows, *await rig.inbox.page(View.QUARANTINE, login="anna", offset=0, limit=100)]
    views = [await rig.inbox.open(row.id, login="anna", limit=100) for row in rows]
    return [rows, views, await rig.last_change()]


@pytest.mark.parametrize("name", INBOUND)
async def test_every_sample_becomes_a_message(rig: Rig, name: str) -> None:
    form = sample(name)["form"]
    await rig.receiver.inbound(list(form.items()), query="")
    assert await rig.projector.drain() == 1
    message = await rig.message_of(form["MessageSid"])
    assert message.direction is Direction.INBOUND
    assert message.status is DeliveryStatus.RECEIVED
    assert message.body == form.get("Body", "")
    assert message.raw == form
    conversation = await rig.conversations.get(message.conversation_id)
    assert conversation.reply_to == form["From"]
    assert conversation.unread == 1
    assert conversation.last_inbound_at == conversation.waiting_since == START
    ours = form["From"].startswith("whatsapp:") and form["To"] == f"whatsapp:{NUMBER}"
    assert conversation.quarantined is not ours
    assert await rig.projector.behind() == 0


async def test_all_samples_twice_and_replayed_change_nothing(rig: Rig) -> None:
    posts = [list(sample(name)["form"].items()) for name in INBOUND]
    assert all([await rig.receiver.inbound(form, query="") for form in posts])
    assert await rig.projector.drain() == len(INBOUND) == 30
    before = await snapshot(rig)
    assert not any([await rig.receiver.inbound(form, query="") for form in posts])
    assert await rig.projector.drain() == 0
    replayed = await rig.projector.replay()
    assert (replayed.rows, replayed.changed) == (30, 0)
    assert await snapshot(rig) == before


async def test_receipts_are_replayed_without_a_change(rig: Rig) -> None:
    conversation = await rig.hear()
    message = await rig.outbox.queue_reply(conversation.id, "Hej", author="anna")
    number = sid()
    for word in ("sent", "delivered", "strange"):
        await rig.report(number, word, query=f"m={message.id}")
    await rig.report(sid(), "read")  # nobody's: parked
    before = await snapshot(rig)
    replayed = await rig.projector.replay()
    assert (replayed.rows, replayed.changed) == (5, 0)
    assert await snapshot(rig) == before


async def test_a_replay_makes_up_for_what_was_never_projected(rig: Rig) -> None:
    await rig.receiver.inbound(inbound_form(), query="")
    replayed = await rig.projector.replay()
    assert (replayed.rows, replayed.changed) == (1, 1)
    assert await rig.projector.behind() == 0


async def test_batches_keep_the_order(rig: Rig) -> None:
    for n in range(70):
        await rig.receiver.inbound(inbound_form(f"nr. {n}"), query="")
    assert await rig.projector.behind() == 70
    assert await rig.projector.run_once() == 32
    assert await rig.projector.behind() == 38
    assert await rig.projector.drain() == 38
    (row,) = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    assert row.unread == 70
    assert [m.body for m in await rig.thread(row.id)] == [f"nr. {n}" for n in range(70)]


async def test_a_poison_row_is_parked_and_the_rest_go_on(rig: Rig) -> None:
    picky = Projector(store=rig.store, clock=rig.clock, forms=Picky())
    bodies = [POISON if n == 40 else f"nr. {n}" for n in range(100)]
    for body in bodies:
        await rig.receiver.inbound(inbound_form(body), query="")
    await picky.drain()
    (row,) = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    assert [m.body for m in await rig.thread(row.id)] == [b for b in bodies if b != POISON]
    (parked,) = await rig.store.journal.parked()
    assert parked.attempts == MAX_ATTEMPTS
    assert dict(parked.entry.fields)["Body"] == POISON
    assert await picky.behind() == 0


async def test_a_poison_row_at_the_end_leaves_nothing_behind(rig: Rig) -> None:
    picky = Projector(store=rig.store, clock=rig.clock, forms=Picky(), batch=1)
    for body in ("først", POISON):
        await rig.receiver.inbound(inbound_form(body), query="")
    await picky.drain()
    assert await picky.behind() == 0
    assert len(await rig.store.journal.parked()) == 1


async def test_a_store_that_takes_no_writes_is_nobodys_fault(tmp_path: Path) -> None:
    async with opened(tmp_path, FixedClock(START)) as rig:
        await rig.receiver.inbound(inbound_form(), query="")
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute(
                "CREATE TRIGGER full BEFORE INSERT ON fact BEGIN"
                " SELECT RAISE(ABORT, 'disk full'); END"
            )
            other.execute(
                "CREATE TRIGGER full_too BEFORE INSERT ON message BEGIN"
                " SELECT RAISE(ABORT, 'disk full'); END"
            )
        other.close()
        with pytest.raises(StoreProblem):
            await rig.projector.drain()
        (row,) = await rig.store.journal.after(0, limit=9)
        assert row.attempts == 0
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute("DROP TRIGGER full")
            other.execute("DROP TRIGGER full_too")
        other.close()
        assert await rig.projector.drain() == 1


async def test_a_row_the_store_refuses_is_the_rows_fault(tmp_path: Path) -> None:
    async with opened(tmp_path, FixedClock(START)) as rig:
        with sqlite3.connect(tmp_path / "store.db") as other:
            other.execute(
                "CREATE TRIGGER bad BEFORE INSERT ON message WHEN NEW.body = 'poison' BEGIN"
                " SELECT RAISE(ABORT, 'no'); END"
            )
        other.close()
        for body in ("først", POISON, "sidst"):
            await rig.receiver.inbound(inbound_form(body), query="")
        await rig.projector.drain()
        assert len(await rig.store.journal.parked()) == 1
        (row,) = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
        assert [m.body for m in await rig.thread(row.id)] == ["først", "sidst"]


async def test_two_projectors_on_one_store_do_nothing_twice(rig: Rig) -> None:
    other = Projector(store=rig.store, clock=rig.clock, forms=forms)
    for n in range(5):
        await rig.receiver.inbound(inbound_form(f"{n}"), query="")
    rows = await rig.store.journal.after(0, limit=9)
    await rig.projector.drain()
    changes = await rig.last_change()
    # What the other had read before the first one was done.
    await other._project(rows)
    assert await rig.last_change() == changes


async def test_a_set_up_change_is_taken_up_with_the_next_row(empty: Rig) -> None:
    first = await empty.hear("før")
    assert first.quarantined
    assert first.workstream == ""
    await empty.setup.apply(SETUP)
    second = await empty.hear("efter", From="whatsapp:+4520000002", WaId="4520000002")
    assert not second.quarantined
    assert second.workstream == "WhatsApp"
    # And the first, whose account and number we serve by now, comes out by its next message.
    again = await empty.hear("igen")
    assert again.id == first.id
    assert (again.quarantined, again.workstream, again.unread) == (False, "WhatsApp", 2)


@pytest.mark.parametrize(
    "fields", [[], [("Body", "")], [("Æ", "\x00")], [("MessageSid", "")], [("From", "x:y")]]
)
async def test_a_genuine_form_without_sense_is_kept(
    rig: Rig, fields: list[tuple[str, str]]
) -> None:
    await rig.receiver.inbound(fields, query="")
    await rig.projector.drain()
    (row,) = await rig.inbox.page(View.QUARANTINE, login="anna", offset=0, limit=9)
    (message,) = await rig.thread(row.id)
    assert message.raw == dict(fields)
    assert message.sid is None
    assert (await rig.projector.replay()).changed == 0


async def test_a_status_of_nobodys_message_stays_parked(rig: Rig) -> None:
    await rig.receiver.status([], query="")
    await rig.receiver.status(status_form(sid(), "sent", AccountSid=ACCOUNT), query="m=../x")
    assert await rig.projector.drain() == 2
    assert await rig.inbox.size(View.ALL, login="anna") == 0
