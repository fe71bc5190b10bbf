"""The receiver: one row for one request, however often it comes; never an answer before the row."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.rig import START, Rig, inbound_form, opened, sid, status_form
from wa_console.domain.clock import FixedClock
from wa_console.domain.errors import StoreProblem
from wa_console.services.journal import inbound_key, status_key
from wa_console.store.port import JournalKind

FIELDS = st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=4)


async def test_a_request_is_journalled_as_it_came(rig: Rig) -> None:
    form = [*inbound_form("  to\r\nlinjer "), ("Twice", "a"), ("Twice", "b"), ("Blank", "")]
    assert await rig.receiver.inbound(form, query="tenant=dk&x=a%2Fb")
    (row,) = await rig.store.journal.after(0, limit=10)
    assert row.entry.kind is JournalKind.INBOUND
    assert row.entry.fields == tuple(form)
    assert row.entry.query == "tenant=dk&x=a%2Fb"
    assert row.entry.received_at == START
    assert row.entry.occurred_at is None


async def test_a_repeat_is_no_news(rig: Rig) -> None:
    form = inbound_form()
    assert await rig.receiver.inbound(form, query="")
    # What Twilio adds when it calls the fallback URL (FACTS 3) makes no new message of it.
    again = [*form, ("ErrorCode", "11200"), ("ErrorUrl", "https://console.example.dk/x")]
    assert not await rig.receiver.inbound(again, query="")
    assert await rig.store.journal.last_seq() == 1


async def test_many_at_once_each_three_times(rig: Rig) -> None:
    forms = [inbound_form(f"nr. {n}") for n in range(100)]
    news = await asyncio.gather(
        *(rig.receiver.inbound(form, query="") for form in forms for _ in range(3))
    )
    assert sum(news) == 100
    assert len(await rig.store.journal.after(0, limit=1000)) == 100


async def test_a_status_is_news_by_sid_word_and_code(rig: Rig) -> None:
    number = sid()
    for form, new in [
        (status_form(number, "sent"), True),
        (status_form(number, "sent"), False),
        (status_form(number, "delivered"), True),
        (status_form(number, "failed", code=63016), True),
        (status_form(number, "failed", code=63018), True),
        (status_form(number, "failed", code=63018), False),
        (status_form(sid(), "sent"), True),
    ]:
        assert await rig.receiver.status(form, query="m=1") is new


async def test_what_is_not_stored_is_said_so(tmp_path: Path) -> None:
    async with opened(tmp_path, FixedClock(START)) as rig:
        await rig.store.close()
        with pytest.raises(StoreProblem):
            await rig.receiver.inbound(inbound_form(), query="")
        assert rig.receiver.health.last_webhook_at is None


async def test_health_counts_what_came_and_what_was_refused(rig: Rig) -> None:
    rig.receiver.rejected("no signature")
    rig.receiver.rejected("another token")
    rig.fixed.advance(timedelta(seconds=5))
    await rig.receiver.status(status_form(sid(), "sent"), query="")
    health = rig.receiver.health
    assert health.last_webhook_at == START + timedelta(seconds=5)
    assert (health.rejected, health.last_rejection) == (2, "another token")


async def test_the_bell_rings_for_news_only(rig: Rig) -> None:
    form = inbound_form()
    await rig.receiver.inbound(form, query="")
    assert rig.receiver.arrived.rings == 1
    await rig.receiver.inbound(form, query="")
    assert rig.receiver.arrived.rings == 1


def test_keys_as_documented() -> None:
    assert inbound_key([("AccountSid", "AC1"), ("MessageSid", "SM1")]) == "in:AC1:SM1"
    assert inbound_key([("AccountSid", "AC1"), ("SmsSid", "SM2")]) == "in:AC1:SM2"
    assert status_key([("MessageSid", "SM1"), ("MessageStatus", "sent")]) == "st:SM1:sent:"
    failed = [("MessageSid", "SM1"), ("MessageStatus", "failed"), ("ErrorCode", "63016")]
    assert status_key(failed) == "st:SM1:failed:63016"


@given(FIELDS, FIELDS)
def test_forms_without_a_sid_are_told_apart_by_all_they_hold(
    one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    """The hash is over pairs, not over their concatenation."""
    assert (inbound_key(one) == inbound_key(other)) is (one == other)
