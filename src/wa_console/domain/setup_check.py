"""Checks a set-up file as a whole and reads it: all problems at once, or a `Setup`.

Nothing is half read: a file with one problem gives an error that lists every one, with its line
and what to do (CONTRACT, set-up file). This module may not apply anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from wa_console.domain.address import parse_typed
from wa_console.domain.errors import InvalidAddress, SetupProblems
from wa_console.domain.i18n import _
from wa_console.domain.setup import Number, Rule, Setup, Workstream
from wa_console.domain.setup_lines import Path, index_lines
from wa_console.domain.setup_report import Report, Spot, did_you_mean, quoted
from wa_console.domain.setup_tables import TABLES, report_unknown, single, tables

_FIELDS = {
    "number": "numbers",
    "queue": "queues",
    "representative": "representatives",
    "workstream": "workstreams",
    "template": "templates",
    "quick_reply": "quick_replies",
    "hours": "hours",
    "automated_message": "automated_messages",
}
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def read_setup(text: str) -> Setup:
    """Read a set-up file.

    Args:
        text: The whole file, TOML.

    Returns:
        The set-up, with numbers as Twilio writes them and every name in it resolved.

    Raises:
        SetupProblems: With one sentence for every problem, in the order of the file.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupProblems([_syntax(error, text)]) from None
    except RecursionError:
        raise SetupProblems([_("line 1: the file is nested too deeply to be read.")]) from None
    except ValueError as error:  # tomllib on a date or an integer that Python cannot hold
        raise SetupProblems([_("line 1: a value cannot be read: {0}.").format(error)]) from None
    report = Report(index_lines(text))
    setup = _read_tables(document, report)
    setup = _resolved(setup, report)
    if problems := report.problems():
        raise SetupProblems(problems)
    return setup


def _syntax(error: tomllib.TOMLDecodeError, text: str) -> str:
    sentence = str(error)
    found = _AT_LINE.search(sentence)
    line = int(found[1]) if found else max(1, len(text.splitlines()))
    reason = _AT_LINE.sub("", sentence).replace(" (at end of document)", "")
    return _("line {line}: this is not TOML: {reason}. Mend it and apply again.").format(
        line=line, reason=reason
    )


def _read_tables(document: dict[str, Any], report: Report) -> Setup:
    parts: dict[str, Any] = {}
    for name, value in document.items():
        spot = Spot(value, (name,), report)
        if name not in TABLES:
            report_unknown(spot, TABLES)
        elif name == "account":
            parts["account"] = spot.kept(single(TABLES[name]))
        else:
            parts[_FIELDS[name]] = spot.kept(tables(TABLES[name])) or ()
    return Setup(**parts)


def _resolved(setup: Setup, report: Report) -> Setup:
    """Check every name that is given or referred to; return numbers resolved."""
    _check_doubles(setup, report)
    _check_queues(setup, report)
    _check_texts(setup, report)
    workstreams = tuple(
        _workstream(workstream, ("workstream", at), setup, report)
        for at, workstream in enumerate(setup.workstreams)
    )
    return replace(setup, workstreams=workstreams)


def _check_doubles(setup: Setup, report: Report) -> None:
    doubled = _Doubles(report)
    doubled.check("number", "address", (each.address for each in setup.numbers))
    doubled.check("number", "name", (each.name for each in setup.numbers))
    doubled.check("queue", "name", (each.name for each in setup.queues))
    doubled.check("representative", "login", (each.login for each in setup.representatives))
    doubled.check("workstream", "name", (each.name for each in setup.workstreams))
    doubled.check("hours", "name", (each.name for each in setup.hours))
    doubled.check(
        "template",
        "content_sid",
        (each.content_sid and f"{each.content_sid} {each.language}" for each in setup.templates),
    )
    doubled.check(
        "quick_reply",
        "key",
        (
            each.key and " ".join(filter(None, (each.key, each.language, each.workstream)))
            for each in setup.quick_replies
        ),
    )


class _Doubles:
    """Complains about the second and every further bearer of a name; empty ones have none."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def check(self, table: str, key: str, names: Iterable[str]) -> None:
        """Look through the names of one kind of table, in the order of the file."""
        seen: dict[str, int] = {}
        for at, name in enumerate(names):
            if name and name in seen:
                first = self._report.line((table, seen[name], key))
                self._report.add(
                    (table, at, key),
                    _("{name} is there already (line {line}); remove one or rename it.").format(
                        name=quoted(name), line=first
                    ),
                )
            elif name:
                seen[name] = at


def _refer(report: Report, path: Path, name: str, *, kind: str, known: Collection[str]) -> None:
    """Complain unless ``name`` is empty or known."""
    if name and name not in known:
        report.add(
            path,
            _("there is no [[{kind}]] called {name}. {mend}").format(
                kind=kind, name=quoted(name), mend=did_you_mean(name, known)
            ),
        )


def _check_queues(setup: Setup, report: Report) -> None:
    logins = [each.login for each in setup.representatives]
    hours = [each.name for each in setup.hours]
    for at, queue in enumerate(setup.queues):
        for number, login in enumerate(queue.members):
            path = ("queue", at, "members", number)
            _refer(report, path, login, kind="representative", known=logins)
        _refer(report, ("queue", at, "hours"), queue.hours, kind="hours", known=hours)


def _check_texts(setup: Setup, report: Report) -> None:
    workstreams = [each.name for each in setup.workstreams]
    queues = [each.name for each in setup.queues]
    for table in ("template", "quick_reply", "automated_message"):
        for at, entry in enumerate(getattr(setup, _FIELDS[table])):
            path = (table, at, "workstream")
            _refer(report, path, entry.workstream, kind="workstream", known=workstreams)
    for at, message in enumerate(setup.automated_messages):
        path = ("automated_message", at, "queue")
        _refer(report, path, message.queue, kind="queue", known=queues)


def _workstream(workstream: Workstream, path: Path, setup: Setup, report: Report) -> Workstream:
    queues = [each.name for each in setup.queues]
    fallback = (*path, "fallback_queue")
    _refer(report, fallback, workstream.fallback_queue, kind="queue", known=queues)
    numbers = tuple(
        _number(name, (*path, "numbers", at), setup.numbers, report)
        for at, name in enumerate(workstream.numbers)
    )
    rules = []
    for at, rule in enumerate(workstream.rules):
        inner = (*path, "rule", at)
        _refer(report, (*inner, "queue"), rule.queue, kind="queue", known=queues)
        rules.append(_rule(rule, (*inner, "when"), setup, report))
    return replace(workstream, numbers=numbers, rules=tuple(rules))


def _rule(rule: Rule, path: Path, setup: Setup, report: Report) -> Rule:
    when = dict(rule.when)
    if "hours" in when:
        hours = [each.name for each in setup.hours]
        _refer(report, (*path, "hours"), when["hours"], kind="hours", known=hours)
    if "number" in when:
        when["number"] = _number(when["number"], (*path, "number"), setup.numbers, report)
    return replace(rule, when=when)


def _number(name: str, path: Path, numbers: tuple[Number, ...], report: Report) -> str:
    """Return how a number is referred to: its name, or its address as Twilio writes it."""
    names = {each.name for each in numbers if each.name}
    addresses = {each.address for each in numbers if each.address}
    if name in names:
        return name
    try:
        address = parse_typed(name).value
    except InvalidAddress:
        address = ""
    if address in addresses:
        return address
    _refer(report, path, name, kind="number", known=sorted(names | addresses))
    return name
