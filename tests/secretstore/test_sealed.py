"""The encrypted file: opens with its passphrase alone, and only as it was written."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wa_console.domain.errors import SetupProblem
from wa_console.secretstore.sealed import FORMAT, WORK, WrongPassphrase, names, open_sealed, seal
from wa_console.secretstore.secret import Secret

SMALL = 2**4
VALUES = {"TWILIO_AUTH_TOKEN": "canary-token", "TWILIO_API_KEY": "SK1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.enc"
    seal(path, Secret("open sesame æ"), VALUES, work=SMALL)
    return path


def change(path: Path, **more: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | more))


def test_round_trip_and_nothing_in_clear(path: Path) -> None:
    assert open_sealed(path, Secret("open sesame æ")) == VALUES
    assert b"canary" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(path) == tuple(sorted(VALUES))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(min_size=1), st.text()), st.text(min_size=1))
def test_any_values_and_passphrase(tmp_path: Path, values: dict[str, str], word: str) -> None:
    # A lone surrogate cannot be typed on a terminal and has no UTF-8.
    word = word.encode("utf-8", "ignore").decode() or "x"
    path = tmp_path / "any.enc"
    seal(path, Secret(word), values, work=SMALL)
    assert open_sealed(path, Secret(word)) == values


def test_the_same_secrets_never_look_the_same(path: Path) -> None:
    before = json.loads(path.read_text())
    seal(path, Secret("open sesame æ"), VALUES, work=SMALL)
    after = json.loads(path.read_text())
    assert before["box"] != after["box"]
    assert before["nonce"] != after["nonce"]
    assert before["kdf"]["salt"] != after["kdf"]["salt"]


def test_the_work_factor_is_that_of_the_library_notes(tmp_path: Path) -> None:
    assert WORK == 2**17
    seal(tmp_path / "real.enc", Secret("x"), VALUES)
    assert json.loads((tmp_path / "real.enc").read_text())["kdf"]["n"] == WORK
    assert open_sealed(tmp_path / "real.enc", Secret("x")) == VALUES


def test_a_wrong_passphrase_is_a_sentence(path: Path) -> None:
    with pytest.raises(WrongPassphrase, match="does not open") as refused:
        open_sealed(path, Secret("open sesame"))
    assert "open sesame" not in str(refused.value)
    with pytest.raises(SetupProblem, match="protects nothing"):
        seal(path, Secret(""), VALUES)


def test_a_changed_header_does_not_open(path: Path) -> None:
    change(path, names=["TWILIO_AUTH_TOKEN"])
    with pytest.raises(WrongPassphrase):
        open_sealed(path, Secret("open sesame æ"))


@pytest.mark.parametrize(
    "more",
    [
        {"box": "not base64!"},
        {"nonce": "AAAA"},
        {"kdf": {"name": "scrypt", "n": 2**30, "r": 8, "p": 1, "salt": "AAAA"}},
        {"kdf": {"name": "scrypt", "n": 17, "r": 8, "p": 1, "salt": "AAAA"}},
        {"kdf": {"name": "md5", "n": 16, "r": 8, "p": 1, "salt": "AAAA"}},
        {"kdf": None},
        {"names": None},
    ],
)
def test_a_damaged_file_is_a_sentence(path: Path, more: dict[str, Any]) -> None:
    change(path, **more)
    with pytest.raises(SetupProblem, match="damaged"):
        names(path)


def test_other_files(path: Path, tmp_path: Path) -> None:
    change(path, format=FORMAT + 1)
    with pytest.raises(SetupProblem, match=r"format 2.*Update"):
        names(path)
    for text in ("", "[]", "hello", "{}"):
        path.write_text(text)
        with pytest.raises(SetupProblem, match="damaged"):
            names(path)
    assert names(tmp_path / "none") == ()
    path.chmod(0o644)
    with pytest.raises(SetupProblem, match="chmod 600"):
        names(path)
