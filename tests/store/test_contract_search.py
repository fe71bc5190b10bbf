"""Contract of port.SearchRows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.store.makers import NOW, ago, conversation, customer, message, put
from wa_console.domain.message import StatusEvent
from wa_console.store.port import Store


async def texts(store: Store, *bodies: str) -> None:
    """Put messages in, each a minute newer than the one before, and index them."""
    await put(store, customer("c1"), conversation("v1"))
    await put(
        store,
        *(
            message(f"m{n}", body=body, created_at=NOW + timedelta(minutes=n))
            for n, body in enumerate(bodies)
        ),
    )
    await index(store)


async def index(store: Store) -> None:
    while await store.write(lambda s: s.search.index(limit=2)):
        pass


async def found(store: Store, text: str, limit: int = 9) -> list[str]:
    return [hit.message.id for hit in await store.read(lambda s: s.search.find(text, limit=limit))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pakke", ["m1", "m0"]),
        ("PAKK", ["m1", "m0"]),
        ("pakke forsinket", ["m1"]),
        ("forsinket, pakke!", ["m1"]),
        ("akke", []),
        ("ærø", ["m2"]),
        ("ÆRØ", ["m2"]),
        ("aero", []),
        ("århus", ["m3", "m2"]),  # composed and decomposed are one
        ("a\u030arhus", ["m3", "m2"]),
        ("arhus", []),
        ("over-sat", ["m4"]),
        ("sat-over", []),
        ("31226410", ["m4"]),
        ("สวัสดี", ["m5"]),
        ("नमस्ते", ["m5"]),
        ("", []),
        ("   ", []),
        ("!!! 🎉", []),
    ],
)
async def test_words_are_found_without_regard_to_case(
    store: Store, text: str, expected: list[str]
) -> None:
    await texts(
        store,
        "Hvor er min pakke?",
        "Pakken er forsinket",
        "Ærø og Århus",
        "a\u030arhus",
        "over-sat til 31226410 🎉",
        "สวัสดี नमस्ते",
    )
    assert await found(store, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"', '""', "*", "NEAR(", "NEAR(a b, 2)", "AND", "a OR", "NOT", "body:", "-x", "^a",
        "{a b}:", "(", ")", "a + b", "'", ";", "\0", "a\0b", '"a', 'a"b"', "\ud800", "%", "_",
        "\\", "a*b", "col : x", "x" * 10_000, "x " * 10_000, "🎉", "\u0301", "\u200d", "\u3164",
    ],
)  # fmt: skip
async def test_nothing_that_is_typed_is_a_query_language(store: Store, text: str) -> None:
    await texts(store, "harmless")
    assert await found(store, text) == []


async def test_newest_first_whatever_the_order_of_coming(store: Store) -> None:
    await put(store, customer("c1"), conversation("v1"))
    for name, minutes in [("b", 5), ("d", 1), ("a", 9), ("c", 5), ("e", 0)]:
        await put(store, message(name, body="ord", created_at=ago(minutes=minutes)))
    await index(store)
    late = message("f", body="ord", created_at=ago(minutes=7))  # came by catch-up, afterwards
    await put(store, late)
    await index(store)
    assert await found(store, "ord") == ["e", "d", "c", "b", "f", "a"]
    assert await found(store, "ord", limit=2) == ["e", "d"]


async def test_indexing_goes_on_where_it_stopped_and_ends(store: Store) -> None:
    await put(store, customer("c1"), conversation("v1"))
    await put(store, *(message(f"m{n}", body="ord" if n % 2 else "") for n in range(5)))
    assert await found(store, "ord") == []
    assert [await store.write(lambda s: s.search.index(limit=3)) for _ in range(3)] == [3, 2, 0]
    assert await found(store, "ord") == ["m3", "m1"]


async def test_a_hit_is_the_whole_message(store: Store) -> None:
    await texts(store)
    given = replace(
        message("m1", body="ordet", raw={"a": "b"}), statuses=(StatusEvent("read", NOW),)
    )
    await put(store, given)
    await index(store)
    (hit,) = await store.read(lambda s: s.search.find("ord", limit=9))
    assert hit.message == given
    assert hit.snippet == "ordet"


@pytest.mark.parametrize(
    ("body", "text", "expected"),
    [
        ("kort", "kort", "kort"),
        ("x " * 200 + "nål" + " y" * 200, "nål", "… nål …"),
        ("nål" + " y" * 200, "NÅL", "nål …"),
        ("x " * 200 + "nål", "nål", "… nål"),
        ("synål " * 30 + "nål", "nål", "… nål"),
        ("[b]nål[/b]\x1b[31m", "nål", "[b]nål[/b]\x1b[31m"),
    ],
)
async def test_a_snippet_shows_the_find(store: Store, body: str, text: str, expected: str) -> None:
    await texts(store, body)
    (hit,) = await store.read(lambda s: s.search.find(text, limit=9))
    start, _, end = expected.partition("nål")
    assert hit.snippet.startswith(start.rstrip())
    assert hit.snippet.endswith(end.lstrip())
    assert text.casefold() in hit.snippet.casefold()
    assert len(hit.snippet) < 150
