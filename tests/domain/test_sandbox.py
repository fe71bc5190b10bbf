"""The sandbox: phrase in any spelling, link, who has joined and until when (FACTS 12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from wa_console.domain.errors import SetupProblem
from wa_console.domain.sandbox import (
    JOIN_LASTS,
    TEMPLATES,
    Heard,
    join_link,
    join_phrase,
    participants,
)

T0 = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANNA, BO = "whatsapp:+4531226410", "whatsapp:+4520123456"


def heard(who: str, body: str, *, h: float) -> Heard:
    return Heard(f"SM{who}{h}", who, body, T0 + timedelta(hours=h), polled=True)


@pytest.mark.parametrize(
    "typed",
    [
        "silver-otter",
        "join silver-otter",
        " JOIN  Silver-Otter ",
        "“join silver-otter”",
        "join: silver-otter.",
    ],
)
def test_a_phrase_is_understood_in_any_spelling(typed: str) -> None:
    assert join_phrase(typed) == "silver-otter"


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "join", "join ", "'join'", "silver_otter", "https://wa.me/14155238886",
        "silver-", "-otter", "a" * 41, "sølv-odder", "silver/otter", "silver\x00otter",
    ],
)  # fmt: skip
def test_what_cannot_be_a_phrase_gets_a_sentence(typed: str) -> None:
    with pytest.raises(SetupProblem) as caught:
        join_phrase(typed)
    assert str(caught.value).endswith(".")


def test_the_link_opens_whatsapp_with_the_message_written() -> None:
    link = urlsplit(join_link("silver-otter"))
    assert (link.hostname, link.path) == ("wa.me", "/14155238886")
    assert parse_qs(link.query) == {"text": ["join silver-otter"]}
    assert "join%20silver" in link.query


def test_who_joined_has_three_days_from_the_join() -> None:
    said = [heard(ANNA, "Join  silver-otter", h=0), heard(ANNA, "Hej", h=5)]
    (one,) = participants(said, "silver-otter")
    assert one.certain
    assert one.ends_at == T0 + JOIN_LASTS
    assert one.left(T0 + timedelta(hours=71)) == timedelta(hours=1)
    assert one.left(T0 + timedelta(days=4)) == timedelta(0)


def test_joining_again_begins_again_and_the_longest_is_first() -> None:
    said = [
        heard(ANNA, "join silver-otter", h=0),
        heard(BO, "join silver-otter", h=1),
        heard(ANNA, "join silver-otter", h=2),
    ]
    assert [each.who for each in participants(said, "silver-otter")] == [ANNA, BO]


@pytest.mark.parametrize("word", ["stop", "STOP ", "join other-sandbox"])
def test_who_leaves_is_gone(word: str) -> None:
    said = [heard(ANNA, "join silver-otter", h=0), heard(ANNA, word, h=1)]
    assert participants(said, "silver-otter") == []


def test_who_only_writes_has_joined_before() -> None:
    (one,) = participants([heard(ANNA, "Hej", h=0)], "silver-otter")
    assert not one.certain


def test_only_the_known_content_sid_can_be_sent() -> None:
    assert [bool(each.content_sid) for each in TEMPLATES] == [True, False, False]
