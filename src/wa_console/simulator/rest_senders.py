"""WhatsApp senders, and the typing indicator.

Duty: `/v2/Channels/Senders…` and `/v2/Indicators/Typing.json` (FACTS 11, 16).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from aiohttp import web

from wa_console.simulator.records import Sender, Webhook
from wa_console.simulator.rest_common import (
    NOT_FOUND,
    Json,
    Refused,
    json_body,
    page_meta,
    site_of,
)
from wa_console.simulator.rules import Refusal

_HOST = "https://messaging.twilio.com"
_WEBHOOK_FIELDS = frozenset(f.name for f in fields(Webhook))


def routes() -> list[web.RouteDef]:
    """The routes of these resources."""
    return [
        web.get("/v2/Channels/Senders", list_senders),
        web.get("/v2/Channels/Senders/{sid}", fetch),
        web.post("/v2/Channels/Senders/{sid}", update),
        web.post("/v2/Indicators/Typing.json", typing),
    ]


async def list_senders(request: web.Request) -> web.Response:
    """The senders of a channel, which must be named; the sandbox is not among them (FACTS 12)."""
    channel = request.query.get("Channel")
    if not channel:
        raise Refused(Refusal(20001, "The parameter Channel is required"))
    own = [s for s in site_of(request).world.senders.values() if s.join_code is None]
    rows = [s for s in own if s.address.startswith(f"{channel}:")]
    return page_meta(request, "senders", rows, sender_json, host=_HOST, size=20)


async def fetch(request: web.Request) -> web.Response:
    """One sender, or 404."""
    return web.json_response(sender_json(_find(request)))


async def update(request: web.Request) -> web.Response:
    """Takes new webhooks or profile: 202, accepted.

    Webhook fields that are left out are emptied: the harsher reading of what is not documented
    (FACTS 11), so that a client must read, merge and write.
    """
    sender, body = _find(request), await json_body(request)
    webhook, profile = body.get("webhook"), body.get("profile")
    if isinstance(webhook, Mapping):
        unknown = set(webhook) - _WEBHOOK_FIELDS
        if unknown:
            raise Refused(Refusal(20001, f"Unknown webhook field {sorted(unknown)[0]}"))
        if webhook.get("callback_method", "POST") not in {"POST", "PUT"}:
            raise Refused(Refusal(20001, "callback_method is POST or PUT"))
        sender.webhook = Webhook(**webhook)
    if isinstance(profile, Mapping):
        sender.name = str(profile.get("name", sender.name))
        sender.about = str(profile.get("about", sender.about))
    return web.json_response(sender_json(sender), status=202)


async def typing(request: web.Request) -> web.Response:
    """Shows "typing…" to the writer of an inbound WhatsApp message."""
    form = await request.post()
    if form.get("channel") != "whatsapp":
        raise Refused(Refusal(20001, "channel must be whatsapp"))
    message = site_of(request).world.messages.get(str(form.get("messageId", "")))
    if message is None or message.direction != "inbound":
        raise Refused(NOT_FOUND)
    return web.json_response({"success": True})


def _find(request: web.Request) -> Sender:
    sid = request.match_info["sid"]
    for sender in site_of(request).world.senders.values():
        if sender.sid == sid and sender.join_code is None:
            return sender
    raise Refused(NOT_FOUND)


def sender_json(sender: Sender) -> Json:
    """The sender resource (specification ``messaging.v2.channels_sender_response``)."""
    return {
        "sid": sender.sid,
        "status": sender.status,
        "sender_id": sender.address,
        "configuration": {
            "waba_id": f"10{int(sender.sid[2:12], 16) % 10**13:013d}",
            "verification_method": None,
            "verification_code": None,
            "voice_application_sid": None,
            "account_type": None,
        },
        "webhook": asdict(sender.webhook),
        "profile": {
            "name": sender.name,
            "about": sender.about or None,
            "address": None,
            "description": None,
            "emails": None,
            "logo_url": None,
            "vertical": None,
            "websites": None,
            "banner_url": None,
            "privacy_url": None,
            "terms_of_service_url": None,
            "accent_color": None,
            "phone_numbers": None,
        },
        "compliance": None,
        "properties": {"quality_rating": "HIGH", "messaging_limit": "10K Customers/24hr"},
        "offline_reasons": None,
        "url": f"{_HOST}/v2/Channels/Senders/{sender.sid}",
    }
