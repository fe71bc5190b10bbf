"""The difference between a template's text as it was entered here and as Twilio has it.

The text pasted into the set-up is what people here believe that WhatsApp approved; what is sent is
Twilio's. Pure; may not decide which of the two is right.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import Approval, Template

_WORDS: Final = re.compile(r"\s+|[^\s]+")


class Side(StrEnum):
    """Who has a piece of text."""

    BOTH = "both"
    OURS = "ours"
    TWILIO = "twilio"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text and who has it."""

    text: str
    side: Side


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs between an entry of the set-up and Twilio's template.

    Attributes:
        pieces: Both texts laid over each other, in order; one piece of side both when they agree.
        language: (ours, Twilio's) when the languages differ, else None.
    """

    pieces: tuple[Piece, ...]
    language: tuple[str, str] | None = None


def same_text(one: str, other: str) -> bool:
    """Compare texts as a person would: line ends and blanks at the ends do not count."""
    return _lines(one) == _lines(other)


def compared(ours: str, theirs: str) -> tuple[Piece, ...]:
    """Lay two texts over each other, word by word.

    The pieces of ours and both make our text, those of Twilio and both make Twilio's.
    """
    old, new = _WORDS.findall(_lines(ours)), _WORDS.findall(_lines(theirs))
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for tag, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(old[a_from:a_to]), Side.BOTH))
            continue
        if a_to > a_from:
            pieces.append(Piece("".join(old[a_from:a_to]), Side.OURS))
        if b_to > b_from:
            pieces.append(Piece("".join(new[b_from:b_to]), Side.TWILIO))
    return tuple(pieces)


def drift(template: Template, entries: Sequence[TemplateEntry]) -> Drift | None:
    """Return how the set-up's entry for a template differs from it, None when it does not.

    None too when there is no entry for it, or Twilio was never asked: then there is only one text.
    """
    own = [entry for entry in entries if entry.content_sid == template.content_sid]
    if not own or template.approval is Approval.UNKNOWN:
        return None
    entry = own[-1]
    languages = (entry.language, template.language)
    other = languages if _plain(entry.language) != _plain(template.language) else None
    if other is None and same_text(entry.text, template.text):
        return None
    return Drift(compared(entry.text, template.text), other)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _plain(code: str) -> str:
    return code.replace("-", "_").casefold()
