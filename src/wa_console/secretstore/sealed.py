"""``secrets.enc``: secrets under a passphrase, for machines without a keyring.

Format 1, one JSON object: ``format``, ``kdf`` (scrypt: ``n``, ``r``, ``p``, ``salt``), ``nonce``,
``names`` and ``box``, the AES-256-GCM of a JSON object NAME to value. All but ``box`` is
authenticated with it, so that a name or a work factor cannot be changed unseen. The names stand in
clear: `secrets list` needs no passphrase, and none is asked for a file that has nothing we need.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore.guard import read_private, write_private
from wa_console.secretstore.secret import Secret

FILE_NAME: Final = "secrets.enc"
FORMAT: Final = 1
WORK: Final = 2**17
"""scrypt's n: 128 MiB and 0.28 s on a slow machine (libraries.md)."""

_R, _P = 8, 1
_SALT, _NONCE, _KEY = 16, 12, 32
_MOST_WORK: Final = 2**20  # a forged header must not take the machine's memory: 1 GiB


class WrongPassphrase(SetupProblem):
    """The passphrase does not open the file, or the file was changed."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The clear part of a file."""

    n: int
    r: int
    p: int
    salt: bytes
    nonce: bytes
    names: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as it stands in the file."""
        return {
            "format": FORMAT,
            "kdf": {
                "name": "scrypt",
                "n": self.n,
                "r": self.r,
                "p": self.p,
                "salt": _b64(self.salt),
            },
            "nonce": _b64(self.nonce),
            "names": list(self.names),
        }

    def authenticated(self) -> bytes:
        """Return the bytes that the seal also covers."""
        return json.dumps(self.plain(), sort_keys=True, separators=(",", ":")).encode()


def names(path: Path) -> Sequence[str]:
    """Return the names of what is in the file; none when there is no file.

    Raises:
        SetupProblem: The file is not ours, damaged, of a newer version, or others can read it.
    """
    try:
        return _parsed(path)[0].names
    except FileNotFoundError:
        return ()


def open_sealed(path: Path, passphrase: Secret) -> dict[str, str]:
    """Return everything in the file.

    Raises:
        FileNotFoundError: There is none.
        WrongPassphrase: It does not open with this passphrase.
        SetupProblem: As ``names``.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    header, box = _parsed(path)
    try:
        clear = AESGCM(_key(header, passphrase)).decrypt(header.nonce, box, header.authenticated())
    except InvalidTag:
        raise WrongPassphrase(
            _(
                "The passphrase does not open {path}, or the file was changed. Try again, or "
                "remove the file and save the secrets anew."
            ).format(path=path)
        ) from None
    values = json.loads(clear)
    return {str(name): str(value) for name, value in values.items()}


def seal(path: Path, passphrase: Secret, values: Mapping[str, str], *, work: int = WORK) -> None:
    """Write the file anew, with a new salt and nonce.

    Args:
        path: Where.
        passphrase: What opens it again.
        values: All that is to be in it.
        work: scrypt's n, a power of two; tests take a small one.

    Raises:
        SetupProblem: The passphrase is empty, or the file cannot be written.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not passphrase:
        raise SetupProblem(_("An empty passphrase protects nothing."))
    header = _Header(work, _R, _P, os.urandom(_SALT), os.urandom(_NONCE), tuple(sorted(values)))
    clear = json.dumps(dict(values)).encode()
    box = AESGCM(_key(header, passphrase)).encrypt(header.nonce, clear, header.authenticated())
    written = {**header.plain(), "box": _b64(box)}
    write_private(path, json.dumps(written, indent=1).encode() + b"\n")


def _key(header: _Header, passphrase: Secret) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    kdf = Scrypt(salt=header.salt, length=_KEY, n=header.n, r=header.r, p=header.p)
    return kdf.derive(passphrase.reveal().encode())


def _parsed(path: Path) -> tuple[_Header, bytes]:
    """Read the file without opening the seal.

    Raises:
        FileNotFoundError: There is none.
        SetupProblem: It is not a file of ours, or of a newer version.
    """
    try:
        raw = json.loads(read_private(path))
        if raw["format"] != FORMAT:
            raise SetupProblem(
                _("{path} has format {found}; this version reads {known}. Update it.").format(
                    path=path, found=raw["format"], known=FORMAT
                )
            )
        kdf = raw["kdf"]
        header = _Header(
            n=int(kdf["n"]),
            r=int(kdf["r"]),
            p=int(kdf["p"]),
            salt=_unb64(kdf["salt"]),
            nonce=_unb64(raw["nonce"]),
            names=tuple(str(name) for name in raw["names"]),
        )
        box = _unb64(raw["box"])
        sound = (
            kdf["name"] == "scrypt"
            and 2 <= header.n <= _MOST_WORK
            and header.n & (header.n - 1) == 0
            and (header.r, header.p) == (_R, _P)
            and len(header.nonce) == _NONCE
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise SetupProblem(
            _("{path} is damaged or not a file of wa-console; remove it or restore it.").format(
                path=path
            )
        )
    return header, box


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
