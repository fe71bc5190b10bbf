"""A shell on a home of its own, with nothing of the person's environment in it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    for name in list(os.environ):
        if name.startswith(("WA_CONSOLE_", "TWILIO_", "LC_")) or name == "LANG":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("WA_CONSOLE_REPRESENTATIVE", "anna")
    monkeypatch.setenv("WA_CONSOLE_PORT", "0")
    monkeypatch.setenv("COLUMNS", "80")
    mask = os.umask(0o077)
    yield Shell(tmp_path / "home", capsys)
    os.umask(mask)
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, RotatingFileHandler)]:
        root.removeHandler(handler)
        handler.close()
