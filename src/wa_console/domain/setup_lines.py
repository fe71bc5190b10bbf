"""Finds the line of every table, key and list item in a TOML text.

tomllib tells no line once a text parsed, and an error without a line sends people searching. The
text is known to be valid TOML here, so this scans and judges nothing; it may not read values.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress

Path = tuple[str | int, ...]
"""Where a value stands: table names, keys and indexes, ``("number", 0, "address")``."""

_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_SPACES = re.compile(r"[ \t]*")
_SPACE_AND_COMMENTS = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


class LineIndex:
    """Answers on which line something stands."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines

    def line(self, path: Path) -> int:
        """Return the line (from 1) of a path, or of the nearest table or key around it."""
        for length in range(len(path), 0, -1):
            if (found := self._lines.get(path[:length])) is not None:
                return found
        return 1


def index_lines(text: str) -> LineIndex:
    """Return the line index of a text that tomllib accepts.

    Never raises: what it cannot follow (nesting beyond the stack) only loses its lines.
    """
    scanner = _Scanner(text)
    # A complaint with a coarser line is better than none.
    with suppress(ValueError, IndexError, RecursionError):
        scanner.scan()
    return LineIndex(scanner.lines)


class _Scanner:
    """One pass over the text; knows where it is and how many tables each array has."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._last: dict[Path, int] = {}

    def scan(self) -> None:
        """Read the whole text."""
        table: Path = ()
        while self._skip(_SPACE_AND_COMMENTS):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        line = self._line()
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        self._at += brackets
        keys = self._keys()
        self._at += brackets
        path: Path = ()
        for number, key in enumerate(keys, start=1):
            path = (*path, key)
            if number == len(keys) and brackets == 2:
                self.lines.setdefault(path, line)
                self._last[path] = self._last.get(path, -1) + 1
            if path in self._last:
                path = (*path, self._last[path])
        self.lines.setdefault(path, line)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for key in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_SPACES)
        self.lines.setdefault(path, self._line())
        match self._text[self._at]:
            case '"' | "'":
                self._take(_STRING)
            case "[":
                self._items(path, "]")
            case "{":
                self._items(path, "}")
            case _:
                self._take(_SCALAR)

    def _items(self, path: Path, end: str) -> None:
        self._at += 1
        number = 0
        while self._skip(_SPACE_AND_COMMENTS) and self._text[self._at] != end:
            if end == "]":
                self._value((*path, number))
            else:
                self._pair(path)
            number += 1
            self._skip(_SPACE_AND_COMMENTS)
            if self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACES)
            if self._text[self._at] in "\"'":
                keys.append(str(tomllib.loads(f"k = {self._take(_STRING)}")["k"]))
            else:
                keys.append(self._take(_BARE_KEY))
            self._skip(_SPACES)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _take(self, what: re.Pattern[str]) -> str:
        found = what.match(self._text, self._at)
        if found is None:
            raise ValueError(f"not TOML at {self._at}")
        self._at = found.end()
        return found.group()

    def _skip(self, what: re.Pattern[str]) -> bool:
        """Pass over blanks; False at the end of the text."""
        found = what.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _line(self) -> int:
        return bisect_right(self._ends, self._at - 1) + 1
