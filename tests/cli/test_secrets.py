"""``secrets``: saved from standard input or typed, listed without values, removed."""

from __future__ import annotations

import io
from pathlib import Path

import keyring
import pytest

from tests.cli.shell import Shell
from tests.secretstore.backends import FileRing

CANARY = "canary-4711-token"
TOKEN = "TWILIO_AUTH_TOKEN"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Stdin:
    return Stdin(monkeypatch)


class Stdin:
    """Puts text into standard input, as a pipe does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, text: str) -> None:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.fixture(autouse=True)
def no_desktop(tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch, stdin: Stdin) -> None:
    assert shell.home.name, "the shell clears the environment first"
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    stdin("")


def test_into_the_encrypted_file_and_out_again(
    shell: Shell, stdin: Stdin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WA_CONSOLE_PASSPHRASE", "open sesame")
    stdin(f"{CANARY}\n")
    saved = shell("secrets", "set", "auth-token")
    assert f"{TOKEN} (file)" in saved.err
    listed = shell("secrets", "list", "--json")
    assert [(line["name"], line["place"], line["used"]) for line in listed.lines] == [
        (TOKEN, "file", True)
    ]
    for done in (saved, listed, shell("secrets", "list")):
        assert CANARY not in done.out + done.err
    monkeypatch.delenv("WA_CONSOLE_PASSPHRASE")
    assert TOKEN in shell("secrets", "list").out  # names need no passphrase
    shell("secrets", "remove", TOKEN, code=3)
    monkeypatch.setenv("WA_CONSOLE_PASSPHRASE", "open sesame")
    shell("secrets", "remove", TOKEN)
    assert not (shell.home / "secrets.enc").exists()
    shell("secrets", "remove", TOKEN, code=1)
    assert "There are none" in shell("secrets", "list").err


def test_without_a_passphrase_nothing_is_written(shell: Shell, stdin: Stdin) -> None:
    stdin(f"{CANARY}\n")
    assert "passphrase" in shell("secrets", "set", TOKEN, "--in", "file", code=3).err
    assert not (shell.home / "secrets.enc").exists()


def test_in_clear_only_after_the_word(shell: Shell, stdin: Stdin) -> None:
    stdin(f"{CANARY}\n")
    shell("secrets", "set", TOKEN, "--in", "plain", code=1)
    assert not (shell.home / "secrets.toml").exists()
    stdin(f"plain\n{CANARY}\n")
    shell("secrets", "set", TOKEN, "--in", "plain")
    assert CANARY in (shell.home / "secrets.toml").read_text()
    found = {line["check"]: line for line in shell("doctor", "--offline", "--json", code=1).lines}
    assert found["plain"]["severity"] == "warning"
    assert CANARY not in str(found)


def test_into_the_keyring_where_there_is_one(
    shell: Shell, stdin: Stdin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("TEST_KEYRING_FILE", str(tmp_path / "ring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(FileRing())
    try:
        stdin(f"{CANARY}\n")
        assert "(keyring)" in shell("secrets", "set", TOKEN).err
        assert shell("secrets", "list", "--json").one["place"] == "keyring"
        shell("secrets", "remove", TOKEN)
        assert shell("secrets", "list", "--json").out == ""
    finally:
        keyring.set_keyring(before)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    stdin(f"{CANARY}\n")
    assert "no keyring" in shell("secrets", "set", TOKEN, "--in", "keyring", code=3).err


def test_what_is_saved_behind_another_is_told(
    shell: Shell, stdin: Stdin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "from-the-environment")
    stdin(f"plain\n{CANARY}\n")
    saved = shell("secrets", "set", TOKEN, "--in", "plain")
    assert "environment comes first" in saved.err
    lines = shell("secrets", "list", "--json").lines
    assert [(line["place"], line["used"]) for line in lines] == [
        ("environment", True),
        ("plain", False),
    ]
    assert "not used" in shell("secrets", "list").out


def test_typed_twice_and_masked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = ["one", "two", CANARY, CANARY, "word", "word"]
    monkeypatch.setattr("wa_console.cli.secrets.somebody_is_there", lambda: True)
    monkeypatch.setattr("wa_console.cli.passphrase.somebody_is_there", lambda: True)
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _prompt: typed.pop(0))
    done = shell("secrets", "set", TOKEN, "--in", "file")
    assert "differ" in done.err
    assert typed == []
    assert CANARY not in done.out + done.err
    monkeypatch.setenv("WA_CONSOLE_PASSPHRASE", "word")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC1")
    found = shell("secrets", "list", "--json").lines
    assert [line["place"] for line in found] == ["environment", "file"]


@pytest.mark.parametrize("name", ["TWILIO_TOKEN", CANARY])
def test_an_unknown_name_is_not_echoed(shell: Shell, name: str) -> None:
    done = shell("secrets", "set", name, code=2)
    assert TOKEN in done.err
    assert CANARY not in done.err


def test_an_exposed_file_is_refused_and_told(shell: Shell, stdin: Stdin) -> None:
    stdin(f"plain\n{CANARY}\n")
    shell("secrets", "set", TOKEN, "--in", "plain")
    (shell.home / "secrets.toml").chmod(0o644)
    assert "chmod 600" in shell("secrets", "list", code=3).err
    found = {line["check"]: line for line in shell("doctor", "--offline", "--json", code=1).lines}
    assert "chmod 600" in found["credentials"]["text"]
