"""The JSON of CONTRACT as key sets and types, checked exactly: no key too many, none missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_ID = re.compile(r"[0-9a-z]{26}")
STATES = {"open", "active", "waiting", "wrap-up", "closed"}
STATUSES = {
    *("queued", "sending", "unknown", "accepted", "scheduled", "sent", "delivered", "read"),
    *("failed", "undelivered", "canceled", "received", "parked"),
}


def text(value: Any) -> bool:
    """A text, perhaps empty."""
    return isinstance(value, str)


def name(value: Any) -> bool:
    """A text that says something."""
    return isinstance(value, str) and bool(value)


def ident(value: Any) -> bool:
    """An id of ours."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def time(value: Any) -> bool:
    """ISO 8601 in UTC with ``Z``."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def count(value: Any) -> bool:
    """A whole number from 0 up."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def maybe(check: Check) -> Check:
    """What fits, or null."""
    return lambda value: value is None or check(value)


def many(check: Check) -> Check:
    """A list of what fits."""
    return lambda value: isinstance(value, list) and all(check(each) for each in value)


def one_of(*words: str) -> Check:
    """One of these words."""
    return lambda value: value in words


def texts(value: Any) -> bool:
    """An object of texts."""
    return isinstance(value, dict) and all(text(k) and text(v) for k, v in value.items())


def record(fields: Mapping[str, Check]) -> Check:
    """An object with exactly these keys; a wrong one is named in the failure."""

    def check(value: Any) -> bool:
        assert isinstance(value, dict), value
        assert set(value) == set(fields), set(value) ^ set(fields)
        for key, fits in fields.items():
            assert fits(value[key]), (key, value[key])
        return True

    return check


def _some(*keys: str) -> Check:
    """An object that has at least these keys; CONTRACT does not name the others."""
    return lambda value: isinstance(value, dict) and set(keys) <= set(value)


message = record(
    {
        "id": ident,
        "sid": maybe(name),
        "conversation": ident,
        "direction": one_of("inbound", "outbound"),
        "kind": one_of("session", "template", "note", "automated", "survey", "system"),
        "body": text,
        "raw": texts,
        "media": many(
            record(
                {
                    "type": name,
                    "size": maybe(count),
                    "path": maybe(text),
                    "status": one_of("pending", "stored", "failed", "quarantined", "removed"),
                }
            )
        ),
        "template": maybe(record({"content_sid": name, "variables": texts})),
        "quoted": maybe(_some()),
        "button": maybe(_some("text")),
        "location": maybe(_some("latitude", "longitude")),
        "status": one_of(*STATUSES),
        "error": maybe(
            record({"code": maybe(count), "text": name, "action": maybe(text)}),
        ),
        "author": maybe(name),
        "created_at": time,
        "statuses": many(_some("status", "at")),
    }
)
"""A message of CONTRACT."""

conversation = record(
    {
        "id": ident,
        "customer": record({"id": ident, "name": maybe(text), "addresses": many(name)}),
        "number": name,
        "workstream": maybe(name),
        "queue": maybe(name),
        "assignee": maybe(name),
        "state": one_of(*STATES),
        "labels": many(name),
        "unread": count,
        "last_inbound_at": maybe(time),
        "window": record(
            {
                "state": one_of("never", "open", "closing", "closed"),
                "closes_at": maybe(time),
                "remaining_s": maybe(count),
            }
        ),
        "quarantined": flag,
        "context": lambda value: isinstance(value, dict),
        "last_message": maybe(message),
        "created_at": time,
    }
)
"""A conversation of CONTRACT."""

change = record(
    {"seq": count, "kind": name, "conversation": maybe(ident), "message": maybe(ident), "at": time}
)
"""A line of the change feed."""

template = record(
    {
        "content_sid": name,
        "name": name,
        "language": name,
        "type": name,
        "text": text,
        "variables": many(name),
        "category": maybe(name),
        "approval": name,
        "reason": maybe(name),
        "workstreams": many(name),
    }
)
"""A line of ``templates list``."""

health = record(
    {
        "status": one_of("ok", "degraded"),
        "version": name,
        "store": one_of("ok", "read-only"),
        "last_webhook_at": maybe(time),
        "outbox": count,
        "journal_behind": count,
        "quarantined": count,
        "rejected": count,
    }
)
"""``GET /healthz``."""


def consistent(shown: Any) -> bool:
    """A conversation whose window agrees with itself (CONTRACT, ``window``)."""
    window = shown["window"]
    match window["state"]:
        case "never":
            return window["remaining_s"] is None and shown["last_inbound_at"] is None
        case "closed":
            return bool(window["remaining_s"] == 0 and window["closes_at"])
        case _:
            return bool(window["remaining_s"] > 0 and window["closes_at"])
