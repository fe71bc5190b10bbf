"""Lists and open conversations, as one snapshot each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.rig import START, Rig
from wa_console.domain.conversation import Conversation, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotFound
from wa_console.domain.message import ChatMessage, MessageError
from wa_console.domain.template import Approval, Template
from wa_console.domain.window import WindowState
from wa_console.services.rules import Rules
from wa_console.store.port import Session

HX = "HX" + "1" * 32
HOUR = timedelta(hours=1)


async def customer(rig: Rig, number: int, body: str = "Hej", **more: str) -> Conversation:
    phone = f"452000000{number}"
    return await rig.hear(body, From=f"whatsapp:+{phone}", WaId=phone, **more)


async def three(rig: Rig) -> list[str]:
    """Three customers an hour apart, the last one just now."""
    found = []
    for number in range(3):
        found.append((await customer(rig, number)).id)
        rig.fixed.advance(HOUR)
    return found


async def test_pages_sizes_positions(rig: Rig) -> None:
    ids = await three(rig)
    page = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    assert [row.id for row in page] == ids  # soonest to close first
    assert await rig.inbox.size(View.ALL, login="anna") == 3
    assert await rig.inbox.position(View.ALL, ids[1], login="anna") == 1
    assert await rig.inbox.position(View.MINE, ids[1], login="anna") is None
    part = await rig.inbox.page(View.ALL, login="anna", offset=1, limit=1)
    assert [row.id for row in part] == ids[1:2]
    text = await rig.inbox.page(View.ALL, login="anna", text=" 20000002 ", offset=0, limit=9)
    assert [row.id for row in text] == ids[2:]
    assert await rig.inbox.size(View.ALL, login="anna", text="nobody") == 0
    assert await rig.inbox.row("nope", login="anna") is None


async def test_what_was_counted_is_stale_when_a_window_begins_to_close_and_when_it_ends(
    rig: Rig,
) -> None:
    assert await rig.inbox.turns_at() is None
    found = await customer(rig, 1)
    closes_at = rig.inbox.window(found).closes_at
    assert closes_at is not None
    for turn, before, after in ((closes_at - HOUR, 0, 1), (closes_at, 1, 0)):
        assert await rig.inbox.turns_at() == turn
        rig.fixed.set(turn - timedelta(milliseconds=1))
        assert (await rig.inbox.counts("anna")).closing_soon == before
        assert await rig.inbox.turns_at() == turn
        rig.fixed.set(turn)
        assert (await rig.inbox.counts("anna")).closing_soon == after
    assert await rig.inbox.turns_at() is None


async def test_the_order_follows_the_clock(rig: Rig) -> None:
    ids = await three(rig)
    rig.fixed.set(START + timedelta(hours=24))  # the first one's window has closed
    page = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    assert [row.id for row in page] == [*ids[1:], ids[0]]
    states = [rig.inbox.window(row).state for row in page]
    assert states == [WindowState.CLOSING, WindowState.OPEN, WindowState.CLOSED]


async def test_counts(rig: Rig) -> None:
    ids = await three(rig)
    await rig.conversations.take(ids[0], login="anna")
    await rig.outbox.queue_reply(ids[1], "svar", author="anna")
    rig.fixed.set(START + timedelta(hours=23, minutes=30))
    counts = await rig.inbox.counts("anna")
    assert (counts.mine, counts.unassigned, counts.waiting, counts.all) == (1, 2, 2, 3)
    assert counts.closing_soon == 1


async def test_an_open_conversation(rig: Rig) -> None:
    conversation = await rig.hear("nr. 0")
    for n in range(1, 6):
        rig.fixed.advance(timedelta(minutes=1))
        await rig.hear(f"nr. {n}")
    await rig.conversations.save_draft(conversation.id, login="anna", text="kladde")
    view = await rig.inbox.open(conversation.id, login="anna", limit=4)
    assert [m.body for m in view.messages] == ["nr. 2", "nr. 3", "nr. 4", "nr. 5"]
    assert view.more
    assert (view.draft, view.others) == ("kladde", 0)
    assert view.window.state is WindowState.OPEN
    older = await rig.inbox.older(conversation.id, before=view.messages[0], limit=9)
    assert [m.body for m in older] == ["nr. 0", "nr. 1"]
    whole = await rig.inbox.open(conversation.id, login="bo", limit=6)
    assert (whole.more, whole.draft, len(whole.messages)) == (False, "", 6)
    none = await rig.inbox.open(conversation.id, login="bo", limit=0)
    assert (none.more, len(none.messages)) == (True, 0)


async def test_templates_are_shown_by_name(rig: Rig) -> None:
    template = Template(HX, "order_update", "da", "twilio/text", "Hej", approval=Approval.APPROVED)
    await rig.store.write(lambda s: s.templates.save(template, synced_at=None))
    conversation = await rig.hear()
    await rig.outbox.queue_template(conversation.id, HX, {}, author="anna")
    view = await rig.inbox.open(conversation.id, login="anna")
    assert view.template_names == {HX: "order_update"}
    await rig.store.write(lambda s: s.templates.remove(HX))
    assert (await rig.inbox.open(conversation.id, login="anna")).template_names == {}


async def test_what_is_not_there(rig: Rig) -> None:
    with pytest.raises(NotFound):
        await rig.inbox.open("nope", login="anna")
    with pytest.raises(NotFound):
        await rig.inbox.message("nope")


async def test_next_to_expire_goes_round(rig: Rig) -> None:
    ids = await three(rig)
    await rig.conversations.take(ids[2], login="anna")
    await rig.conversations.take(ids[1], login="bo")
    await rig.outbox.queue_reply(ids[1], "svar", author="bo")
    hop = rig.inbox.next_to_expire
    # By the clock, not by whose: nobody's first one ends before anna's.
    assert await hop(login="anna", after=None) == ids[0]
    assert await hop(login="anna", after=ids[0]) == ids[2]
    assert await hop(login="anna", after=ids[2]) == ids[0]
    assert await hop(login="anna", after="elsewhere") == ids[0]
    rig.fixed.set(START + timedelta(hours=24))
    assert await hop(login="anna", after=ids[2]) == ids[2]
    rig.fixed.set(START + timedelta(hours=30))
    assert await hop(login="anna", after=None) is None


async def test_next_unread_goes_round(rig: Rig) -> None:
    ids = await three(rig)
    hop = rig.inbox.next_unread
    assert [await hop(login="anna", after=each) for each in (None, *ids)] == [*ids, ids[0]]
    await rig.conversations.mark_read(ids[1])
    assert await hop(login="anna", after=ids[0]) == ids[2]
    for each in ids:
        await rig.conversations.mark_read(each)
    assert await hop(login="anna", after=ids[0]) is None


@pytest.mark.parametrize("ms", [-1, 0, 1])
async def test_the_store_and_the_rule_agree_on_the_last_millisecond(rig: Rig, ms: int) -> None:
    """Two pieces of code know when a window ends: the inbox's order and the rule."""
    rules = Rules()
    old = await customer(rig, 0)
    rig.fixed.advance(timedelta(hours=12))
    newer = await customer(rig, 1)
    end = START + timedelta(hours=24) - rules.margin
    rig.fixed.set(end + timedelta(milliseconds=ms))
    is_open = rig.inbox.window(old).allows_free_text
    assert is_open is (ms < 0)
    page = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    first = old.id if is_open else newer.id
    assert page[0].id == first
    assert (await rig.inbox.counts("anna")).closing_soon == int(is_open)


