"""A listener on a real socket over a real store, and a client that signs like Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import aiohttp
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]
from yarl import URL

from tests.services.rig import START, Rig, opened
from wa_console.domain.clock import FixedClock
from wa_console.gateway import forms
from wa_console.gateway.signature import FormFields, Signature, SigningKeys
from wa_console.listener.app import Listener, build_listener
from wa_console.services.health import HealthService

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "https://console.example.dk"
FORM = "application/x-www-form-urlencoded"
INBOUND, STATUS = "/twilio/inbound", "/twilio/status"

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What the listener answered."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass
class Door:
    """A listener and a way to knock at it."""

    desk: Rig
    health: HealthService
    base: str
    public_url: str
    client: aiohttp.ClientSession

    @property
    def port(self) -> int:
        """The port it listens at."""
        return urlsplit(self.base).port or 0

    async def request(self, method: str, path: str, **more: object) -> Answer:
        """Any request, byte for byte as it stands."""
        url = URL(self.base + path, encoded=True)
        async with self.client.request(method, url, **more) as answer:  # type: ignore[arg-type]
            return Answer(answer.status, await answer.text(), dict(answer.headers))

    async def post(
        self,
        path: str,
        fields: Fields,
        *,
        token: str = TOKEN,
        signed_url: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A form, signed as Twilio signs: over the public URL, whatever the socket is."""
        url = signed_url or self.public_url + path
        signature = RequestValidator(token).compute_signature(url, FormFields(fields))
        return await self.request(
            "POST",
            path,
            data=urlencode(fields).encode(),
            headers={
                "Content-Type": FORM,
                "X-Twilio-Signature": signature,
                **(headers or {}),
            },
        )


@asynccontextmanager
async def door(
    folder: Path, *, public_url: str = PUBLIC_URL, max_connections: int = 100
) -> AsyncIterator[Door]:
    """A listener over a fresh store."""
    async with opened(folder, FixedClock(START)) as desk:
        health = HealthService(store=desk.store, clock=desk.clock)
        listener = Listener(
            build_listener(
                receiver=desk.receiver,
                signature=Signature(public_url, SigningKeys(tokens=(TOKEN,))),
                forms=forms,
                health=health,
                public_url=public_url,
                max_connections=max_connections,
            )
        )
        port = await listener.start("127.0.0.1", 0)
        try:
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector) as client:
                yield Door(
                    desk=desk,
                    health=health,
                    base=f"http://127.0.0.1:{port}",
                    public_url=public_url,
                    client=client,
                )
        finally:
            await listener.stop()
