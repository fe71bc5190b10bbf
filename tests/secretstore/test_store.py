"""Saving: one place, private, checked; removing: everywhere that is ours."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.secretstore.conftest import HEADFUL
from wa_console.config import SECRET_NAMES
from wa_console.domain.errors import NotAllowed, SetupProblem
from wa_console.secretstore.passphrase import Passphrase
from wa_console.secretstore.places import Place
from wa_console.secretstore.ring import NoKeyring, Ring
from wa_console.secretstore.sealed import open_sealed
from wa_console.secretstore.secret import Secret
from wa_console.secretstore.store import SecretStore

TOKEN = "TWILIO_AUTH_TOKEN"
KEY = "TWILIO_API_KEY"


def store_in(folder: Path, *, word: str = "open", headful: bool = False) -> SecretStore:
    environ = {"XDG_RUNTIME_DIR": str(folder)} | (HEADFUL if headful else {})
    return SecretStore(
        folder=folder / "home",
        ring=Ring(folder, environ=environ),
        passphrase=Passphrase(environ={"WA_CONSOLE_PASSPHRASE": word} if word else {}),
        names=SECRET_NAMES,
        work=16,
    )


def test_the_encrypted_file_grows_and_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secrets.enc"
    store_in(tmp_path).save(Place.FILE, TOKEN, Secret("canary "))
    store_in(tmp_path).save(Place.FILE, KEY, Secret("SK1"))
    assert open_sealed(path, Secret("open")) == {TOKEN: "canary", KEY: "SK1"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert store_in(tmp_path, word="").kept() == [(KEY, Place.FILE), (TOKEN, Place.FILE)]
    assert store_in(tmp_path).remove(TOKEN) == [Place.FILE]
    assert open_sealed(path, Secret("open")) == {KEY: "SK1"}
    assert store_in(tmp_path).remove(KEY) == [Place.FILE]
    assert not path.exists()
    assert store_in(tmp_path).remove(KEY) == []


def test_another_passphrase_cannot_add_to_it(tmp_path: Path) -> None:
    store_in(tmp_path).save(Place.FILE, TOKEN, Secret("one"))
    with pytest.raises(SetupProblem, match="does not open"):
        store_in(tmp_path, word="other").save(Place.FILE, KEY, Secret("SK1"))
    assert store_in(tmp_path).kept() == [(TOKEN, Place.FILE)]


def test_the_plain_file_needs_the_word(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for consent in ("", "yes", "Plain"):
        with pytest.raises(NotAllowed, match="plain"):
            store.save(Place.PLAIN, TOKEN, Secret("one"), consent=consent)
    assert not (tmp_path / "home").exists()
    store.save(Place.PLAIN, TOKEN, Secret('o"n\\e'), consent="plain")
    store.save(Place.PLAIN, KEY, Secret("SK1"), consent="plain")
    path = tmp_path / "home" / "secrets.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dict(store.kept()) == {TOKEN: Place.PLAIN, KEY: Place.PLAIN}
    assert store.remove(TOKEN) == [Place.PLAIN]
    assert store.remove(KEY) == [Place.PLAIN]
    assert not path.exists()


def test_the_keyring_first_where_there_is_one(tmp_path: Path, ring_file: Path) -> None:
    assert store_in(tmp_path).best() is Place.FILE
    assert store_in(tmp_path).no_keyring()
    with pytest.raises(NoKeyring):
        store_in(tmp_path).save(Place.KEYRING, TOKEN, Secret("one"))
    store = store_in(tmp_path, headful=True)
    assert store.best() is Place.KEYRING
    store.save(Place.KEYRING, TOKEN, Secret("one"))
    assert ring_file.exists()
    assert store.kept() == [(TOKEN, Place.KEYRING)]
    assert store.remove(TOKEN) == [Place.KEYRING]


@pytest.mark.parametrize("value", ["", "  ", "two\nlines", "a\rb"])
def test_what_is_no_secret(tmp_path: Path, value: str) -> None:
    with pytest.raises(NotAllowed, match="one line"):
        store_in(tmp_path).save(Place.FILE, TOKEN, Secret(value))


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="TWILIO_AUTH_TOKEN"):
        store_in(tmp_path).save(Place.FILE, "TWILIO_TOKEN", Secret("x"))
