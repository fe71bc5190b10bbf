"""Saves and removes secrets in the places that can be written: keyring, encrypted file, plain file.

Used by the wizard and by ``wa-console secrets``. It never shows a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, assert_never

from wa_console.domain.errors import NotAllowed
from wa_console.domain.i18n import _
from wa_console.secretstore import plain, sealed
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.places import Place
from wa_console.secretstore.ring import NoKeyring, Ring
from wa_console.secretstore.secret import Secret

Writable = Literal[Place.KEYRING, Place.FILE, Place.PLAIN]
WRITABLE: Final[tuple[Writable, ...]] = (Place.KEYRING, Place.FILE, Place.PLAIN)


class SecretStore:
    """The secrets of one home.

    Args:
        folder: Where ``secrets.enc`` and ``secrets.toml`` are.
        ring: The keyring's entries of this home.
        passphrase: Opens and makes ``secrets.enc``.
        names: The names that may be saved.
        work: scrypt's n for a file that is written; tests take a small one.
    """

    def __init__(
        self,
        *,
        folder: Path,
        ring: Ring,
        passphrase: Passphrase,
        names: Sequence[str],
        work: int = sealed.WORK,
    ) -> None:
        self._sealed = folder / sealed.FILE_NAME
        self._plain = folder / plain.FILE_NAME
        self._ring = ring
        self._passphrase = passphrase
        self._names = tuple(names)
        self._work = work

    def best(self) -> Writable:
        """Return where a secret is best saved here: a real keyring, else the encrypted file.

        Asks the keyring, which may take two seconds; never the plain file.
        """
        return Place.FILE if self._ring.works() else Place.KEYRING

    def no_keyring(self) -> str:
        """Return why there is no keyring to offer, empty when there is one."""
        return self._ring.works()

    def save(self, kind: Writable, name: str, value: Secret, *, consent: str = "") -> None:
        """Keep one secret; what else is there stays.

        Args:
            kind: Where.
            name: One of the known names.
            value: One line, not empty.
            consent: What the person typed; ``plain`` allows the plain file (faults I1).

        Raises:
            NotAllowed: Unknown name, empty or several lines, or a plain file without consent.
            NoKeyring: There is none that answers.
            SetupProblem: The file cannot be opened or written.
        """
        text = value.reveal().strip()
        if name not in self._names:
            raise NotAllowed(
                _("There is no secret {name}; there is: {names}.").format(
                    name=name, names=", ".join(self._names)
                )
            )
        if not text or len(text.splitlines()) != 1:
            raise NotAllowed(_("A secret is one line and not empty."))
        match kind:
            case Place.KEYRING:
                self._ring.save(name, text)
            case Place.FILE:
                values = self._opened()
                passphrase = self._passphrase.worked if values else self._passphrase.choose()
                self._seal({**values, name: text}, passphrase)
            case Place.PLAIN:
                if consent != plain.CONSENT:
                    raise NotAllowed(
                        _("A secret is kept in clear only if `{word}` is typed.").format(
                            word=plain.CONSENT
                        )
                    )
                plain.write_plain(self._plain, {**plain.read_plain(self._plain), name: text})
            case _:
                assert_never(kind)

    def remove(self, name: str) -> Sequence[Writable]:
        """Forget a secret everywhere it can be; returns the places that had it.

        Raises:
            SetupProblem: A file that has it cannot be opened or written.
        """
        removed: list[Writable] = []
        if self._in_ring(name):
            self._ring.remove(name)
            removed.append(Place.KEYRING)
        if name in sealed.names(self._sealed):
            rest = {key: text for key, text in self._opened().items() if key != name}
            self._seal(rest, self._passphrase.worked)
            removed.append(Place.FILE)
        values = plain.read_plain(self._plain)
        if values.pop(name, None) is not None:
            plain.write_plain(self._plain, values)
            removed.append(Place.PLAIN)
        return removed

    def kept(self) -> Sequence[tuple[str, Writable]]:
        """Return the names of what is saved and where; needs no passphrase, tells no value.

        Raises:
            SetupProblem: A file is exposed or damaged.
        """
        rows: list[tuple[str, Writable]] = []
        rows += [(name, Place.KEYRING) for name in self._names if self._in_ring(name)]
        rows += [(name, Place.FILE) for name in sealed.names(self._sealed)]
        rows += [(name, Place.PLAIN) for name in plain.read_plain(self._plain)]
        return rows

    def _in_ring(self, name: str) -> bool:
        try:
            return bool(self._ring.read([name]))
        except NoKeyring:
            return False

    def _opened(self) -> dict[str, str]:
        try:
            return self._passphrase.open(self._sealed)
        except FileNotFoundError:
            return {}

    def _seal(self, values: dict[str, str], passphrase: Secret) -> None:
        if values:
            sealed.seal(self._sealed, passphrase, values, work=self._work)
        else:
            self._sealed.unlink(missing_ok=True)
