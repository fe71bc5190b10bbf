"""The forms that Twilio posts: inbound message, status callback, fallback.

Duty: build the fields, in the spelling and with the constants that real requests carry
(FACTS 1 and 2, and the captured samples). Written from the documents, never from a parser.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from wa_console.simulator.records import Button, Customer, Location, Medium, Message, Sender

Form = dict[str, str]


def message_type(
    *, media: Sequence[Medium], button: Button | None, location: Location | None
) -> str:
    """The ``MessageType`` hint, which no Twilio page documents (FACTS 1.3)."""
    if button is not None:
        return "interactive"
    if location is not None:
        return "location"
    if not media:
        return "text"
    main, _, sub = media[0].content_type.partition("/")
    if media[0].content_type == "text/vcard":
        return "contacts"
    if media[0].content_type == "image/webp":
        return "sticker"
    return main if main in {"image", "audio", "video"} and sub else "document"


def _channel_metadata(customer: Customer, button: Button | None) -> str:
    context = {}
    if customer.name:
        context["ProfileName"] = customer.name
    if customer.number is not None:
        context["WaId"] = customer.number.removeprefix("+")
    if button is not None:
        context["ButtonText"] = button.text
    data = {"type": "whatsapp", "data": {"context": context}}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def inbound_form(
    message: Message,
    *,
    account_sid: str,
    customer: Customer,
    media: Sequence[Medium],
    media_base: str,
    button: Button | None,
    location: Location | None,
    extra: Mapping[str, str],
) -> Form:
    """The webhook of an inbound message, field for field.

    Args:
        message: The inbound message.
        account_sid: The account it came to.
        customer: Who wrote it. Without a visible number ``WaId`` is missing (FACTS 1.4).
        media: Its attachments, in order.
        media_base: Scheme and host of the media URLs.
        button: The button pressed, if one was.
        location: The place shared, if one was.
        extra: Further or overriding fields, for what no argument knows.
    """
    form: Form = {"SmsMessageSid": message.sid, "NumMedia": str(len(media))}
    if customer.name:
        form["ProfileName"] = customer.name
    form["MessageType"] = message_type(media=media, button=button, location=location)
    form["SmsSid"] = message.sid
    if customer.number is not None:
        form["WaId"] = customer.number.removeprefix("+")
    form |= {
        "SmsStatus": "received",
        "Body": message.body,
        "To": message.to,
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": message.sid,
        "AccountSid": account_sid,
        "ChannelMetadata": _channel_metadata(customer, button),
        "From": message.from_ or "",
        "ApiVersion": "2010-04-01",
        "ExternalUserId": f"whatsapp:{customer.external_id}",
    }
    for index, medium in enumerate(media):
        form[f"MediaContentType{index}"] = medium.content_type
        form[f"MediaUrl{index}"] = (
            f"{media_base}/2010-04-01/Accounts/{account_sid}"
            f"/Messages/{message.sid}/Media/{medium.sid}"
        )
    if location is not None:
        form |= _location_fields(location)
    if button is not None:
        form |= _button_fields(button, message)
    return {**form, **extra}


def _location_fields(location: Location) -> Form:
    fields = {"Latitude": str(location.latitude), "Longitude": str(location.longitude)}
    if location.address:
        fields["Address"] = location.address
    if location.label:
        fields["Label"] = location.label
    return fields


def _button_fields(button: Button, message: Message) -> Form:
    fields = {
        "ButtonText": button.text,
        "ButtonPayload": button.payload or button.text,
        "ButtonType": button.type,
    }
    if button.reply_to is not None:
        fields["OriginalRepliedMessageSid"] = button.reply_to
        fields["OriginalRepliedMessageSender"] = message.to
    return fields


_CHANNEL_TEXT = {
    63003: "Channel could not find To address",
    63013: "Message violates the channel's policy",
    63015: "Recipient has not joined the sandbox",
    63016: "Outside the allowed window",
    63018: "Rate limit exceeded",
    63019: "Media failed to download",
    63021: "Content is invalid for the channel",
    63024: "Invalid message recipient",
    63027: "Template does not exist in the language",
    63028: "Number of parameters does not match the template",
    63030: "Parameter is not allowed with a template",
    63040: "Template was rejected",
    63041: "Template is paused",
    63042: "Template is disabled",
    63049: "Meta chose not to deliver",
    21610: "Recipient has opted out",
}


def status_form(
    message: Message, *, status: str, account_sid: str, sender: Sender, customer: Customer
) -> Form:
    """The callback that tells of one status (FACTS 2).

    On failure ``ErrorMessage`` is there and empty, as Twilio sends it (faults.md C5); the words
    stand in ``ChannelStatusMessage``.
    """
    form: Form = {
        "ChannelPrefix": "whatsapp",
        "ApiVersion": "2010-04-01",
        "MessageStatus": status,
        "SmsSid": message.sid,
        "SmsStatus": status,
        "ChannelInstallSid": sender.sid,
        "To": message.to,
        "From": message.from_ or "",
        "MessageSid": message.sid,
        "StructuredMessage": "false",
        "AccountSid": account_sid,
        "ChannelToAddress": message.to.removeprefix("whatsapp:"),
    }
    if message.service_sid is not None:
        form["MessagingServiceSid"] = message.service_sid
    if status == "read":
        form["EventType"] = "READ"
    if status in {"failed", "undelivered"} and message.error_code is not None:
        form["ErrorCode"] = str(message.error_code)
        form["ErrorMessage"] = ""
        form["ChannelStatusMessage"] = _CHANNEL_TEXT.get(message.error_code, "Message failed")
    if customer.number is None:
        form["ExternalUserId"] = f"whatsapp:{customer.external_id}"
    return form


def fallback_form(form: Form, *, error_code: int, error_url: str) -> Form:
    """The same request for the fallback URL, which says what went wrong where (FACTS 3)."""
    return {**form, "ErrorCode": str(error_code), "ErrorUrl": error_url}
