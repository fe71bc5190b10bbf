"""Changes single keys of config.toml and leaves the rest as its writer wrote it, comments too."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _

_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def change_settings(path: Path, values: Mapping[str, str | float | None]) -> None:
    """Write keys of the file's top; None takes one out. All of it or nothing (rename).

    Raises:
        SetupProblem: The file cannot be read, changed safely, or written.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError):
        raise SetupProblem(_("{file} cannot be read.").format(file=path)) from None
    changed = _changed(text, values)
    if changed == text:
        return
    try:
        wanted = {**tomllib.loads(text), **values}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        safe = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        safe = False
    if not safe:
        names = ", ".join(values)
        raise SetupProblem(
            _("{file} is written in a way that cannot be changed; set {names} by hand.").format(
                file=path, names=names
            )
        )
    _write(path, changed)


def _changed(text: str, values: Mapping[str, str | float | None]) -> str:
    """Return the text with the keys taken out where they stood, and put in before any table."""
    lines, kept = text.splitlines(keepends=True), []
    top, end = True, 0
    for line in lines:
        top = top and not line.lstrip().startswith("[")
        found = _KEY.match(line)
        if top and found and found[1] in values:
            continue
        kept.append(line)
        if top:
            end = len(kept)
    new = {name: value for name, value in values.items() if value is not None}
    before = "".join(kept[:end])
    if new and before and not before.endswith("\n"):
        before += "\n"
    return before + (tomli_w.dumps(new) if new else "") + "".join(kept[end:])


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise SetupProblem(
            _("{file} cannot be written: {reason}.").format(
                file=path, reason=error.strerror or error
            )
        ) from None
