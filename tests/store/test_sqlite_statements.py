"""The SQL itself: portable where it says so, and by index where it must be fast."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import aiosql
import pytest

from tests.store.makers import conversation, message
from wa_console.store import statements
from wa_console.store.message_rows import message_from, message_values
from wa_console.store.rows import conversation_from, conversation_values
from wa_console.store.sqlite_migrations import JOURNAL, STORE, steps_in
from wa_console.store.statements import load_statements

SQL = Path(statements.__file__).parent / "sql"
NAMES = sorted(load_statements("sqlite"))


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    """Both files' tables in one."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for kind in (STORE, JOURNAL):
            for step in steps_in(kind.steps):
                connection.executescript(step.sql)
        yield connection


def plan(connection: sqlite3.Connection, name: str) -> list[str]:
    sql = load_statements("sqlite")[name]
    values = dict.fromkeys(re.findall(r"(?<!:):([a-z_]+)", sql), 1)
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def test_the_files_are_read_as_aiosql_reads_them() -> None:
    """It checks the declared parameters too; not used at start because of its cost."""
    found = {}
    for path in [*sorted(SQL.glob("*.sql")), *sorted((SQL / "sqlite").glob("*.sql"))]:
        queries = aiosql.from_path(path, "aiosqlite")
        for name in queries.available_queries:
            if not name.endswith("_cursor"):
                found[f"{path.stem}.{name}"] = getattr(queries, name).sql
    assert load_statements("sqlite") == found


@pytest.mark.parametrize("name", NAMES)
def test_each_statement_fits_the_tables(empty: sqlite3.Connection, name: str) -> None:
    plan(empty, name)


@pytest.mark.parametrize("path", sorted(SQL.glob("*.sql")), ids=lambda path: path.name)
def test_shared_statements_keep_to_portable_sql(path: Path) -> None:
    text = re.sub(r"--.*", "", path.read_text()).lower()
    for word in ("rowid", "json", "pragma", "glob", "ifnull", "insert or", "strftime", "date(",
                 "match ", "autoincrement", "now()", "::"):  # fmt: skip
        assert word not in text


# The inbox's parts: each a range of a covering index, already in order, and no table read but for
# the page itself. The one sort allowed is that of the page, at the end.
PARTS = [name for name in NAMES if re.match(r"inbox\.(open|ended)", name)]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_of_the_inbox_is_a_range_of_a_covering_index(
    empty: sqlite3.Connection, name: str
) -> None:
    steps = plan(empty, name)
    ranges = [step for step in steps if "conversation_open" in step or "conversation_ended" in step]
    assert len(ranges) == 1
    assert ranges[0].startswith("SEARCH conversation USING COVERING INDEX")
    assert not [step for step in steps if step.startswith("SCAN") and step != "SCAN page"]
    sorts = [number for number, step in enumerate(steps) if "TEMP B-TREE" in step]
    assert sorts in ([], [len(steps) - 1])
    pages = not name.endswith(("_size", "_before"))
    assert bool(sorts) == pages


@pytest.mark.parametrize(
    "name",
    [
        "customers.get", "customers.known_by", "conversations.get", "conversations.find",
        "conversations.of_customer", "inbox.entry", "inbox.counts", "messages.get",
        "messages.by_sid", "messages.page", "messages.page_events", "messages.events",
        "messages.claim_receipts", "outbox.claim", "outbox.next_due_ms", "outbox.in_state",
        "outbox.waiting", "changes.since", "journal.after", "search.unindexed",
    ],
)  # fmt: skip
def test_nothing_on_a_hot_path_scans_a_table(empty: sqlite3.Connection, name: str) -> None:
    allowed = ("SCAN page", "SCAN CONSTANT ROW")
    assert not [s for s in plan(empty, name) if s.startswith("SCAN") and s not in allowed]


@pytest.mark.parametrize("column", sorted(conversation_values(conversation())))
def test_a_conversation_row_without_one_of_its_columns_fails(column: str) -> None:
    whole: Mapping[str, object] = {**conversation_values(conversation()), "version": 1}
    assert conversation_from(whole) == conversation(version=1)
    if column not in ("shelf", "needs", "window_ms"):  # those are worked out, never read back
        with pytest.raises(LookupError):
            conversation_from({name: v for name, v in whole.items() if name != column})


@pytest.mark.parametrize("column", sorted(message_values(message())))
def test_a_message_row_without_one_of_its_columns_fails(column: str) -> None:
    whole = message_values(message(error=None))
    rest = {name: value for name, value in whole.items() if name != column}
    if column == "error_code":
        rest["error_text"] = "x"  # only read when there is an error
    with pytest.raises(LookupError):
        message_from(rest, [])
