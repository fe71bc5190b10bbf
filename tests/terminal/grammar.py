"""What a terminal may be told: exactly the sequences that Textual and click write.

Small grammars over recorded bytes. Everything else with a control character in it is foreign: it
came out of a customer's text (faults F1), and a terminal would obey it. Customers also write
sequences that Textual writes; so modes count only at the beginning and the end of a session, and
colours only as Textual writes them on a terminal of sixteen million.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NEWLINE = r"\r?\n"
_COLOUR = r"[34]8;2;\d{1,3};\d{1,3};\d{1,3}"
_STYLE = rf"(?:{_COLOUR}|[1-9]|21|5[23])"
_PAINT = (
    r"\x1b\[\?(?:2026|25)[hl]",  # one picture at a time; the cursor
    r"\x1b\[\d{1,4};\d{1,4}H",  # where a run of cells begins
    rf"\x1b\[(?:0|{_STYLE}(?:;{_STYLE})*)m",  # how it looks
    r"\x1b\]22;[a-z-]*\x07",  # the pointer's shape
    _NEWLINE,
)
_DRIVER = (
    r"\x1b\[\?(?:1049|1000|1003|1015|1006|25|1004|2004|2026|7)[hl]",
    r"\x1b\[\?(?:2026|2048)\$p",  # what is asked of the terminal
    r"\x1b\[>\d{1,2}u|\x1b\[<u",  # the kitty keyboard protocol, on and off
)
_SCREEN = re.compile("|".join(_PAINT))
_ENDS = re.compile("|".join((*_DRIVER, *_PAINT)))
_LINES = re.compile(rf"\x1b\[(?:0|1|2|22|3[1-7]|9[0-7])m|{_NEWLINE}")
_FIRST_PAINT, _LAST_WORDS = "\x1b[1;1H", "\x1b[?2004l"
# A program that still runs may be in the middle of a sequence, or of a character.
_UNFINISHED = re.compile(
    rb"(?:\x1b(?:\[[?>]?[0-9;]{0,60})?|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?"
    rb"|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200c\u200d")
_FLAG_TAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007f]{1,8}")
"""Flags of England, Scotland and Wales; what else follows a black flag shows nothing."""


def foreign_on_screen(record: bytes, *, ended: bool) -> list[str]:
    """Return what Textual did not write in the recording of a screen.

    Args:
        ended: The program has ended: the modes of the driver's farewell are allowed once more.
    """
    text = _decoded(record)
    begin = max(0, text.find(_FIRST_PAINT))
    end = text.rfind(_LAST_WORDS) if ended else len(text)
    return [
        *_foreign(text[:begin], _ENDS),
        *_foreign(text[begin:end], _SCREEN),
        *_foreign(text[end:], _ENDS),
    ]


def foreign_in_lines(record: bytes) -> list[str]:
    """Return what click did not write in the recording of a command."""
    return list(_foreign(_decoded(record), _LINES))


def _decoded(record: bytes) -> str:
    return _UNFINISHED.sub(b"", record).decode("utf-8", errors="surrogateescape")


def _foreign(text: str, ours: re.Pattern[str]) -> Iterator[str]:
    position = 0
    while position < len(text):
        found = ours.match(text, position) or _FLAG_TAGS.match(text, position)
        if found:
            position = found.end()
            continue
        if _is_foreign(text[position]):
            yield f"{text[max(0, position - 20) : position]!r} >>> {text[position:][:20]!r}"
        position += 1


def _is_foreign(char: str) -> bool:
    if char in _JOINERS:
        return False
    return char in _BIDI or unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def leaked(record: bytes, text: str) -> str | None:
    """Return a control sequence of a text that reached the terminal with what follows it.

    A move to a place is Textual's own too; only its neighbour tells whose it is.
    """
    for found in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{3,}", text):
        piece = found.group()
        if not _ENDS.fullmatch(piece) and piece.encode("utf-8", "surrogatepass") in record:
            return piece
    return None
