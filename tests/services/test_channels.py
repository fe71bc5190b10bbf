"""Pause, detach, erase, export: what each touches, and what it leaves."""

from __future__ import annotations

import json
import stat
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.rig import NUMBER, SETUP, Rig, inbound_form
from tests.services.twilio_rig import TwilioRig
from wa_console.domain.conversation import View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotAllowed, NotFound, SetupProblem
from wa_console.domain.setup import Number
from wa_console.gateway.port import Gateway
from wa_console.services.channels import Channels
from wa_console.services.checks import Severity
from wa_console.services.search import Search
from wa_console.store.port import OutboxState

OTHER = "+4570203041"


def channels(rig: Rig, folder: Path) -> Channels:
    def connect() -> AbstractAsyncContextManager[Gateway]:
        raise SetupProblem("no credentials")

    return Channels(
        store=rig.store,
        clock=rig.clock,
        connect=connect,
        public_url=None,
        exports=folder / "exports",
    )


async def ids(rig: Rig, view: View) -> list[str]:
    rows = await rig.inbox.page(view, login="anna", offset=0, limit=50)
    return [row.id for row in rows]


async def with_another_number(rig: Rig) -> str:
    """Set a second number up with a thread of the same customer; returns the thread's id."""
    setup = await rig.setup.current()
    second = Number(OTHER, name="Sales")
    await rig.setup.apply(replace(setup, numbers=(*setup.numbers, second)))
    return (await rig.hear("Sælger I?", To=f"whatsapp:{OTHER}")).id


async def test_overview_counts_what_is_there(rig: Rig, tmp_path: Path) -> None:
    await rig.hear("Hej")
    await rig.hear("Hallo", From="whatsapp:+4520000001", WaId="4520000001")
    (channel,) = (await channels(rig, tmp_path).overview()).channels
    assert channel.workstream is not None
    assert channel.workstream.name == "WhatsApp"
    counts = channel.counts
    assert (counts.conversations, counts.live, counts.messages, counts.customers) == (2, 2, 2, 2)
    assert counts.last_inbound_at == rig.clock.now()
    with pytest.raises(SetupProblem):
        await channels(rig, tmp_path).look()


async def test_a_paused_number_keeps_but_gives_no_work(rig: Rig, tmp_path: Path) -> None:
    ours = channels(rig, tmp_path)
    known = await rig.hear("Hej")
    await ours.pause(NUMBER)
    with pytest.raises(NotAllowed, match="paused"):
        await rig.outbox.queue_reply(known.id, "Hej selv", author="anna")
    await rig.hear("Er I der?")
    stranger = await rig.hear("Hej", From="whatsapp:+4520000001", WaId="4520000001")
    assert await ids(rig, View.ALL) == []
    assert set(await ids(rig, View.QUARANTINE)) == {known.id, stranger.id}
    assert len(await rig.thread(known.id)) == 2
    assert await ours.resume(NUMBER) == 2
    assert set(await ids(rig, View.ALL)) == {known.id, stranger.id}
    assert (await rig.conversations.get(known.id)).context == {}
    await rig.outbox.queue_reply(known.id, "Hej selv", author="anna")


async def test_resuming_releases_only_what_the_pause_held(rig: Rig, tmp_path: Path) -> None:
    ours = channels(rig, tmp_path)
    foreign = await rig.hear("Hej", AccountSid="AC" + "9" * 32)
    await ours.pause(NUMBER)
    assert await ours.resume(NUMBER) == 0
    assert await ids(rig, View.QUARANTINE) == [foreign.id]


async def test_what_was_queued_waits_while_paused_and_goes_after(live: TwilioRig) -> None:
    ours = channels(live.desk, Path("unused"))
    conversation = await live.told()
    message = await live.desk.outbox.queue_reply(conversation.id, "Nu", author="anna")
    await ours.pause(live.twilio.number)
    await live.send_all()
    assert await live.accepted() == []
    assert (await live.desk.message(message.id)).status is DeliveryStatus.QUEUED
    await ours.resume(live.twilio.number)
    live.wall.now += 61
    await live.send_all()
    assert await live.accepted() == ["Nu"]


async def test_detached_the_history_stays_and_what_waits_is_canceled(
    rig: Rig, tmp_path: Path
) -> None:
    ours = channels(rig, tmp_path)
    conversation = await rig.hear("Hej")
    message = await rig.outbox.queue_reply(conversation.id, "Hej selv", author="anna")
    assert await ours.detach(NUMBER) == 1
    setup = await rig.setup.current()
    assert setup.numbers == ()
    assert len(await rig.thread(conversation.id)) == 2
    after = await rig.message(message.id)
    assert after.status is DeliveryStatus.CANCELED
    draft = await rig.store.read(lambda s: s.messages.draft(conversation.id, "anna"))
    assert draft == "Hej selv"
    assert await rig.store.read(lambda s: s.outbox.waiting()) == 0
    with pytest.raises(NotFound):
        await ours.detach(NUMBER)


