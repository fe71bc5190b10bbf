"""Conversations read whole: in the order asked for, with customer, window and newest message."""

from __future__ import annotations

import pytest

from tests.services.rig import Rig, inbound_form
from wa_console.domain.errors import NotFound
from wa_console.domain.window import WindowState
from wa_console.services.listing import Listing
from wa_console.services.rules import Rules


def listing_of(rig: Rig) -> Listing:
    return Listing(store=rig.store, clock=rig.clock, rules=Rules())


async def test_entries_keep_the_order_and_leave_out_what_is_gone(rig: Rig) -> None:
    for number in ("4520000001", "4520000002"):
        form = inbound_form(f"from {number}", From=f"whatsapp:+{number}", WaId=number)
        await rig.receiver.inbound(form, query="")
    await rig.projector.drain()
    first = await rig.conversations.find("+4520000001")
    second = await rig.conversations.find("+4520000002")
    found = await listing_of(rig).entries([second.id, "gone", first.id])
    assert [entry.conversation.id for entry in found] == [second.id, first.id]
    for entry, number in zip(found, ("4520000002", "4520000001"), strict=True):
        assert entry.customer.addresses[0].value == f"+{number}"
        assert entry.window.state is WindowState.OPEN
        assert entry.last_message is not None
        assert entry.last_message.body == f"from {number}"


async def test_one_that_is_not_there(rig: Rig) -> None:
    with pytest.raises(NotFound):
        await listing_of(rig).entry("gone")
