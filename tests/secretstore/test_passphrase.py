"""The passphrase: from the environment or a person, once, and remembered only if it worked."""

from __future__ import annotations

from pathlib import Path

import pytest

from wa_console.secretstore.passphrase import Locked, Passphrase
from wa_console.secretstore.sealed import WrongPassphrase, seal
from wa_console.secretstore.secret import Secret

RIGHT = Secret("right")
VALUES = {"TWILIO_AUTH_TOKEN": "t"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    seal(tmp_path / "secrets.enc", RIGHT, VALUES, work=16)
    return tmp_path / "secrets.enc"


class Person:
    """Types the next of some answers each time; remembers what it was asked."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[bool] = []

    def __call__(self, new: bool) -> Secret | None:
        self.asked.append(new)
        return Secret(self.answers.pop(0)) if self.answers else None


def test_asked_once_per_start(path: Path) -> None:
    person = Person("wrong", "right", "never")
    passphrase = Passphrase(person, environ={})
    assert passphrase.open(path) == VALUES
    assert passphrase.open(path) == VALUES
    assert person.asked == [False, False]
    assert passphrase.worked == RIGHT


def test_three_tries_and_then_never_again(path: Path) -> None:
    person = Person("a", "b", "c", "right")
    passphrase = Passphrase(person, environ={})
    with pytest.raises(WrongPassphrase):
        passphrase.open(path)
    with pytest.raises(Locked):
        passphrase.open(path)
    assert len(person.asked) == 3


def test_a_person_who_declines_is_not_asked_again(path: Path) -> None:
    person = Person()
    passphrase = Passphrase(person, environ={})
    for _time in range(2):
        with pytest.raises(Locked, match="is locked"):
            passphrase.open(path)
    assert person.asked == [False]


def test_nothing_is_asked_for_a_file_that_is_not_there(tmp_path: Path) -> None:
    person = Person("right")
    with pytest.raises(FileNotFoundError):
        Passphrase(person, environ={}).open(tmp_path / "none")
    assert person.asked == []


def test_nobody_there(path: Path) -> None:
    with pytest.raises(Locked, match="WA_CONSOLE_PASSPHRASE_FILE"):
        Passphrase(environ={}).open(path)
    with pytest.raises(Locked, match="in a terminal"):
        Passphrase(environ={}).choose()


def test_from_the_environment_files_and_systemd(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "word"
    file.write_text("right\n")
    file.chmod(0o600)
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "wa_console_passphrase").write_text("right")
    for environ in (
        {"WA_CONSOLE_PASSPHRASE": "right"},
        {"WA_CONSOLE_PASSPHRASE_FILE": str(file), "WA_CONSOLE_PASSPHRASE": "wrong"},
        {"CREDENTIALS_DIRECTORY": str(folder), "WA_CONSOLE_PASSPHRASE": "wrong"},
    ):
        assert Passphrase(environ=environ).open(path) == VALUES
    with pytest.raises(WrongPassphrase):
        Passphrase(Person("right"), environ={"WA_CONSOLE_PASSPHRASE": "wrong"}).open(path)


def test_choosing_one_for_a_new_file() -> None:
    person = Person("new")
    passphrase = Passphrase(person, environ={})
    assert passphrase.choose() == Secret("new")
    assert passphrase.choose() == Secret("new")
    assert person.asked == [True]
