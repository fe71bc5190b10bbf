"""Contract of port.ChangeRows and of Store.changed, read and write."""

from __future__ import annotations

import asyncio

import pytest

from tests.store.makers import NOW, customer, fails_after
from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.errors import StoreProblem
from wa_console.store.port import Session, Store

SOON = 10.0  # far more than is needed, so that a slow machine fails nothing


async def _note(session: Session) -> None:
    await session.changes.add(ChangeKind.NOTE_ADDED, NOW, conversation_id="v1", message_id="m1")


async def test_lines_come_in_order_past_a_position(store: Store) -> None:
    assert await store.read(lambda s: s.changes.last_seq()) == 0

    async def work(session: Session) -> None:
        await session.changes.add(ChangeKind.SETUP_UPDATED, NOW)
        await _note(session)

    await store.write(work)
    await store.write(_note)
    lines = await store.read(lambda s: s.changes.since(0, limit=9))
    first = lines[0].seq
    assert list(lines) == [
        Change(first, ChangeKind.SETUP_UPDATED, NOW),
        Change(first + 1, ChangeKind.NOTE_ADDED, NOW, "v1", "m1"),
        Change(first + 2, ChangeKind.NOTE_ADDED, NOW, "v1", "m1"),
    ]
    assert await store.read(lambda s: s.changes.last_seq()) == first + 2
    assert list(await store.read(lambda s: s.changes.since(first, limit=1))) == [lines[1]]
    assert list(await store.read(lambda s: s.changes.since(first + 2, limit=9))) == []


async def test_a_waiter_is_woken_by_a_commit(store: Store) -> None:
    waiting = asyncio.create_task(store.changed(0, timeout_s=SOON))
    await store.read(lambda s: s.changes.last_seq())  # gives the waiter its turn
    await store.write(_note)
    assert await waiting


async def test_all_waiters_are_woken(store: Store) -> None:
    waiting = [asyncio.create_task(store.changed(n, timeout_s=SOON)) for n in (0, 1, 2)]
    for _turn in range(3):
        await store.write(_note)
    assert await asyncio.gather(*waiting) == [True, True, True]


async def test_what_has_passed_already_needs_no_waiting(store: Store) -> None:
    await store.write(_note)
    assert await store.changed(0, timeout_s=0)


async def test_time_is_up_without_a_change(store: Store) -> None:
    await store.write(lambda s: s.facts.set_number("x", 1))  # a commit, but no line
    assert not await store.changed(0, timeout_s=0.01)


async def test_a_cancelled_waiter_harms_nobody(store: Store) -> None:
    first = asyncio.create_task(store.changed(0, timeout_s=SOON))
    second = asyncio.create_task(store.changed(0, timeout_s=SOON))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await store.write(_note)
    assert await second


async def test_a_failed_transaction_changes_and_tells_nothing(store: Store) -> None:
    async def work(session: Session) -> None:
        await session.customers.save(customer("c1"))
        await _note(session)

    with pytest.raises(LookupError, match="changed its mind"):
        await store.write(fails_after(work))
    assert await store.read(lambda s: s.customers.get("c1")) is None
    assert not await store.changed(0, timeout_s=0)


async def test_a_transaction_returns_what_its_closure_returns(store: Store) -> None:
    async def work(session: Session) -> list[str]:
        return [await session.messages.draft("v1", "anna"), "x"]

    assert await store.write(work) == ["", "x"]
    assert await store.read(work) == ["", "x"]


async def test_transactions_run_one_after_the_other(store: Store) -> None:
    async def count(session: Session) -> None:
        seen = await session.facts.number("x") or 0
        await session.facts.set_number("x", seen + 1)

    await asyncio.gather(*(store.write(count) for _turn in range(50)))
    assert await store.read(lambda s: s.facts.number("x")) == 50


async def test_a_read_sees_one_state(store: Store) -> None:
    async def twice(session: Session) -> tuple[int | None, int | None]:
        before = await session.facts.number("x")
        await store.write(lambda s: s.facts.set_number("x", 7))
        return before, await session.facts.number("x")

    assert await store.read(twice) == (None, None)
    assert await store.read(lambda s: s.facts.number("x")) == 7


async def test_a_read_cannot_write(store: Store) -> None:
    with pytest.raises(StoreProblem):
        await store.read(lambda s: s.facts.set_number("x", 1))
    assert await store.read(lambda s: s.facts.number("x")) is None


async def test_more_reads_than_connections(store: Store) -> None:
    found = await asyncio.gather(
        *(store.read(lambda s: s.changes.last_seq()) for _turn in range(40))
    )
    assert found == [0] * 40


async def test_a_session_ends_with_its_transaction(store: Store) -> None:
    kept: list[Session] = []

    async def keep(session: Session) -> None:
        kept.append(session)

    await store.write(keep)
    await store.read(keep)
    for session in kept:
        with pytest.raises(RuntimeError, match="after its transaction"):
            await session.facts.number("x")


async def test_a_transaction_within_a_transaction_is_refused_at_once(store: Store) -> None:
    async def nested(session: Session) -> None:
        await store.write(lambda s: s.facts.set_number("x", 1))

    with pytest.raises(RuntimeError, match="cannot wait"):
        await store.write(nested)
    await store.write(lambda s: s.facts.set_number("x", 2))  # and the writer lives


async def test_a_closed_store_says_so_and_may_be_closed_again(store: Store) -> None:
    await store.close()
    await store.close()
    for use in (
        store.read(lambda s: s.changes.last_seq()),
        store.write(_note),
        store.changed(0, timeout_s=SOON),
        store.journal.last_seq(),
    ):
        with pytest.raises(StoreProblem, match="closed"):
            await use


async def test_closing_finishes_what_was_handed_over_and_lets_waiters_go(store: Store) -> None:
    waiting = asyncio.create_task(store.changed(999, timeout_s=SOON))
    writing = [asyncio.create_task(store.write(_note)) for _turn in range(5)]
    reading = asyncio.create_task(store.read(lambda s: s.changes.last_seq()))
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*writing) == [None] * 5
    assert 0 <= await reading <= 5
    assert await waiting is False
