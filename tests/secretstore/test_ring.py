"""The keyring: real backends only, two seconds, entries of one home."""

from __future__ import annotations

from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from keyring.backends.chainer import ChainerBackend

from tests.secretstore.backends import BrokenRing, DeafRing
from tests.secretstore.conftest import HEADFUL
from wa_console.secretstore.ring import NoKeyring, Ring

NAME = "TWILIO_AUTH_TOKEN"


class Nothing(keyring.backends.fail.Keyring):
    """What the library gives where there is no keyring."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library's own


class NothingReal(ChainerBackend):
    """A chain, as the library makes one, without a link that keeps anything."""

    backends = (Nothing(),)

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library's own


@pytest.fixture
def ring(ring_file: Path, tmp_path: Path) -> Ring:
    assert not ring_file.exists()
    return Ring(tmp_path, environ=HEADFUL)


def test_save_read_remove(ring: Ring) -> None:
    assert ring.works() == ""
    assert ring.read([NAME]) == {}
    ring.save(NAME, "one")
    ring.save(NAME, "two")
    assert ring.read([NAME, "TWILIO_API_KEY"]) == {NAME: "two"}
    assert ring.remove(NAME)
    assert not ring.remove(NAME)
    assert ring.read([NAME]) == {}


def test_homes_do_not_see_each_other(ring: Ring, tmp_path: Path) -> None:
    ring.save(NAME, "one")
    assert Ring(tmp_path / "demo", environ=HEADFUL).read([NAME]) == {}
    assert Ring(None, environ=HEADFUL).read([NAME]) == {}


@pytest.mark.usefixtures("ring_file")
def test_one_that_never_answers(tmp_path: Path) -> None:
    keyring.set_keyring(DeafRing())
    with pytest.raises(NoKeyring, match="did not answer"):
        Ring(tmp_path, environ=HEADFUL, limit_s=0.05).read([NAME])


@pytest.mark.usefixtures("ring_file")
def test_one_that_fails_is_not_quoted(tmp_path: Path) -> None:
    keyring.set_keyring(BrokenRing())
    reason = Ring(tmp_path, environ=HEADFUL).works()
    assert "RuntimeError" in reason
    assert "canary" not in reason


@pytest.mark.usefixtures("ring_file")
def test_backends_that_keep_nothing_are_none(tmp_path: Path) -> None:
    keyring.set_keyring(Nothing())
    with pytest.raises(NoKeyring, match="No keyring answers"):
        Ring(tmp_path, environ=HEADFUL).save(NAME, "x")
    keyring.set_keyring(NothingReal())
    assert Ring(tmp_path, environ=HEADFUL).works()


def test_without_a_desktop_session_nothing_is_asked(ring_file: Path, tmp_path: Path) -> None:
    ring = Ring(tmp_path, environ={"XDG_RUNTIME_DIR": str(tmp_path)})
    with pytest.raises(NoKeyring, match="no desktop session"):
        ring.save(NAME, "x")
    assert not ring_file.exists()
