"""The wizard's tunnel: real listener, real store, real simulator; only the program is a script."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from tests.services.onboarding_rig import Begun, at_callback, begun
from tests.services.rig import inbound_form
from wa_console import config
from wa_console.config import Settings
from wa_console.domain.errors import SetupProblem
from wa_console.domain.onboarding_draft import Delivery, Step
from wa_console.gateway.port import Probed
from wa_console.gateway.reach import HttpxOutside
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding_tunnel import TunnelKeeper, TunnelNews
from wa_console.services.reach import check_reach
from wa_console.simulator.server import Simulator

URL = "https://four-small-words-here.trycloudflare.com"
WHO = "+4531226410"
NGROK = """
class Listener:
    def __init__(self, address):
        self.address = address
    def url(self):
        return "http://" + self.address
    async def close(self):
        pass

async def forward(address, authtoken_from_env):
    return Listener(address)
"""


class News:
    """Collects what is told of a tunnel."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[TunnelNews] = asyncio.Queue()

    def __call__(self, news: TunnelNews) -> None:
        self._queue.put_nowait(news)

    async def next(self) -> TunnelNews:
        async with asyncio.timeout(20):
            return await self._queue.get()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it, and no ngrok."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(sys.modules, "ngrok", None)
    return folder


def cloudflared(folder: Path, then: str = "time.sleep(600)") -> None:
    path = folder / "cloudflared"
    path.write_text(
        f"#!{sys.executable} -IS\nimport json, os, sys, time\n"
        f"with open({str(folder)!r} + '/told', 'w') as told:\n"
        "    json.dump([sys.argv[1:], os.getpid()], told)\n"
        f"print({URL!r}, flush=True)\n{then}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)


def told(folder: Path) -> tuple[str, int]:
    """Return the local address it was pointed at, and its process id."""
    arguments, pid = json.loads((folder / "told").read_text("utf-8"))
    return arguments[2], pid


@asynccontextmanager
async def open_tunnel(made: Begun, name: str) -> AsyncIterator[News]:
    """Choose a tunnel and keep it open while inside."""
    await made.wizard.choose_tunnel(name)
    made.wizard._outside = replace(made.wizard._outside, settle_s=0.0)
    news = News()
    task = asyncio.create_task(made.wizard.keep_tunnel(news))
    try:
        yield news
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def through(made: Begun, programs: Path) -> None:
    """Let the tunnel's end be where its program was pointed at: the round trip is a real one."""

    async def probe(url: str, _account_sid: str, _token: Secret) -> Probed:
        assert url == URL
        report = await check_reach(told(programs)[0], HttpxOutside())
        return Probed(ok=report.ok, sentence=report.sentence)

    made.wizard._outside = replace(made.wizard._outside, probe=probe)


async def test_cloudflared_is_opened_reached_set_heard_and_ended(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], programs: Path
) -> None:
    cloudflared(programs)
    async with begun(wizard_settings, environ=known) as made:
        wizard = made.wizard
        await at_callback(made, twilio)
        through(made, programs)
        assert await wizard.tunnels() == ["cloudflared"]
        async with open_tunnel(made, "cloudflared") as news:
            assert await news.next() == TunnelNews(URL)
            reached = (await news.next()).reached
            assert reached is not None
            assert reached.ok, reached.sentence
            await wizard.set_webhook()
            sender = await wizard.webhook()
            assert sender is not None
            assert sender.callback_url == f"{URL}/twilio/inbound"
            local, pid = told(programs)
            assert await _delivered(twilio, local) == 200
            (heard,) = await wizard.watch().look(ask_twilio=False)
            assert (heard.body, heard.polled) == ("Hej", False)
        assert wizard.tunnel_url == ""
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def _delivered(twilio: Simulator, local: str) -> int:
    """Post a message as Twilio signs it for the tunnel's URL, at the tunnel's end."""
    form = dict(
        inbound_form(AccountSid=twilio.account_sid, To=f"whatsapp:{twilio.number}", Body="Hej")
    )
    validator = RequestValidator(twilio.auth_token)
    signature = validator.compute_signature(f"{URL}/twilio/inbound", form)
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{local}/twilio/inbound", data=form, headers={"X-Twilio-Signature": signature}
        )
    return answer.status_code


