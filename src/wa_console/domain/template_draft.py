"""A new text template before Twilio has it, and everything WhatsApp would reject it for.

A review takes up to 48 hours and a rejected name is blocked for 30 days (FACTS 10): what can be
known beforehand is said beforehand. May not call Twilio.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from wa_console.domain.i18n import _
from wa_console.domain.template import TEMPLATE_LIMIT, TemplateProblemItem

CATEGORIES: Final = ("UTILITY", "MARKETING", "AUTHENTICATION")
"""What a template may be submitted as (FACTS 10)."""
NAME_LIMIT: Final = 64

NAME: Final = "name"
LANGUAGE: Final = "language"
CATEGORY: Final = "category"
TEXT: Final = "text"
EXAMPLES: Final = "examples"

_NAME: Final = re.compile(r"[a-z0-9_]+\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2}(_[A-Z]{2})?\Z")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ADJACENT: Final = re.compile(r"\}\}\s*\{\{")


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A text template to be made.

    Attributes:
        name: ``[a-z0-9_]``; with WhatsApp it is the template's name for ever.
        language: ``da``, ``pt_BR``.
        text: With ``{{1}}`` placeholders.
        category: One of `CATEGORIES`.
        examples: A value for each placeholder, for the reviewer; never sent to a customer.
    """

    name: str
    language: str
    text: str
    category: str = CATEGORIES[0]
    examples: Mapping[str, str] = field(default_factory=dict)

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The variables in order of first appearance, each once."""
        return tuple(dict.fromkeys(_PLACEHOLDER.findall(self.text)))


def draft_problems(draft: TemplateDraft) -> list[TemplateProblemItem]:
    """Return all that WhatsApp or Twilio would refuse a draft for; empty if nothing (FACTS 10)."""
    return list(_problems(draft))


def _problems(draft: TemplateDraft) -> Iterator[TemplateProblemItem]:
    if not _NAME.match(draft.name) or len(draft.name) > NAME_LIMIT:
        text = _("A name has small letters a to z, digits and _ only, at most {limit}.")
        yield TemplateProblemItem(NAME, text.format(limit=NAME_LIMIT))
    if not _LANGUAGE.match(draft.language):
        text = _("A language is two small letters such as da, or a form such as pt_BR.")
        yield TemplateProblemItem(LANGUAGE, text)
    if draft.category not in CATEGORIES:
        text = _("The category is one of: {names}.").format(names=", ".join(CATEGORIES))
        yield TemplateProblemItem(CATEGORY, text)
    for sentence in _text_problems(draft):
        yield TemplateProblemItem(TEXT, sentence)
    for key in draft.placeholders:
        if not draft.examples.get(key, "").strip():
            text = _("Give an example for {name}: WhatsApp's reviewer wants to see one.")
            yield TemplateProblemItem(EXAMPLES, text.format(name="{{" + key + "}}"))


def _text_problems(draft: TemplateDraft) -> Iterator[str]:
    text, keys = draft.text.strip(), draft.placeholders
    if not text:
        yield _("Write the text.")
        return
    if len(text) > TEMPLATE_LIMIT:
        sentence = _("The text has {count} characters; WhatsApp takes {limit}. Shorten.")
        yield sentence.format(count=len(text), limit=TEMPLATE_LIMIT)
    rest = _PLACEHOLDER.sub(" ", text)
    if "{{" in rest or "}}" in rest:
        yield _("A placeholder is written {{1}}: two braces on either side, all closed.")
    if keys != tuple(str(number) for number in range(1, len(keys) + 1)):
        yield _("Number the placeholders {{1}}, {{2}}, … in the order they are read.")
    if text.startswith("{{") or text.endswith("}}"):
        yield _("WhatsApp takes no placeholder at the very beginning or end: put a word there.")
    if _ADJACENT.search(text):
        yield _("WhatsApp takes no two placeholders side by side: put a word between them.")
    words = len(rest.split())
    if keys and words < 2 * len(keys) + 1:
        sentence = _("{words} words for {count} placeholders are too few: {wanted} are needed.")
        yield sentence.format(words=words, count=len(keys), wanted=2 * len(keys) + 1)
