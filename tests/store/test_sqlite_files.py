"""Making, refusing and migrating SQLite files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.store.makers import conversation, customer, put
from wa_console.domain.errors import StoreProblem
from wa_console.store import network_drive
from wa_console.store.sqlite import open_sqlite
from wa_console.store.sqlite_files import prepare
from wa_console.store.sqlite_migrations import JOURNAL, STORE, FileKind, copy_path, steps_in


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_files_and_folders_are_nobody_elses(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = await open_sqlite(tmp_path / "a" / "b" / "store.db")
    finally:
        os.umask(old)
    try:
        await put(store, customer("c1"))
        assert store.lease.acquire()
        folder = tmp_path / "a" / "b"
        assert mode(folder) == 0o700
        names = sorted(path.name for path in folder.iterdir())
        assert names == sorted(
            ["engine.lock"]
            + [f"{n}.db{end}" for n in ("store", "journal") for end in ("", "-shm", "-wal")]
        )
        assert {mode(path) for path in folder.iterdir()} == {0o600}
    finally:
        await store.close()


async def test_a_closed_store_is_two_complete_files(store_path: Path) -> None:
    store = await open_sqlite(store_path)
    await put(store, customer("c1"))
    await store.close()
    assert sorted(path.name for path in store_path.parent.iterdir()) == ["journal.db", "store.db"]
    with closing(sqlite3.connect(store_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT id FROM customer").fetchall() == [("c1",)]


async def test_the_journal_may_be_elsewhere(tmp_path: Path) -> None:
    store = await open_sqlite(tmp_path / "s.db", tmp_path / "other" / "j.db")
    await store.close()
    assert (tmp_path / "other" / "j.db").exists()


async def test_a_store_reached_by_a_link_has_its_lock_beside_the_real_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    one = await open_sqlite(tmp_path / "link" / "store.db")
    two = await open_sqlite(tmp_path / "real" / "store.db")
    try:
        assert one.lease.acquire()
        assert not two.lease.acquire()
    finally:
        await one.close()
        await two.close()


def _text_file(path: Path) -> None:
    path.write_text("These are not the rows you are looking for.\n" * 99)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")


def _marked_by_another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 7")


def _newer(path: Path) -> None:
    prepare(path, STORE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")


def _damaged(path: Path) -> None:
    prepare(path, STORE)
    with path.open("r+b") as file:
        file.seek(16)
        file.write(b"\xff" * 4000)


def _journal(path: Path) -> None:
    prepare(path, JOURNAL)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_text_file, "not a wa-console store"),
        (_foreign, "another program"),
        (_marked_by_another, "another program"),
        (_journal, "another program"),
        (_newer, "newer wa-console .*9999.*Update"),
        (_damaged, "damaged.*restore|not a wa-console store"),
        (Path.mkdir, "is a folder"),
    ],
)
async def test_what_is_no_store_of_ours_is_refused_and_left_alone(
    tmp_path: Path, make: object, sentence: str
) -> None:
    path = tmp_path / "store.db"
    assert callable(make)
    make(path)
    before = None if path.is_dir() else path.read_bytes()
    with pytest.raises(StoreProblem, match=sentence) as refused:
        await open_sqlite(path)
    assert refused.value.exit_code == 4
    assert str(path) in str(refused.value)
    assert (None if path.is_dir() else path.read_bytes()) == before
    assert not (tmp_path / "journal.db").exists()


async def test_a_journal_that_is_refused_leaves_nothing_open(tmp_path: Path) -> None:
    _text_file(tmp_path / "journal.db")
    with pytest.raises(StoreProblem, match=r"journal\.db"):
        await open_sqlite(tmp_path / "store.db")


async def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreProblem, match="a part of the path"):
        await open_sqlite(tmp_path / "file" / "sub" / "store.db")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder nobody may write in")
async def test_a_folder_nobody_may_write_in_is_refused() -> None:
    with pytest.raises(StoreProblem):
        await open_sqlite(Path("/proc/self/store.db"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_an_unreadable_file_is_refused(store_path: Path) -> None:
    prepare(store_path, STORE)
    os.chmod(store_path, 0)  # noqa: PTH101 - the Path method is refused in an async test
    with pytest.raises(StoreProblem, match="may not be read"):
        await open_sqlite(store_path)


@pytest.fixture
def on_a_network_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"36 35 0:5 / {os.path.realpath(tmp_path)} rw - nfs4 server:/x rw\n")
    monkeypatch.setattr(network_drive, "MOUNTS", mounts)


@pytest.mark.usefixtures("on_a_network_drive")
async def test_a_network_drive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreProblem, match=r"network drive \(nfs4\)"):
        await open_sqlite(tmp_path / "home" / "store.db")
    assert not (tmp_path / "home").exists()


async def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.touch(mode=0o644)
    await (await open_sqlite(path)).close()
    assert mode(path) == 0o600


# --- migrations


@pytest.fixture
def two_steps(tmp_path: Path) -> FileKind:
    """The store's real first step, and a second one."""
    folder = tmp_path / "steps"
    folder.mkdir()
    shutil.copy(sorted(STORE.steps.glob("0001_*.sql"))[0], folder)
    (folder / "0002_more.sql").write_text(
        "-- A second step; with a semicolon in the comment.\n"
        "CREATE TABLE more (x TEXT);\nINSERT INTO more\n  VALUES ('a;b');\n"
    )
    return replace(STORE, steps=folder)


