"""A recording webhook, a simulator and the real SDK over one replaced base URL."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpx
import pytest
from aiohttp import web
from twilio.http import AsyncHttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from wa_console.simulator.server import Simulator, SimulatorConfig

TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True, slots=True)
class Call:
    """One request that the webhook got."""

    url: str
    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True)
class Recorder:
    """A webhook that keeps what it gets; ``answers`` are used up before the usual 200."""

    base: str = ""
    calls: list[Call] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        body = (await request.read()).decode()
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)))
        url = f"{self.base}{request.path_qs}"
        self.calls.append(Call(url, request.path, form, dict(request.headers)))
        self.arrived.set()
        if self.answers:
            return self.answers.pop(0)
        return web.Response(text=TWIML, content_type="text/xml")

    async def until(self, count: int) -> list[Call]:
        """Waits for the first ``count`` calls."""
        async with asyncio.timeout(5):
            while len(self.calls) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.calls

    def statuses(self) -> list[str]:
        return [c.form["MessageStatus"] for c in self.calls if "MessageStatus" in c.form]


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    recorder = Recorder()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.take)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    recorder.base = f"http://{host}:{port}"
    yield recorder
    await runner.cleanup()


@pytest.fixture
async def sim(recorder: Recorder) -> AsyncIterator[Simulator]:
    """A quiet simulator: nobody answers by himself."""
    config = SimulatorConfig(inbound_url=f"{recorder.base}/twilio/inbound", lively=False)
    async with Simulator(config) as simulator:
        yield simulator


class Wire(AsyncHttpClient):  # type: ignore[misc]
    """The SDK's HTTP client over httpx, with scheme and host of every URL replaced."""

    def __init__(self, base: str, http: httpx.AsyncClient) -> None:
        super().__init__(logger=logging.getLogger("wire"), is_async=True)
        self._base = urlsplit(base)
        self._http = http

    async def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        parts = urlsplit(uri)
        url = urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))
        is_json = (headers or {}).get("Content-Type") == "application/json"
        answer = await self._http.request(
            method,
            url,
            params=_given(params) or None,
            json=data if is_json else None,
            data=None if is_json else _given(data),
            headers=headers,
            auth=auth,
        )
        return Response(answer.status_code, answer.text, answer.headers)


def _given(values: Mapping[str, object] | None) -> dict[str, str | list[str]]:
    return {
        name: [str(v) for v in value] if isinstance(value, list) else str(value)
        for name, value in (values or {}).items()
        if value is not None
    }


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        yield client


@pytest.fixture
def sdk(sim: Simulator, http: httpx.AsyncClient) -> Client:
    """The real SDK, logged in with the Auth Token."""
    return Client(
        sim.account_sid,
        sim.auth_token,
        http_client=Wire(sim.base_url, http),
        environment={"NONE": "1"},
    )


@pytest.fixture
async def api(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the simulator, logged in with the Auth Token."""
    async with httpx.AsyncClient(
        base_url=sim.base_url,
        auth=(sim.account_sid, sim.auth_token),
        trust_env=False,
        timeout=5,
    ) as client:
        yield client


METTE, SENDER = "whatsapp:+4531226410", "whatsapp:+4570203040"


async def create(
    api: httpx.AsyncClient, sim: Simulator, **fields: str | list[str]
) -> httpx.Response:
    """Creates a message; To and From are Mette and the sender unless given."""
    form = {"To": METTE, "From": SENDER, **fields}
    data = {name: value for name, value in form.items() if value != ""}
    return await api.post(f"/2010-04-01/Accounts/{sim.account_sid}/Messages.json", data=data)
