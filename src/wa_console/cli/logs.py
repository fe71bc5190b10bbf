"""``logs``: the end of the log file, for people or as it is."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import json_option, limit_option, print_json, print_line, say
from wa_console.domain.i18n import _

_SHOWN_FIRST = ("at", "level", "logger", "event")
_COLOURS = {"warning": "yellow", "error": "red", "critical": "red"}


@click.command("logs")
@limit_option
@json_option
@click.pass_obj
def logs_command(invocation: Invocation, limit: int, as_json: bool) -> int:
    """Show the newest lines of the log, oldest first. They hold no message texts and no secrets."""
    from wa_console.logs import LOG_NAME

    path = invocation.settings.paths.logs / LOG_NAME
    for line in _last_lines(path, limit):
        entry = _entry(line)
        if as_json:
            print_json(entry)
        else:
            print_line(_sentence(entry), fg=_COLOURS.get(str(entry.get("level"))))
    say(_("Log file: {path}").format(path=path))
    return 0


def _last_lines(path: Path, limit: int) -> list[str]:
    """Return the newest lines of the log and, if it has too few, of the one before it."""
    lines: deque[str] = deque(maxlen=limit)
    for each in (path.with_name(f"{path.name}.1"), path):
        if each.is_file():
            with each.open(encoding="utf-8", errors="replace") as file:
                lines.extend(line for line in file if line.strip())
    return list(lines)


def _entry(line: str) -> dict[str, object]:
    """Return a line's fields; one cut off by a crash is kept as an event."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    return entry if isinstance(entry, dict) else {"event": line.strip()}


def _sentence(entry: dict[str, object]) -> str:
    first = [str(entry[name]) for name in _SHOWN_FIRST if name in entry]
    rest = [f"{name}={value}" for name, value in entry.items() if name not in _SHOWN_FIRST]
    return " ".join(first + rest)
