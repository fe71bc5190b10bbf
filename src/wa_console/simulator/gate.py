"""The gate that every REST request passes: faults, limits, credentials, the log of refusals.

Duty: what happens to whole requests (FACTS 6, 13; faults.py). It knows no resource.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate

from aiohttp import web

from wa_console.simulator.faults import ANSWER_KINDS, Fault, FaultKind
from wa_console.simulator.rest_common import (
    CODE,
    LOGIN,
    NOT_FOUND,
    UNAUTHORISED,
    Refused,
    problem,
)
from wa_console.simulator.rules import Refusal
from wa_console.simulator.site import SITE

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_REST_PREFIXES = ("/2010-04-01/", "/v1/", "/v2/")


@web.middleware
async def dated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Sets a ``Date`` header that is off by the ordered skew."""
    answer = await handler(request)
    skew = request.app[SITE].world.switches.date_skew_s
    if skew:
        answer.headers["Date"] = formatdate(time.time() + skew, usegmt=True)
    return answer


@web.middleware
async def logged(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns refusals into answers and notes every REST error in the truth log."""
    if not request.path.startswith(_REST_PREFIXES):
        return await handler(request)
    try:
        answer = await handler(request)
    except Refused as refused:
        answer = problem(refused.refusal)
    except web.HTTPNotFound:
        answer = problem(NOT_FOUND)
    except web.HTTPMethodNotAllowed:
        answer = problem(Refusal(20004, "Method not allowed", 405))
    site = request.app[SITE]
    if answer.status >= 400 and CODE in answer:
        site.truth.add_refused(
            path=request.path, status=answer.status, code=answer[CODE], at=site.clock.now()
        )
    return answer


class Turnstile:
    """Counts the REST requests in flight; too many are turned away with 20429 (FACTS 6)."""

    def __init__(self) -> None:
        self._inside = 0

    @web.middleware
    async def enter(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The middleware itself."""
        if not request.path.startswith(_REST_PREFIXES):
            return await handler(request)
        if self._inside >= request.app[SITE].world.switches.max_concurrent:
            raise Refused(Refusal(20429, "Too Many Requests", 429))
        self._inside += 1
        try:
            return await handler(request)
        finally:
            self._inside -= 1


@web.middleware
async def struck(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets the ordered faults happen to REST requests."""
    if not request.path.startswith(_REST_PREFIXES):
        return await handler(request)
    site = request.app[SITE]
    delay = site.faults.take(request.path, kinds=frozenset({FaultKind.DELAY}))
    if delay is not None:
        await asyncio.sleep(2.0 if delay.seconds is None else delay.seconds)
    fault = site.faults.take(request.path, kinds=ANSWER_KINDS)
    if fault is None:
        return await handler(request)
    match fault.kind:
        case FaultKind.DROP_BEFORE:
            return _cut(request)
        case FaultKind.ERROR_500_BEFORE:
            return problem(Refusal(20500, "An internal server error has occurred", 500))
        case FaultKind.STATUS_429:
            return _throttle(fault)
        case _:
            await handler(request)
    if fault.kind is FaultKind.ERROR_500_AFTER:
        return problem(Refusal(20500, "An internal server error has occurred", 500))
    if fault.kind is FaultKind.TIMEOUT_AFTER:
        await _stay_silent(request, 60.0 if fault.seconds is None else fault.seconds)
    return _cut(request)


def _throttle(fault: Fault) -> web.Response:
    answer = problem(Refusal(20429, "Too Many Requests", 429))
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _cut(request: web.Request) -> web.Response:
    """Closes the connection under the request; the returned answer never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _stay_silent(request: web.Request, seconds: float) -> None:
    """Waits until the time is up, the client has gone or the simulator stops."""
    closing = request.app[SITE].closing
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if request.transport is None or request.transport.is_closing():
            return
        try:
            await asyncio.wait_for(closing.wait(), 0.1)
        except TimeoutError:
            continue
        return


@web.middleware
async def authenticated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Basic auth with token or key; another account's path is 404 (FACTS 13, 20003, 20404)."""
    if not request.path.startswith(_REST_PREFIXES):
        return await handler(request)
    request[LOGIN] = _login(request)
    account = request.match_info.get("account")
    if account is not None and account != request.app[SITE].world.account.sid:
        raise Refused(NOT_FOUND)
    return await handler(request)


def _login(request: web.Request) -> str:
    account = request.app[SITE].world.account
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        raise Refused(UNAUTHORISED) from None
    if scheme.lower() != "basic":
        raise Refused(UNAUTHORISED)
    if _same(user, account.sid) and _same(password, account.auth_token):
        return "token"
    if _same(user, account.api_key) and _same(password, account.api_secret):
        return "key"
    raise Refused(UNAUTHORISED)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
