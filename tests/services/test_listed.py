"""Property: whichever way messages come, in whatever order, the same messages are there once."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.rig import ACCOUNT, CUSTOMER, NUMBER, START, Rig, inbound_form, opened
from wa_console.domain.clock import FixedClock
from wa_console.domain.delivery import from_twilio
from wa_console.gateway.port import ListedMessage
from wa_console.services.listed import Source, in_order, inbound_entry

COUNT = 6


def listed(number: int) -> ListedMessage:
    at = START + timedelta(seconds=number)
    return ListedMessage(
        sid=f"SM{number:032x}",
        account_sid=ACCOUNT,
        direction="inbound",
        sender=CUSTOMER,
        to=f"whatsapp:{NUMBER}",
        body=f"line {number}",
        status_word="received",
        status=from_twilio("received"),
        created_at=at,
        sent_at=at,
    )


async def arrive(rig: Rig, number: int, *, by_poll: bool) -> None:
    row = listed(number)
    if by_poll:
        entry = inbound_entry(
            row, [], at=row.created_at, source=Source.POLL, received_at=rig.clock.now()
        )
        await rig.store.journal.append(entry)
        return
    rig.fixed.set(START + timedelta(seconds=number))
    form = inbound_form(row.body, MessageSid=row.sid, SmsMessageSid=row.sid)
    await rig.receiver.inbound(form, query="")


async def outcome(steps: list[tuple[int, bool, bool]]) -> tuple[list[tuple[str | None, str]], int]:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), FixedClock(START)) as rig:
            for number, by_poll, projected in steps:
                await arrive(rig, number, by_poll=by_poll)
                if projected:
                    await rig.projector.drain()
            await rig.projector.drain()
            first = await rig.message_of(listed(0).sid)
            thread = await rig.thread(first.conversation_id)
            conversation = await rig.conversations.get(first.conversation_id)
            return [(message.sid, message.body) for message in thread], conversation.unread


DELIVERIES = st.lists(
    st.tuples(st.integers(0, COUNT - 1), st.booleans(), st.booleans()), max_size=2 * COUNT
)


@settings(max_examples=20, deadline=None)
@given(
    early=DELIVERIES, ways=st.lists(st.booleans(), min_size=COUNT, max_size=COUNT), last=st.data()
)
def test_any_interleaving_of_webhook_and_poll_gives_the_same_messages(
    early: list[tuple[int, bool, bool]], ways: list[bool], last: st.DataObject
) -> None:
    order = last.draw(st.permutations(range(COUNT)))
    steps = [*early, *((number, ways[number], False) for number in order)]
    thread, unread = asyncio.run(outcome(steps))
    assert thread == [(listed(n).sid, f"line {n}") for n in range(COUNT)]
    assert unread == COUNT


@given(st.lists(st.integers(0, 3), max_size=8))
def test_within_a_second_twilios_own_order_is_kept(seconds: list[int]) -> None:
    sent = [listed(100 * second + place) for place, second in enumerate(sorted(seconds))]
    assert in_order(list(reversed(sent))) == sent
