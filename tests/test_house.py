"""The house itself: rules of layout that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
SOURCES = sorted((TOP / "src").rglob("*.py"))
LONGEST = 400


def test_no_file_is_longer_than_one_duty_needs() -> None:
    files = [*SOURCES, *sorted((TOP / "tests").rglob("*.py"))]
    long = {
        str(path.relative_to(TOP)): count
        for path in files
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_module_says_its_duty() -> None:
    mute = [
        str(path.relative_to(TOP))
        for path in SOURCES
        if not re.match(r'(?:#.*\n)*"""\S', path.read_text(encoding="utf-8"))
    ]
    assert not mute


def test_constraints_pin_versions_and_name_no_index() -> None:
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.]*", line)] == []


def test_the_ui_is_imported_without_the_heavy_libraries() -> None:
    """The first frame needs textual alone; the rest is imported after it (ARCHITECTURE 9)."""
    code = (
        "import sys; import wa_console.ui.app; "
        "heavy = ('aiohttp', 'twilio', 'httpx', 'keyring', 'phonenumbers'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [__import__("sys").executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"])
def test_the_papers_are_there(name: str) -> None:
    assert (TOP / name).stat().st_size > 0
