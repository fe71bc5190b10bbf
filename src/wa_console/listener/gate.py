"""How many may talk to the listener at once, and for how long without saying anything.

A stranger can open sockets and send halves of requests (faults B5). Over the limit the oldest
connections whose request is not complete have to go, so that a genuine webhook still gets in. They
get a moment first: a burst of genuine webhooks is over by then, and must not be cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

SERVER_NAME = "wa-console"
"""What the Server header says: no versions."""

MAX_CONNECTIONS = 100
IDLE_S = 10.0
"""A connection without a request is closed after so long."""

_GRACE_S = 0.5
_BURST = 2
_LINGER_S = 2.0


class Connection(web.RequestHandler):
    """One connection; an answer to what is no HTTP tells nothing about what runs here."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer a broken request, or a failure of ours, with its bare status."""
        if status >= 500:
            self.log_exception("Request failed", exc_info=exc)
        response = web.Response(status=status, text=f"{status}\n", headers={"Server": SERVER_NAME})
        response.force_close()
        return response


class Gate:
    """Makes connections for a server, and keeps count of them.

    Args:
        limit: Connections at once. Twice as many may be open for half a second.
    """

    def __init__(self, *, limit: int = MAX_CONNECTIONS) -> None:
        self._limit = limit
        self._busy: set[asyncio.BaseProtocol] = set()
        self._server: web.Server | None = None
        self._trimming: asyncio.TimerHandle | None = None

    def open(self, server: web.Server) -> None:
        """Let connections in, to be served by ``server``."""
        self._server = server

    def close(self) -> None:
        """Let nobody in any more."""
        self._server = None
        if self._trimming is not None:
            self._trimming.cancel()
            self._trimming = None

    @contextmanager
    def busy(self, request: web.Request) -> Iterator[None]:
        """Spare the connection of ``request``: it is complete and being worked on."""
        self._busy.add(request.protocol)
        try:
            yield
        finally:
            self._busy.discard(request.protocol)

    def __call__(self) -> asyncio.BaseProtocol:
        """Return the protocol for a connection that has just been accepted."""
        server = self._server
        if server is None or not self._make_room():
            return _Refused()
        return Connection(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type] # None is what the runner passes, too
            keepalive_timeout=IDLE_S,
            lingering_time=_LINGER_S,
            auto_decompress=False,
        )

    def _make_room(self) -> bool:
        """Say whether one more may come in; soon, or at once if need be, others have to go."""
        count = len(self._alive())
        if count >= self._limit and self._trimming is None:
            loop = asyncio.get_running_loop()
            self._trimming = loop.call_later(_GRACE_S, self._trim)
        return count < _BURST * self._limit or self._send_away(1) == 1

    def _trim(self) -> None:
        self._trimming = None
        self._send_away(len(self._alive()) - self._limit)

    def _send_away(self, count: int) -> int:
        """Close up to ``count`` of the oldest connections that still owe us their request."""
        waiting = [each for each in self._alive() if each not in self._busy][: max(count, 0)]
        for each in waiting:
            each.force_close()
        return len(waiting)

    def _alive(self) -> list[web.RequestHandler]:
        connections = self._server.connections if self._server else []
        return [c for c in connections if c.transport and not c.transport.is_closing()]


class _Refused(asyncio.Protocol):
    """Closes at once: everybody we can serve is being served."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hang up."""
        if isinstance(transport, asyncio.Transport):
            transport.abort()
