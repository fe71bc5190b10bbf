"""Loads the named statements: the portable ones, then those of one back end.

A statement's name is ``file.name``: ``outbox.claim`` is the one called ``claim`` in ``outbox.sql``.
A back end's file adds to the portable one of the same name, or replaces a statement of it. This
module may not run anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import aiosql

_FOLDER = Path(__file__).resolve().parent / "sql"


@cache
def load_statements(back_end: str, driver: str) -> Mapping[str, str]:
    """Return the SQL of every statement by name.

    Only aiosql's parser is used, with its check of declared parameters. Its functions would cost
    three trips to the database thread for each statement where one is enough (executed, fetched,
    closed).

    Args:
        back_end: Folder below ``sql/`` with what differs, such as ``sqlite``.
        driver: aiosql's name of the driver, such as ``aiosqlite``.
    """
    found: dict[str, str] = {}
    for folder in (_FOLDER, _FOLDER / back_end):
        for path in sorted(folder.glob("*.sql")):
            queries = aiosql.from_path(path, driver)
            for name in queries.available_queries:
                if not name.endswith("_cursor"):
                    found[f"{path.stem}.{name}"] = getattr(queries, name).sql
    return found
