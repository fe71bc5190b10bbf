"""The signed probe: through the outside, verified like Twilio's own, and leaving nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.services.rig import ACCOUNT, START, Rig, inbound_form, opened
from wa_console.domain.clock import FixedClock
from wa_console.domain.probe import FIELD, probe_form, probe_nonce
from wa_console.gateway import forms
from wa_console.gateway.port import Probed
from wa_console.gateway.probe import send_probe
from wa_console.gateway.signature import Signature, SigningKeys
from wa_console.listener.app import Listener, build_listener
from wa_console.services.health import HealthService

KEYS = SigningKeys(tokens=("t" * 32,))
SHARED = SigningKeys(shared_keys={"KS1": "s" * 32})
URL = "https://chat.example.dk/prefix"


@dataclass(frozen=True, slots=True)
class Outside:
    """A listener behind what stands for the internet: a transport that leads to it."""

    rig: Rig
    port: int

    def way(
        self, change: Callable[[httpx.Request], httpx.Request | httpx.Response] | None = None
    ) -> httpx.AsyncBaseTransport:
        """Return a transport that leads every request to the listener, changed on the way."""
        return _Way(self.port, change)

    async def send(
        self,
        keys: SigningKeys = KEYS,
        *,
        change: Callable[[httpx.Request], httpx.Request | httpx.Response] | None = None,
    ) -> Probed:
        """Send a probe that way."""
        return await send_probe(URL, keys=keys, account_sid=ACCOUNT, transport=self.way(change))


class _Way(httpx.AsyncBaseTransport):
    """A proxy that ends TLS, and may change what it passes on, as bad ones do."""

    def __init__(
        self,
        port: int,
        change: Callable[[httpx.Request], httpx.Request | httpx.Response] | None,
    ) -> None:
        self._port = port
        self._change = change
        self._wire = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        changed = self._change(request) if self._change else request
        if isinstance(changed, httpx.Response):
            return changed
        url = changed.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await self._wire.handle_async_request(
            httpx.Request("POST", url, headers=changed.headers, content=changed.content)
        )

    async def aclose(self) -> None:
        await self._wire.aclose()


@pytest.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with _listening(tmp_path, KEYS) as made:
        yield made


@asynccontextmanager
async def _listening(folder: Path, keys: SigningKeys) -> AsyncIterator[Outside]:
    async with opened(folder, FixedClock(START)) as rig:
        app = build_listener(
            receiver=rig.receiver,
            signature=Signature(URL, keys),
            forms=forms,
            health=HealthService(store=rig.store, clock=rig.clock),
            public_url=URL,
        )
        listener = Listener(app)
        try:
            yield Outside(rig, await listener.start("127.0.0.1", 0))
        finally:
            await listener.stop()


async def test_it_is_accepted_and_journals_nothing(outside: Outside) -> None:
    assert (await outside.send()).ok
    assert await outside.rig.store.journal.last_seq() == 0
    assert outside.rig.receiver.health.last_webhook_at is None
    assert outside.rig.receiver.health.rejected == 0


async def test_with_a_shared_key(tmp_path: Path) -> None:
    async with _listening(tmp_path, SHARED) as outside:
        assert (await outside.send(SHARED)).ok


async def test_a_wrong_token_is_refused_and_its_cause_kept(outside: Outside) -> None:
    found = await outside.send(SigningKeys(tokens=("other",)))
    assert not found.ok
    assert "403" in found.sentence
    assert outside.rig.receiver.health.rejected == 1
    assert outside.rig.receiver.health.last_rejection


def _drop_header(request: httpx.Request) -> httpx.Request:
    del request.headers["X-Twilio-Signature"]
    return request


def _trim(request: httpx.Request) -> httpx.Request:
    content = request.content.replace(b"++&", b"&")
    assert content != request.content
    return httpx.Request("POST", request.url, content=content, headers=_headers(request))


def _drop_blank(request: httpx.Request) -> httpx.Request:
    content = request.content.replace(b"&ProfileName=", b"")
    assert content != request.content
    return httpx.Request("POST", request.url, content=content, headers=_headers(request))


def _headers(request: httpx.Request) -> dict[str, str]:
    return {name: value for name, value in request.headers.items() if name != "content-length"}


def _other_path(request: httpx.Request) -> httpx.Request:
    request.url = request.url.copy_with(path="/elsewhere")
    return request


@pytest.mark.parametrize(
    ("change", "word"),
    [(_drop_header, "403"), (_trim, "403"), (_drop_blank, "403"), (_other_path, "404")],
)
async def test_what_a_bad_proxy_changes_is_found(
    outside: Outside, change: Callable[[httpx.Request], httpx.Request], word: str
) -> None:
    found = await outside.send(change=change)
    assert not found.ok
    assert word in found.sentence


@pytest.mark.parametrize(
    ("status", "word"),
    [(301, "redirected"), (502, "proxy or tunnel"), (200, "Something else"), (418, "418")],
)
async def test_what_others_answer(outside: Outside, status: int, word: str) -> None:
    found = await outside.send(change=lambda _r: httpx.Response(status, text="<html>"))
    assert not found.ok
    assert word in found.sentence


async def test_another_nonce_is_not_ours(outside: Outside) -> None:
    found = await outside.send(change=lambda _r: httpx.Response(200, json={FIELD: "x"}))
    assert not found.ok


async def test_nobody_there() -> None:
    keys = SigningKeys(tokens=("t",))
    found = await send_probe("http://127.0.0.1:9", keys=keys, account_sid=ACCOUNT)
    assert not found.ok
    assert "Nobody can be reached" in found.sentence


async def test_a_slow_or_broken_way(outside: Outside) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("canary", request=request)

    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("canary", request=request)

    for change, word in ((slow, "15 seconds"), (cut, "broke off")):
        found = await outside.send(change=change)
        assert word in found.sentence
        assert "canary" not in found.sentence


def test_a_message_is_never_taken_for_a_probe() -> None:
    assert probe_nonce(probe_form(ACCOUNT, "abc1")) == "abc1"
    assert probe_nonce([*inbound_form(), (FIELD, "abc1")]) == ""
    assert probe_nonce(inbound_form()) == ""
    for bad in ("", "a b", "<x>", "æ", "a" * 65):
        assert probe_nonce(probe_form(ACCOUNT, bad)) == ""
