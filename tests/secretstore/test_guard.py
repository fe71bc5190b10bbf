"""Files of secrets: private when read, private from their first byte when written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from wa_console.domain.errors import SetupProblem
from wa_console.secretstore.guard import LARGEST, exposed, read_private, read_text, write_private


def file(folder: Path, text: str = "s3cret\n", mode: int = 0o600) -> Path:
    folder.chmod(0o700)
    path = folder / "secret"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_private_file_is_read(tmp_path: Path) -> None:
    assert read_text(file(tmp_path)) == "s3cret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o610])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    path = file(tmp_path, mode=mode)
    with pytest.raises(SetupProblem, match=r"chmod 600") as refused:
        read_private(path)
    assert "s3cret" not in str(refused.value)
    assert exposed([path, tmp_path / "none"]) == [path]


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path)
    tmp_path.chmod(0o770)
    with pytest.raises(SetupProblem, match="chmod go-w"):
        read_private(path)
    tmp_path.chmod(0o755)
    assert read_private(path)


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "empty"), (" \n", "empty"), ("x" * (LARGEST + 1), "too long")]
)
def test_what_is_no_secret(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SetupProblem, match=sentence):
        read_text(file(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match="does not exist"):
        read_text(tmp_path / "none")
    path = file(tmp_path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SetupProblem, match="UTF-8"):
        read_text(path)
    with pytest.raises(SetupProblem, match="cannot be read"):
        read_text(tmp_path)


def test_writing_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "new" / "secret"
        write_private(path, b"one")
        write_private(path, b"two")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.mkdir()
    (path / "x").touch()
    with pytest.raises(SetupProblem, match="cannot be written"):
        write_private(path, b"two")
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
