"""The right to run the engine on a SQLite store: a locked file beside it (port.Lease).

A ``flock`` belongs to the open file, not to the process: it goes with the process however that
ends, and two stores open in one process exclude each other too (a POSIX record lock would not).
The text in the file is for people; only the lock decides.
"""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from wa_console.domain.errors import StoreProblem
from wa_console.domain.i18n import _

TRIES = 3
"""``holder`` of another process takes the lock for some microseconds to see whether it is free."""
_TEXT_LIMIT = 512


class FileLease:
    """A lease on the lock file at ``path``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Try to take it; True also when it is ours already.

        Raises:
            StoreProblem: The lock file may not be written.
        """
        if self._descriptor is not None:
            return True
        descriptor = self._open()
        for _turn in range(TRIES):
            if _locked(descriptor, fcntl.LOCK_EX):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, _signature().encode(), 0)
                self._descriptor = descriptor
                return True
        os.close(descriptor)
        return False

    def release(self) -> None:
        """Let go; harmless when not held. The file stays: removing it would free a second lock."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> str:
        """Return ``pid N on HOST`` of whoever holds it, empty when nobody does.

        Raises:
            StoreProblem: The lock file may not be read.
        """
        if self._descriptor is not None:
            return _signature()
        if not self._path.exists():
            return ""
        descriptor = self._open()
        try:
            if _locked(descriptor, fcntl.LOCK_SH):
                return ""
            text = os.pread(descriptor, _TEXT_LIMIT, 0).decode(errors="replace")
            return text or _("another program")
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreProblem(
                _("{path} cannot be opened: {reason}.").format(
                    path=self._path, reason=error.strerror
                )
            ) from error


def _locked(descriptor: int, how: int) -> bool:
    """Try to lock without waiting."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _signature() -> str:
    return f"pid {os.getpid()} on {socket.gethostname()}"
