"""What one message of a customer does, and what it must not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.rig import (
    ACCOUNT,
    CUSTOMER,
    NUMBER,
    SETUP,
    START,
    Rig,
    inbound_form,
    sid,
)
from wa_console.domain.address import parse_twilio
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import from_ms, to_ms
from wa_console.domain.conversation import Conversation, ConversationState, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.ids import is_id
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.domain.setup import Account, Number
from wa_console.services.arrivals import after_inbound, derived_id

BSUID = "whatsapp:DK.13C0F91AB96D085B6173701F"
OTHER = {"From": "whatsapp:+4520999999", "WaId": "4520999999"}
FOREIGN = {"AccountSid": "AC" + "f" * 32}
SMS = {"From": "+4520123456", "To": NUMBER}
HOUR = timedelta(hours=1)


def said(at: datetime) -> ChatMessage:
    return ChatMessage(
        id="01",
        conversation_id="01",
        direction=Direction.INBOUND,
        kind=MessageKind.SESSION,
        created_at=at,
        status=DeliveryStatus.RECEIVED,
    )


async def test_the_first_message_begins_everything(rig: Rig) -> None:
    conversation = await rig.hear("Hej", ProfileName="Mette")
    assert conversation.state is ConversationState.OPEN
    assert conversation.number == NUMBER
    assert conversation.reply_to == CUSTOMER
    assert (conversation.unread, conversation.workstream) == (1, "WhatsApp")
    view = await rig.inbox.open(conversation.id, login="anna")
    assert view.customer.profile_name == "Mette"
    assert view.customer.first_seen_at == START
    assert view.window.allows_free_text
    (change,) = [c for c in await rig.changes() if c.kind is ChangeKind.MESSAGE_RECEIVED]
    assert (change.conversation_id, change.message_id) == (
        conversation.id,
        conversation.last_message_id,
    )


async def test_the_next_one_counts_up_and_extends_the_window(rig: Rig) -> None:
    await rig.hear()
    rig.fixed.advance(HOUR)
    conversation = await rig.hear("Er du der?", ProfileName="Nyt navn")
    assert conversation.unread == 2
    assert conversation.waiting_since == START
    assert conversation.last_inbound_at == conversation.updated_at == START + HOUR
    view = await rig.inbox.open(conversation.id, login="anna")
    assert view.customer.profile_name == "Nyt navn"
    assert [m.body for m in view.messages] == ["Hej", "Er du der?"]


async def test_a_name_that_is_left_out_stays(rig: Rig) -> None:
    await rig.hear(ProfileName="Mette")
    conversation = await rig.hear(ProfileName="")
    view = await rig.inbox.open(conversation.id, login="anna")
    assert view.customer.profile_name == "Mette"


@pytest.mark.parametrize(
    ("assignee", "state"), [("", ConversationState.OPEN), ("anna", ConversationState.ACTIVE)]
)
async def test_a_closed_conversation_is_reopened(
    rig: Rig, assignee: str, state: ConversationState
) -> None:
    conversation = await rig.hear()
    if assignee:
        await rig.conversations.take(conversation.id, login=assignee)
    await rig.conversations.close(conversation.id, by="anna")
    again = await rig.hear("igen")
    assert (again.id, again.state, again.closed_at) == (conversation.id, state, None)


async def test_a_refused_window_opens_again_with_the_next_message(rig: Rig) -> None:
    conversation = await rig.hear()
    shut = replace(conversation, closed_by_channel_at=START + HOUR)
    await rig.store.write(lambda s: s.conversations.save(shut))
    assert not rig.rules.window(shut, START + HOUR).allows_free_text
    rig.fixed.advance(2 * HOUR)
    again = await rig.hear("igen")
    assert again.closed_by_channel_at is None
    assert rig.inbox.window(again).allows_free_text


async def test_what_is_found_later_moves_nothing_back(rig: Rig) -> None:
    conversation = await rig.hear("nu")
    newest = conversation.last_message_id
    older = inbound_form("før", From=BSUID, ExternalUserId=BSUID)
    await rig.journal(older, at=START - 2 * HOUR)
    after = await rig.conversations.get(conversation.id)
    assert after.last_inbound_at == START
    assert after.last_message_id == newest
    assert after.reply_to == CUSTOMER
    assert after.waiting_since == START - 2 * HOUR
    assert after.updated_at == START
    assert after.unread == 2
    bodies = [(m.body, m.created_at) for m in await rig.thread(conversation.id)]
    assert bodies == [("før", START - 2 * HOUR), ("nu", START)]


async def test_a_known_message_found_again_changes_nothing(rig: Rig) -> None:
    form = inbound_form()
    await rig.journal(form, at=None)
    seen = await rig.last_change()
    await rig.journal([*form, ("Extra", "1")], at=START - HOUR)
    # The same message under another key, as a catch-up in another process would write it.
    again = dict(form) | {"AccountSid": ACCOUNT.replace("5c", "5d")}
    await rig.journal(list(again.items()), at=START - HOUR)
    assert await rig.last_change() == seen


async def test_number_and_user_id_are_one_customer(rig: Rig) -> None:
    both = await rig.hear("nummer", ExternalUserId=BSUID)
    hidden = await rig.hear("skjult", From=BSUID, WaId="", ExternalUserId=BSUID)
    assert hidden.id == both.id
    assert hidden.reply_to == BSUID
    view = await rig.inbox.open(both.id, login="anna")
    assert {a.wire for a in view.customer.addresses} == {CUSTOMER, BSUID}
    assert view.customer.addresses[0].wire == BSUID


async def test_two_numbers_of_ours_are_two_threads_of_one_customer(rig: Rig) -> None:
    second = "+4571993001"
    numbers = (*SETUP.numbers, Number(second, name="Norge"))
    await rig.setup.apply(replace(SETUP, numbers=numbers))
    one = await rig.hear("DK")
    two = await rig.hear("NO", To=f"whatsapp:{second}")
    assert one.id != two.id
    assert one.customer_id == two.customer_id
    assert (await rig.inbox.open(one.id, login="anna")).others == 1


async def test_an_sms_from_a_known_number_opens_no_window(rig: Rig) -> None:
    trusted = await rig.hear()
    rig.fixed.advance(timedelta(hours=30))
    sms = await rig.hear("sms", **SMS)
    assert sms.quarantined
    assert sms.id != trusted.id
    assert sms.reply_to == "+4520123456"
    after = await rig.conversations.get(trusted.id)
    assert after == trusted
    assert not rig.inbox.window(after).allows_free_text
    again = await rig.hear("sms 2", **SMS)
    assert (again.id, again.unread) == (sms.id, 2)


async def test_a_foreign_account_never_joins_a_trusted_thread(rig: Rig) -> None:
    trusted = await rig.hear(ProfileName="Mette")
    foreign = await rig.hear("fremmed", ProfileName="Evil", **FOREIGN)
    assert foreign.quarantined
    assert foreign.id != trusted.id
    view = await rig.inbox.open(trusted.id, login="anna")
    assert view.customer.profile_name == "Mette"
    assert len(view.messages) == 1
    assert (await rig.hear("fremmed 2", **FOREIGN)).id == foreign.id
    # And ours goes on where it was, whoever of the two is older.
    assert (await rig.hear("igen")).id == trusted.id


async def test_foreign_first_then_ours(rig: Rig) -> None:
    """The set-up had another account: what is ours by now is shown, nothing is hidden."""
    foreign = await rig.hear("fremmed", **FOREIGN)
    ours = await rig.hear("vores")
    assert (ours.id, ours.quarantined) == (foreign.id, False)
    later = await rig.hear("fremmed igen", **FOREIGN)
    assert later.id != ours.id
    assert later.quarantined
    assert not (await rig.conversations.get(ours.id)).quarantined


async def test_an_unknown_number_stays_released_once_released(rig: Rig) -> None:
    strange = {"To": "whatsapp:+4570000000"}
    first = await rig.hear("hvem?", **strange)
    assert first.quarantined
    assert (await rig.hear("hallo?", **strange)).quarantined
    await rig.conversations.release(first.id)
    again = await rig.hear("nå?", **strange)
    assert (again.id, again.quarantined, again.unread) == (first.id, False, 3)


async def test_what_was_discarded_comes_back_to_quarantine_with_news(rig: Rig) -> None:
    first = await rig.hear("hvem?", **FOREIGN)
    await rig.conversations.discard(first.id)
    assert (await rig.inbox.counts("anna")).quarantine == 0
    again = await rig.hear("hallo?", **FOREIGN)
    assert (again.id, again.quarantined) == (first.id, True)
    assert (await rig.inbox.counts("anna")).quarantine == 1


@pytest.mark.parametrize(
    "change",
    [{"AccountSid": ""}, FOREIGN, {"To": "whatsapp:+4570000000"}, SMS, {"From": "messenger:1"}],
)
async def test_what_we_do_not_know_is_quarantined_not_dropped(
    rig: Rig, change: dict[str, str]
) -> None:
    conversation = await rig.hear("hvem?", **OTHER | change)
    assert conversation.quarantined
    rows = await rig.inbox.page(View.QUARANTINE, login="anna", offset=0, limit=9)
    assert [row.id for row in rows] == [conversation.id]
    assert await rig.inbox.size(View.ALL, login="anna") == 0


async def test_without_an_account_everything_is_quarantined(rig: Rig) -> None:
    await rig.setup.apply(replace(SETUP, account=None))
    assert (await rig.hear()).quarantined
    await rig.setup.apply(replace(SETUP, account=Account(ACCOUNT)))
    assert not (await rig.hear(**OTHER)).quarantined


async def test_a_join_of_the_sandbox_is_a_message(rig: Rig) -> None:
    sandbox = Number("+14155238886", sandbox=True, join_phrase="join silver-otter")
    await rig.setup.apply(replace(SETUP, numbers=(*SETUP.numbers, sandbox)))
    conversation = await rig.hear("join silver-otter", To="whatsapp:+14155238886")
    assert not conversation.quarantined
    assert conversation.unread == 1


def test_a_derived_id_is_the_same_each_time_and_sorts_by_time() -> None:
    one = derived_id("in:AC:h1", START)
    assert is_id(one)
    assert one == derived_id("in:AC:h1", START)
    assert one != derived_id("in:AC:h2", START)
    assert one < derived_id("in:AC:h0", START + timedelta(milliseconds=1))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_only_the_newest_inbound_counts_whatever_the_order(offsets: list[int]) -> None:
    conversation = Conversation(
        id="01",
        customer_id="01",
        number=NUMBER,
        reply_to=CUSTOMER,
        state=ConversationState.CLOSED,
        created_at=START,
        updated_at=START,
    )
    times = [from_ms(to_ms(START) + offset) for offset in offsets]
    for at in times:
        conversation = after_inbound(
            conversation, said(at), reply_to=f"whatsapp:{to_ms(at)}", newest=True
        )
    assert conversation.last_inbound_at == max(times)
    assert conversation.waiting_since == min(times)
    assert conversation.unread == len(times)
    assert conversation.reply_to == f"whatsapp:{to_ms(max(times))}"
    assert conversation.state is ConversationState.OPEN


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=20))
async def test_repeats_in_any_order_are_counted_once(
    rig: Rig, deliveries: list[tuple[int, int]]
) -> None:
    """Deliveries of (message, customer), some of them again: unread is the number of messages."""
    base = sid()
    before = {
        row.address: row.unread
        for row in await rig.inbox.page(View.ALL, login="a", offset=0, limit=99)
    }
    for number, customer in deliveries:
        phone = f"452011000{customer}"
        form = inbound_form(
            From=f"whatsapp:+{phone}", WaId=phone, MessageSid=f"{base}{number}{customer}"
        )
        await rig.receiver.inbound(form, query="")
    await rig.projector.drain()
    for customer in {c for _, c in deliveries}:
        address = parse_twilio(f"whatsapp:+452011000{customer}")
        row = next(
            r
            for r in await rig.inbox.page(View.ALL, login="a", offset=0, limit=99)
            if r.address == address
        )
        news = len({number for number, c in deliveries if c == customer})
        assert row.unread - before.get(address, 0) == news
