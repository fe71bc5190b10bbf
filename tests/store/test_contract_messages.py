"""Contract of port.MessageRows: messages, pages, receipts, drafts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.makers import NOW, ago, conversation, customer, message, put
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ButtonPress,
    ChatMessage,
    ContentKind,
    Direction,
    Location,
    Media,
    MediaStatus,
    MessageError,
    MessageKind,
    Quoted,
    Referral,
    StatusEvent,
    TemplateUse,
)
from wa_console.store.port import Session, Store

FULL = ChatMessage(
    id="m1",
    conversation_id="v1",
    direction=Direction.OUTBOUND,
    kind=MessageKind.TEMPLATE,
    created_at=ago(minutes=5),
    status=DeliveryStatus.FAILED,
    sid="SM1",
    content=ContentKind.LOCATION,
    body="Hej [b]Åse[/b] \x1b[31m\0 \U0001f468‍\U0001f469‍\U0001f467\r\n",
    raw={"Body": "", "From": "whatsapp:+45", "Ny": "\ud83d"},
    media=(
        Media(url="https://a/1", type="image/jpeg"),
        Media("https://a/2", "x/y", 12, "media/2", MediaStatus.STORED),
    ),
    template=TemplateUse("HX1", {"1": "Åse", "2": ""}),
    quoted=Quoted("SM0", "whatsapp:+45"),
    button=ButtonPress("Ja", "yes", "REPLY"),
    location=Location(55.676098, -12.5, "Rådhus", ""),
    referral=Referral("a", "b", "c", "d", "e"),
    forwarded=True,
    error=MessageError(63016, "closed"),
    author="anna",
    window_state="closing",
    statuses=(
        StatusEvent("sent", ago(minutes=4)),
        StatusEvent("delivered", ago(minutes=3), None, "poll"),
        StatusEvent("failed", ago(minutes=9), 63016, "callback"),
    ),
)


@pytest.fixture
async def thread(store: Store) -> Store:
    await put(store, customer("c1"), conversation("v1"))
    return store


async def test_a_message_comes_back_as_it_was_added(thread: Store) -> None:
    await put(thread, FULL)
    assert await thread.read(lambda s: s.messages.get("m1")) == FULL
    assert await thread.read(lambda s: s.messages.by_sid("SM1")) == FULL


async def test_a_plain_message_comes_back_as_it_was_added(thread: Store) -> None:
    await put(thread, message("m1"))
    assert await thread.read(lambda s: s.messages.get("m1")) == message("m1")


async def test_an_error_that_never_reached_twilio_is_kept(thread: Store) -> None:
    given = message("m1", error=MessageError(None, ""), location=Location(0.0, 0.0))
    await put(thread, given)
    assert await thread.read(lambda s: s.messages.get("m1")) == given


async def test_unknown_ones_are_none(store: Store) -> None:
    assert await store.read(lambda s: s.messages.get("m1")) is None
    assert await store.read(lambda s: s.messages.by_sid("SM1")) is None


@pytest.mark.parametrize("again", [{"message_id": "m1", "sid": "SM2"}, {"message_id": "m2"}])
async def test_a_second_one_with_the_same_id_or_sid_changes_nothing(
    thread: Store, again: dict[str, str]
) -> None:
    first = message("m1", sid="SM1", body="first")
    await put(thread, first)
    event = StatusEvent("sent", NOW)
    second = message(**{"sid": "SM1", **again}, body="second", statuses=(event,))
    assert not await thread.write(lambda s: s.messages.add(second))
    assert await thread.read(lambda s: s.messages.get("m1")) == first
    assert await thread.read(lambda s: s.messages.get("m2")) is None


async def test_many_messages_may_have_no_sid_yet(thread: Store) -> None:
    await put(thread, message("m1"), message("m2"))
    found = await thread.read(lambda s: s.messages.page("v1", before=None, limit=9))
    assert [one.id for one in found] == ["m1", "m2"]


async def test_update_replaces_status_sid_error_and_media_only(thread: Store) -> None:
    await put(thread, FULL)
    media = (replace(FULL.media[0], status=MediaStatus.FAILED),)
    changed = replace(
        FULL, status=DeliveryStatus.READ, sid="SM9", error=None, media=media, body="other", raw={}
    )
    await thread.write(lambda s: s.messages.update(changed))
    assert await thread.read(lambda s: s.messages.get("m1")) == replace(
        FULL, status=DeliveryStatus.READ, sid="SM9", error=None, media=media
    )


async def test_pages_go_back_in_time_and_miss_nothing(thread: Store) -> None:
    times = [0, 1, 1, 1, 2, 3, 5, 5, 8]
    given = [message(f"m{n}", created_at=NOW + timedelta(seconds=t)) for n, t in enumerate(times)]
    await put(thread, *reversed(given))

    async def whole(session: Session) -> list[ChatMessage]:
        found: list[ChatMessage] = []
        before = None
        while page := await session.messages.page("v1", before=before, limit=2):
            found = [*page, *found]
            before = (page[0].created_at, page[0].id)
        return found

    assert await thread.read(whole) == given


async def test_a_page_has_each_message_with_its_own_history_in_order(thread: Store) -> None:
    other = replace(FULL, id="m2", sid="SM2", statuses=(StatusEvent("read", NOW),))
    await put(thread, FULL, other, message("m3", created_at=NOW))
    page = await thread.read(lambda s: s.messages.page("v1", before=None, limit=9))
    assert list(page) == [FULL, other, message("m3", created_at=NOW)]


async def test_a_page_is_of_one_conversation(thread: Store) -> None:
    await put(thread, customer("c2"), conversation("v2", "c2"), message("m1"), message("m2", "v2"))
    page = await thread.read(lambda s: s.messages.page("v2", before=None, limit=9))
    assert [one.id for one in page] == ["m2"]


async def test_a_status_word_is_kept_once_in_order_of_arrival(thread: Store) -> None:
    await put(thread, message("m1"))
    events = [StatusEvent("read", ago(minutes=1)), StatusEvent("sent", ago(minutes=9), 1, "poll")]
    assert await thread.write(lambda s: s.messages.add_event("m1", events[0]))
    assert await thread.write(lambda s: s.messages.add_event("m1", events[1]))
    late = StatusEvent("read", NOW, 63016)
    assert not await thread.write(lambda s: s.messages.add_event("m1", late))
    found = await thread.read(lambda s: s.messages.get("m1"))
    assert found is not None
    assert list(found.statuses) == events


async def test_parked_receipts_are_taken_out_once_in_order_of_arrival(store: Store) -> None:
    events = [
        StatusEvent(word, ago(minutes=n), 30008 + n)
        for n, word in enumerate(["read", "delivered", "sent", "failed", "queued"])
    ]

    async def park(session: Session) -> None:
        for event in [*events, replace(events[0], at=NOW)]:
            await session.messages.park_receipt("SM1", event)

    await store.write(park)
    await store.write(lambda s: s.messages.park_receipt("SM2", events[1]))
    assert list(await store.write(lambda s: s.messages.claim_receipts("SM1"))) == events
    assert list(await store.write(lambda s: s.messages.claim_receipts("SM1"))) == []
    assert list(await store.write(lambda s: s.messages.claim_receipts("SM2"))) == [events[1]]


async def test_a_draft_is_one_persons_and_an_empty_one_is_none(thread: Store) -> None:
    async def draft(login: str) -> str:
        return await thread.read(lambda s: s.messages.draft("v1", login))

    assert await draft("anna") == ""
    await thread.write(lambda s: s.messages.save_draft("v1", "anna", "Hej\nÅse", NOW))
    await thread.write(lambda s: s.messages.save_draft("v1", "bo", "Dav", NOW))
    await thread.write(lambda s: s.messages.save_draft("v1", "anna", "Hej igen ", NOW))
    assert (await draft("anna"), await draft("bo")) == ("Hej igen ", "Dav")
    await thread.write(lambda s: s.messages.save_draft("v1", "anna", "", NOW))
    await thread.write(lambda s: s.messages.save_draft("v1", "anna", "", NOW))
    assert (await draft("anna"), await draft("bo")) == ("", "Dav")
