"""Contract of port.ConversationRows, one conversation at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.store.makers import NOW, ago, conversation, customer, put
from wa_console.domain.conversation import ConversationState
from wa_console.domain.errors import StoreProblem
from wa_console.store.port import Store

FULL = conversation(
    "v1",
    "c1",
    number="+4570203040",
    reply_to="whatsapp:DK.13C0F9",
    state=ConversationState.WRAP_UP,
    created_at=ago(days=3),
    updated_at=ago(hours=1),
    workstream="WhatsApp",
    queue="Delivery",
    assignee="anna",
    unread=3,
    last_inbound_at=ago(hours=2),
    closed_by_channel_at=ago(hours=3),
    waiting_since=ago(hours=2),
    first_reply_at=ago(days=2),
    closed_at=ago(days=1),
    last_message_id="m9",
    quarantined=True,
    labels=("vip", "æble"),
    context={"ordre": "17"},
)


async def test_a_conversation_comes_back_as_it_was_saved(store: Store) -> None:
    await put(store, customer("c1"), FULL)
    assert await store.read(lambda s: s.conversations.get("v1")) == replace(FULL, version=1)


async def test_every_save_counts_the_version_up(store: Store) -> None:
    await put(store, customer("c1"), FULL)
    changed = conversation("v1", "c1")  # everything optional taken back
    await put(store, changed, changed)
    assert await store.read(lambda s: s.conversations.get("v1")) == replace(changed, version=3)


async def test_an_unknown_conversation_is_none(store: Store) -> None:
    assert await store.read(lambda s: s.conversations.get("v1")) is None
    assert await store.read(lambda s: s.conversations.find("c1", "+4570203040")) is None


async def test_found_by_customer_and_number(store: Store) -> None:
    here, there = conversation("v1", number="+451"), conversation("v2", number="+452")
    await put(store, customer("c1"), here, there)
    found = await store.read(lambda s: s.conversations.find("c1", "+452"))
    assert found == replace(there, version=1)


async def test_threads_of_a_customer_come_newest_first(store: Store) -> None:
    await put(
        store,
        customer("c1"),
        customer("c2"),
        conversation("a", number="+451", created_at=ago(days=2), updated_at=NOW),
        conversation("b", number="+452", created_at=ago(days=1), updated_at=ago(days=1)),
        conversation("c", customer_id="c2"),
    )
    found = await store.read(lambda s: s.conversations.of_customer("c1"))
    assert [one.id for one in found] == ["b", "a"]


async def test_one_thread_for_each_customer_and_number(store: Store) -> None:
    await put(store, customer("c1"), conversation("v1"))
    with pytest.raises(StoreProblem):
        await put(store, conversation("v2"))
    assert await store.read(lambda s: s.conversations.get("v2")) is None


async def test_a_conversation_belongs_to_somebody(store: Store) -> None:
    with pytest.raises(StoreProblem):
        await put(store, conversation("v1", "nobody"))


async def test_within_a_transaction_the_order_of_saving_is_free(store: Store) -> None:
    await put(store, conversation("v1", "c1"), customer("c1"))
    assert await store.read(lambda s: s.conversations.get("v1")) is not None
