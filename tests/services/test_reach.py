"""The round trip: our listener, somebody else, nobody; over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from tests.services.twilio_rig import TwilioRig
from wa_console.gateway.reach import HttpxOutside
from wa_console.services.reach import Reach, check_reach

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Somebody else's server; yields its base URL."""
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def saying(status: int, text: str = "", **headers: str) -> Handler:
    async def handler(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers=headers)

    return handler


async def test_our_listener_is_reached(live: TwilioRig) -> None:
    report = await check_reach(f"{live.public_url}/#rc=2", HttpxOutside())
    assert (report.reach, report.ok) == (Reach.REACHED, True)


@pytest.mark.parametrize("nonce", ["", "a b", "<x>", "å", "x" * 65])
async def test_the_health_page_echoes_nothing_but_a_plain_number_of_one_use(
    live: TwilioRig, nonce: str
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{live.public_url}/healthz"
        plain = (await client.get(url)).json()
        told = (await client.get(url, params={"nonce": nonce})).json()
        echoed = (await client.get(url, params={"nonce": "aZ_-09"})).json()
    assert set(told) == set(plain)
    assert echoed == {**plain, "nonce": "aZ_-09"}


@pytest.mark.parametrize(
    ("status", "text", "reach", "words"),
    [
        (200, '{"status": "ok", "nonce": "of yesterday"}', Reach.SOMETHING_ELSE, "else"),
        (200, "<h1>Welcome to the proxy</h1>", Reach.SOMETHING_ELSE, "else"),
        (200, "[" * 5000, Reach.SOMETHING_ELSE, "else"),
        (404, "", Reach.SOMETHING_ELSE, "404"),
        (403, "", Reach.SOMETHING_ELSE, "login"),
        (308, "", Reach.SOMETHING_ELSE, "redirects"),
        (502, "", Reach.NOT_REACHED, "listener behind it"),
        (404, "Tunnel not found ERR_NGROK_3200", Reach.NOT_REACHED, "no tunnel"),
        (530, "error code: 1033", Reach.NOT_REACHED, "no tunnel"),
    ],
)
async def test_somebody_else_is_told_apart(
    status: int, text: str, reach: Reach, words: str
) -> None:
    async with serving(saying(status, text, Location="https://elsewhere.example/")) as url:
        report = await check_reach(url, HttpxOutside())
    assert (report.reach, report.ok) == (reach, False)
    assert words in report.sentence


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b"x" * 65_536)
        return answer

    async with serving(endless) as url:
        report = await check_reach(url, HttpxOutside())
    assert report.reach is Reach.SOMETHING_ELSE


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        report = await check_reach(url, HttpxOutside())
    assert report.reach is Reach.NOT_REACHED
    assert "Nobody answers" in report.sentence


async def test_an_unknown_name() -> None:
    report = await check_reach("https://no-such-host.invalid", HttpxOutside())
    assert report.reach is Reach.NOT_REACHED
    assert "DNS" in report.sentence


async def test_a_port_that_speaks_no_tls() -> None:
    async with serving(saying(200)) as url:
        report = await check_reach(url.replace("http:", "https:"), HttpxOutside())
    assert report.reach is Reach.NOT_REACHED
    assert "certificate" in report.sentence


async def test_silence() -> None:
    async def never(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async with serving(never) as url:
        impatient = HttpxOutside(timeout=httpx.Timeout(0.2))
        report = await check_reach(url, impatient)
    assert report.reach is Reach.NOT_REACHED
    assert "15 seconds" in report.sentence


async def test_a_connection_that_breaks_off() -> None:
    async def rude(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with serving(rude) as url:
        report = await check_reach(url, HttpxOutside())
    assert report.reach is Reach.NOT_REACHED
    assert "broke off" in report.sentence
