"""How values become columns: times as epoch milliseconds, structures as JSON text.

JSON is plain ASCII, so that even half a surrogate pair in somebody's form survives. Nothing here
may know a table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wa_console.domain.clock import from_ms, to_ms

_ENCODER = json.JSONEncoder(separators=(",", ":"))  # json.dumps would make one for each text


def ms_or_none(moment: datetime | None) -> int | None:
    """Return epoch milliseconds, None for None."""
    return None if moment is None else to_ms(moment)


def moment_or_none(ms: int | None) -> datetime | None:
    """Return the UTC moment of epoch milliseconds, None for None."""
    return None if ms is None else from_ms(ms)


def encode(value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return a structure as JSON text; the order of keys is kept."""
    plain = dict(value) if isinstance(value, Mapping) else value
    return _ENCODER.encode(plain)


def encode_or_none(value: Mapping[str, Any] | Sequence[Any] | None) -> str | None:
    """Return a structure as JSON text, None when it is empty or None."""
    return encode(value) if value else None


def decode_mapping(text: str | None) -> dict[str, Any]:
    """Return the JSON object in a column, an empty one for None.

    Raises:
        TypeError: The column holds something else: it was not written by us.
    """
    value = json.loads(text) if text is not None else {}
    if not isinstance(value, dict):
        raise TypeError(f"expected a JSON object, found {type(value).__name__}")
    return value


def decode_list(text: str | None) -> list[Any]:
    """Return the JSON array in a column, an empty one for None.

    Raises:
        TypeError: The column holds something else: it was not written by us.
    """
    value = json.loads(text) if text is not None else []
    if not isinstance(value, list):
        raise TypeError(f"expected a JSON array, found {type(value).__name__}")
    return value


def storable(text: str) -> str:
    """Return ``text`` with lone surrogates replaced by U+FFFD; any other text as it is.

    No database takes half a pair as text, and one such character in a customer's name must not
    cost the message (faults A6).
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
