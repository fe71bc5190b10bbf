"""Contract of port.OutboxRows: the queue, its leases and its order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.store.makers import NOW, ago, conversation, customer, message, put, sending
from wa_console.domain.errors import StoreProblem
from wa_console.store.port import Store
from wa_console.store.records import OutboxRow, OutboxState

FULL = OutboxRow(
    message_id="m1",
    conversation_id="v1",
    sender="whatsapp:+4570203040",
    to="whatsapp:DK.13C0",
    body="Hej",
    content_sid="HX1",
    variables={"1": "Åse", "10": ""},
    media_urls=("https://a/1", "https://a/2"),
    state=OutboxState.UNKNOWN,
    attempt=2,
    due_ms=17,
    leased_by="engine",
    leased_until_ms=99,
    started_at=ago(minutes=1),
    looks=3,
    created_at=ago(minutes=2),
)


@pytest.fixture
async def box(store: Store) -> Store:
    await put(store, customer("c1"), customer("c2"), conversation("v1"), conversation("v2", "c2"))
    await put(store, *(message(f"m{n}") for n in range(1, 7)))
    return store


async def claim(box: Store, now_ms: int = 100, limit: int = 9, **others: Any) -> list[str]:
    rows = await box.write(
        lambda s: s.outbox.claim(
            now_ms=now_ms, owner="me", until_ms=others.get("until_ms", now_ms + 50), limit=limit
        )
    )
    return [row.message_id for row in rows]


async def settle(box: Store, message_id: str, **changes: Any) -> None:
    async def work(session: Any) -> None:
        row = await session.outbox.get(message_id)
        await session.outbox.update(replace(row, **changes))

    await box.write(work)


async def test_a_send_comes_back_as_it_was_added(box: Store) -> None:
    await put(box, FULL, sending("m2"))
    assert await box.read(lambda s: s.outbox.get("m1")) == FULL
    assert await box.read(lambda s: s.outbox.get("m2")) == sending("m2")
    assert await box.read(lambda s: s.outbox.get("m3")) is None


async def test_update_replaces_it(box: Store) -> None:
    await put(box, sending("m1"))
    await box.write(lambda s: s.outbox.update(FULL))
    assert await box.read(lambda s: s.outbox.get("m1")) == FULL


async def test_a_message_is_queued_once_and_only_if_there_is_one(box: Store) -> None:
    await put(box, sending("m1"))
    with pytest.raises(StoreProblem):
        await put(box, sending("m1"))
    with pytest.raises(StoreProblem):
        await put(box, sending("nothing"))


async def test_a_claim_leases_the_oldest_of_each_conversation(box: Store) -> None:
    await put(box, sending("m3", "v2"), sending("m1"), sending("m2"), sending("m4", "v2"))
    rows = await box.write(lambda s: s.outbox.claim(now_ms=100, owner="me", until_ms=150, limit=9))
    assert [(row.message_id, row.leased_by, row.leased_until_ms) for row in rows] == [
        ("m3", "me", 150),
        ("m1", "me", 150),
    ]
    assert await box.read(lambda s: s.outbox.get("m1")) == rows[1]


async def test_at_most_as_many_as_asked_for_oldest_first(box: Store) -> None:
    await put(box, sending("m2", "v2"), sending("m1"))
    assert await claim(box, limit=1) == ["m2"]
    assert await claim(box, limit=1) == ["m1"]


async def test_a_leased_row_comes_again_only_when_the_lease_has_ended(box: Store) -> None:
    await put(box, sending("m1"), sending("m2"))
    assert await claim(box, 100) == ["m1"]
    assert await claim(box, 149) == []
    assert await claim(box, 150) == ["m1"]


async def test_a_row_that_waits_for_its_time_holds_its_conversation_back(box: Store) -> None:
    await put(box, sending("m1", due_ms=200), sending("m2"), sending("m3", "v2"))
    assert await claim(box, 199) == ["m3"]
    assert await claim(box, 200) == ["m1"]


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.UNKNOWN])
async def test_an_unsettled_row_holds_its_conversation_back(box: Store, state: OutboxState) -> None:
    await put(box, sending("m1"), sending("m2"), sending("m3"))
    await settle(box, "m2", state=state)  # also when it is not the oldest
    assert await claim(box) == []
    await settle(box, "m2", state=OutboxState.DONE)
    assert await claim(box) == ["m1"]
    await settle(box, "m1", state=OutboxState.DONE)
    assert await claim(box) == ["m3"]


async def test_in_state_and_waiting(box: Store) -> None:
    states = [OutboxState.DONE, OutboxState.UNKNOWN, OutboxState.QUEUED, OutboxState.UNKNOWN]
    for number, state in enumerate(states, 1):
        await put(box, sending(f"m{5 - number}", state=state))
    unknown = await box.read(lambda s: s.outbox.in_state(OutboxState.UNKNOWN))
    assert [row.message_id for row in unknown] == ["m3", "m1"]
    assert await box.read(lambda s: s.outbox.waiting()) == 3


async def test_next_due_is_when_a_claim_can_yield_something(box: Store) -> None:
    async def due() -> int | None:
        return await box.read(lambda s: s.outbox.next_due_ms())

    assert await due() is None
    await put(
        box, sending("m1", due_ms=300), sending("m2", due_ms=10), sending("m3", "v2", due_ms=400)
    )
    assert await due() == 300  # m2 stands behind m1
    assert await claim(box, 300, until_ms=350) == ["m1"]
    assert await due() == 350  # its lease
    await settle(box, "m1", state=OutboxState.UNKNOWN)
    assert await due() == 400
    await settle(box, "m3", state=OutboxState.SENDING, started_at=NOW)
    assert await due() is None  # m2 waits for an answer, not for time
