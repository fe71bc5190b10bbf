"""Whole engines without a public URL: by polling, and behind a tunnel program."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.services.rig import SETUP, inbound_form
from wa_console import config, credentials
from wa_console.domain.setup import Account, Number
from wa_console.services.listed import Source
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.wiring.engine import RunningEngine, running_engine
from wa_console.wiring.store import OpenStore, open_store

URL = "https://four-small-words-here.trycloudflare.com"
WHO = "+4531226410"


@asynccontextmanager
async def engine(
    home: Path, twilio: Simulator, **settings: str
) -> AsyncIterator[tuple[OpenStore, RunningEngine]]:
    """An engine as `wa-console engine` runs it."""
    env = {
        "WA_CONSOLE_HOME": str(home),
        "WA_CONSOLE_PORT": "0",
        "WA_CONSOLE_TWILIO_BASE_URL": twilio.base_url,
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        **settings,
    }
    loaded = config.load(env)
    async with open_store(loaded) as opened:
        await opened.desk.setup.apply(
            replace(
                SETUP,
                account=Account(twilio.account_sid),
                numbers=(Number(twilio.number, name="Support Denmark"),),
            )
        )
        assert opened.store.lease.acquire()
        try:
            async with running_engine(opened, credentials.find(loaded, env)) as running:
                yield opened, running
        finally:
            opened.store.lease.release()


async def until(opened: OpenStore, reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a state of the store, woken by its changes."""
    async with asyncio.timeout(20):
        while True:
            seq = await opened.store.read(lambda s: s.changes.last_seq())
            if await reached():
                return
            await opened.store.changed(seq, timeout_s=1)


async def test_without_a_public_url_everything_works_by_polling(tmp_path: Path) -> None:
    async with (
        Simulator(SimulatorConfig(lively=False)) as twilio,
        engine(tmp_path, twilio, WA_CONSOLE_POLL="0.2") as (opened, _running),
    ):
        said = await twilio.say(WHO, body="Hej")
        store, desk = opened.store, opened.desk

        async def heard() -> bool:
            return await store.read(lambda s: s.messages.by_sid(said.sid)) is not None

        await until(opened, heard)
        message = await store.read(lambda s: s.messages.by_sid(said.sid))
        assert message is not None
        assert message.listed
        queued = await desk.outbox.queue_reply(message.conversation_id, "Hej!", author="anna")

        async def settled() -> bool:
            await twilio.settle()
            return (await desk.inbox.message(queued.id)).status.value in {"delivered", "read"}

        await until(opened, settled)
        sent = await desk.inbox.message(queued.id)
        assert {event.source for event in sent.statuses} <= {source.value for source in Source}
        assert twilio.world.messages[sent.sid or ""].status_callback is None
        report = await desk.health.report()
        assert report.last_look_at is not None
        assert report.last_gap is None


async def test_behind_a_tunnel_its_url_is_the_public_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "cloudflared"
    program.write_text(
        f"#!{sys.executable} -IS\nimport time\nprint({URL!r}, flush=True)\ntime.sleep(600)\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    async with (
        Simulator(SimulatorConfig(lively=False)) as twilio,
        engine(tmp_path / "home", twilio, WA_CONSOLE_TUNNEL="cloudflared") as (opened, running),
    ):

        async def is_open() -> bool:
            return (await opened.desk.health.report()).tunnel_url == URL

        await until(opened, is_open)
        form = dict(
            inbound_form(AccountSid=twilio.account_sid, To=f"whatsapp:{twilio.number}", Body="Hej")
        )
        signature = RequestValidator(twilio.auth_token).compute_signature(
            f"{URL}/twilio/inbound", form
        )
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.post(
                f"{running.url}/twilio/inbound",
                data=form,
                headers={"X-Twilio-Signature": signature},
            )
        assert answer.status_code == 200
    async with open_store(opened.settings) as later:
        assert (await later.desk.health.report()).tunnel_url == ""


async def test_a_tunnel_that_is_not_there_is_said_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with (
        Simulator(SimulatorConfig(lively=False)) as twilio,
        engine(tmp_path / "home", twilio, WA_CONSOLE_TUNNEL="tailscale", WA_CONSOLE_POLL="0.2") as (
            opened,
            _running,
        ),
    ):
        said = await twilio.say(WHO, body="Hej")

        async def told() -> bool:
            heard = await opened.store.read(lambda s: s.messages.by_sid(said.sid))
            return heard is not None and "tailscale" in (await opened.desk.health.report()).engine

        await until(opened, told)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"WA_CONSOLE_TUNNEL": "pigeon"}, "needs cloudflared, tailscale or ngrok"),
        ({"WA_CONSOLE_TUNNEL_SETS_WEBHOOK": "perhaps"}, "needs true or false"),
        (
            {"WA_CONSOLE_TUNNEL": "ngrok", "WA_CONSOLE_PUBLIC_URL": "https://desk.example"},
            "leave out one of the two",
        ),
    ],
)
def test_settings_that_do_not_fit_are_told(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    from wa_console.domain.errors import SetupProblems

    with pytest.raises(SetupProblems, match=words):
        config.load({"WA_CONSOLE_HOME": str(tmp_path), **settings})


def test_a_tunnel_leaves_polling_on(tmp_path: Path) -> None:
    loaded = config.load(
        {
            "WA_CONSOLE_HOME": str(tmp_path),
            "WA_CONSOLE_TUNNEL": "ngrok",
            "WA_CONSOLE_TUNNEL_SETS_WEBHOOK": "yes",
        }
    )
    assert (loaded.tunnel, loaded.tunnel_sets_webhook, loaded.poll_s) == ("ngrok", True, 10.0)
