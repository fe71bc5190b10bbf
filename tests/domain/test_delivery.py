"""Receipts: any order, any number, one end."""

from __future__ import annotations

import itertools
import json
import random
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wa_console.domain.delivery import (
    DeliveryStatus,
    can_retry,
    from_twilio,
    is_final,
    merge,
)

S = DeliveryStatus
SAMPLES = sorted((Path(__file__).parents[1] / "data/samples/status").glob("*.json"))
EVERY = list(DeliveryStatus)
STATUSES = st.sampled_from(EVERY)
TWILIO_WORDS = [
    "queued",
    "sending",
    "sent",
    "failed",
    "delivered",
    "undelivered",
    "receiving",
    "received",
    "accepted",
    "scheduled",
    "read",
    "partially_delivered",
    "canceled",
]


def test_all_samples_are_there() -> None:
    assert len(SAMPLES) == 11


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_ends_in_its_final_status_in_any_order(path: Path) -> None:
    sample = json.loads(path.read_text())
    reports = [from_twilio(step["MessageStatus"]) for step in sample["steps"]]
    known = [report for report in reports if report is not None]
    assert len(known) == len(reports)
    for start in (S.QUEUED, S.SENDING, S.UNKNOWN, S.ACCEPTED):
        ends = {reduce(merge, order, start) for order in itertools.permutations(known)}
        assert ends == {S(sample["final_status"])}


@settings(max_examples=10_000)
@given(start=STATUSES, drawn=st.binary(max_size=10), seed=st.integers(0, 2**32))
def test_order_and_number_of_reports_do_not_matter(
    start: DeliveryStatus, drawn: bytes, seed: int
) -> None:
    # Bytes and a seed, since drawing lists of statuses took 12 s for the 10,000 examples.
    reports = [EVERY[byte % len(EVERY)] for byte in drawn]
    dice = random.Random(seed)
    shuffled = reports + dice.choices(reports, k=dice.randrange(8)) if reports else []
    dice.shuffle(shuffled)
    assert reduce(merge, shuffled, start) is reduce(merge, reports, start)


def test_merge_is_a_join() -> None:
    for a, b in itertools.product(EVERY, EVERY):
        assert merge(a, a) is a
        assert merge(a, b) is merge(b, a)
        assert merge(a, b) in (a, b)
        for c in EVERY:
            assert merge(merge(a, b), c) is merge(a, merge(b, c))


@pytest.mark.parametrize(
    ("current", "report", "end"),
    [
        (S.SENDING, S.ACCEPTED, S.ACCEPTED),
        (S.UNKNOWN, S.ACCEPTED, S.ACCEPTED),  # a tagged callback settles it
        (S.UNKNOWN, S.FAILED, S.FAILED),
        (S.SCHEDULED, S.ACCEPTED, S.ACCEPTED),
        (S.READ, S.DELIVERED, S.READ),
        (S.DELIVERED, S.SENT, S.DELIVERED),
        (S.FAILED, S.SENT, S.FAILED),
        (S.FAILED, S.DELIVERED, S.FAILED),
        (S.CANCELED, S.SENT, S.CANCELED),
        (S.UNDELIVERED, S.SENT, S.UNDELIVERED),
        (S.UNDELIVERED, S.DELIVERED, S.DELIVERED),
        (S.UNDELIVERED, S.READ, S.READ),
        (S.DELIVERED, S.UNDELIVERED, S.DELIVERED),
        (S.PARKED, S.SENT, S.SENT),
        (S.SENT, S.RECEIVED, S.SENT),
    ],
)
def test_the_rules(current: DeliveryStatus, report: DeliveryStatus, end: DeliveryStatus) -> None:
    assert merge(current, report) is end


@pytest.mark.parametrize("word", TWILIO_WORDS)
def test_every_word_of_twilios_is_known(word: str) -> None:
    assert from_twilio(word) is not None
    assert from_twilio(f" {word.upper()}") is from_twilio(word)


@pytest.mark.parametrize("word", ["queued", "sending", "accepted"])
def test_twilios_queue_is_no_state_of_ours(word: str) -> None:
    assert from_twilio(word) is S.ACCEPTED


@pytest.mark.parametrize("word", ["", "unknown", "parked", "teleported", "sent\x00"])
def test_other_words_are_not_guessed_at(word: str) -> None:
    assert from_twilio(word) is None


def test_final_and_retry() -> None:
    assert {s for s in S if is_final(s)} == {
        S.READ,
        S.FAILED,
        S.UNDELIVERED,
        S.CANCELED,
        S.RECEIVED,
    }
    assert {s for s in S if can_retry(s)} == {S.FAILED, S.UNDELIVERED, S.CANCELED, S.PARKED}
