"""What is typed, as a query of FTS5: never an error, never an operator."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wa_console.store.codec import storable
from wa_console.store.sqlite_migrations import STORE, steps_in
from wa_console.store.sqlite_search import WORDS, query_of, words_of


@pytest.fixture(scope="module")
def words() -> Iterator[sqlite3.Connection]:
    """The index of the real migration, with one message in it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(steps_in(STORE.steps)[0].sql)
        connection.execute("INSERT INTO message_words (rowid, body) VALUES (1, 'near and or not')")
        yield connection


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(st.characters() | st.sampled_from('"*():^-+{}\0 NEARORNOT'), max_size=30))
def test_any_text_is_a_query_without_an_error(words: sqlite3.Connection, text: str) -> None:
    typed = words_of(text)
    if typed:
        asked = (storable(query_of(typed)),)
        rows = words.execute("SELECT rowid FROM message_words WHERE message_words MATCH ?", asked)
        assert rows.fetchall() in ([], [(1,)])


def test_operators_are_words(words: sqlite3.Connection) -> None:
    asked = (query_of(words_of("NEAR AND OR NOT")),)
    rows = words.execute("SELECT rowid FROM message_words WHERE message_words MATCH ?", asked)
    assert rows.fetchall() == [(1,)]


def test_an_endless_text_makes_a_short_query() -> None:
    assert len(words_of("ord " * 100_000)) == WORDS
