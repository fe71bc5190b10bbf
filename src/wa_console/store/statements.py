"""Loads the named statements: the portable ones, then those of one back end.

A statement's name is ``file.name``: ``outbox.claim`` is the one called ``claim`` in ``outbox.sql``.
A back end's file adds to the portable one of the same name, or replaces a statement of it. This
module may not run anything.

The files are written for aiosql and checked with it in the tests. At every start its import and its
parser would cost 47 ms, a fifth of Textual's first frame; to cut the files at the names takes 2 ms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "sql"
_NAME = re.compile(r"^-- name: (\w+)(?:\([^)]*\))?[!^$*]*[ \t]*\n", re.MULTILINE)


@cache
def load_statements(back_end: str) -> Mapping[str, str]:
    """Return the SQL of every statement by name, without its comments.

    Args:
        back_end: Folder below ``sql/`` with what differs, such as ``sqlite``.
    """
    found: dict[str, str] = {}
    for folder in (FOLDER, FOLDER / back_end):
        for path in sorted(folder.glob("*.sql")):
            _before, *parts = _NAME.split(path.read_text("utf-8"))
            for name, text in zip(parts[::2], parts[1::2], strict=True):
                found[f"{path.stem}.{name}"] = _without_comments(text)
    return found


def _without_comments(text: str) -> str:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return "\n".join(line for line in lines if line.strip())
