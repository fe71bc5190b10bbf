"""What SQLite says, as sentences that tell a person what to do (faults G1, G5, G7).

Mistakes of ours (a wrong statement, a missing parameter) are not translated: they are bugs and
must look like bugs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wa_console.domain.errors import StoreBusy, StoreProblem
from wa_console.domain.i18n import N_, _

_PRIMARY = 0xFF  # the low byte of an extended code is its family
_DAMAGED = N_("{path} is damaged. Bring back the last backup with: wa-console restore FILE")
# A header with an impossible format number comes with the code of a wrong statement.
_BAD_HEADER = "unsupported file format"


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at ``path`` into StoreProblem.

    Raises:
        StoreBusy: Another process holds the write lock and did not let go in time.
        StoreProblem: The file is full, damaged, read-only, gone, or refused a row.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        problem = problem_of(error, path)
        if problem is None:
            raise
        raise problem from error


def problem_of(error: sqlite3.DatabaseError, path: Path) -> StoreProblem | None:
    """Return the problem that an error of SQLite stands for, None for a mistake of ours."""
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(
                _(
                    "{path} is in use by another program that does not let go. "
                    "End it, or try again in a moment."
                ).format(path=path)
            )
        case sqlite3.SQLITE_FULL:
            text = _("The disk that holds {path} is full. Make room; nothing was changed.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            text = _("{path} may not be written. Give yourself write permission on it.")
        case sqlite3.SQLITE_CANTOPEN:
            text = _("{path} cannot be opened. Look whether the folder and the file are yours.")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_FORMAT:
            text = _(_DAMAGED)
        case sqlite3.SQLITE_ERROR if _BAD_HEADER in str(error):
            text = _(_DAMAGED)
        case sqlite3.SQLITE_IOERR:
            text = _("The disk that holds {path} does not answer properly. Check the disk.")
        case sqlite3.SQLITE_CONSTRAINT:
            text = _("{path} refused a row that contradicts another ({reason}).")
        case _:
            return None
    return StoreProblem(text.format(path=path, reason=error))
