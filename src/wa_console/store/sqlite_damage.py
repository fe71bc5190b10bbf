"""Asks SQLite whether a file is whole, without opening it as a store.

For the doctor, who is called when the store does not open. It only reads; nothing is mended here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

SQLITE_VERSION: Final = sqlite3.sqlite_version_info
"""The SQLite that Python came with."""

_FIRST = 5  # problems that are told; one damaged page can make thousands


def damage(files: Sequence[Path]) -> list[str]:
    """Return what is damaged in the files, none when all are whole; reads each of them once.

    A file that is not there is whole. Every line begins with the file's name.
    """
    return [text for file in files if file.exists() for text in _damage(file)]


def _damage(file: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute(f"PRAGMA quick_check({_FIRST})").fetchall()
    except sqlite3.Error as problem:
        return [f"{file.name}: {problem}"]
    return [f"{file.name}: {row[0]}" for row in rows if row[0] != "ok"]
