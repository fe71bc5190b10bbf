"""The HTTP door for Twilio (CONTRACT, "HTTP"): verify, journal, answer.

Nothing else happens inside a request (ARCHITECTURE 4; faults A3): no parsing beyond the fields, no
projecting. There is no switch that turns the signature check off (faults B1).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

import wa_console
from wa_console.domain.clock import iso, to_ms
from wa_console.domain.errors import StoreProblem
from wa_console.domain.probe import FIELD, probe_nonce
from wa_console.gateway.signature import Signature, Verdict
from wa_console.gateway.signature_cause import likely_cause
from wa_console.listener.gate import IDLE_S, MAX_CONNECTIONS, SERVER_NAME, Gate
from wa_console.services.health import HealthService
from wa_console.services.journal import Receiver

BODY_LIMIT = 64 * 1024
"""Bytes of a request's body."""

READ_LIMIT_S = 10.0
"""A body that takes longer is given up (faults B5)."""

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Tells Twilio to do nothing (FACTS 3)."""

_TWIML_BYTES, _TWIML_HEADERS = EMPTY_TWIML.encode(), {"Content-Type": "text/xml; charset=utf-8"}
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_STOP_S = 2.0
_Fields = Sequence[tuple[str, str]]
_GATE: web.AppKey[Gate] = web.AppKey("gate", Gate)


class FormDecoder(Protocol):
    """Splits a body into its fields (gateway.forms)."""

    def parse_form(self, body: bytes, query: str) -> _Fields:
        """Return every field in order, blanks and repeats kept."""
        ...


class _Take(Protocol):
    """How the receiver takes one kind of webhook."""

    def __call__(self, fields: _Fields, *, query: str) -> Awaitable[bool]: ...


class _Handlers:
    """The few requests there are."""

    def __init__(
        self,
        *,
        receiver: Receiver,
        signature: Signature,
        forms: FormDecoder,
        health: HealthService,
        prefix: str,
        gate: Gate,
    ) -> None:
        self._receiver = receiver
        self._signature = signature
        self._forms = forms
        self._health = health
        self._prefix = prefix
        self._gate = gate

    async def inbound(self, request: web.Request) -> web.Response:
        """A customer's message: 200 and empty TwiML once it is committed."""
        return await self._webhook(
            request,
            self._receiver.inbound,
            lambda: web.Response(body=_TWIML_BYTES, headers=_TWIML_HEADERS),
        )

    async def status(self, request: web.Request) -> web.Response:
        """A receipt: 204 once it is committed."""
        return await self._webhook(request, self._receiver.status, lambda: web.Response(status=204))

    async def healthz(self, request: web.Request) -> web.Response:
        """How the engine does; no secrets, no customer data."""
        with self._gate.busy(request):
            report = await self._health.report()
        last = report.last_webhook_at
        answer = {
            "status": report.status,
            "version": wa_console.__version__,
            "store": report.store,
            "last_webhook_at": None if last is None else iso(to_ms(last)),
            "outbox": report.outbox,
            "journal_behind": report.journal_behind,
            "quarantined": report.quarantined,
            "rejected": report.rejected,
        }
        # Asked through the outside, this proves that the outside leads here (services.reach).
        nonce = request.query.get("nonce", "")
        if _NONCE.fullmatch(nonce):
            answer["nonce"] = nonce
        return web.json_response(answer, dumps=json.dumps)

    async def _webhook(
        self, request: web.Request, take: _Take, done: Callable[[], web.Response]
    ) -> web.Response:
        body = await _read(request)
        with self._gate.busy(request):
            verdict = self._verdict(request, body)
            if not verdict.genuine:
                return web.Response(status=403, text="not genuine\n")
            query = request.raw_path.partition("?")[2]
            fields = verdict.fields or self._forms.parse_form(body, "")
            if nonce := probe_nonce(fields):
                # The doctor's own: it came through all that Twilio's pass, and is no message.
                return web.json_response({FIELD: nonce})
            try:
                await take(fields, query=query)
            except StoreProblem:
                # Never 200: what we do not have, Twilio must know we do not have (faults A2).
                return web.Response(status=503, text="not stored\n")
            return done()

    def _verdict(self, request: web.Request, body: bytes) -> Verdict:
        path_qs = self._without_prefix(request.raw_path)
        content_type = request.headers.get("Content-Type", "")
        verdict = self._signature.verify(
            method=request.method,
            path_qs=path_qs,
            content_type=content_type,
            body=body,
            headers=request.headers,
        )
        if not verdict.genuine:
            self._receiver.rejected(
                likely_cause(
                    self._signature,
                    verdict,
                    method=request.method,
                    path_qs=path_qs,
                    content_type=content_type,
                    body=body,
                    headers=request.headers,
                )
            )
        return verdict

    def _without_prefix(self, raw_path: str) -> str:
        """Return the path below the public URL, whether a proxy has cut its prefix or not."""
        if self._prefix and raw_path.startswith(self._prefix + "/"):
            return raw_path[len(self._prefix) :]
        return raw_path