def test_rules_apply_to_conversations_and_their_settings() -> None:
    rules = Rules(margin=timedelta(minutes=5), closing=timedelta(minutes=10))
    now = START + timedelta(hours=24)
    assert rules.open_since(now) == START + timedelta(minutes=5)
    assert rules.closing_since(now) == START + timedelta(minutes=15)


async def test_a_refusal_by_the_channel_counts(rig: Rig) -> None:
    conversation = await rig.hear()
    shut = replace(conversation, closed_by_channel_at=START + HOUR)
    await rig.store.write(lambda s: s.conversations.save(shut))
    rig.fixed.advance(2 * HOUR)
    other = await customer(rig, 1)
    page = await rig.inbox.page(View.ALL, login="anna", offset=0, limit=9)
    assert [row.id for row in page] == [other.id, conversation.id]
    assert rig.inbox.window(page[1]).state is WindowState.CLOSED


async def test_a_failure_is_read_with_our_sentence_and_its_mend(rig: Rig) -> None:
    conversation = await customer(rig, 0)
    message = await rig.outbox.queue_reply(conversation.id, "Hej", author="anna")
    for code, said, text, action in (
        (63003, "", "WhatsApp does not know this number.", "call"),
        (63003, "Channel could not find To address", "WhatsApp does not know this number.", "call"),
        (99999, "Something new", "Something new", "admin"),
    ):
        failed = replace(message, status=DeliveryStatus.FAILED, error=MessageError(code, said))
        await rig.store.write(_updating(failed))
        view = await rig.inbox.open(conversation.id, login="anna")
        for read in (view.messages[-1], await rig.inbox.message(message.id)):
            assert read.error is not None
            assert read.error.text.startswith(text)
            assert read.error.action == action


def _updating(message: ChatMessage) -> Callable[[Session], Awaitable[None]]:
    return lambda session: session.messages.update(message)
