"""Ids: shape, order, and no two alike."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain import ids
from wa_console.domain.ids import is_id, new_id

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def _own_memory() -> Iterator[None]:
    """Keep the years these tests visit out of the ids that later tests make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids, "_SOURCE", ids._Source())
        yield


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=30))
def test_ids_grow_whatever_the_clock_does(moments: list[datetime]) -> None:
    made = [new_id(moment) for moment in moments]
    assert all(is_id(text) for text in made)
    assert made == sorted(set(made))


def test_a_later_time_leads() -> None:
    # Far ahead of every time the other tests use, so that the process's memory does not decide.
    start = datetime(9999, 12, 31, 23, 0, tzinfo=UTC)
    made = [new_id(start + timedelta(milliseconds=step)) for step in (1, 2, 1000)]
    assert len({text[:10] for text in made}) == 3
    assert made == sorted(made)


def test_threads_never_get_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(new_id, [NOW] * 4000))
    assert len(set(made)) == 4000


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError):
        new_id(NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 25,
        "0" * 27,
        "8" + "0" * 25,  # more than 128 bits
        "0" * 25 + "A",
        "0" * 25 + "i",
        "0" * 25 + "l",
        "0" * 25 + "o",
        "0" * 25 + "u",
        "0" * 25 + "٣",
        "0" * 26 + "\n",
    ],
)
def test_other_shapes_are_no_ids(text: str) -> None:
    assert not is_id(text)


def test_the_outermost_ids_are_ids() -> None:
    assert is_id("0" * 26)
    assert is_id("7" + "z" * 25)