def build_listener(
    *,
    receiver: Receiver,
    signature: Signature,
    forms: FormDecoder,
    health: HealthService,
    public_url: str | None = None,
    max_connections: int = MAX_CONNECTIONS,
) -> web.Application:
    """Return the web application.

    Args:
        receiver: Takes genuine webhooks.
        signature: Says which are genuine.
        forms: Splits bodies into fields.
        health: Answers ``/healthz``.
        public_url: Where Twilio reaches us. Its path prefix is served too: some proxies cut it
            off, some leave it on.
        max_connections: At once.
    """
    prefix = urlsplit(public_url.strip()).path.rstrip("/") if public_url else ""
    gate = Gate(limit=max_connections)
    handlers = _Handlers(
        receiver=receiver,
        signature=signature,
        forms=forms,
        health=health,
        prefix=prefix,
        gate=gate,
    )
    app = web.Application(client_max_size=BODY_LIMIT)
    app[_GATE] = gate
    app.on_response_prepare.append(_without_versions)
    for base in dict.fromkeys(("", prefix)):
        # With a slash at the end as well: it is genuine if Twilio signed it so.
        for tail in ("", "/"):
            app.router.add_post(f"{base}/twilio/inbound{tail}", handlers.inbound)
            app.router.add_post(f"{base}/twilio/status{tail}", handlers.status)
        app.router.add_get(f"{base}/healthz", handlers.healthz)
    return app


class Listener:
    """The application on a socket."""

    def __init__(self, app: web.Application) -> None:
        self._gate = app[_GATE]
        self._runner = web.AppRunner(
            app,
            handle_signals=False,
            access_log=None,
            keepalive_timeout=IDLE_S,
            shutdown_timeout=_STOP_S,
        )
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen, and return the port: the one asked for, or the one found for 0.

        Raises:
            OSError: The port is taken, or the address is not ours.
        """
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # noqa: S101 - setup() has just made it
        self._gate.open(server)
        try:
            self._server = await asyncio.get_running_loop().create_server(
                self._gate, host, port, reuse_address=True
            )
        except BaseException:
            await self._runner.cleanup()
            raise
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Stop listening; requests under way get a moment to end."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._gate.close()
        await self._runner.cleanup()


async def _read(request: web.Request) -> bytes:
    """Return the body.

    Raises:
        HTTPRequestEntityTooLarge: More than 64 KiB; told before it is read where it says so.
        HTTPRequestTimeout: It took more than ten seconds.
    """
    length = request.content_length
    if length is not None and length > BODY_LIMIT:
        raise web.HTTPRequestEntityTooLarge(max_size=BODY_LIMIT, actual_size=length)
    if request.content.is_eof():  # all of it is here, as with every webhook of one packet
        return await request.read()
    try:
        async with asyncio.timeout(READ_LIMIT_S):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def _without_versions(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER_NAME
