"""Template texts: placeholders, substitution, buttons.

Duty: pure functions over a content's ``types`` (FACTS 10). No rule about who may send it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from wa_console.simulator.records import Button, Content

_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_BODY_KEYS = ("body", "title", "label")


def main_type(content: Content) -> str:
    """The type that WhatsApp sees: the submitted one, else the richest of the content."""
    if content.approval is not None and content.approval.content_type in content.types:
        return content.approval.content_type
    return next((kind for kind in content.types if kind != "twilio/text"), "twilio/text")


def raw_text(content: Content) -> str:
    """The text of the content as written, placeholders and all."""
    fields = content.types.get(main_type(content), {})
    return next((str(fields[key]) for key in _BODY_KEYS if fields.get(key)), "")


def placeholders(content: Content) -> list[str]:
    """The names of the placeholders anywhere in the sent type, each once, in order."""
    written = json.dumps(content.types.get(main_type(content), {}))
    return list(dict.fromkeys(_PLACEHOLDER.findall(written)))


def rendered(content: Content, given: Mapping[str, str]) -> str:
    """The text as the customer reads it; a missing variable takes its default (FACTS 5)."""
    values = {**content.variables, **given}
    return substitute(raw_text(content), values)


def substitute(text: str, values: Mapping[str, str]) -> str:
    """Replaces every placeholder that has a value."""
    return _PLACEHOLDER.sub(lambda hit: values.get(hit[1], hit[0]), text)


def buttons(content: Content) -> list[Button]:
    """The quick-reply buttons of the content, in order."""
    actions = content.types.get(main_type(content), {}).get("actions")
    if main_type(content) != "twilio/quick-reply" or not isinstance(actions, list):
        return []
    return [
        Button(text=str(action.get("title", "")), payload=str(action.get("id", "")))
        for action in actions
        if isinstance(action, Mapping)
    ]


def read_variables(raw: str | None) -> dict[str, str]:
    """The values of an accepted ``ContentVariables`` field; nothing given is an empty object."""
    if not raw:
        return {}
    return {str(name): str(value) for name, value in json.loads(raw).items()}
