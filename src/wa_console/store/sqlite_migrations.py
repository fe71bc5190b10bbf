"""Brings a SQLite file to the version this program knows: numbered files, one transaction each.

A step and its number (``user_version``) are committed together, so a file is always between two
steps, never within one (faults G9). Before the first step on a file with content a copy is made.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _

FOLDER = Path(__file__).resolve().parent / "migrations" / "sqlite"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A sort of file: its mark (``application_id``) and the folder of its steps."""

    application_id: int
    steps: Path


STORE = FileKind(application_id=0x57414353, steps=FOLDER)  # "WACS"
JOURNAL = FileKind(application_id=0x5741434A, steps=FOLDER / "journal")  # "WACJ"


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: ``number`` is the version it leads to."""

    number: int
    sql: str


def steps_in(folder: Path) -> Sequence[Step]:
    """Return the steps ``NNNN_name.sql`` of a folder in order.

    Raises:
        ValueError: The numbers are not 1, 2, 3, ...
    """
    paths = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    steps = [Step(int(path.name[:4]), path.read_text(encoding="utf-8")) for path in paths]
    if [step.number for step in steps] != list(range(1, len(steps) + 1)):
        raise ValueError(f"the numbers of the migrations in {folder.name} have a gap")
    return steps


def refuse_foreign(connection: sqlite3.Connection, kind: FileKind, path: Path) -> None:
    """Let an empty file or one of ours pass.

    Raises:
        StoreProblem: It belongs to another program, or to a newer version of this one.
    """
    mark = _pragma(connection, "application_id")
    version = _pragma(connection, "user_version")
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if mark != kind.application_id and (mark or version or tables):
        raise StoreProblem(
            _(
                "{path} belongs to another program. Nothing was changed in it; "
                "choose another place for the store with --home or --store."
            ).format(path=path)
        )
    newest = len(steps_in(kind.steps))
    if version > newest:
        raise StoreProblem(
            _(
                "{path} was made by a newer wa-console (version {found} of the store, this "
                "program knows {known}). Update wa-console, or restore an older backup."
            ).format(path=path, found=version, known=newest)
        )


def migrate(connection: sqlite3.Connection, kind: FileKind, path: Path) -> None:
    """Run the steps that the file has not seen.

    Args:
        connection: In autocommit mode; nobody else migrates this file meanwhile.
        kind: What the file is.
        path: Where it is, for the copy made before a step on existing content.

    Raises:
        sqlite3.Error: A step failed; the file is as before that step.
    """
    version = _pragma(connection, "user_version")
    missing = [step for step in steps_in(kind.steps) if step.number > version]
    if missing and version:
        _copy(connection, path, missing[-1].number)
    for step in missing:
        try:
            connection.execute("BEGIN IMMEDIATE")
            for statement in _statements(step.sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {kind.application_id}")
            connection.execute(f"PRAGMA user_version = {step.number}")
            connection.execute("COMMIT")
        finally:
            connection.rollback()  # does nothing after the commit


def copy_path(path: Path, version: int) -> Path:
    """Return where the copy made before the move to ``version`` is kept."""
    return path.parent / "backups" / f"{path.stem}-before-version-{version}{path.suffix}"


def _copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the file as it is; a copy that is complete replaces an older one at once."""
    target = copy_path(path, version)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    half = target.with_suffix(".part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    copy = sqlite3.connect(half)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    half.replace(target)


def _statements(sql: str) -> Iterator[str]:
    """Split a file into statements; executescript would commit before it begins."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError("a migration does not end with a semicolon")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)
