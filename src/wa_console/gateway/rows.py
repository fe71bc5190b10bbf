"""Instances of the SDK as rows of ``gateway.port``: reading only, tolerant of what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wa_console.domain.delivery import from_twilio
from wa_console.gateway.port import ListedMessage, Sender


def listed(row: object) -> ListedMessage:
    """Make a row of a message; times aware in UTC, None where Twilio has none yet."""
    word = _text(row, "status")
    return ListedMessage(
        sid=_text(row, "sid"),
        account_sid=_text(row, "account_sid"),
        direction=_text(row, "direction"),
        sender=_text(row, "from_"),
        to=_text(row, "to"),
        body=_text(row, "body"),
        status_word=word,
        status=from_twilio(word),
        created_at=_time(row, "date_created"),
        sent_at=_time(row, "date_sent"),
        error_code=_number(row, "error_code"),
        num_media=_number(row, "num_media") or 0,
        updated_at=_time(row, "date_updated"),
    )


def sender(row: object) -> Sender:
    """Make a sender; webhook, profile and properties may be absent (FACTS 11)."""
    webhook, properties = _value(row, "webhook"), _value(row, "properties")
    return Sender(
        sid=_text(row, "sid"),
        address=_text(row, "sender_id"),
        status=_text(row, "status"),
        name=_text(_value(row, "profile"), "name"),
        quality=_text(properties, "quality_rating"),
        messaging_limit=_text(properties, "messaging_limit"),
        callback_url=_text(webhook, "callback_url"),
        callback_method=_text(webhook, "callback_method"),
        status_callback_url=_text(webhook, "status_callback_url"),
        fallback_url=_text(webhook, "fallback_url"),
        offline_reasons=_reasons(_value(row, "offline_reasons")),
    )


def webhook_of(row: object) -> dict[str, str]:
    """Return the webhook settings that a sender has now, unset ones left out."""
    webhook = _value(row, "webhook")
    names = ("callback", "fallback", "status_callback")
    fields = [f"{name}_{part}" for name in names for part in ("url", "method")]
    return {name: text for name in fields if (text := _text(webhook, name))}


def _reasons(reasons: object) -> tuple[str, ...]:
    found = []
    for reason in reasons if isinstance(reasons, list) else []:
        code, message = _text(reason, "code"), _text(reason, "message")
        found.append(f"{message} ({code})" if code else message)
    return tuple(text for text in found if text)


def _value(row: object, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def _text(row: object, name: str) -> str:
    value = _value(row, name)
    return "" if value is None else str(value)


def _number(row: object, name: str) -> int | None:
    # The SDK hands back the text itself where it could not read a number.
    text = _text(row, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _time(row: object, name: str) -> datetime | None:
    value = _value(row, name)
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
