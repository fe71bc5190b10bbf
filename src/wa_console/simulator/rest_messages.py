"""Messages: create, list, fetch, cancel, redact, delete.

Duty: `/2010-04-01/Accounts/{AC}/Messages…` as Twilio's specification has it (FACTS 5, 8).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from wa_console.simulator import outbound
from wa_console.simulator.callbacks import Progress
from wa_console.simulator.faults import FaultKind
from wa_console.simulator.records import Message
from wa_console.simulator.rest_common import (
    NOT_FOUND,
    Json,
    Refused,
    page_2010,
    rfc2822,
    site_of,
)
from wa_console.simulator.rules import Draft, Refusal, parse_time, refuse_draft
from wa_console.simulator.world import World

_API_VERSION = "2010-04-01"


class MessagesApi:
    """The handlers of the Messages resource.

    Args:
        progress: Puts accepted messages on their way.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def routes(self) -> list[web.RouteDef]:
        """The routes of this resource."""
        base = f"/{_API_VERSION}/Accounts/{{account}}/Messages"
        one = f"{base}/{{sid:(?:SM|MM)[0-9a-fA-F]{{32}}}}.json"
        return [
            web.post(f"{base}.json", self.create),
            web.get(f"{base}.json", self.list),
            web.get(one, self.fetch),
            web.post(one, self.update),
            web.delete(one, self.delete),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """Creates a message: 201 ``queued``, ``accepted`` or ``scheduled``, or one error."""
        site = site_of(request)
        draft = await _read_draft(request)
        refusal = refuse_draft(draft, site.world, site.clock.now())
        if refusal is not None:
            raise Refused(refusal)
        message = outbound.accept(site, draft)
        answer = web.json_response(message_json(site.world, message), status=201)
        hasty = site.faults.strikes(FaultKind.CALLBACK_BEFORE_ANSWER, request.path)
        if hasty and message.send_at is None:
            await self._progress.begin(message, at_once=True)
        else:
            outbound.dispatch(site, self._progress, message)
        return answer

    async def list(self, request: web.Request) -> web.Response:
        """Lists messages, newest first, by To, From and DateSent."""
        world = site_of(request).world
        wanted = _date_filter(request)
        to, from_ = request.query.get("To"), request.query.get("From")
        rows = [
            m
            for m in world.messages.values()
            if (to is None or m.to == to) and (from_ is None or m.from_ == from_) and wanted(m)
        ]
        rows.sort(key=lambda m: (m.sent_at or m.created_at, m.seq), reverse=True)
        return page_2010(request, "messages", rows, lambda m: message_json(world, m))

    async def fetch(self, request: web.Request) -> web.Response:
        """One message, or 404."""
        return web.json_response(message_json(site_of(request).world, _find(request)))

    async def update(self, request: web.Request) -> web.Response:
        """Cancels a scheduled message (``Status=canceled``) or redacts the text (``Body=``)."""
        site, message = site_of(request), _find(request)
        form = await request.post()
        if form.get("Status") == "canceled":
            if not outbound.cancel(site, self._progress, message):
                raise Refused(Refusal(30409, "Message is not in a cancelable state", 409))
        elif form.get("Body") == "":
            message.body = ""
            message.updated_at = site.clock.now()
        else:
            raise Refused(Refusal(20001, "Only Status=canceled or an empty Body can be set"))
        return web.json_response(message_json(site.world, message))

    async def delete(self, request: web.Request) -> web.Response:
        """Deletes a message and its media: 204."""
        world, message = site_of(request).world, _find(request)
        for sid in message.media:
            world.media.pop(sid, None)
        del world.messages[message.sid]
        return web.Response(status=204)


def _find(request: web.Request) -> Message:
    message = site_of(request).world.messages.get(request.match_info["sid"])
    if message is None:
        raise Refused(NOT_FOUND)
    return message


async def _read_draft(request: web.Request) -> Draft:
    form = await request.post()

    def text(name: str) -> str | None:
        value = form.get(name)
        return value if isinstance(value, str) else None

    return Draft(
        to=text("To") or "",
        from_=text("From") or "",
        service_sid=text("MessagingServiceSid") or "",
        body=text("Body") or "",
        media_urls=tuple(str(url) for url in form.getall("MediaUrl", [])),
        content_sid=text("ContentSid") or "",
        content_variables=text("ContentVariables"),
        status_callback=text("StatusCallback"),
        send_at=text("SendAt"),
    )


def _date_filter(request: web.Request) -> Callable[[Message], bool]:
    """The ``DateSent`` filters, all inclusive; a bare date is midnight, or a day for equality.

    Rows that have no ``date_sent`` yet pass no such filter: the stricter reading of what is not
    documented (FACTS 8.4).
    """
    tests: list[Callable[[datetime], bool]] = []
    for name, value in request.query.items():
        if not name.startswith("DateSent"):
            continue
        when = parse_time(value)
        if when is None:
            raise Refused(Refusal(20001, f"Invalid parameter {name}"))
        tests.append(_date_test(name.removeprefix("DateSent").rstrip("="), when, value))
    if not tests:
        return lambda _message: True
    return lambda m: m.sent_at is not None and all(test(m.sent_at) for test in tests)


def _date_test(sign: str, when: datetime, written: str) -> Callable[[datetime], bool]:
    # Twilio shows whole seconds, so that is what it can compare.
    match sign:
        case ">":
            return lambda sent: sent.replace(microsecond=0) >= when
        case "<":
            return lambda sent: sent.replace(microsecond=0) <= when
        case "":
            span = timedelta(days=1) if len(written.strip()) == 10 else timedelta(seconds=1)
            return lambda sent: when <= sent < when + span
        case _:
            raise Refused(Refusal(20001, f"Invalid parameter DateSent{sign}"))


def message_json(world: World, message: Message) -> Json:
    """The message resource (specification ``api.v2010.account.message``)."""
    account_sid = world.account.sid
    uri = f"/{_API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}"
    in_hand = message.status in {"accepted", "scheduled"}
    return {
        "account_sid": account_sid,
        "api_version": _API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created_at),
        "date_sent": rfc2822(message.sent_at),
        "date_updated": rfc2822(message.updated_at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": None,
        "from": message.from_,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media) or len(message.media_urls[:1])),
        "num_segments": "0" if in_hand else "1",
        "price": None,
        "price_unit": None,
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }
