"""Contract of the inbox: views, order, slices, positions, counts, filter."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.store.makers import NOW, OPEN_SINCE, ago, conversation, customer, message, put, query
from wa_console.domain.conversation import Conversation, ConversationState, InboxRow, View
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ContentKind, Direction, MessageKind
from wa_console.store.port import Session, Store
from wa_console.store.records import InboxCounts, InboxQuery

CLOSED = ConversationState.CLOSED
# In the order of the view `all`. Every name says why it stands where it stands.
IN_ORDER: list[tuple[str, dict[str, Any]]] = [
    ("needs-open-1", {"last_inbound_at": ago(hours=23), "waiting_since": ago(hours=23)}),
    ("needs-open-2", {"last_inbound_at": ago(hours=1), "waiting_since": ago(hours=1)}),
    ("open-1", {"last_inbound_at": ago(hours=22)}),
    ("open-2", {"last_inbound_at": ago(hours=2), "closed_by_channel_at": ago(hours=3)}),
    ("open-2b", {"last_inbound_at": ago(hours=2), "assignee": "anna"}),
    ("needs-ended-1", {"last_inbound_at": OPEN_SINCE, "waiting_since": ago(hours=24)}),
    (
        "needs-ended-2",
        {"last_inbound_at": ago(days=3), "waiting_since": ago(days=3), "updated_at": ago(days=2)},
    ),
    (
        "ended-1-shut-by-the-channel",
        {"last_inbound_at": ago(hours=1), "closed_by_channel_at": ago(hours=1)},
    ),
    ("ended-2-never", {"updated_at": ago(hours=5)}),
    ("ended-3", {"last_inbound_at": ago(days=9), "updated_at": ago(days=9), "assignee": "anna"}),
    ("shut-1", {"state": CLOSED, "last_inbound_at": ago(hours=1), "waiting_since": NOW}),
    ("shut-2", {"state": CLOSED, "updated_at": ago(hours=1), "assignee": "anna"}),
]
ASIDE: list[tuple[str, dict[str, Any]]] = [
    ("quarantined", {"quarantined": True, "last_inbound_at": ago(hours=1), "waiting_since": NOW}),
    ("quarantined-old", {"quarantined": True, "assignee": "anna"}),
    ("discarded", {"quarantined": True, "state": CLOSED}),
]
VIEWS = {
    View.ALL: [name for name, _ in IN_ORDER],
    View.MINE: ["open-2b", "ended-3"],
    View.UNASSIGNED: [
        name for name, more in IN_ORDER if "assignee" not in more and not name.startswith("shut-")
    ],
    View.WAITING: ["needs-open-1", "needs-open-2", "needs-ended-1", "needs-ended-2"],
    View.CLOSED: ["shut-1", "shut-2"],
    View.QUARANTINE: ["quarantined", "quarantined-old"],
}


@pytest.fixture
async def filled(store: Store) -> Store:
    things = [*IN_ORDER, *ASIDE]
    random.Random(7).shuffle(things)
    for name, more in things:
        await put(
            store, customer(name, profile_name=f"{name} Jens"), conversation(name, name, **more)
        )
    return store


async def listed(store: Store, asked: InboxQuery, offset: int = 0, limit: int = 99) -> list[str]:
    rows = await store.read(lambda s: s.conversations.inbox(asked, offset=offset, limit=limit))
    return [row.id for row in rows]


@pytest.mark.parametrize("text", ["", "jens"])
@pytest.mark.parametrize("view", list(View))
async def test_each_view_in_order_with_size_slices_and_positions(
    filled: Store, view: View, text: str
) -> None:
    expected = VIEWS[view]
    asked = query(view, text=text)
    assert await listed(filled, asked) == expected
    assert await filled.read(lambda s: s.conversations.inbox_size(asked)) == len(expected)
    for offset in range(len(expected) + 1):
        assert await listed(filled, asked, offset, 3) == expected[offset : offset + 3]
    names = [*(name for name, _ in [*IN_ORDER, *ASIDE]), "nowhere"]

    async def positions(session: Session) -> list[int | None]:
        return [await session.conversations.inbox_position(asked, name) for name in names]

    assert await filled.read(positions) == [
        expected.index(name) if name in expected else None for name in names
    ]


async def test_counts_agree_with_the_views(filled: Store) -> None:
    counts = await filled.read(
        lambda s: s.conversations.counts(
            "anna", open_since=OPEN_SINCE, closing_since=OPEN_SINCE + timedelta(hours=2)
        )
    )
    assert counts == InboxCounts(
        mine=len(VIEWS[View.MINE]),
        unassigned=len(VIEWS[View.UNASSIGNED]),
        waiting=len(VIEWS[View.WAITING]),
        all=len(VIEWS[View.ALL]),
        quarantine=len(VIEWS[View.QUARANTINE]),
        closing_soon=2,  # needs-open-1, and needs-ended-1 at the very border (port)
    )


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (OPEN_SINCE, OPEN_SINCE),
        (OPEN_SINCE + timedelta(milliseconds=1), ago(hours=23)),
        (ago(hours=22), ago(hours=22)),
        (ago(hours=2) + timedelta(milliseconds=1), ago(hours=1)),
        (ago(minutes=59), None),
    ],
)
async def test_the_next_inbound_from_a_moment_on(
    filled: Store, since: datetime, expected: datetime | None
) -> None:
    assert await filled.read(lambda s: s.conversations.next_inbound(since)) == expected


async def test_an_empty_store_counts_nothing(store: Store) -> None:
    counts = await store.read(
        lambda s: s.conversations.counts("anna", open_since=OPEN_SINCE, closing_since=NOW)
    )
    assert counts == InboxCounts()
    assert await listed(store, query()) == []


async def test_the_order_follows_the_clock_without_any_save(filled: Store) -> None:
    later = InboxQuery(View.WAITING, "anna", open_since=NOW + timedelta(hours=1))
    assert await listed(filled, later) == [
        "needs-ended-1", "needs-open-1", "needs-open-2", "needs-ended-2"
    ]  # fmt: skip


async def test_an_entry_has_all_that_the_list_shows(store: Store) -> None:
    last = message(
        "m1",
        direction=Direction.OUTBOUND,
        kind=MessageKind.NOTE,
        content=ContentKind.IMAGE,
        status=DeliveryStatus.READ,
        author="bo",
        body="x" * 5000,
    )
    thread = conversation(
        "v1",
        reply_to="whatsapp:+4531226410",
        assignee="anna",
        unread=4,
        last_inbound_at=ago(hours=1),
        waiting_since=ago(hours=1),
        labels=("vip",),
        last_message_id="m1",
    )
    await put(store, customer("c1", name="Åse", profile_name="ÅSE ✨"), thread, last)
    await store.write(lambda s: s.messages.save_draft("v1", "anna", "Hej", NOW))
    row = await store.read(lambda s: s.conversations.inbox_row("v1", login="anna"))
    assert row is not None
    assert row == InboxRow(
        id="v1",
        name="Åse",
        profile_name="ÅSE ✨",
        address=row.address,
        state=ConversationState.OPEN,
        assignee="anna",
        unread=4,
        last_inbound_at=ago(hours=1),
        closed_by_channel_at=None,
        waiting_since=ago(hours=1),
        updated_at=NOW,
        last_direction="outbound",
        last_kind="note",
        last_content="image",
        last_status="read",
        last_body="x" * 280,
        last_author="bo",
        has_draft=True,
        labels=("vip",),
    )
    assert row.address.wire == "whatsapp:+4531226410"
    assert list(
        await store.read(lambda s: s.conversations.inbox(query(View.MINE), offset=0, limit=9))
    ) == [row]
    others = await store.read(lambda s: s.conversations.inbox_row("v1", login="bo"))
    assert others is not None
    assert not others.has_draft
    assert await store.read(lambda s: s.conversations.inbox_row("v2", login="bo")) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ÅSE", ["v1"]),
        ("søren", ["v2"]),
        ("+45 31 22 64 10", ["v1"]),
        ("31-22", ["v1"]),
        ("  31226410 ", ["v1"]),
        ("DK.13c0", ["v2"]),
        ("100%", ["v3"]),
        ("a_b!", ["v3"]),
        ("1%0", []),
        ("ase", []),
        ("'; DROP TABLE customer; --", []),
    ],
)
async def test_the_filter_finds_names_and_addresses(
    store: Store, text: str, expected: list[str]
) -> None:
    await put(
        store,
        customer("c1", "whatsapp:+4531226410", name="Åse"),
        customer("c2", "whatsapp:DK.13C0F9", profile_name="SØREN"),
        customer("c3", "whatsapp:+4512345678", name="100% a_b!"),
        conversation("v1", "c1"),
        conversation("v2", "c2"),
        conversation("v3", "c3"),
    )
    assert await listed(store, query(text=text)) == expected


async def test_any_mixture_has_the_order_of_its_definition(store: Store) -> None:
    dice = random.Random(11)
    threads = [_random_thread(dice, f"v{number:03}") for number in range(120)]
    await put(store, *(customer(one.customer_id) for one in threads), *threads)
    expected = [one.id for one in sorted(threads, key=_rank)]
    assert await listed(store, query(), limit=500) == expected
    pages = [await listed(store, query(), offset, 7) for offset in range(0, 120, 7)]
    assert [one for page in pages for one in page] == expected


def _random_thread(dice: random.Random, name: str) -> Conversation:
    hours = dice.choice([None, 1, 2, 3, 23, 24, 25, 100])
    inbound = None if hours is None else ago(hours=hours)
    return conversation(
        name,
        name,
        state=dice.choice([ConversationState.OPEN, ConversationState.ACTIVE, CLOSED]),
        last_inbound_at=inbound,
        closed_by_channel_at=dice.choice([None, None, ago(hours=2)]),
        waiting_since=dice.choice([None, inbound]),
        updated_at=ago(hours=dice.choice([0, 1, 50])),
    )


def _rank(one: Conversation) -> tuple[int, float, str]:
    """The order in words: brief of the port, written down a second time, without an index."""
    shut, last = one.closed_by_channel_at, one.last_inbound_at
    if one.state is CLOSED:
        return (4, -one.updated_at.timestamp(), one.id)
    needs = one.waiting_since is not None
    if last is not None and last > OPEN_SINCE and (shut is None or last > shut):
        return (0 if needs else 1, last.timestamp(), one.id)
    return (2 if needs else 3, -one.updated_at.timestamp(), one.id)
