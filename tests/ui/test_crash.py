"""A crash leaves a sentence and a report in which no value stands (faults F11)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.ui.desk import NOW, Bench, ready
from wa_console.crash import report_text, write_report

TOKEN = "0123456789abcdef" * 2
CUSTOMER = "Mette Holm +45 31 22 64 10"


def crash() -> None:
    """Fail with secrets in a local and in the message."""
    token = TOKEN
    try:
        raise KeyError(CUSTOMER)
    except KeyError as cause:
        raise ValueError(token) from cause


def caught() -> ValueError:
    """Return the error with its trace."""
    with pytest.raises(ValueError, match=TOKEN) as found:
        crash()
    return found.value


def test_report_names_types_and_places_only() -> None:
    text = report_text(caught(), at=NOW)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_crash.py" in text
    assert TOKEN not in text
    assert CUSTOMER not in text


def test_report_is_private(tmp_path: Path) -> None:
    path = write_report(caught(), at=NOW, folder=tmp_path / "logs")
    assert path is not None
    assert path.parent == tmp_path / "logs"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_report_goes_elsewhere_when_the_folder_is_none(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    path = write_report(caught(), at=NOW, folder=blocked / "logs")
    assert path is not None
    path.unlink()


async def test_the_app_ends_with_a_sentence(bench: Bench, tmp_path: Path) -> None:
    app = bench.app(report_dir=tmp_path / "logs")

    async def play() -> None:
        async with app.run_test() as pilot:
            await ready(pilot)
            app.call_later(crash)
            await pilot.pause()

    with pytest.raises(ValueError, match=TOKEN):
        await play()
    assert app.return_code == 1
    (report,) = (tmp_path / "logs").glob("crash-*.txt")
    assert TOKEN not in report.read_text()
