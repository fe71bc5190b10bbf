"""``demo``: the console over a simulated Twilio, in a throw-away home, nothing to set up."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import keep_records
from wa_console.cli.engine import leave_on_signals
from wa_console.cli.terminal import require_terminal
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.config import Settings
    from wa_console.simulator.server import Simulator
    from wa_console.wiring.engine import RunningEngine
    from wa_console.wiring.store import OpenStore

# What a person may set for looks also counts in a demo; everything else is the demo's own.
_KEPT = (
    "WA_CONSOLE_LANG",
    "WA_CONSOLE_THEME",
    "WA_CONSOLE_WINDOW_MARGIN",
    "WA_CONSOLE_WINDOW_CLOSING",
)


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo at work."""

    home: Path
    simulator: Simulator
    opened: OpenStore
    engine: RunningEngine


@click.command("demo")
@click.option(
    "--speed",
    type=click.FloatRange(0.001, 100_000),
    default=1.0,
    show_default=True,
    help=_("How much faster than life time passes; 3600 is an hour a second."),
)
@click.option("--seed", type=int, default=1, show_default=True, help=_("Same seed, same dice."))
@click.option("--scenario", default="support", show_default=True, help=_("What has happened."))
@click.option("--headless", is_flag=True, help=_("Without a screen, for scripts and tests."))
def demo_command(speed: float, seed: int, scenario: str, headless: bool) -> int:
    """Try it: invented customers who answer, no account, nothing leaves this computer."""
    if not headless:
        require_terminal()
    from wa_console.simulator.scenario import SCENARIOS

    if scenario not in SCENARIOS:
        raise click.BadParameter(
            _("no scenario {name!r}; there is: {names}.").format(
                name=scenario, names=", ".join(SCENARIOS)
            ),
            param_hint="--scenario",
        )
    return asyncio.run(_demo(speed, seed, scenario, headless=headless))


async def _demo(speed: float, seed: int, scenario: str, *, headless: bool) -> int:
    leaving = leave_on_signals() if headless else None
    click.echo(_("Setting up the demo: a dozen invented conversations …"), err=True)
    async with demo_running(speed=speed, seed=seed, scenario=scenario) as demo:
        if leaving is None:
            from wa_console.cli.screens import show_console

            return await show_console(
                demo.opened, engine=False, environ={}, report_dir=Path(tempfile.gettempdir())
            )
        click.echo(json.dumps(_announcement(demo)))
        return await leaving


def _announcement(demo: Demo) -> dict[str, str]:
    return {
        "home": str(demo.home),
        "listener": demo.engine.url,
        "simulator": demo.simulator.base_url,
        "account_sid": demo.simulator.account_sid,
        "number": demo.simulator.number,
    }


@asynccontextmanager
async def demo_running(*, speed: float, seed: int, scenario: str) -> AsyncIterator[Demo]:
    """Set up a home, a simulator and an engine, and play the scenario's past through them.

    Yields when the past has happened and the clock stands at the present, running at ``speed``.
    """
    from wa_console import credentials
    from wa_console.cli.demo_stage import Stage, demo_setup
    from wa_console.simulator.server import Simulator, SimulatorConfig
    from wa_console.wiring.engine import running_engine
    from wa_console.wiring.store import open_store

    with tempfile.TemporaryDirectory(prefix="wa-demo-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        public_url = f"http://127.0.0.1:{_free_port()}"
        simulator = Simulator(
            SimulatorConfig(
                seed=seed,
                scenario=scenario,
                inbound_url=f"{public_url}/twilio/inbound",
                clock_file=home / "clock.json",
                lively=False,
            )
        )
        async with simulator:
            settings = _write_home(home, simulator, public_url)
            keep_records(settings)
            found = credentials.find(settings, {})
            async with open_store(settings) as opened:
                await opened.desk.setup.apply(demo_setup(simulator))
                opened.store.lease.acquire()
                try:
                    async with running_engine(opened, found) as engine:
                        await Stage(simulator, opened, engine.engine).play(scenario, speed=speed)
                        yield Demo(home, simulator, opened, engine)
                finally:
                    opened.store.lease.release()


def _write_home(home: Path, simulator: Simulator, public_url: str) -> Settings:
    """Write settings that any command run on this home understands, and return them."""
    import tomli_w

    from wa_console import config

    for name, value in (("account-sid", simulator.account_sid), ("token", simulator.auth_token)):
        (home / name).write_text(value, encoding="utf-8")
    host, port = public_url.removeprefix("http://").split(":")
    written = {
        "host": host,
        "port": int(port),
        "public_url": public_url,
        "twilio_base_url": simulator.base_url,
        "media_hosts": simulator.base_url.removeprefix("http://"),
        "clock_file": str(home / "clock.json"),
        "representative": "anna",
        "twilio_account_sid_file": str(home / "account-sid"),
        "twilio_auth_token_file": str(home / "token"),
    }
    (home / config.CONFIG_NAME).write_text(tomli_w.dumps(written), encoding="utf-8")
    kept = {name: os.environ[name] for name in _KEPT if os.environ.get(name)}
    return config.load(kept, home=home)


def _free_port() -> int:
    """Return a port nobody uses now; webhooks are signed for a URL that names it beforehand."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
