"""Files that hold secrets: read only if nobody else can, written so that nobody else ever could.

Rules: files 0600, folders 0700 (faults I4). Every refusal is a sentence with its mend.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _

LARGEST: Final = 65_536
"""Bytes of a file of secrets; a longer one is something else."""

# Docker and Kubernetes mount secrets there with modes that the program cannot choose.
_MOUNTED: Final = ("/run/secrets/", "/var/run/secrets/")


def read_private(path: Path) -> bytes:
    """Return the bytes of a file that only we can read.

    Raises:
        FileNotFoundError: There is none.
        SetupProblem: It cannot be read, others can read it, or it is too long.
    """
    try:
        with path.open("rb") as file:
            # Of the open file, so that nobody can exchange it between the look and the reading.
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise SetupProblem(_("{path} is not a file.").format(path=path))
            _refuse_exposed(path, found)
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise SetupProblem(
            _("{path} cannot be read: {reason}. Check its path and permissions.").format(
                path=path, reason=error.strerror or error
            )
        ) from None
    if len(data) > LARGEST:
        raise SetupProblem(_("{path} is too long to hold a secret.").format(path=path))
    return data


def read_text(path: Path) -> str:
    """Return the text of a private file without the blanks around it.

    Raises:
        SetupProblem: As ``read_private``, or it is missing, empty or not UTF-8.
    """
    try:
        text = read_private(path).decode("utf-8").strip()
    except FileNotFoundError:
        raise SetupProblem(_("{path} does not exist. Check its path.").format(path=path)) from None
    except UnicodeDecodeError:
        raise SetupProblem(_("{path} is not UTF-8 text.").format(path=path)) from None
    if not text:
        raise SetupProblem(_("{path} is empty.").format(path=path))
    return text


def write_private(path: Path, data: bytes) -> None:
    """Replace a file as a whole: after a crash there is the old one or the new one.

    Missing folders are made with mode 0700, the file with 0600, on the disk before it gets its
    name.

    Raises:
        SetupProblem: It cannot be written.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # 0600
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        raise SetupProblem(
            _("{path} cannot be written: {reason}.").format(
                path=path, reason=error.strerror or error
            )
        ) from None


def exposed(paths: Sequence[Path]) -> Sequence[Path]:
    """Return those that others on this computer can read; missing ones are not among them."""
    found = []
    for path in paths:
        with suppress(OSError):
            if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                found.append(path)
    return found


def _refuse_exposed(path: Path, found: os.stat_result) -> None:
    """Refuse a file whose secret is no longer one.

    Raises:
        SetupProblem: Others can read it, or could put another in its place.
    """
    if str(path.absolute()).startswith(_MOUNTED):
        return
    ours = found.st_uid == os.geteuid()
    # Somebody else's file may be meant for our group (0440 in a container's volume).
    if found.st_mode & (0o077 if ours else 0o007):
        raise SetupProblem(
            _("Others on this computer can read {path}. Run: chmod 600 {path}").format(path=path)
        )
    folder = path.absolute().parent
    mode = folder.stat().st_mode
    if mode & 0o022 and not mode & stat.S_ISVTX:
        raise SetupProblem(
            _("Others on this computer can replace {path}. Run: chmod go-w {folder}").format(
                path=path, folder=folder
            )
        )
