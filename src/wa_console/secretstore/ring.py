"""The desktop's keyring, where a real one answers within two seconds.

``keyring`` is imported at the first use (112 ms) and asked in a thread of its own: a locked or
half-dead session bus blocks for ever (faults.md section 4). On a machine without a session bus
there is none, and nothing is imported to find that out. Entries belong to one home: a demo never
sees the person's own.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

LIMIT_S: Final = 2.0
# Backends that keep nothing, or keep it in clear: that is `plain`, and needs its consent.
_NOT_REAL: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")


class NoKeyring(SetupProblem):
    """There is none that answers; the sentence says why."""


class Ring:
    """The entries of one home in the keyring.

    Args:
        home: The home's folder, None for the platform's own.
        environ: The environment, to see whether there can be a keyring at all.
        limit_s: Seconds for everything that is asked at once.
    """

    def __init__(
        self, home: Path | None, *, environ: Mapping[str, str], limit_s: float = LIMIT_S
    ) -> None:
        self._service = "wa-console" if home is None else f"wa-console {home}"
        self._environ = environ
        self._limit_s = limit_s

    def read(self, names: Collection[str]) -> dict[str, str]:
        """Return the entries among ``names`` that there are.

        Raises:
            NoKeyring: There is no real keyring, or it does not answer.
        """

        def work(backend: KeyringBackend) -> dict[str, str]:
            values = {name: backend.get_password(self._service, name) for name in names}
            return {name: value for name, value in values.items() if value}

        return self._ask(work)

    def save(self, name: str, value: str) -> None:
        """Keep an entry.

        Raises:
            NoKeyring: As ``read``.
        """
        self._ask(lambda backend: backend.set_password(self._service, name, value))

    def remove(self, name: str) -> bool:
        """Forget an entry; False when there was none.

        Raises:
            NoKeyring: As ``read``.
        """

        def work(backend: KeyringBackend) -> bool:
            if backend.get_password(self._service, name) is None:
                return False
            backend.delete_password(self._service, name)
            return True

        return self._ask(work)

    def works(self) -> str:
        """Return why there is no keyring to use, empty when there is one."""
        try:
            self.read(["wa-console-probe"])
        except NoKeyring as problem:
            return str(problem)
        return ""

    def _ask(self, work: Callable[[KeyringBackend], T]) -> T:
        if not _can_be_there(self._environ):
            raise NoKeyring(_("There is no desktop session here, so there is no keyring."))
        done: list[T] = []
        failed: list[BaseException] = []

        def body() -> None:
            try:
                done.append(work(_backend()))
            except Exception as error:  # a backend may raise anything; told below as a sentence
                failed.append(error)

        # A daemon: one that hangs in the session bus must not keep the process from ending.
        thread = threading.Thread(target=body, name="keyring", daemon=True)
        thread.start()
        thread.join(self._limit_s)
        if done:
            return done[0]
        if failed and isinstance(failed[0], NoKeyring):
            raise failed[0]
        if failed:
            # Its class only: a backend's text may quote the entry.
            reason = type(failed[0]).__name__
            raise NoKeyring(_("The keyring refused: {reason}.").format(reason=reason))
        raise NoKeyring(_("The keyring did not answer within {s:g} s.").format(s=self._limit_s))


def _backend() -> KeyringBackend:
    """Return a real keyring.

    Raises:
        NoKeyring: There is none.
    """
    try:
        import keyring
    except ImportError:
        raise NoKeyring(_("Python's keyring package is not installed.")) from None
    chosen = keyring.get_keyring()
    parts = getattr(chosen, "backends", None)  # a chain of several
    real = [each for each in ([chosen] if parts is None else parts) if _is_real(each)]
    if not real:
        raise NoKeyring(_("No keyring answers on this computer."))
    return chosen if parts is None else real[0]


def _is_real(backend: object) -> bool:
    return not any(kind.__module__.startswith(_NOT_REAL) for kind in type(backend).__mro__)


def _can_be_there(environ: Mapping[str, str]) -> bool:
    if sys.platform != "linux" or environ.get("PYTHON_KEYRING_BACKEND"):
        return True
    bus = Path(environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}") / "bus"
    return bool(environ.get("DBUS_SESSION_BUS_ADDRESS")) or bus.exists()
