"""How commands print: data on stdout, messages on stderr, nothing a terminal would act on.

Every text that is not JSON passes ``safe_text`` here (faults F9), also when stdout is no terminal:
what is piped into a file is looked at later. Colour only doubles what words say already.
"""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import click

from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text, snippet
from wa_console.domain.window import Window, WindowState

MAX_LIMIT: Final = 100_000
"""The most rows a command lists (CONTRACT, ``--limit``)."""

json_option = click.option("--json", "as_json", is_flag=True, help=_("Print JSON lines."))
limit_option = click.option(
    "--limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=50,
    show_default=True,
    metavar="N",
    help=_("At most so many."),
)
conversation_argument = click.argument("conversation", metavar="CONVERSATION")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        cells: Its width on the screen; 0 takes what is left and belongs last: terminals disagree
            on the width of emoji, and only nothing can be shifted behind it.
        right: Align to the right, for numbers.
    """

    title: str
    cells: int
    right: bool = False


def print_json(value: Mapping[str, Any]) -> None:
    """Print one line of JSON."""
    from wa_console.cli.encode import json_line

    click.echo(json_line(value))


def print_line(text: str, *, indent: int = 0, **style: Any) -> None:
    """Print one line of data, made safe; ``style`` is click's and counts only in colour."""
    click.echo(" " * indent + styled(snippet(text, limit=4096), **style), color=in_colour())


def print_text(text: str, *, indent: int = 0) -> None:
    """Print a text of several lines, made safe, each line behind ``indent`` spaces."""
    for line in safe_text(text).split("\n"):
        click.echo(" " * indent + line)


def say(text: str) -> None:
    """Print a message for the person on stderr."""
    click.echo(safe_text(text), err=True)


def in_colour() -> bool:
    """Whether stdout wants colour: a terminal that is not dumb, and NO_COLOR is not set."""
    return (
        sys.stdout.isatty()
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM", "dumb") != "dumb"
    )


def styled(text: str, **style: Any) -> str:
    """Return the text in a style where colour is wanted, else as it is."""
    return click.style(text, **style) if in_colour() and style else text


def width() -> int:
    """Return the columns of the terminal, 80 where there is none; at least 40."""
    return max(40, shutil.get_terminal_size((80, 24)).columns)


def cells_of(text: str) -> int:
    """Return how many columns most terminals give a safe text."""
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, cells: int, *, right: bool = False) -> str:
    """Return one safe line of exactly ``cells`` columns, cut with ``…`` if it is longer."""
    line = str(snippet(text, limit=4 * cells + 4))
    if cells_of(line) > cells:
        kept, used = [], 1
        for char in line:
            used += _cell(char)
            if used > cells:
                break
            kept.append(char)
        line = "".join(kept).rstrip() + "…"
    space = " " * (cells - cells_of(line))
    return space + line if right else line + space


class Table:
    """Prints rows in columns that fit the terminal, the header in a dim style."""

    def __init__(self, *columns: Column) -> None:
        fixed = sum(column.cells for column in columns) + 2 * (len(columns) - 1)
        rest = max(12, width() - fixed)
        self._columns = [(column, column.cells or rest) for column in columns]

    def head(self) -> None:
        """Print the titles."""
        titles = [column.title for column, _cells in self._columns]
        click.echo(styled(self._line(titles), dim=True), color=in_colour())

    def row(self, values: Sequence[str], **style: Any) -> None:
        """Print one row."""
        click.echo(styled(self._line(values), **style), color=in_colour())

    def _line(self, values: Sequence[str]) -> str:
        cells = (
            fit(value, wide, right=column.right)
            for value, (column, wide) in zip(values, self._columns, strict=True)
        )
        return "  ".join(cells).rstrip()


def left_of(window: Window) -> str:
    """Return the time left to reply in a few columns: ``23 h``, ``58 min``, ``closed``."""
    match window.state:
        case WindowState.NEVER:
            return _("never")
        case WindowState.CLOSED:
            return _("closed")
        case WindowState.OPEN | WindowState.CLOSING:
            return short_time(window.remaining)


def short_time(span: timedelta) -> str:
    """Return a duration with one unit, rounded down: ``23 h``, ``58 min``, ``40 s``."""
    seconds = int(span.total_seconds())
    if seconds >= 3600:
        return _("{count} h").format(count=seconds // 3600)
    if seconds >= 60:
        return _("{count} min").format(count=seconds // 60)
    return _("{count} s").format(count=seconds)


def local(moment: datetime) -> str:
    """Return a time for people, in the zone of the machine: ``2026-11-23 18:42``."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
