"""Conversations, messages, changes and templates as the JSON that CONTRACT promises.

Texts are raw here, byte for byte what was written: JSON escapes what a terminal would act on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wa_console.domain.changes import Change
from wa_console.domain.clock import iso, to_ms
from wa_console.domain.conversation import Customer
from wa_console.domain.message import ChatMessage, Media, MessageError, StatusEvent
from wa_console.domain.template import Template
from wa_console.domain.window import Window
from wa_console.gateway.errorcodes import explain

if TYPE_CHECKING:
    from wa_console.services.listing import Entry


def json_line(value: Mapping[str, Any]) -> str:
    """Return one line of JSON in plain ASCII.

    ASCII because a lone surrogate could not be printed otherwise, and because bidi and C1
    characters would reach the terminal of somebody who looks at the output (faults F9).
    """
    return json.dumps(value, ensure_ascii=True)


def when(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC with ``Z``, None for none."""
    return None if moment is None else iso(to_ms(moment))


def conversation_json(entry: Entry) -> dict[str, Any]:
    """Return a conversation (CONTRACT, "JSON")."""
    conversation = entry.conversation
    return {
        "id": conversation.id,
        "customer": _customer(entry.customer),
        "number": conversation.number,
        "workstream": conversation.workstream or None,
        "queue": conversation.queue or None,
        "assignee": conversation.assignee or None,
        "state": conversation.state.value,
        "labels": list(conversation.labels),
        "unread": conversation.unread,
        "last_inbound_at": when(conversation.last_inbound_at),
        "window": _window(entry.window),
        "quarantined": conversation.quarantined,
        "context": dict(conversation.context),
        "last_message": message_json(entry.last_message) if entry.last_message else None,
        "created_at": when(conversation.created_at),
    }


def _customer(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name or customer.profile_name or None,
        "addresses": [address.value for address in customer.addresses],
    }


def _window(window: Window) -> dict[str, Any]:
    return {
        "state": window.state.value,
        "closes_at": when(window.closes_at),
        "remaining_s": window.remaining_s,
    }


def message_json(message: ChatMessage) -> dict[str, Any]:
    """Return a message (CONTRACT, "JSON")."""
    return {
        "id": message.id,
        "sid": message.sid,
        "conversation": message.conversation_id,
        "direction": message.direction.value,
        "kind": message.kind.value,
        "body": message.body,
        "raw": dict(message.raw),
        "media": [_media(each) for each in message.media],
        **_attachments(message),
        "status": message.status.value,
        "error": _error(message.error),
        "author": message.author or None,
        "created_at": when(message.created_at),
        "statuses": [_event(each) for each in message.statuses],
    }


def _attachments(message: ChatMessage) -> dict[str, Any]:
    template, quoted = message.template, message.quoted
    button, place = message.button, message.location
    return {
        "template": template
        and {"content_sid": template.content_sid, "variables": dict(template.variables)},
        "quoted": quoted and {"sid": quoted.sid, "sender": quoted.sender},
        "button": button and {"text": button.text, "payload": button.payload, "kind": button.kind},
        "location": place
        and {
            "latitude": place.latitude,
            "longitude": place.longitude,
            "label": place.label,
            "address": place.address,
        },
    }


def _media(media: Media) -> dict[str, Any]:
    return {
        "type": media.type,
        "size": media.size,
        "path": media.path,
        "status": media.status.value,
    }


def error_text(error: MessageError) -> str:
    """Return what is known of a failure, in the chosen language: Twilio's words, else ours."""
    entry = explain(error.code).translated()
    return error.text or f"{entry.title}. {entry.cause} {entry.advice}"


def _error(error: MessageError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    action = explain(error.code).action.value
    return {"code": error.code, "text": error_text(error), "action": action}


def _event(event: StatusEvent) -> dict[str, Any]:
    return {
        "status": event.word,
        "at": when(event.at),
        "error_code": event.error_code,
        "source": event.source,
    }


def change_json(change: Change) -> dict[str, Any]:
    """Return a line of the change feed (CONTRACT, ``tail``)."""
    return {
        "seq": change.seq,
        "kind": change.kind.value,
        "conversation": change.conversation_id,
        "message": change.message_id,
        "at": when(change.at),
    }


def template_json(template: Template) -> dict[str, Any]:
    """Return a template (CONTRACT, ``templates list``)."""
    return {
        "content_sid": template.content_sid,
        "name": template.name,
        "language": template.language,
        "type": template.kind,
        "text": template.text,
        "variables": list(template.placeholders),
        "category": template.category or None,
        "approval": template.approval.value,
        "reason": template.reason or None,
        "workstreams": list(template.workstreams),
    }
