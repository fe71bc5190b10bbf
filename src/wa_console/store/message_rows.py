"""Rows of messages and of their status history, explicit in both directions.

What only some messages have (media, template, location, ...) is a JSON column, NULL without it.
Nothing here may run a statement.
"""

from __future__ import annotations

from collections.abc import Iterable

from wa_console.domain.clock import from_ms, to_ms
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ButtonPress,
    ChatMessage,
    ContentKind,
    Direction,
    Location,
    Media,
    MediaStatus,
    MessageError,
    MessageKind,
    Quoted,
    Referral,
    StatusEvent,
    TemplateUse,
)
from wa_console.store.codec import decode_list, decode_mapping, encode, encode_or_none
from wa_console.store.executor import Row, Values
from wa_console.store.records import Unsettled


def message_values(message: ChatMessage) -> Values:
    """Return the columns of table ``message``; the status history has a table of its own."""
    return {
        "id": message.id,
        "conversation_id": message.conversation_id,
        "created_ms": to_ms(message.created_at),
        "direction": message.direction.value,
        "kind": message.kind.value,
        "status": message.status.value,
        "content": message.content.value,
        "author": message.author,
        "sid": message.sid,
        "window_state": message.window_state,
        "forwarded": int(message.forwarded),
        "error_code": message.error.code if message.error else None,
        "error_text": message.error.text if message.error else None,
        "body": message.body,
        "media": _media_text(message.media),
        "template": _template_text(message.template),
        "quoted": _quoted_text(message.quoted),
        "button": _button_text(message.button),
        "location": _location_text(message.location),
        "referral": _referral_text(message.referral),
        "raw": encode_or_none(message.raw),
    }


def update_values(message: ChatMessage) -> Values:
    """Return the columns that may change after a message was written (port.MessageRows.update)."""
    return {
        "id": message.id,
        "status": message.status.value,
        "sid": message.sid,
        "error_code": message.error.code if message.error else None,
        "error_text": message.error.text if message.error else None,
        "media": _media_text(message.media),
    }


def message_from(row: Row, events: Iterable[Row]) -> ChatMessage:
    """Return a message from its row and the rows of its status history, in order."""
    return ChatMessage(
        id=row["id"],
        conversation_id=row["conversation_id"],
        direction=Direction(row["direction"]),
        kind=MessageKind(row["kind"]),
        created_at=from_ms(row["created_ms"]),
        status=DeliveryStatus(row["status"]),
        sid=row["sid"],
        content=ContentKind(row["content"]),
        body=row["body"],
        raw=decode_mapping(row["raw"]),
        media=_media(row["media"]),
        template=_template(row["template"]),
        quoted=_quoted(row["quoted"]),
        button=_button(row["button"]),
        location=_location(row["location"]),
        referral=_referral(row["referral"]),
        forwarded=bool(row["forwarded"]),
        error=_error(row),
        author=row["author"],
        window_state=row["window_state"],
        statuses=tuple(event_from(event) for event in events),
    )


def event_values(event: StatusEvent) -> dict[str, str | int | None]:
    """Return the columns that ``status_event`` and ``parked_receipt`` share."""
    return {
        "word": event.word,
        "at_ms": to_ms(event.at),
        "error_code": event.error_code,
        "source": event.source,
    }


def event_from(row: Row) -> StatusEvent:
    """Return a receipt from a row of ``status_event`` or ``parked_receipt``."""
    return StatusEvent(
        word=row["word"],
        at=from_ms(row["at_ms"]),
        error_code=row["error_code"],
        source=row["source"],
    )


def _error(row: Row) -> MessageError | None:
    # The text tells whether there is one: a code is missing where Twilio was never reached.
    if row["error_text"] is None:
        return None
    return MessageError(code=row["error_code"], text=row["error_text"])


def _media_text(media: tuple[Media, ...]) -> str | None:
    return encode_or_none([[m.url, m.type, m.size, m.path, m.status.value] for m in media])


def _media(text: str | None) -> tuple[Media, ...]:
    return tuple(
        Media(url=url, type=kind, size=size, path=path, status=MediaStatus(status))
        for url, kind, size, path, status in decode_list(text)
    )


def _template_text(use: TemplateUse | None) -> str | None:
    return None if use is None else encode([use.content_sid, dict(use.variables)])


def _template(text: str | None) -> TemplateUse | None:
    if text is None:
        return None
    content_sid, variables = decode_list(text)
    return TemplateUse(content_sid=content_sid, variables=variables)


def _quoted_text(quoted: Quoted | None) -> str | None:
    return None if quoted is None else encode([quoted.sid, quoted.sender])


def _quoted(text: str | None) -> Quoted | None:
    if text is None:
        return None
    sid, sender = decode_list(text)
    return Quoted(sid=sid, sender=sender)


def _button_text(button: ButtonPress | None) -> str | None:
    return None if button is None else encode([button.text, button.payload, button.kind])


def _button(text: str | None) -> ButtonPress | None:
    if text is None:
        return None
    words, payload, kind = decode_list(text)
    return ButtonPress(text=words, payload=payload, kind=kind)


def _location_text(place: Location | None) -> str | None:
    if place is None:
        return None
    return encode([place.latitude, place.longitude, place.label, place.address])


def _location(text: str | None) -> Location | None:
    if text is None:
        return None
    latitude, longitude, label, address = decode_list(text)
    return Location(latitude=latitude, longitude=longitude, label=label, address=address)


def _referral_text(ad: Referral | None) -> str | None:
    if ad is None:
        return None
    return encode([ad.headline, ad.body, ad.source_url, ad.source_type, ad.source_id])


def _referral(text: str | None) -> Referral | None:
    if text is None:
        return None
    headline, body, source_url, source_type, source_id = decode_list(text)
    return Referral(
        headline=headline,
        body=body,
        source_url=source_url,
        source_type=source_type,
        source_id=source_id,
    )


def unsettled_from(row: Row) -> Unsettled:
    """Return a message of ours that may still have something to tell of."""
    return Unsettled(
        sid=row["sid"],
        number=row["number"],
        status=DeliveryStatus(row["status"]),
        created_at=from_ms(row["created_ms"]),
    )
