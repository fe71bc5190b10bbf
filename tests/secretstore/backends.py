"""Keyring backends for tests: one that keeps entries in a file, one that never answers."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend


class FileRing(KeyringBackend):
    """Keeps its entries in the file that TEST_KEYRING_FILE names."""

    priority: ClassVar[float] = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library's own

    @property
    def _file(self) -> Path:
        return Path(os.environ["TEST_KEYRING_FILE"])

    def _entries(self) -> dict[str, str]:
        if not self._file.exists():
            return {}
        loaded: dict[str, str] = json.loads(self._file.read_text())
        return loaded

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(f"{service}|{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps({**self._entries(), f"{service}|{username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        del entries[f"{service}|{username}"]
        self._file.write_text(json.dumps(entries))


class DeafRing(FileRing):
    """Waits for ever, as a locked session bus does."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return None


class BrokenRing(FileRing):
    """Fails with a text that must not be shown."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("the secret is canary")
