"""What may go into a template's placeholders: from the customer, from the last time, as a sample.

Pure. Suggestions are shown to a person, who changes or sends them; nothing is sent from here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wa_console.domain.conversation import Customer
from wa_console.domain.template import Template
from wa_console.domain.text import snippet

CUSTOMER, LAST, DRAFT, SAMPLE = "customer", "last", "draft", "sample"

_NAME_LIMIT = 60
_NAME_KEYS = frozenset({"name", "first_name", "firstname", "customer", "customer_name", "navn"})
_GREETING = re.compile(
    r"\b(?:hej|hi|hello|hey|hallo|hola|dear|kære|goddag|god morgen)\s+\{\{\s*([^\s{}]+)\s*\}\}",
    re.IGNORECASE,
)
_SENTENCE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A template with values for its placeholders.

    Attributes:
        variables: Placeholder to value, empty where nothing is known.
        sources: Placeholder to where the value comes from: ``customer``, ``last``, ``draft`` or
            ``sample``; none for an empty value.
    """

    template: Template
    variables: Mapping[str, str]
    sources: Mapping[str, str]


def suggest(
    template: Template,
    *,
    customer: Customer | None,
    last: Mapping[str, str],
    draft: str = "",
) -> Suggestion:
    """Return values for every placeholder.

    The first name goes where the text greets, the draft where the template leaves room for a
    sentence; the rest is what was sent the last time, else the sample. A name is never taken from
    the last time: it was somebody else's.
    """
    name = first_name(customer)
    names = _name_places(template)
    room = _place_for_draft(template, names) if draft.strip() else None
    variables: dict[str, str] = {}
    sources: dict[str, str] = {}
    for key in template.placeholders:
        if key in names:
            found = ((CUSTOMER, name), (SAMPLE, ""))
        elif key == room:
            found = ((DRAFT, snippet(draft, 1024)), (SAMPLE, ""))
        else:
            found = ((LAST, last.get(key, "")), (SAMPLE, template.variables.get(key, "")))
        source, value = next(((s, v) for s, v in found if v), (SAMPLE, ""))
        variables[key] = value
        if value:
            sources[key] = source
    return Suggestion(template=template, variables=variables, sources=sources)


def first_name(customer: Customer | None) -> str:
    """Return what to greet a customer by: the team's name for them first; empty if none is known.

    A profile name is hostile text: one safe line, one word, and a bare number is no name.
    """
    if customer is None:
        return ""
    words = str(snippet(customer.name or customer.profile_name, _NAME_LIMIT)).split()
    return words[0] if words and any(char.isalpha() for char in words[0]) else ""


def _name_places(template: Template) -> frozenset[str]:
    greeted = _GREETING.findall(template.text)
    named = (key for key in template.placeholders if key.lower() in _NAME_KEYS)
    return frozenset((*greeted, *named))


def _place_for_draft(template: Template, names: frozenset[str]) -> str | None:
    """Return the one placeholder whose sample reads like a sentence, None if there is no one."""
    roomy = [
        key
        for key in template.placeholders
        if key not in names and len(template.variables.get(key, "").split()) >= _SENTENCE_WORDS
    ]
    return roomy[0] if len(roomy) == 1 else None