async def old_store(path: Path, kind: FileKind) -> None:
    """Make a store of the first version with a row in it."""
    first = kind.steps.parent / "first"
    first.mkdir()
    shutil.copy(sorted(kind.steps.glob("0001_*.sql"))[0], first)
    prepare(path, replace(kind, steps=first))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO fact (name, number) VALUES ('x', 7)")


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def has_table(path: Path, name: str) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
        return found.fetchone() is not None


async def test_a_new_store_takes_all_steps_and_makes_no_copy(
    tmp_path: Path, two_steps: FileKind
) -> None:
    path = tmp_path / "store.db"
    prepare(path, two_steps)
    assert version(path) == 2
    assert not (tmp_path / "backups").exists()


async def test_an_old_store_is_copied_then_migrated(tmp_path: Path, two_steps: FileKind) -> None:
    path = tmp_path / "store.db"
    await old_store(path, two_steps)
    prepare(path, two_steps)
    prepare(path, two_steps)
    assert version(path) == 2
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT x FROM more").fetchall() == [("a;b",)]
    copy = copy_path(path, 2)
    assert version(copy) == 1
    assert (mode(copy.parent), mode(copy)) == (0o700, 0o600)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT number FROM fact").fetchall() == [(7,)]
    assert [found.name for found in copy.parent.iterdir()] == [copy.name]


async def test_a_step_that_fails_leaves_the_store_as_before_it(
    tmp_path: Path, two_steps: FileKind
) -> None:
    path = tmp_path / "store.db"
    await old_store(path, two_steps)
    (two_steps.steps / "0003_wrong.sql").write_text(
        "CREATE TABLE third (x);\nINSERT INTO nowhere VALUES (1);\n"
    )
    for _turn in range(2):  # the second time with the copy of the first already there
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            prepare(path, two_steps)
        assert version(path) == 2  # the good step before it holds
        assert not has_table(path, "third")
    (two_steps.steps / "0003_wrong.sql").write_text("CREATE TABLE third (x);\n")
    prepare(path, two_steps)
    assert version(path) == 3


def test_steps_without_a_gap(tmp_path: Path, two_steps: FileKind) -> None:
    for kind in (STORE, JOURNAL):
        assert next(step.number for step in steps_in(kind.steps)) == 1
    (two_steps.steps / "0002_more.sql").rename(two_steps.steps / "0003_more.sql")
    with pytest.raises(ValueError, match="gap"):
        steps_in(two_steps.steps)


async def test_opening_an_existing_store_keeps_what_is_in_it(store_path: Path) -> None:
    for _turn in range(3):
        store = await open_sqlite(store_path)
        await put(store, customer("c1"), conversation("v1"))
        thread = await store.read(lambda s: s.conversations.get("v1"))
        await store.close()
    assert thread is not None
    assert thread.version == 3
