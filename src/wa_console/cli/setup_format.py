"""Writes a set-up as the TOML that ``apply`` reads (CONTRACT, set-up file).

What is empty is left out, what can be changed is written also where it is the default. Reading it
again gives the same set-up. Secrets are not in a set-up, so none can be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wa_console.domain.setup import Hours, Queue, Rule, Setup, Workstream

# C1 controls, bidi marks, line separators: valid in TOML, but a terminal would act on them.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_BARE_KEY = re.compile("[A-Za-z0-9_-]+")
_BELOW = {"attachments": False, "rule": True}  # tables below theirs, and whether there are many


def write_setup(setup: Setup) -> str:
    """Return the set-up as TOML, its tables in the order and the shape of CONTRACT."""
    tables = []
    for name, value in document_of(setup).items():
        entries = value if isinstance(value, list) else [value]
        tables += [_table(name, entry, many=isinstance(value, list)) for entry in entries]
    return "\n".join(tables)


def document_of(setup: Setup) -> dict[str, Any]:
    """Return the set-up as the tables and keys of the file."""
    document: dict[str, Any] = {}
    if setup.account is not None:
        document["account"] = _filled(
            {"name": setup.account.name, "account_sid": setup.account.account_sid}
        )
    parts: dict[str, Iterable[dict[str, Any]]] = {
        "number": (_plain(each) for each in setup.numbers),
        "queue": (_queue(each) for each in setup.queues),
        "representative": (_plain(each) for each in setup.representatives),
        "workstream": (_workstream(each) for each in setup.workstreams),
        "template": (_plain(each) for each in setup.templates),
        "quick_reply": (_plain(each) for each in setup.quick_replies),
        "hours": (_hours(each) for each in setup.hours),
        "automated_message": (_plain(each) for each in setup.automated_messages),
    }
    document |= {name: found for name, tables in parts.items() if (found := list(tables))}
    return document


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], {})}


def _plain(entry: Any) -> dict[str, Any]:
    """Return the fields of a dataclass whose keys in the file have the same names."""
    values = {name: getattr(entry, name) for name in entry.__slots__}
    return _filled(
        {
            name: dict(value) if isinstance(value, Mapping) else value
            for name, value in values.items()
        }
    )


def _queue(queue: Queue) -> dict[str, Any]:
    return _filled(_plain(queue) | {"members": list(queue.members)})


def _hours(hours: Hours) -> dict[str, Any]:
    # `open` is needed, so it is written also when it is empty: always closed.
    return _filled(_plain(hours) | {"holidays": list(hours.holidays)}) | {"open": dict(hours.open)}


def _workstream(workstream: Workstream) -> dict[str, Any]:
    return {
        "name": workstream.name,
        "numbers": list(workstream.numbers),
        "language": workstream.language,
        "distribution": workstream.distribution,
        **_filled({"fallback_queue": workstream.fallback_queue}),
        "attachments": {
            "customers": workstream.attachments.customers,
            "representatives": workstream.attachments.representatives,
        },
        **_filled({"rule": [_rule(rule) for rule in workstream.rules]}),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"when": dict(rule.when), "queue": rule.queue}


def _table(name: str, entry: Mapping[str, Any], *, many: bool) -> str:
    """Return one table; those inside of it that CONTRACT writes below it come last."""
    below = {key: value for key, value in entry.items() if key in _BELOW}
    lines = [f"[[{name}]]" if many else f"[{name}]"]
    lines += [f"{_key(key)} = {_value(value)}" for key, value in entry.items() if key not in below]
    text = "\n".join(lines) + "\n"
    for key, value in below.items():
        inner = value if isinstance(value, list) else [value]
        text += "".join(_table(f"{name}.{key}", each, many=_BELOW[key]) for each in inner)
    return text


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _string(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _string(value)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(_value(each) for each in value)}]"
        case _:
            return str(value)


def _string(text: str) -> str:
    import tomli_w

    written = tomli_w.dumps({"k": text}).removeprefix("k = ").removesuffix("\n")
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
