"""What a terminal may be told: exactly the sequences that Textual's driver and compositor write.

A small grammar over the recorded bytes. Everything else with a control character in it is foreign:
it came out of a customer's text (faults F1), and a terminal would obey it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MODES = "1049|1000|1003|1015|1006|1016|25|1004|2004|2048|2026|7"
_COLOUR = r"(?:[34]8;2;\d{1,3};\d{1,3};\d{1,3}|[34]8;5;\d{1,3})"
_STYLE = rf"(?:{_COLOUR}|[1-9]|21|5[23]|3[0-79]|4[0-79]|9[0-7]|10[0-7])"
_OURS = re.compile(
    "|".join(
        (
            rf"\x1b\[\?(?:{_MODES})[hl]",  # modes of the driver
            r"\x1b\[\?(?:2026|2048)\$p",  # what it asks of the terminal
            r"\x1b\[>\d{1,2}u|\x1b\[<u",  # the kitty keyboard protocol, on and off
            r"\x1b\[\d{1,4};\d{1,4}H",  # where a run of cells begins
            rf"\x1b\[(?:0|{_STYLE}(?:;{_STYLE})*)?m",  # how it looks
            r"\x1b\]22;[a-z-]*\x07",  # the pointer's shape
            r"\r?\n",
        )
    )
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")


def foreign(record: bytes) -> list[str]:
    """Return what is in a recording and no sequence of Textual's, each with its surroundings."""
    text = record.decode("utf-8", errors="surrogateescape")
    return [
        f"{text[max(0, at - 20) : at]!r} >>> {text[at : at + 20]!r}" for at in _foreign_places(text)
    ]


def _foreign_places(text: str) -> Iterator[int]:
    position = 0
    while position < len(text):
        found = _OURS.match(text, position)
        if found:
            position = found.end()
            continue
        if _is_foreign(text[position]):
            yield position
        position += 1


def _is_foreign(char: str) -> bool:
    if char in _JOINERS:
        return False
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def leaked(record: bytes, text: str) -> str | None:
    """Return the control sequence of a text that reached the terminal with what follows it.

    A customer may write sequences that Textual writes as well; then only their neighbours tell
    whose they are: Textual writes none of the letters behind them.
    """
    for found in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{3,}", text):
        piece = found.group()
        if not _OURS.fullmatch(piece) and piece.encode("utf-8", "surrogatepass") in record:
            return piece
    return None
