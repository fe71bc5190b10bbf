"""What is wrong with a set-up file: complaints with their lines, and the sentences they share.

Knows where a value stands and how to name a mend; what is right and wrong is decided elsewhere
(setup_values, setup_check).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

from wa_console.domain.i18n import _
from wa_console.domain.setup_lines import LineIndex, Path

_SHOWN: Final = 60  # characters of a wrong value that a complaint repeats


class Wrong(Exception):
    """A value cannot be used; the text says why and what to write instead."""


class Report:
    """Collects what is wrong, with the line of each."""

    def __init__(self, lines: LineIndex) -> None:
        self._lines = lines
        self._found: list[tuple[int, str]] = []

    def add(self, path: Path, sentence: str) -> None:
        """Note a problem of the value at ``path``."""
        line = self._lines.line(path)
        names = ".".join(part for part in path if isinstance(part, str))
        text = _("line {line}: {name}: {sentence}")
        self._found.append((line, text.format(line=line, name=names, sentence=sentence)))

    def line(self, path: Path) -> int:
        """Return the line of a path."""
        return self._lines.line(path)

    def problems(self) -> tuple[str, ...]:
        """Return every problem once, in the order of the file."""
        in_order = sorted(self._found, key=lambda found: found[0])
        return tuple(dict.fromkeys(text for _line, text in in_order))


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the file, where it stands, and where complaints about it go."""

    value: Any
    path: Path
    report: Report

    def say(self, sentence: str) -> None:
        """Complain about this value."""
        self.report.add(self.path, sentence)

    def kept(self, reader: Reader) -> Any:
        """Return what a reader makes of this value; None, and a complaint, if it is wrong."""
        try:
            return reader(self)
        except Wrong as wrong:
            self.say(str(wrong))
            return None

    def inner(self, key: str | int, value: Any) -> Spot:
        """Return the spot of something inside this value."""
        return replace(self, value=value, path=(*self.path, key))


Reader = Callable[[Spot], Any]


def quoted(value: object) -> str:
    """Return a wrong value for a sentence: short, in double quotes if it is a text.

    Of tables and lists only the kind is told: what is misplaced may be a secret.
    """
    match value:
        case dict():
            return _("a table")
        case list():
            return _("a list")
        case bool():
            return str(value).lower()
        case str() if len(value) > _SHOWN:
            return f'"{value[:_SHOWN]}…"'
        case str():
            return f'"{value}"'
        case _:
            return str(value)[:_SHOWN]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a mend for an unknown name: the nearest known one, else all of them."""
    by_fold = {each.casefold(): each for each in known if each}
    near = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    if near:
        return _('Did you mean "{name}"?').format(name=by_fold[near[0]])
    if by_fold:
        return _("There are: {names}.").format(names=", ".join(by_fold.values()))
    return _("There are none yet.")
