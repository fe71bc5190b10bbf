"""A wizard over a real store beside a simulated Twilio, with a clock that stands nearly still."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from tests.ui.desk import LOGIN, ZONE
from wa_console import config
from wa_console.domain import onboarding_draft as drafts
from wa_console.domain.onboarding_draft import Delivery, Draft, Step
from wa_console.gateway.port import Probed
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding import Onboarding
from wa_console.services.onboarding_progress import DRAFT
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.simulator.world import SANDBOX_ADDRESS
from wa_console.ui.app import ConsoleOptions
from wa_console.ui.screens.wizard.frame import WizardScreen
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.setup_app import SetupApp
from wa_console.wiring.onboarding import HomeVault, build_onboarding
from wa_console.wiring.store import OpenStore, open_store

NOW = datetime(2026, 11, 23, 13, 2, 11, tzinfo=UTC)
URL = "https://chat.example.dk"
PHRASE = "silver-otter"
WHO = "+4531226410"
TUNNEL_URL = "https://four-small-words-here.trycloudflare.com"


async def _reached(_url: str, _account_sid: str, _token: Secret) -> Probed:
    """The one thing that cannot be had on a desk without the internet: a way in from outside."""
    return Probed(ok=True, sentence="")


@dataclass
class WizardBench:
    """A home, a simulated Twilio, and what the wizard works with."""

    home: Path
    twilio: Simulator
    opened: OpenStore
    vault: HomeVault
    onboarding: Onboarding

    def app(self, *, ask: bool = False, **options: Any) -> SetupApp:
        """Return the application."""
        return SetupApp(
            self.opened.desk,
            onboarding=self.onboarding,
            clock=self.opened.clock,
            login=LOGIN,
            options=ConsoleOptions(zone=ZONE, **options),
            ask=ask,
        )

    def answered(self, step: Step, **more: Any) -> Draft:
        """Return answers as they are when a step is reached."""
        draft = Draft(
            step=step,
            account_sid=self.twilio.account_sid,
            account_name="Support Denmark",
            number=self.twilio.number,
            number_name="Support Denmark",
            sender_sid=next(iter(self.sender_sids)),
            sender_told="online",
            delivery=Delivery.POLL,
            heard=True,
            language="da",
            queue="Everybody",
        )
        return replace(draft, **more)

    @property
    def sender_sids(self) -> list[str]:
        """Of the senders that Twilio lists."""
        return [s.sid for s in self.twilio.world.senders.values() if s.join_code is None]

    async def keep(self, draft: Draft) -> None:
        """Leave answers in the store, as a wizard that was ended did."""
        text = drafts.write_draft(draft)
        await self.opened.store.write(lambda session: session.facts.set_text(DRAFT, text))

    async def joins(self, body: str = f"join {PHRASE}") -> None:
        """A phone writes to the sandbox."""
        await self.twilio.say(WHO, body=body, extra={"To": SANDBOX_ADDRESS})


@asynccontextmanager
async def open_wizard(
    folder: Path, *, known: bool = True, port: int = 0, environ: Mapping[str, str] | None = None
) -> AsyncIterator[WizardBench]:
    """Open a bench on an empty home; ``known``: the credentials are in the environment."""
    clock_file = folder / "clock.json"
    async with Simulator(SimulatorConfig(lively=False, clock_file=clock_file)) as twilio:
        twilio.clock.set(now=NOW, speed=0.001)
        settings = config.load(
            {
                "WA_CONSOLE_HOME": str(folder),
                "WA_CONSOLE_TWILIO_BASE_URL": twilio.base_url,
                "WA_CONSOLE_PORT": str(port),
                "WA_CONSOLE_CLOCK_FILE": str(clock_file),
                "WA_CONSOLE_REPRESENTATIVE": LOGIN,
                "WA_CONSOLE_LANG": "en",
            }
        )
        there = {
            "TWILIO_ACCOUNT_SID": twilio.account_sid,
            "TWILIO_AUTH_TOKEN": twilio.auth_token,
        }
        async with open_store(settings) as opened:
            vault = HomeVault(settings, environ={**(there if known else {}), **(environ or {})})
            onboarding = build_onboarding(opened, vault)
            try:
                yield WizardBench(folder, twilio, opened, vault, onboarding)
            finally:
                await onboarding.close()


def reach_always(bench: WizardBench) -> None:
    """Let the public URL reach us, at once."""
    outside = bench.onboarding._outside
    bench.onboarding._outside = replace(outside, probe=_reached, settle_s=0.0)


@contextmanager
def tunnel_programs(folder: Path, *names: str) -> Iterator[Path]:
    """Have nothing but tunnel programs on the PATH; gives their folder.

    Each prints a quick tunnel's URL and writes its arguments to a file ``<name>.told``.
    """
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name in names or ("cloudflared", "tailscale"):
        path = programs / name
        path.write_text(
            f"#!{sys.executable} -IS\n"
            "import json, os, sys, time\n"
            f"with open({str(path)!r} + '.told', 'w') as told:\n"
            "    json.dump([sys.argv[1:], os.getpid()], told)\n"
            f"print({TUNNEL_URL!r}, flush=True)\n"
            "time.sleep(600)\n",
            encoding="utf-8",
        )
        path.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(programs))
        patch.setitem(sys.modules, "ngrok", None)
        yield programs


async def soon(pilot: Pilot[Any], true: Any) -> None:
    """Wait until something is so; fails after twenty seconds of turns of the loop."""
    async with asyncio.timeout(20):
        while not true():
            await pilot.pause(0.01)
    await pilot.pause()


async def step_of(pilot: Pilot[Any], kind: type[StepView]) -> StepView:
    """Wait until a step is open; return it."""

    def there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, WizardScreen) and bool(screen.query(kind))

    await soon(pilot, there)
    return cast(WizardScreen, pilot.app.screen).step
