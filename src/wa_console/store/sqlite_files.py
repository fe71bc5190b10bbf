"""Gets a SQLite file ready to be opened: refused with a sentence, made, or brought up to date.

Synchronous and slow (it touches the disk): call it in a thread. It leaves no connection open.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from wa_console.domain.errors import StoreBusy, StoreProblem
from wa_console.domain.i18n import _
from wa_console.store import network_drive
from wa_console.store.sqlite_errors import translated
from wa_console.store.sqlite_migrations import FileKind, migrate, refuse_foreign

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""
PATIENCE_S = 10.0
"""How long another process may take to get the same folder's files ready."""

_MAGIC = b"SQLite format 3\0"


def prepare(path: Path, kind: FileKind) -> Path:
    """Make sure that a file of ``kind``, of the version we know, is at ``path``.

    Folders that are missing are made with mode 0700, the file with 0600 (faults I4; SQLite gives
    the -wal and -shm files the mode of the main file).

    Returns:
        The real path, without symbolic links.

    Raises:
        StoreProblem: It cannot or may not be used; the sentence says what to do.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreProblem(
            _("SQLite {found} is too old; wa-console needs {needed} or newer.").format(
                found=sqlite3.sqlite_version, needed=".".join(map(str, OLDEST_SQLITE))
            )
        )
    real = Path(os.path.realpath(path))
    _refuse_network(real)
    try:
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(real.parent):
            _refuse_or_create(real)
            with translated(real):
                _bring_up_to_date(real, kind)
    except OSError as error:
        raise _unusable(real, error) from error
    return real


def _refuse_network(path: Path) -> None:
    kind = network_drive.network_file_system(path, mounts=network_drive.MOUNTS)
    if kind is not None:
        raise StoreProblem(
            _(
                "{path} lies on a network drive ({kind}), where SQLite loses data. Choose a local "
                "folder with --home, or a PostgreSQL store with --store."
            ).format(path=path, kind=kind)
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a lock on the folder itself while its files are made ready.

    Ten programs started at once would else trip over each other's switch to WAL, for which
    SQLite does not wait (faults G8).

    Raises:
        StoreBusy: Another process holds it for too long.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        _("Another wa-console is working on {path}. Wait until it is done.").format(
                            path=folder
                        )
                    ) from error
                time.sleep(0.01)
            else:
                break
        yield
    finally:
        os.close(descriptor)


def _refuse_or_create(path: Path) -> None:
    """Create an empty file, or look at the one that is there without changing it.

    Raises:
        OSError: It may not be read and written, or is a folder.
        StoreProblem: It is not a SQLite file.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    with path.open("r+b") as file:
        head = file.read(len(_MAGIC))
    if head and head != _MAGIC:
        raise StoreProblem(
            _(
                "{path} is not a wa-console store (not even a SQLite file). Move it away, or "
                "choose another place with --home or --store."
            ).format(path=path)
        )


def _bring_up_to_date(path: Path, kind: FileKind) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        refuse_foreign(connection, kind, path)
        if not connection.execute(
            "SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"
        ).fetchone():
            raise StoreProblem(
                _("This Python's SQLite has no full-text search (FTS5). Use one that has.")
            )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, kind, path)
    _tighten(path)


def _tighten(path: Path) -> None:
    """Take others' rights away from a store that was copied or restored carelessly."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        with suppress(PermissionError):  # somebody else's file, shared with us on purpose
            path.chmod(mode & 0o700)


def _unusable(path: Path, error: OSError) -> StoreProblem:
    """Return the problem for a path that the system does not let us use."""
    match error:
        case IsADirectoryError():
            text = _("{path} is a folder. Name a file for the store.")
        case PermissionError():
            text = _("{path} may not be read and written. Give yourself the right to.")
        case NotADirectoryError() | FileExistsError():
            text = _("{path} cannot be made: a part of the path before it is a file.")
        case _:
            text = _("{path} cannot be used: {reason}.")
    return StoreProblem(text.format(path=path, reason=error.strerror or error))
