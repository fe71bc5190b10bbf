"""Content resources and their approvals as ``Template``.

Reads every shape that the answers take: v1 and v2, approvals flat or keyed by ``whatsapp``,
absent or empty (FACTS 10). Never raises on a shape it does not know; may not call Twilio.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wa_console.domain.template import Approval, Button, Template

_PREFERRED = (
    "whatsapp/card",
    "whatsapp/authentication",
    "whatsapp/flows",
    "twilio/carousel",
    "twilio/card",
    "twilio/quick-reply",
    "twilio/call-to-action",
    "twilio/list-picker",
    "twilio/media",
    "twilio/location",
    "twilio/text",
)
"""Richest first: what Twilio sends on WhatsApp when a content holds several types."""

_BUTTON_KINDS = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "phone",
    "COPY_CODE": "copy_code",
}


def to_template(content: object, approvals: object) -> Template:
    """Make a template of one content.

    Args:
        content: An SDK instance with sid, friendly_name, language, variables and types.
        approvals: Its approval, in any known shape; None or empty means unsubmitted.

    Returns:
        The template, without workstreams: those are ours, not Twilio's.
    """
    approval = approval_of(approvals)
    types = _mapping(getattr(content, "types", None))
    kind = _kind(types, _text(approval.get("content_type")))
    body = _mapping(types.get(kind))
    variables = _mapping(getattr(content, "variables", None))
    return Template(
        content_sid=_text(getattr(content, "sid", "")),
        name=_text(getattr(content, "friendly_name", "")) or _text(approval.get("name")),
        language=_text(getattr(content, "language", "")),
        kind=kind,
        text=_body_text(body),
        variables={str(key): _text(value) for key, value in variables.items()},
        category=_text(approval.get("category")).upper(),
        approval=_status(approval),
        reason=_text(approval.get("rejection_reason")),
        buttons=tuple(_buttons(body)),
        workstreams=(),
        header=_text(body.get("header_text")) or _text(body.get("title")),
        footer=_text(body.get("footer")) or _text(body.get("subtitle")),
        media=tuple(_media(body)),
        list_button=_text(body.get("button")),
    )


def approval_of(approvals: object) -> Mapping[str, Any]:
    """Return WhatsApp's approval out of a flat or keyed answer; empty when never submitted."""
    match approvals:
        case {"whatsapp": dict() as keyed}:
            return keyed
        case {"whatsapp": list() as entries}:
            return next((entry for entry in entries if isinstance(entry, dict)), {})
        case list() as entries:
            return next((approval_of(entry) for entry in entries), {})
        case dict() as flat:
            return flat
        case _:
            return {}


def _status(approval: Mapping[str, Any]) -> Approval:
    word = _text(approval.get("status")).strip().lower()
    if not word:
        return Approval.UNSUBMITTED
    try:
        return Approval(word)
    except ValueError:
        return Approval.UNKNOWN


def _kind(types: Mapping[str, Any], submitted: str) -> str:
    if submitted in types:
        return submitted
    known = next((kind for kind in _PREFERRED if kind in types), "")
    return known or next(iter(types), "")


def _body_text(body: Mapping[str, Any]) -> str:
    """The words of a type in reading order; ``body`` stands in nearly all (FACTS 10)."""
    names = ("header_text", "title", "body", "subtitle", "footer")
    return "\n".join(text for name in names if (text := _text(body.get(name))))


def _buttons(body: Mapping[str, Any]) -> Iterator[Button]:
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else []:
        if not isinstance(action, dict):
            continue
        word = _text(action.get("type")).upper() or "QUICK_REPLY"
        targets = ("url", "phone", "code", "id")
        yield Button(
            title=_text(action.get("title")) or _text(action.get("copy_code_text")),
            kind=_BUTTON_KINDS.get(word, "other"),
            target=next((t for name in targets if (t := _text(action.get(name)))), ""),
        )
    items = body.get("items")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            yield Button(
                title=_text(item.get("item")),
                kind="item",
                target=_text(item.get("id")),
                detail=_text(item.get("description")),
            )


def _media(body: Mapping[str, Any]) -> Iterator[str]:
    """The addresses of attachments: a list, in older answers a single text (FACTS 10)."""
    media = body.get("media")
    for address in media if isinstance(media, list) else [media]:
        if isinstance(address, str) and address:
            yield address


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
