"""The SDK's HTTP client over one httpx.AsyncClient: the only place where requests leave for Twilio.

Why not the SDK's own: 9.13.0 sends broken JSON bodies, ignores its time-out and repeats POSTs
(FACTS 9.2). This one never repeats and never follows a redirect, so credentials go nowhere else.
It may not log: URLs hold customers' numbers, bodies hold their words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
from twilio.http import AsyncHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

TIMEOUT = httpx.Timeout(20.0, connect=5.0, pool=5.0)
"""Seconds: read and write 20, connect and pool 5 (ARCHITECTURE 5.4)."""

_TWILIO = "twilio.com"
_MAX_RETRY_AFTER_S = 3600.0


class UnsafeUrlError(Exception):
    """A URL that must not be given credentials: clear text, or a host that is not Twilio's."""


class TooManyRequestsError(Exception):
    """HTTP 429: Twilio has not processed the request (FACTS 6).

    The SDK's exceptions carry no headers, so this one is raised from below it (FACTS 9.3).

    Attributes:
        retry_after_s: Seconds that Retry-After asks for, None without one.
        code: Twilio's error code, 20429 mostly.
    """

    def __init__(self, retry_after_s: float | None, code: int | None) -> None:
        self.retry_after_s = retry_after_s
        self.code = code
        super().__init__("too many requests")


class HttpxTwilioClient(AsyncHttpClient):  # type: ignore[misc]
    """An HTTP client for ``twilio.rest.Client`` with real time-outs and a replaceable base URL.

    Args:
        base_url: Scheme and host (and optional path) that replace those of *every* URL, absolute
            next-page URLs included; None talks to Twilio.
        transport: httpx transport, for tests.
        trust_env: Take proxies from the environment; off unless asked for (FACTS 9.6).
        now: Our clock, to compare with Twilio's Date header.

    Attributes:
        clock_offset_s: Twilio's clock minus ours at the last answer, seconds; None before one.

    Raises:
        UnsafeUrlError: If ``base_url`` is neither https nor loopback (FACTS 9.5).
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        trust_env: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(logging.getLogger("wa_console.twilio.sdk"), True, None)
        self._base = _checked_base(base_url) if base_url else None
        self._now = now
        self._client = httpx.AsyncClient(
            transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=trust_env
        )
        self.clock_offset_s: float | None = None

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Make exactly one request, in the shape that the SDK calls.

        Args:
            method: HTTP method.
            uri: Absolute URL; its scheme and host may be replaced.
            params: Query parameters, lists repeat the name.
            data: Body: a form, or JSON when the Content-Type says so.
            headers: Request headers.
            auth: User and password of Basic authentication.
            timeout: Seconds for this request instead of the client's.
            allow_redirects: Ignored: redirects are answers here, never followed.

        Returns:
            The SDK's response object, also for 4xx and 5xx.

        Raises:
            TooManyRequestsError: On HTTP 429.
            UnsafeUrlError: If the URL is not Twilio's and no base URL replaces it.
            httpx.HTTPError: If there is no answer; FACTS 8.2 says which ones are safe.
        """
        given = dict(headers or {})
        is_json = given.get("Content-Type", "").partition(";")[0].strip() == "application/json"
        content = json.dumps(data).encode() if is_json and data is not None else None
        answer = await self._client.request(
            method.upper(),
            self.target(uri),
            # An empty mapping would wipe the query of a next-page URL (FACTS 9.6).
            params=_wire(params) if params else None,
            data=_wire(data) if data and not is_json else None,
            content=content,
            headers=given,
            auth=httpx.BasicAuth(*auth) if auth else None,
            timeout=timeout if timeout is not None else httpx.USE_CLIENT_DEFAULT,
        )
        self._note_clock(answer)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise TooManyRequestsError(self._retry_after(answer), _error_code(answer))
        return Response(answer.status_code, answer.text, answer.headers)

    def target(self, uri: str) -> str:
        """Return where a request for ``uri`` really goes, path and query kept byte for byte.

        Raises:
            UnsafeUrlError: If that place must not see our credentials.
        """
        parts = urlsplit(uri)
        if self._base is not None:
            rest = parts.path or "/"
            return f"{self._base}{rest}?{parts.query}" if parts.query else f"{self._base}{rest}"
        host = parts.hostname or ""
        if parts.scheme != "https" or not (host == _TWILIO or host.endswith("." + _TWILIO)):
            raise UnsafeUrlError("refused to send credentials to a host that is not Twilio's")
        return uri

    async def close(self) -> None:
        """Close all connections. The client cannot be used afterwards."""
        await self._client.aclose()

    def _note_clock(self, answer: httpx.Response) -> None:
        stated = _date(answer.headers.get("Date", ""))
        if stated is not None:
            self.clock_offset_s = (stated - self._now()).total_seconds()

    def _retry_after(self, answer: httpx.Response) -> float | None:
        text = answer.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), _MAX_RETRY_AFTER_S)
        until = _date(text)
        if until is None:
            return None
        # Twilio's own clock where it is stated: ours may be minutes off (faults.md D9).
        start = _date(answer.headers.get("Date", "")) or self._now()
        return min(max((until - start).total_seconds(), 0.0), _MAX_RETRY_AFTER_S)


def _checked_base(base_url: str) -> str:
    parts = urlsplit(base_url.strip())
    host = parts.hostname or ""
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host))):
        raise UnsafeUrlError("the Twilio base URL must be https, or http on this machine")
    netloc = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _wire(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out None, spell the rest as text; httpx would send None as an empty value."""
    return {name: _text(value) for name, value in fields.items() if value is not None}


def _text(value: Any) -> str | list[str]:
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return [str(item) for item in value]
        case _:
            return str(value)


def _date(text: str) -> datetime | None:
    try:
        stated = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return stated if stated.tzinfo is not None else stated.replace(tzinfo=UTC)


def _error_code(answer: httpx.Response) -> int | None:
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, int) else None
