"""The one sanitiser: hostile text in, text that a terminal can only show out.

Textual writes a customer's escapes, C1 and bidi characters to the terminal raw (faults F1, F3), so
every string from outside passes here: bodies, names, file names, templates, error texts. Markup is
not its business: `SafeText` still goes to the screen as `Content` only (faults F2). The stored text
stays what the customer wrote; this makes a copy for showing.

Every rule looks only at what was put out so far. So each prefix of a safe text is safe, a cut needs
no second look, and `safe_text` of its own result changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import Final, Self

DISPLAY_LIMIT: Final = 4096
"""Characters shown of one text; the rest is for a pager (faults F4)."""
LINE_LIMIT: Final = 200
"""Lines shown of one text (faults F4)."""

_MARK_RUN: Final = 8
_TAG_RUN: Final = 8  # flags of England, Scotland, Wales: five letters and the end sign
_TAB: Final = "    "
_ELLIPSIS: Final = "…"
_LINE_SIGN: Final = " ⏎ "
_DOTTED_CIRCLE: Final = "◌"
_REPLACEMENT: Final = "\ufffd"
_BLACK_FLAG: Final = "\U0001f3f4"
_CANCEL_TAG: Final = "\U000e007f"
_JOINERS: Final = "\u200c\u200d"
# Letters and symbols that show nothing: used for "empty" names and to push text aside.
_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
# What needs no look: printable characters that every Python we run on knows, without marks, blanks
# and reserved places, block by block. Nearly all of a text goes through in a few matches: 1,600
# Arabic letters took 0.9 ms one by one. The tests look at every character in here.
_PLAIN: Final = re.compile(
    "[\n\\x20-\\x7e\xa0-\xac\xae-\u02af"
    "\u0400-\u0482\u048a-\u052f"  # Cyrillic
    "\u05d0-\u05ea\u0620-\u064a\u0660-\u066f\u0671-\u06d3"  # Hebrew, Arabic
    "\u0904-\u0939\u0966-\u0980\u0e01-\u0e30\u0e40-\u0e46"  # Devanagari, Thai
    "\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u23ff\u2600-\u27bf"  # signs
    "\u3041-\u3096\u30a0-\u30ff\u4e00-\u9ffc\uac00-\ud7a3"  # kana, Chinese, Korean
    "\U0001f300-\U0001f6d7\U0001f900-\U0001f9ff]+"  # pictographs
)
# So many raw characters are read for each shown one; more can only be padding that shows nothing.
_READ_AHEAD: Final = 4
_KEY: Final = object()


class SafeText(str):
    """A text that `safe_text` made: no control, bidi or invisible character is in it.

    Calling it raises TypeError: only `safe_text` and `snippet` make one. Slices and
    concatenations of it are plain `str` again.
    """

    __slots__ = ()

    def __new__(cls, text: str, *, key: object = None) -> Self:
        """Make one; `key` is this module's own."""
        if key is not _KEY:
            raise TypeError("SafeText is made by safe_text() only")
        return super().__new__(cls, text)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class _Kind(IntEnum):
    """What the scanner does with a character."""

    KEEP = 0
    REPLACE = 1
    DROP = 2
    MARK = 3
    SELECTOR = 4
    JOINER = 5
    TAG = 6


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _control_picture(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else _REPLACEMENT


@lru_cache(maxsize=8192)
def _classify(char: str) -> tuple[_Kind, str]:
    """Return what to do with a character, and what stands for it."""
    category = unicodedata.category(char)
    code = ord(char)
    if char in "\n\x85\u2028\u2029":
        return _Kind.REPLACE, "\n"
    if char == "\t":
        return _Kind.REPLACE, _TAB
    if char in _BLANKS:
        return _Kind.REPLACE, " "
    if category == "Cc":
        return _Kind.REPLACE, _control_picture(code)
    if char in _JOINERS:
        return _Kind.JOINER, char
    if 0xE0020 <= code <= 0xE007F:
        return _Kind.TAG, char
    if category == "Cf":
        return _Kind.DROP, ""
    if category == "Cn" and 0x1F000 <= code <= 0x1FAFF:
        # Blocks set aside for pictographs. Python 3.11 knows Unicode 14: without this a pink
        # heart (Unicode 15) would be shown as a replacement character.
        return _Kind.KEEP, char
    if category in ("Cn", "Co", "Cs"):
        return _Kind.REPLACE, _REPLACEMENT
    if _is_selector(char):
        return _Kind.SELECTOR, char
    return (_Kind.MARK if category[0] == "M" else _Kind.KEEP), char


def _can_be_joined(char: str) -> bool:
    """Whether a joiner means something after this character.

    Letters without case (Arabic, Indic), marks (virama, selectors), pictographs and their
    modifiers; after Latin, Greek, Cyrillic, ASCII or another joiner it would only be hidden.
    """
    return unicodedata.category(char) in ("Lo", "Mn", "Mc", "Me", "So", "Sk", "Cn")


class _Scanner:
    """Builds the clean text character by character; knows only what it has put out."""

    __slots__ = ("_last", "_marks", "_parts", "_tags")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._last = "\n"
        self._marks = 0
        self._tags = 0  # how many more tag characters may follow

    def scan(self, raw: str) -> str:
        """Return the clean form of raw text, before any limit."""
        position, end = 0, len(raw)
        while position < end:
            if plain := _PLAIN.match(raw, position):
                self._put(plain.group())
                position = plain.end()
            else:
                kind, char = _classify(raw[position])
                self._take(kind, char)
                position += 1
        return "".join(self._parts)

    def _take(self, kind: _Kind, char: str) -> None:
        match kind:
            case _Kind.KEEP | _Kind.REPLACE:
                self._put(char)
            case _Kind.MARK | _Kind.SELECTOR:
                self._mark(char, selector=kind is _Kind.SELECTOR)
            case _Kind.JOINER:
                if _can_be_joined(self._last):
                    self._append(char)
            case _Kind.TAG:
                if self._tags:
                    self._append(char)
                    self._tags = 0 if char == _CANCEL_TAG else self._tags - 1
            case _Kind.DROP:
                pass

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._last = text[-1]

    def _put(self, text: str) -> None:
        self._append(text)
        self._marks = 0
        self._tags = _TAG_RUN if self._last == _BLACK_FLAG else 0

    def _mark(self, char: str, *, selector: bool) -> None:
        if self._last.isspace():
            if selector:
                return
            # A mark without a base would sit on our own column left of the text.
            self._put(_DOTTED_CIRCLE)
        if self._marks < _MARK_RUN:
            self._append(char)
            self._marks += 1


def _one_line(text: str) -> str:
    parts = (part.strip() for part in text.split("\n"))
    return _LINE_SIGN.join(part for part in parts if part)


def _line_end(text: str, max_lines: int) -> int | None:
    """Return where the last allowed line ends, None if no line is too many."""
    ends = (found.start() for found in re.finditer("\n", text))
    return next(islice(ends, max_lines - 1, None), None)


def safe_text(
    raw: str,
    *,
    multiline: bool = True,
    limit: int = DISPLAY_LIMIT,
    max_lines: int = LINE_LIMIT,
) -> SafeText:
    r"""Return a text that is safe to show in a terminal (faults F1, F3, F4).

    - CRLF, NEL, U+2028, U+2029 become a line end, a tab four spaces; other C0 and DEL become their
      pictures (``␛``), C1, surrogates, private and unassigned characters U+FFFD.
    - Format characters (bidi, zero-width, soft hyphen) go; joiners stay behind what they can join,
      tag characters behind a black flag; blank letters (Hangul fillers) become spaces.
    - At most eight combining marks in a run; one that has no base gets a dotted circle.

    Idempotent, and the result encodes to UTF-8. Reads at most a few times `limit` characters: the
    cost does not grow with the size of the text.

    Args:
        raw: any text, lone surrogates included.
        multiline: False makes one line: the parts are stripped and joined by ``⏎``.
        limit: most characters of the result, at least 1; a cut text ends in ``…``.
        max_lines: most lines of the result, at least 1.

    Raises:
        ValueError: limit or max_lines is below 1.
    """
    if limit < 1 or max_lines < 1:
        raise ValueError("limit and max_lines must be at least 1")
    readable = _READ_AHEAD * limit + 64
    cut = len(raw) > readable
    if type(raw) is SafeText:
        text = raw[:readable]
    else:
        text = _Scanner().scan(raw[:readable].replace("\r\n", "\n"))
    if not multiline:
        text = _one_line(text)
    elif (end := _line_end(text, max_lines)) is not None:
        text, cut = text[:end], True
    if len(text) > limit - cut:
        text, cut = text[: limit - 1], True
    if cut:
        text = text.rstrip().rstrip(_JOINERS) + _ELLIPSIS
    return SafeText(text, key=_KEY)


def snippet(raw: str, limit: int = 80) -> SafeText:
    """Return one safe line of at most `limit` characters: list rows, titles, notices.

    Raises:
        ValueError: the limit is below 1.
    """
    return safe_text(raw, multiline=False, limit=limit)
