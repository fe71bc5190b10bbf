"""Damage is found without a traceback; whole files and files that are not there have none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from wa_console.store.sqlite_damage import SQLITE_VERSION, damage


def filled(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE t (x TEXT)")
        database.executemany("INSERT INTO t VALUES (?)", [("a" * 300,)] * 200)
        database.commit()
    return file


def test_whole_files_have_none(tmp_path: Path) -> None:
    # Characters that mean something in a URI, and a space.
    assert damage([filled(tmp_path / "a ?#%20b.db"), tmp_path / "none.db"]) == []
    assert not (tmp_path / "none.db").exists()


def test_a_damaged_page_is_told_with_the_files_name(tmp_path: Path) -> None:
    file = filled(tmp_path / "store.db")
    raw = bytearray(file.read_bytes())
    raw[8192:12288] = b"\xa5" * 4096
    file.write_bytes(raw)
    found = damage([file])
    assert found
    assert all(line.startswith("store.db: ") for line in found)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    file.write_text("hello " * 1000)
    assert len(damage([file])) == 1
    assert damage([tmp_path]) != [], "a folder in its place"


def test_the_version_has_three_parts() -> None:
    assert len(SQLITE_VERSION) == 3
