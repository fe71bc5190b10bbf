"""Reads the single values of a set-up file: texts, choices, times, numbers, patterns.

A reader gets a `Spot`, a value with its place, and returns what is kept or raises `Wrong`; whoever
reads several values goes through `Spot.kept`, which notes the problem and goes on, so that one look
finds all of them. Nothing here knows which tables there are (setup_tables) nor compares two of them
(setup_check).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from wa_console.domain.address import AddressKind, parse_typed
from wa_console.domain.errors import InvalidAddress
from wa_console.domain.i18n import _
from wa_console.domain.setup_report import Reader, Spot, Wrong, did_you_mean, quoted
from wa_console.domain.template import is_content_sid

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The keys of ``hours.open`` (CONTRACT)."""

_ACCOUNT_SID: Final = re.compile(r"AC[0-9a-fA-F]{32}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,4}){0,2}")
_RANGE: Final = re.compile(r"([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2})")
_SECRET: Final = re.compile(r"token|secret|passw|api_?key|credential", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a key would hold something that must never stand in a set-up file."""
    return _SECRET.search(name) is not None


def _wrong_type(spot: Spot, wanted: str) -> Wrong:
    return Wrong(_("needs {wanted}, not {value}.").format(wanted=wanted, value=quoted(spot.value)))


def text(spot: Spot) -> str:
    """Read a text, which may be empty."""
    if isinstance(spot.value, str):
        return spot.value
    raise _wrong_type(spot, _('a text in quotes, such as "abc"'))


def filled(spot: Spot) -> str:
    """Read a text that says something."""
    found = text(spot)
    if not found.strip():
        raise Wrong(_("must not be empty."))
    return found


def flag(spot: Spot) -> bool:
    """Read true or false."""
    if isinstance(spot.value, bool):
        return spot.value
    raise _wrong_type(spot, _("true or false, without quotes"))


def whole(low: int, high: int) -> Reader:
    """Return a reader for a whole number from ``low`` to ``high``."""

    def read(spot: Spot) -> int:
        value = spot.value
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        wanted = _("a whole number from {low} to {high}").format(low=low, high=high)
        raise _wrong_type(spot, wanted)

    return read


def choice(*words: str) -> Reader:
    """Return a reader for one of some words."""

    def read(spot: Spot) -> str:
        found = text(spot)
        if found in words:
            return found
        raise Wrong(
            _("{value} is not one of its words. {mend}").format(
                value=quoted(found), mend=did_you_mean(found, words)
            )
        )

    return read


def items(each: Reader) -> Reader:
    """Return a reader for a list; items that are wrong are reported and left out."""

    def read(spot: Spot) -> tuple[Any, ...]:
        if not isinstance(spot.value, list):
            raise _wrong_type(spot, _('a list in brackets, such as ["a", "b"]'))
        found = (spot.inner(at, value).kept(each) for at, value in enumerate(spot.value))
        return tuple(value for value in found if value is not None)

    return read


def mapping(each: Reader, *, keys: tuple[str, ...] = ()) -> Reader:
    """Return a reader for a table of like values; with ``keys`` no others are allowed."""

    def read(spot: Spot) -> Mapping[str, Any]:
        if not isinstance(spot.value, dict):
            raise _wrong_type(spot, _("a table in braces, such as { name = … }"))
        found = {}
        for key, value in spot.value.items():
            inner = spot.inner(key, value)
            if keys and key not in keys:
                inner.say(_("is not known here. {mend}").format(mend=did_you_mean(key, keys)))
            elif (kept := inner.kept(each)) is not None:
                found[key] = kept
        return found

    return read


def account_sid(spot: Spot) -> str:
    """Read the SID of a Twilio account: AC and 32 hexadecimal digits."""
    found = filled(spot)
    if _ACCOUNT_SID.fullmatch(found):
        return found
    if found.startswith("SK"):
        raise Wrong(_("this is the SID of an API key; the account's begins with AC."))
    raise Wrong(
        # Not repeated: it may be the auth token, pasted into the wrong line.
        _("this is not an account SID: AC and 32 digits 0-9, a-f, from Twilio's console.")
    )


def content_sid(spot: Spot) -> str:
    """Read the SID of a template: HX and 32 hexadecimal digits (FACTS 10)."""
    found = filled(spot)
    if is_content_sid(found):
        return found
    raise Wrong(
        _("{value} is not a Content SID: HX and 32 digits 0-9, a-f.").format(value=quoted(found))
    )


def phone(spot: Spot) -> str:
    """Read a number in any spelling; kept as Twilio writes it, ``+4570203040``."""
    found = filled(spot)
    try:
        address = parse_typed(found)
    except InvalidAddress as error:
        raise Wrong(f"{quoted(found)}: {error}") from None
    if address.kind is not AddressKind.PHONE:
        raise Wrong(_("must be a phone number with its country code, such as +4570203040."))
    return address.value


def language(spot: Spot) -> str:
    """Read a language code, ``da`` or ``pt_BR``; empty where a text serves all languages."""
    found = text(spot)
    if not found or _LANGUAGE.fullmatch(found):
        return found
    raise Wrong(
        _("{value} is not a language code, such as da or en_US.").format(value=quoted(found))
    )


def needed_language(spot: Spot) -> str:
    """Read a language code that must be there."""
    filled(spot)
    return language(spot)


def timezone(spot: Spot) -> str:
    """Read the name of a time zone (IANA)."""
    found = filled(spot)
    try:
        ZoneInfo(found)
    except (KeyError, ValueError, OSError):  # OSError: "Europe" alone is a folder
        raise Wrong(
            _("{value} is not a time zone, such as Europe/Copenhagen. {mend}").format(
                value=quoted(found), mend=_near_zone(found)
            )
        ) from None
    return found


def _near_zone(name: str) -> str:
    zones = sorted(available_timezones())
    cities = [zone for zone in zones if zone.rpartition("/")[2].casefold() == name.casefold()]
    near = cities or get_close_matches(name, zones, n=1)
    return _('Did you mean "{name}"?').format(name=near[0]) if near else ""


def opening(spot: Spot) -> str:
    """Read ``HH:MM-HH:MM`` within one day; ``24:00`` may end it."""
    found = text(spot)
    shape = _RANGE.fullmatch(found)
    if shape is None:
        raise Wrong(_('{value} must look like "09:00-16:00".').format(value=quoted(found)))
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in shape.groups())
    begin, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if from_minute > 59 or to_minute > 59 or end > 24 * 60:
        raise Wrong(
            _("{value} has a time that does not exist; a day ends at 24:00.").format(
                value=quoted(found)
            )
        )
    if begin >= end:
        raise Wrong(
            _("{value} must end after it begins, on the same day.").format(value=quoted(found))
        )
    return found


def day(spot: Spot) -> str:
    """Read a date, ``2026-12-24``, in quotes or as TOML's own."""
    value = spot.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        if len(value) != len("2026-12-24"):
            raise ValueError(value)
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Wrong(
            _("{value} is not a date such as 2026-12-24.").format(value=quoted(value))
        ) from None


def pattern(spot: Spot) -> str:
    """Read a regular expression as Python's ``re`` understands it (CONTRACT, patterns)."""
    found = filled(spot)
    try:
        # A set that may change its meaning in a later Python is no error of the writer's.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(found, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise Wrong(
            _("{value} is not a pattern: {reason}.").format(value=quoted(found), reason=error)
        ) from None
    return found


def flag_or_text(spot: Spot) -> bool | str:
    """Read true, false or a text (``referral``: whether, or which, ad somebody came from)."""
    if isinstance(spot.value, bool):
        return spot.value
    return filled(spot)
