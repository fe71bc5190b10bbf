"""The person's own editor: a private file, a clean environment, nothing left behind."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from wa_console.ui.editor import EditorFailed, edit, editor_command


def editor(folder: Path, body: str) -> dict[str, str]:
    """Return an environment whose editor is a Python script."""
    script = folder / "editor.py"
    script.write_text(f"import os, sys, pathlib\np = pathlib.Path(sys.argv[1])\n{body}\n")
    return {"VISUAL": f"{sys.executable} {script}", "PATH": "/usr/bin", "TWILIO_AUTH_TOKEN": "s"}


def test_the_edited_text_comes_back(tmp_path: Path) -> None:
    env = editor(tmp_path, "p.write_text(p.read_text() + ' på vej\\n')")
    assert edit("Pakken er", environment=env) == "Pakken er på vej"


def test_the_file_is_private_and_goes(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    env = editor(tmp_path, f"open({str(seen)!r}, 'w').write(f'{{p}} {{p.stat().st_mode}}')")
    edit("x", environment=env)
    name, mode = seen.read_text().split()
    assert stat.S_IMODE(int(mode)) == 0o600
    assert not Path(name).exists()


def test_no_credential_reaches_the_editor(tmp_path: Path) -> None:
    env = editor(tmp_path, "p.write_text(str(sorted(os.environ)))")
    assert "TWILIO" not in edit("x", environment=env)


def test_an_editor_that_fails_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(EditorFailed):
        edit("x", environment=editor(tmp_path, "sys.exit(1)"))
    with pytest.raises(EditorFailed):
        edit("x", environment={"EDITOR": "/nowhere/editor"})
    with pytest.raises(EditorFailed):
        edit("x", environment=editor(tmp_path, "p.write_bytes(b'\\xff\\xfe')"))


def test_which_editor() -> None:
    assert editor_command({"VISUAL": "code -w", "EDITOR": "vi"}) == ["code", "-w"]
    assert editor_command({"VISUAL": "", "EDITOR": "nano"}) == ["nano"]
    assert editor_command({"EDITOR": "'broken"}) == ["vi"]
