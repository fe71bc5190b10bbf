"""A recorder at the transport seam, and the gateway over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx

from wa_console.gateway.twilio import TwilioGateway

ACCOUNT = "AC5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e"
SECRET = "the-secret-of-the-key"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Recorder(httpx.AsyncBaseTransport):
    """Answers requests in order; the last reply is repeated. Keeps every request."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self._replies = list(replies)
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)


def gateway(*replies: Reply, base_url: str | None = None) -> tuple[TwilioGateway, Recorder]:
    """A gateway whose Twilio is ``replies``."""
    recorder = Recorder(replies)
    port = TwilioGateway(
        account_sid=ACCOUNT,
        username="SK1",
        password=SECRET,
        base_url=base_url,
        transport=recorder,
    )
    return port, recorder


def error(status: int, code: int | None, message: str = "No.", **headers: str) -> httpx.Response:
    """An error answer as Twilio writes it."""
    body = {"code": code, "message": message, "more_info": "", "status": status}
    return httpx.Response(status, json=body, headers=headers)


def message_row(**changes: Any) -> dict[str, Any]:
    """A message resource."""
    return {
        "sid": "SM" + "0" * 32,
        "account_sid": ACCOUNT,
        "status": "queued",
        "direction": "outbound-api",
        "from": "whatsapp:+4570203040",
        "to": "whatsapp:+4520123456",
        "body": "Hej",
        "num_media": "0",
        "error_code": None,
        "date_created": "Mon, 23 Nov 2026 10:00:00 +0000",
        "date_sent": None,
        **changes,
    }
