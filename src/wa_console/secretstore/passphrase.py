"""The passphrase of ``secrets.enc``: from the environment or a person, asked once per start.

The asking itself is the caller's (a prompt before the screen opens); nothing here prints.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore.guard import read_text
from wa_console.secretstore.sealed import WrongPassphrase, open_sealed
from wa_console.secretstore.secret import Secret

VARIABLE: Final = "WA_CONSOLE_PASSPHRASE"
CREDENTIAL: Final = "wa_console_passphrase"
"""Its name among systemd's credentials."""

_TRIES: Final = 3


class Locked(SetupProblem):
    """The file needs a passphrase and nobody can be asked for it."""


class Passphrase:
    """Knows or asks for the passphrase, and remembers the one that worked.

    Args:
        ask: Asks a person once and returns what was typed, None when he declines. The argument is
            True when a new passphrase is chosen, which is to be typed twice. None: nobody is there.
        environ: Where it may stand (``WA_CONSOLE_PASSPHRASE``, better ``…_FILE``), the process's
            own when None.
    """

    def __init__(
        self,
        ask: Callable[[bool], Secret | None] | None = None,
        *,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._ask = ask
        self._environ = os.environ if environ is None else environ
        self._worked: Secret | None = None
        self._declined = False

    def open(self, path: Path) -> dict[str, str]:
        """Return what is in the file.

        Raises:
            FileNotFoundError: There is none.
            Locked: Nobody could be asked, or he declined.
            WrongPassphrase: It does not open the file, after three tries of a person.
            SetupProblem: The file is exposed or damaged.
        """
        if not path.exists():
            raise FileNotFoundError(path)  # before anybody is asked for nothing
        given = self._worked or self._given()
        if given:
            values = open_sealed(path, given)
            self._worked = given
            return values
        for left in range(_TRIES - 1, -1, -1):
            typed = self._typed(path)
            try:
                values = open_sealed(path, typed)
            except WrongPassphrase:
                if left == 0:
                    self._declined = True  # three are enough: he is not asked at every look
                    raise
            else:
                self._worked = typed
                return values
        raise AssertionError("unreachable")

    def choose(self) -> Secret:
        """Return the passphrase for a file that does not exist yet.

        Raises:
            Locked: Nobody could be asked, or he declined.
        """
        chosen = self._worked or self._given() or (self._ask(True) if self._ask else None)
        if not chosen:
            raise Locked(
                _("A passphrase is needed: run this in a terminal, or set {variable}_FILE.").format(
                    variable=VARIABLE
                )
            )
        self._worked = chosen
        return chosen

    @property
    def worked(self) -> Secret:
        """The one that opened or made the file; empty before."""
        return self._worked or Secret("")

    def _typed(self, path: Path) -> Secret:
        typed = None if self._declined or self._ask is None else self._ask(False)
        if not typed:
            self._declined = True
            raise Locked(
                _(
                    "{path} is locked: start wa-console in a terminal, or put its passphrase into "
                    "a file and name that in {variable}_FILE."
                ).format(path=path, variable=VARIABLE)
            )
        return typed

    def _given(self) -> Secret | None:
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        if folder and (file := Path(folder) / CREDENTIAL).is_file():
            return Secret(file.read_text(encoding="utf-8").strip())
        named = self._environ.get(f"{VARIABLE}_FILE")
        if named:
            return Secret(read_text(Path(named).expanduser()))
        text = self._environ.get(VARIABLE, "")
        return Secret(text) if text else None
