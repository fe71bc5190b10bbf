"""Looks for secrets in every place, in order, and says what each look found or why it missed.

The order is that of faults.md section 4: systemd's credentials, files named in the environment and
the environment itself, a command, the keyring, the encrypted file, the plain file. For each secret
the first place that has it wins. The encrypted file is opened only for what no earlier place had.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.secretstore import plain, sealed
from wa_console.secretstore.command import run_command
from wa_console.secretstore.guard import read_text
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.ring import NoKeyring, Ring
from wa_console.secretstore.secret import Secret


class Place(StrEnum):
    """Where a secret may live, best first."""

    SYSTEMD = "systemd"
    ENVIRONMENT = "environment"
    COMMAND = "command"
    KEYRING = "keyring"
    FILE = "file"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Kept:
    """One secret and where exactly it stands, such as a path or a variable."""

    secret: Secret
    where: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one place had.

    Attributes:
        kept: By name; only what no earlier place had.
        missed: Why it has nothing, a sentence; empty when it has something.
        problem: What is wrong with it and should be mended, empty when nothing is.
    """

    place: Place
    kept: Mapping[str, Kept] = field(default_factory=dict)
    missed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything the places depend on.

    Attributes:
        names: The secrets that are looked for.
        environ: The environment.
        files: Names of secrets with the file that config.toml names for each.
        command: ``credential_command``, empty for none.
        folder: Where ``secrets.enc`` and ``secrets.toml`` are.
        ring: The keyring's entries of this home.
        passphrase: Opens ``secrets.enc``.
    """

    names: Sequence[str]
    environ: Mapping[str, str]
    files: Mapping[str, str]
    command: str
    folder: Path
    ring: Ring
    passphrase: Passphrase


class NamedFileProblem(SetupProblem):
    """A file named for one secret cannot be used; another place must not stand in for it."""


def look_everywhere(around: Surroundings) -> Sequence[Look]:
    """Look into all places.

    Raises:
        NamedFileProblem: A file that is named for a secret cannot be read, or others can.
    """
    return list(_looks(around))


def _looks(around: Surroundings) -> Iterator[Look]:
    missing = list(around.names)
    for place, look in _PLACES.items():
        try:
            kept = look(around, missing)
            found = Look(place, kept, missed="" if kept else _missed(place, around))
        except NoKeyring as reason:
            found = Look(place, missed=str(reason))
        except NamedFileProblem:
            raise
        except SetupProblem as problem:
            found = Look(place, missed=str(problem), problem=str(problem))
        missing = [name for name in missing if name not in found.kept]
        yield found


def _systemd(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    folder = around.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return {}
    found = {}
    for name in missing:
        path = Path(folder) / name.lower()
        try:
            text = path.read_text(encoding="utf-8").strip()  # its access is the kernel's duty
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            raise NamedFileProblem(_("{path} cannot be read.").format(path=path)) from None
        if text:
            found[name] = Kept(Secret(text), str(path))
    return found


def _environment(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    found = {}
    for name in missing:
        for variable in (name, f"WA_CONSOLE_{name}"):
            path = around.environ.get(f"{variable}_FILE")
            text = around.environ.get(variable, "").strip()
            if path:
                found[name] = _from_file(name, path)
            elif text:
                found[name] = Kept(Secret(text), _("the environment"))
            if name in found:
                break
        else:
            if name in around.files:
                found[name] = _from_file(name, around.files[name])
    return found


def _from_file(name: str, path: str) -> Kept:
    try:
        return Kept(Secret(read_text(Path(path).expanduser())), path)
    except SetupProblem as problem:
        raise NamedFileProblem(f"{name}: {problem}") from None


def _command(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    if not around.command:
        return {}
    values = run_command(around.command, environ=around.environ, known=around.names)
    return _kept(values, missing, _("credential_command"))


def _keyring(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    return _kept(around.ring.read(missing), missing, _("the keyring"))


def _sealed(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    path = around.folder / sealed.FILE_NAME
    if not set(sealed.names(path)) & set(missing):
        return {}
    return _kept(around.passphrase.open(path), missing, str(path))


def _plain(around: Surroundings, missing: Collection[str]) -> dict[str, Kept]:
    path = around.folder / plain.FILE_NAME
    return _kept(plain.read_plain(path), missing, str(path))


def _kept(values: Mapping[str, str], missing: Collection[str], where: str) -> dict[str, Kept]:
    return {
        name: Kept(Secret(values[name]), where) for name in missing if values.get(name, "").strip()
    }


_PLACES: Mapping[Place, Callable[[Surroundings, Collection[str]], dict[str, Kept]]] = {
    Place.SYSTEMD: _systemd,
    Place.ENVIRONMENT: _environment,
    Place.COMMAND: _command,
    Place.KEYRING: _keyring,
    Place.FILE: _sealed,
    Place.PLAIN: _plain,
}


def _missed(place: Place, around: Surroundings) -> str:
    """Say why a place that works has nothing of what was still missing."""
    folder = around.folder
    match place:
        case Place.SYSTEMD:
            if around.environ.get("CREDENTIALS_DIRECTORY"):
                return _("systemd passes no credential named twilio_….")
            return _("Not started by systemd with credentials.")
        case Place.ENVIRONMENT:
            return _("No TWILIO_… or TWILIO_…_FILE is set.")
        case Place.COMMAND:
            return _("It has nothing more.") if around.command else _("No credential_command.")
        case Place.KEYRING:
            return _("It has nothing (more) of this home.")
        case Place.FILE:
            path = folder / sealed.FILE_NAME
        case Place.PLAIN:
            path = folder / plain.FILE_NAME
    if path.exists():
        return _("{path} has nothing more.").format(path=path)
    return _("There is no {path}.").format(path=path)
