"""A keyring that works, and files of secrets with a small work factor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.secretstore.backends import FileRing

HEADFUL = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
"""An environment in which there can be a keyring."""


@pytest.fixture
def ring_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put a keyring of the test's own in the place of the computer's; its file."""
    path = tmp_path / "ring.json"
    monkeypatch.setenv("TEST_KEYRING_FILE", str(path))
    before = keyring.get_keyring()
    keyring.set_keyring(FileRing())
    yield path
    keyring.set_keyring(before)