async def test_ngrok_s_library_carries_twilio_s_own_request(
    wizard_settings: Settings,
    twilio: Simulator,
    known: dict[str, str],
    programs: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its URL leads here for real: nonce, signed probe and webhook go over sockets."""
    monkeypatch.delitem(sys.modules, "ngrok")
    monkeypatch.syspath_prepend(str(programs))
    (programs / "ngrok.py").write_text(NGROK, encoding="utf-8")
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        assert await made.wizard.tunnels() == ["ngrok"]
        async with open_tunnel(made, "ngrok") as news:
            url = (await news.next()).url
            reached = (await news.next()).reached
            assert reached is not None
            assert reached.ok, reached.sentence
            assert url == made.wizard.base_url
            await made.wizard.set_webhook()
            assert (await twilio.say(WHO, body="Hej")).status == 200
            (heard,) = await made.wizard.watch().look(ask_twilio=False)
            assert not heard.polled
    sys.modules.pop("ngrok")


async def test_without_a_program_it_is_said_what_to_install(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], programs: Path
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        with pytest.raises(SetupProblem, match=r"cloudflared or tailscale.*ngrok"):
            await made.wizard.tunnels()
        await made.wizard.choose_tunnel("tailscale")
        with pytest.raises(SetupProblem, match="tailscale is not installed"):
            await made.wizard.keep_tunnel(News())


async def test_a_public_url_of_the_environment_stands_in_the_way(
    wizard_settings: Settings,
    twilio: Simulator,
    known: dict[str, str],
    programs: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Written beside it, the tunnel would make every later start fail."""
    monkeypatch.setenv("WA_CONSOLE_PUBLIC_URL", "https://chat.example.dk")
    cloudflared(programs)
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.choose_tunnel("cloudflared")
        with pytest.raises(SetupProblem, match="WA_CONSOLE_PUBLIC_URL"):
            await made.wizard.keep_tunnel(News())


async def test_beside_an_engine_it_is_not_opened(
    wizard_settings: Settings, known: dict[str, str], programs: Path
) -> None:
    """The engine's listener checks signatures against its own public URL."""
    cloudflared(programs)
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.choose_tunnel("cloudflared")
        assert made.opened.store.lease.acquire()
        try:
            with pytest.raises(SetupProblem, match="An engine runs"):
                await made.wizard.keep_tunnel(News())
        finally:
            made.opened.store.lease.release()
    assert not (programs / "told").exists()


async def test_the_choice_is_resumed_and_its_url_is_not(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], programs: Path
) -> None:
    cloudflared(programs)
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        through(made, programs)
        async with open_tunnel(made, "cloudflared") as news:
            await news.next()
            await made.wizard.set_webhook()
    async with begun(wizard_settings, environ=known) as made:
        draft = made.wizard.draft
        assert (draft.step, draft.delivery) == (Step.CALLBACK, Delivery.TUNNEL)
        assert (draft.tunnel, draft.tunnel_sets_webhook) == ("cloudflared", True)
        assert made.wizard.base_url == ""
        with pytest.raises(SetupProblem, match="not open yet"):
            await made.wizard.set_webhook()


@pytest.mark.parametrize("sets", [False, True])
async def test_finish_writes_the_tunnel_instead_of_a_url(
    wizard_settings: Settings,
    twilio: Simulator,
    known: dict[str, str],
    programs: Path,
    sets: bool,
) -> None:
    cloudflared(programs)
    wizard_settings.paths.config.write_text('public_url = "https://old.example.dk"\npoll = 0\n')
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        through(made, programs)
        async with open_tunnel(made, "cloudflared") as news:
            await news.next()
            if sets:
                await made.wizard.set_webhook()
        await made.wizard.go_on(language="da", queue="Everybody")
        await made.wizard.finish()
    wanted = {"tunnel": "cloudflared"} | ({"tunnel_sets_webhook": True} if sets else {})
    assert tomllib.loads(wizard_settings.paths.config.read_text()) == wanted
    read = config.load({"WA_CONSOLE_HOME": str(wizard_settings.paths.config.parent)})
    assert (read.tunnel, read.tunnel_sets_webhook, read.public_url) == ("cloudflared", sets, None)


async def test_another_way_takes_the_tunnel_out_of_the_settings(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    path = wizard_settings.paths.config
    path.write_text('tunnel = "cloudflared"\ntunnel_sets_webhook = true\n')
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        await made.wizard.set_url("https://chat.example.dk")
        await made.wizard.go_on(language="da", queue="Everybody")
        await made.wizard.finish()
    assert tomllib.loads(path.read_text()) == {"public_url": "https://chat.example.dk"}


async def test_one_that_ends_is_told_and_started_again(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], programs: Path
) -> None:
    cloudflared(programs, then="sys.exit(1)")
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        await made.wizard.choose_tunnel("cloudflared")
        through(made, programs)
        news = News()
        keeper = TunnelKeeper(
            run=made.wizard._run_tunnel,
            opened=made.wizard._tunnel_opened,
            probe=made.wizard.reach,
            told=news,
            settle_s=600.0,
            again_s=0.0,
        )
        task = asyncio.create_task(keeper.keep())
        pids: set[int] = set()
        while len(pids) < 2:
            found = await news.next()
            if found.problem:
                assert "cloudflared ended" in found.problem
                pids.add(told(programs)[1])
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