async def test_erased_nothing_of_it_is_left_anywhere(rig: Rig, tmp_path: Path) -> None:
    ours = channels(rig, tmp_path)
    gone = await rig.hear("hemmelig pakke", From="whatsapp:+4520000001", WaId="4520000001")
    both = await rig.hear("forsinket pakke")
    await rig.outbox.queue_reply(gone.id, "svar pakke", author="anna")
    await rig.report((await rig.thread(gone.id))[0].sid or "", "delivered")
    kept = await with_another_number(rig)
    search = Search(store=rig.store)
    await search.index_once()
    with pytest.raises(NotAllowed, match="Type"):
        await ours.erase(NUMBER, typed="+45")
    counts = await ours.erase(NUMBER, typed="45 71 99 30 00")
    assert (counts.conversations, counts.messages, counts.customers) == (2, 3, 1)
    assert await ids(rig, View.ALL) == [kept]
    with pytest.raises(NotFound):
        await rig.conversations.get(both.id)
    assert await search.find("pakke", limit=9) == []
    assert len(await search.find("Sælger", limit=9)) == 1
    assert [n.address for n in (await rig.setup.current()).numbers] == [OTHER]
    after = await rig.conversations.get(kept)
    assert await rig.store.read(lambda s: s.customers.get(after.customer_id)) is not None
    assert await rig.store.read(lambda s: s.customers.get(gone.customer_id)) is None
    rows = await rig.store.journal.after(0, limit=50)
    assert [dict(row.entry.fields)["To"] for row in rows] == [f"whatsapp:{OTHER}"]
    assert (await rig.projector.replay()).changed == 0
    later = await rig.hear("Er I her?", To=f"whatsapp:{OTHER}")
    assert later.id == kept


async def test_no_erasure_while_a_send_is_under_way(rig: Rig, tmp_path: Path) -> None:
    conversation = await rig.hear("Hej")
    message = await rig.outbox.queue_reply(conversation.id, "Hej selv", author="anna")
    row = await rig.store.read(lambda s: s.outbox.get(message.id))
    assert row is not None
    sending = replace(row, state=OutboxState.SENDING)
    await rig.store.write(lambda s: s.outbox.update(sending))
    with pytest.raises(NotAllowed, match="just being sent"):
        await channels(rig, tmp_path).erase(NUMBER, typed=NUMBER)
    assert len(await rig.thread(conversation.id)) == 2
    assert len(await rig.store.journal.after(0, limit=9)) == 1


async def test_an_export_holds_every_message_and_is_ours_alone(rig: Rig, tmp_path: Path) -> None:
    one = await rig.hear("Hej æøå")
    await rig.outbox.queue_reply(one.id, "Hej selv", author="anna")
    two = await rig.hear("Hallo", From="whatsapp:+4520000001", WaId="4520000001")
    path = await channels(rig, tmp_path).export(NUMBER)
    assert path.parent == tmp_path / "exports"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = {line["conversation"]["id"]: [m["body"] for m in line["messages"]] for line in lines}
    assert found == {one.id: ["Hej æøå", "Hej selv"], two.id: ["Hallo"]}
    assert lines[0]["messages"][0]["created_at"].endswith("Z")
    with pytest.raises(NotFound):
        await channels(rig, tmp_path).export("+4500000000")


async def test_twilio_tells_how_the_sender_is(live: TwilioRig, tmp_path: Path) -> None:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Gateway]:
        yield live.gateway

    ours = Channels(
        store=live.desk.store,
        clock=live.desk.clock,
        connect=connect,
        public_url="https://elsewhere.example.dk",
        exports=tmp_path,
    )
    found = (await ours.look())[live.twilio.number]
    broken = [check.check for check in found if check.severity is Severity.ERROR]
    assert broken == ["webhook"]


async def test_an_edit_is_kept_and_told(rig: Rig, tmp_path: Path) -> None:
    await channels(rig, tmp_path).edit(NUMBER, name="Support", workstream="WhatsApp")
    number = (await rig.setup.current()).numbers[0]
    assert number.name == "Support"
    assert SETUP.numbers[0].name != "Support"
    await rig.receiver.inbound(inbound_form("Hej"), query="")
    await rig.projector.drain()
    assert len(await ids(rig, View.ALL)) == 1
