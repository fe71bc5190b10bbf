"""The HTTP client: one request, the right place, the right body, no leak; real sockets where it
matters."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from aiohttp import web

from tests.gateway.wire import Recorder
from wa_console.gateway.http import (
    TIMEOUT,
    HttpxTwilioClient,
    TooManyRequestsError,
    UnsafeUrlError,
)

NOW = datetime(2026, 11, 23, 10, 0, 0, tzinfo=UTC)
API = "https://api.twilio.com/2010-04-01/x.json"


def client(
    *replies: httpx.Response, base_url: str | None = None
) -> tuple[HttpxTwilioClient, Recorder]:
    recorder = Recorder(replies or [httpx.Response(200, json={})])
    return HttpxTwilioClient(base_url=base_url, transport=recorder, now=lambda: NOW), recorder


@pytest.mark.parametrize(
    ("base", "url", "target"),
    [
        (None, API, API),
        (None, "https://content.twilio.com/v1/Content", "https://content.twilio.com/v1/Content"),
        ("http://127.0.0.1:9/", API, "http://127.0.0.1:9/2010-04-01/x.json"),
        (
            "http://[::1]:9",
            "https://messaging.twilio.com/v2/S?Page=1&T=a%2Fb",
            "http://[::1]:9/v2/S?Page=1&T=a%2Fb",
        ),
        (
            "http://localhost:9",
            "http://evil.example/v1/Content?PageToken=x",
            "http://localhost:9/v1/Content?PageToken=x",
        ),
        ("https://relay.example/twilio", API, "https://relay.example/twilio/2010-04-01/x.json"),
    ],
)
async def test_target(base: str | None, url: str, target: str) -> None:
    http, recorder = client(base_url=base)
    await http.request("GET", url, auth=("u", "p"))
    assert str(recorder.requests[0].url) == target


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com/x",
        "https://eviltwilio.com/x",
        "https://twilio.com.evil.example/",
        "https://api.twilio.com@evil.example/",
        "/relative",
    ],
)
async def test_credentials_go_to_twilio_only(url: str) -> None:
    http, recorder = client()
    with pytest.raises(UnsafeUrlError):
        await http.request("GET", url, auth=("u", "p"))
    assert recorder.requests == []


@pytest.mark.parametrize(
    "base",
    ["http://relay.example", "http://10.0.0.1", "ftp://127.0.0.1", "https://", "localhost:1"],
)
def test_clear_text_leaves_this_machine_never(base: str) -> None:
    with pytest.raises(UnsafeUrlError):
        HttpxTwilioClient(base_url=base)


async def test_bodies() -> None:
    http, recorder = client()
    await http.request("POST", API, data={"MediaUrl": ["a", "b"], "On": True, "No": None, "E": ""})
    data = {"name": "æ", "nested": {"on": True}}
    await http.request("POST", API, data=data, headers={"Content-Type": "application/json"})
    await http.request("GET", API + "?Page=2", params={})
    await http.request("GET", API, params={"DateSent>": "2026", "To": None})
    form, body, page, filtered = recorder.requests
    assert form.content == b"MediaUrl=a&MediaUrl=b&On=true&E="
    assert form.headers["content-type"] == "application/x-www-form-urlencoded"
    assert json.loads(body.content) == data
    assert body.headers.get_list("content-type") == ["application/json"]
    assert page.url.query == b"Page=2"
    assert filtered.url.query == b"DateSent%3E=2026"


async def test_time_outs_reach_the_transport() -> None:
    http, recorder = client()
    await http.request("GET", API)
    await http.request("GET", API, timeout=3.0)
    assert recorder.requests[0].extensions["timeout"] == TIMEOUT.as_dict()
    assert (TIMEOUT.connect, TIMEOUT.read, TIMEOUT.pool) == (5.0, 20.0, 5.0)
    assert recorder.requests[1].extensions["timeout"]["read"] == 3.0


async def test_the_clock_of_twilio_is_remembered() -> None:
    stated = httpx.Response(200, headers={"Date": "Mon, 23 Nov 2026 10:01:30 GMT"})
    http, _ = client(stated, httpx.Response(200, headers={"Date": "soon"}))
    offsets = [http.clock_offset_s]
    for _ in range(2):
        await http.request("GET", API)
        offsets.append(http.clock_offset_s)
    assert offsets == [None, 90.0, 90.0]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "99999999"}, 3600.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "Mon, 23 Nov 2026 10:00:12 GMT"}, 12.0),
        ({"Retry-After": "Mon, 23 Nov 2026 09:00:00 GMT"}, 0.0),
        # Twilio's clock is two minutes ahead of ours: the pause is counted on Twilio's.
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 10:02:05 GMT",
                "Date": "Mon, 23 Nov 2026 10:02:00 GMT",
            },
            5.0,
        ),
    ],
)
async def test_a_429_says_how_long(header: dict[str, str], seconds: float | None) -> None:
    http, recorder = client(httpx.Response(429, json={"code": 20429}, headers=header))
    with pytest.raises(TooManyRequestsError) as caught:
        await http.request("POST", API)
    assert (caught.value.retry_after_s, caught.value.code) == (seconds, 20429)
    assert len(recorder.requests) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"code": "x"}'])
async def test_a_429_with_a_strange_body(body: bytes) -> None:
    http, _ = client(httpx.Response(429, content=body))
    with pytest.raises(TooManyRequestsError) as caught:
        await http.request("POST", API)
    assert caught.value.code is None


@pytest.fixture
async def server() -> AsyncIterator[tuple[str, list[web.BaseRequest]]]:
    """A real server on loopback: 500 on /fail, a redirect on /away, the line cut on /cut."""
    seen: list[web.BaseRequest] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        seen.append(request)
        await request.read()
        if request.path == "/cut":
            assert request.transport is not None
            request.transport.abort()
        if request.path == "/away":
            return web.Response(status=307, headers={"Location": "http://127.0.0.2:9/"})
        return web.Response(status=500 if request.path == "/fail" else 200, text="{}")

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}", seen
    await runner.cleanup()


async def test_one_request_is_one_request(server: tuple[str, list[web.BaseRequest]]) -> None:
    url, seen = server
    http = HttpxTwilioClient(base_url=url)
    answer = await http.request("POST", "https://api.twilio.com/fail", auth=("AC1", "p"))
    assert (answer.status_code, len(seen)) == (500, 1)
    assert seen[0].headers["Authorization"].startswith("Basic ")
    away = await http.request("GET", "https://api.twilio.com/away", allow_redirects=True)
    assert (away.status_code, len(seen)) == (307, 2)
    with pytest.raises(httpx.RemoteProtocolError):
        await http.request("POST", "https://api.twilio.com/cut")
    assert len(seen) == 3
    await http.close()


async def test_proxies_of_the_environment_are_left_alone(
    server: tuple[str, list[web.BaseRequest]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    http = HttpxTwilioClient(base_url=server[0])
    assert (await http.request("GET", "https://api.twilio.com/ok")).ok
    await http.close()
