"""Runs the person's own editor on a text: a private file, a clean environment, gone afterwards.

Knows no screen: the caller gives the terminal away first (`App.suspend`).
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from wa_console.children import clean_environment


class EditorFailed(Exception):
    """The editor could not be started, or ended with an error; the text is as it was."""


def editor_command(environment: Mapping[str, str]) -> list[str]:
    """Return the editor as arguments: $VISUAL, else $EDITOR, else ``vi``."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environment.get(name, ""))
        except ValueError:
            continue
        if words:
            return words
    return ["vi"]


def edit(text: str, *, environment: Mapping[str, str]) -> str:
    """Return the text as the person left it; one line end that editors add is taken off.

    The file is made by mkstemp (0600) and removed, whatever happens.

    Raises:
        EditorFailed: no such editor, it ended with an error, or its file is not UTF-8.
    """
    handle, name = tempfile.mkstemp(prefix="wa-console-", suffix=".txt")
    path = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            subprocess.run(  # noqa: S603 - the person's own editor, no shell
                [*editor_command(environment), name],
                env=clean_environment(environment),
                check=True,
            )
            edited = path.read_text(encoding="utf-8")
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as problem:
            raise EditorFailed(editor_command(environment)[0]) from problem
    finally:
        path.unlink(missing_ok=True)
    return edited.removesuffix("\n") if not text.endswith("\n") else edited
