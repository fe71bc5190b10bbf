"""Webhook form to ``InboundMessage`` or ``StatusReport``.

Twilio's fields vary and grow unannounced (FACTS 1.1): whatever is not understood stays in ``raw``,
and nothing here raises on a genuine form. This module may not check a signature, decide what
becomes of a message, or follow a URL.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from wa_console.domain.address import Address, parse_twilio
from wa_console.domain.delivery import from_twilio
from wa_console.domain.message import (
    ButtonPress,
    ContentKind,
    InboundMessage,
    Location,
    Media,
    Quoted,
    Referral,
    StatusReport,
)

Fields = Sequence[tuple[str, str]]

_WHATSAPP = "whatsapp:"
# Four digits: int() refuses thousands of them, and no message has ten thousand files.
_MEDIA_URL = re.compile(r"MediaUrl([0-9]{1,4})\Z")
_CODE = re.compile(r"[0-9]{1,9}\Z")
_VCARDS = frozenset({"text/vcard", "text/x-vcard", "text/directory"})
_BY_FAMILY = {
    "image": ContentKind.IMAGE,
    "audio": ContentKind.AUDIO,
    "video": ContentKind.VIDEO,
}
# MessageType is in no Twilio page (FACTS 1.3): asked only where the documented fields are silent.
_BY_HINT = {
    **_BY_FAMILY,
    "voice": ContentKind.AUDIO,
    "sticker": ContentKind.STICKER,
    "contacts": ContentKind.CONTACT,
}
_TEXT_HINTS = frozenset({"", "text", "interactive", "button"})


def parse_form(body: bytes, query: str) -> list[tuple[str, str]]:
    """Decode a webhook request into its fields.

    Args:
        body: The raw body; empty for a GET.
        query: The raw query, without ``?``. A GET carries everything there, a POST what the
            configured URL had (``m=…``).

    Returns:
        Fields in order, query first, blanks and repeats kept. Where a name occurs twice, the last
        one, so the body's, is the one that parsing reads.
    """
    # "replace" never meets a genuine form: the signature check is strict about UTF-8.
    return [
        pair
        for text in (query, body.decode("utf-8", errors="replace"))
        for pair in parse_qsl(text, keep_blank_values=True, errors="replace")
    ]


def parse_inbound(fields: Fields) -> InboundMessage:
    """Read a customer's message; never raises.

    Args:
        fields: The form's fields in order.

    Returns:
        The message. A message that is not WhatsApp's has a sender of another channel; what could
        not be understood is ``ContentKind.UNSUPPORTED`` with every field in ``raw`` (faults A6).
    """
    form = dict(fields)
    sender = parse_twilio(form.get("From", ""))
    media = tuple(_media(form))
    location = _location(form)
    button = _button(form)
    return InboundMessage(
        sid=_first(form, "MessageSid", "SmsMessageSid", "SmsSid"),
        account_sid=form.get("AccountSid", ""),
        sender=sender,
        recipient=parse_twilio(form.get("To", "")),
        identities=_identities(form, sender),
        body=form.get("Body", ""),
        profile_name=form.get("ProfileName") or _metadata_text(form, "ProfileName"),
        content=_content(form, media=media, location=location, button=button),
        media=media,
        location=location,
        button=button,
        quoted=_quoted(form),
        referral=_referral(form),
        forwarded="true" in (_lower(form, "Forwarded"), _lower(form, "FrequentlyForwarded")),
        service_sid=form.get("MessagingServiceSid", ""),
        raw=tuple(fields),
    )


def parse_status(fields: Fields) -> StatusReport:
    """Read a status callback; never raises.

    Args:
        fields: The form's fields in order.

    Returns:
        The report; ``status`` is None for a word we do not know.
    """
    form = dict(fields)
    word = _first(form, "MessageStatus", "SmsStatus")
    return StatusReport(
        sid=_first(form, "MessageSid", "SmsSid"),
        account_sid=form.get("AccountSid", ""),
        word=word,
        status=from_twilio(word),
        error_code=_code(form.get("ErrorCode", "")),
        error_text=_first(form, "ErrorMessage", "ChannelStatusMessage"),
        raw=tuple(fields),
    )


def _identities(form: dict[str, str], sender: Address) -> tuple[Address, ...]:
    """Every identifier of the customer, sender first: number, BSUID, portfolio id (FACTS 1.4)."""
    found = [sender]
    if not form.get("From", "").startswith(_WHATSAPP):
        return tuple(found)
    texts = [form.get("ExternalUserId", ""), form.get("ParentExternalUserId", "")]
    wa_id = form.get("WaId", "").removeprefix("+")
    if wa_id.isascii() and wa_id.isdigit():
        texts.append("+" + wa_id)
    for text in filter(None, texts):
        address = parse_twilio(_WHATSAPP + text.removeprefix(_WHATSAPP))
        if address not in found:
            found.append(address)
    return tuple(found)


def _content(
    form: dict[str, str],
    *,
    media: Sequence[Media],
    location: Location | None,
    button: ButtonPress | None,
) -> ContentKind:
    if button is not None:
        return ContentKind.LIST if button.kind == "LIST" else ContentKind.BUTTON
    hint = _lower(form, "MessageType")
    if media:
        return _media_kind(media[0].type, hint)
    if location is not None:
        return ContentKind.LOCATION
    if form.get("Body") or hint in _TEXT_HINTS:
        return ContentKind.TEXT
    return ContentKind.UNSUPPORTED


def _media_kind(mime: str, hint: str) -> ContentKind:
    mime = mime.partition(";")[0].strip().lower()
    if mime == "image/webp":  # FACTS 1.3: stickers
        return ContentKind.STICKER
    if mime in _VCARDS:
        return ContentKind.CONTACT
    if mime in ("", "application/octet-stream"):
        return _BY_HINT.get(hint, ContentKind.DOCUMENT)
    return _BY_FAMILY.get(mime.partition("/")[0], ContentKind.DOCUMENT)


def _media(form: dict[str, str]) -> Iterator[Media]:
    """Attachments by their fields, not by NumMedia: a wrong count must not lose one."""
    numbered = {
        int(match[1]): url
        for name, url in form.items()
        if url and (match := _MEDIA_URL.match(name))
    }
    for number in sorted(numbered):
        yield Media(url=numbered[number], type=form.get(f"MediaContentType{number}", ""))


def _location(form: dict[str, str]) -> Location | None:
    latitude, longitude = _number(form.get("Latitude", "")), _number(form.get("Longitude", ""))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Location(
        latitude=latitude,
        longitude=longitude,
        label=form.get("Label", ""),
        address=form.get("Address", ""),
    )


def _button(form: dict[str, str]) -> ButtonPress | None:
    if form.get("ListId") or form.get("ListTitle"):
        title = form.get("ListTitle") or form.get("Body", "")
        return ButtonPress(text=title, payload=form.get("ListId", ""), kind="LIST")
    if form.get("ButtonText") or form.get("ButtonPayload"):
        return ButtonPress(
            text=form.get("ButtonText") or form.get("Body", ""),
            payload=form.get("ButtonPayload", ""),
            kind=form.get("ButtonType", ""),
        )
    return None


def _quoted(form: dict[str, str]) -> Quoted | None:
    sid = form.get("OriginalRepliedMessageSid", "")
    return Quoted(sid=sid, sender=form.get("OriginalRepliedMessageSender", "")) if sid else None


def _referral(form: dict[str, str]) -> Referral | None:
    # ReferralNumMedia=0 comes with ordinary messages too (FACTS 1.3).
    names = ("Headline", "Body", "SourceUrl", "SourceType", "SourceId", "CtwaClid")
    if not any(form.get(f"Referral{name}") for name in names):
        return None
    return Referral(
        headline=form.get("ReferralHeadline", ""),
        body=form.get("ReferralBody", ""),
        source_url=form.get("ReferralSourceUrl", ""),
        source_type=form.get("ReferralSourceType", ""),
        source_id=form.get("ReferralSourceId", ""),
    )


def _metadata_text(form: dict[str, str], name: str) -> str:
    """A text of ChannelMetadata's context; its WaId is left alone: it may not be the sender's."""
    value: Any = _json(form.get("ChannelMetadata", ""))
    for key in ("data", "context", name):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # RecursionError: "[[[[…" from a stranger
        return None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _code(text: str) -> int | None:
    return int(text) or None if _CODE.match(text.strip()) else None


def _first(form: dict[str, str], *names: str) -> str:
    return next((form[name] for name in names if form.get(name)), "")


def _lower(form: dict[str, str], name: str) -> str:
    return form.get(name, "").strip().lower()
