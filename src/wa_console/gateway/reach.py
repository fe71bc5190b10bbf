"""Fetches our own public URL the way a stranger would: no credentials, no redirects, a time limit.

What an answer means is services.reach's duty.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from wa_console.gateway.outside import Fetched, FetchFailure

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
"""Twilio's own limits (FACTS 3): what is slower than this is lost as well."""
_MOST_BYTES = 16 * 1024


class HttpxOutside:
    """``gateway.outside.Outside`` over httpx.

    Args:
        transport: httpx transport, for tests.
        timeout: Limits; Twilio's own unless told otherwise.
    """

    def __init__(
        self,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: httpx.Timeout = TIMEOUT,
    ) -> None:
        self._transport = transport
        self._timeout = timeout

    async def get(self, url: str) -> Fetched | FetchFailure:
        """Fetch a URL once; the answer is read up to 16 KiB. Never raises."""
        try:
            async with (
                httpx.AsyncClient(
                    transport=self._transport,
                    timeout=self._timeout,
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream("GET", url, headers={"Cache-Control": "no-store"}) as answer,
            ):
                return Fetched(answer.status_code, await _beginning(answer))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _failure(error)


async def _beginning(answer: httpx.Response) -> str:
    data = b""
    async for part in answer.aiter_bytes():
        data += part
        if len(data) >= _MOST_BYTES:
            break
    return data[:_MOST_BYTES].decode("utf-8", errors="replace")


def _failure(error: Exception) -> FetchFailure:
    """Return the kind of a failure: httpx says "cannot connect", its causes say why."""
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return FetchFailure.NO_NAME
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return FetchFailure.TLS
    if isinstance(error, httpx.TimeoutException):
        return FetchFailure.TIMEOUT
    if isinstance(error, httpx.ConnectError):
        return FetchFailure.REFUSED
    return FetchFailure.BROKEN


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
