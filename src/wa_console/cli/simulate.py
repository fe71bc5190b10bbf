"""``simulate``: the simulated Twilio alone, for an engine started beside it."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wa_console.cli.engine import leave_on_signals
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.simulator.server import Simulator

_ENGINE_URL = "http://127.0.0.1:8765"


@click.command("simulate")
@click.option("--port", type=click.IntRange(0, 65_535), default=0, show_default=True)
@click.option("--speed", type=click.FloatRange(0.001, 100_000), default=1.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--engine-url",
    metavar="URL",
    default=_ENGINE_URL,
    show_default=True,
    help=_("Where the engine will listen; the sender's webhook is set to it."),
)
def simulate_command(port: int, speed: float, seed: int, engine_url: str) -> int:
    """Run a Twilio of our own: no account, no cost, nothing leaves this computer.

    Prints the environment that points an engine at it, one NAME=value a line.
    """
    return asyncio.run(_simulate(port, speed, seed, engine_url.rstrip("/")))


async def _simulate(port: int, speed: float, seed: int, engine_url: str) -> int:
    from wa_console.simulator.server import Simulator, SimulatorConfig

    leaving = leave_on_signals()
    with tempfile.TemporaryDirectory(prefix="wa-simulate-") as folder:
        clock_file = Path(folder) / "clock.json"
        simulator = Simulator(
            SimulatorConfig(
                port=port,
                speed=speed,
                seed=seed,
                inbound_url=f"{engine_url}/twilio/inbound",
                clock_file=clock_file,
            )
        )
        try:
            await simulator.start()
        except OSError as error:
            raise SetupProblem(
                _("port {port} cannot be used: {reason}; choose another with --port.").format(
                    port=port, reason=error.strerror or error
                )
            ) from error
        try:
            for line in environment(simulator, engine_url, clock_file):
                click.echo(line)
            click.echo(
                _("{number} answers at {url}; Ctrl+C ends it.").format(
                    number=simulator.number, url=simulator.base_url
                ),
                err=True,
            )
            return await leaving
        finally:
            await simulator.stop()


def environment(simulator: Simulator, engine_url: str, clock_file: Path) -> list[str]:
    """Return the variables that point an engine at the simulator, as NAME=value lines."""
    host = simulator.base_url.split("://", 1)[1]
    return [
        f"WA_CONSOLE_TWILIO_BASE_URL={simulator.base_url}",
        f"WA_CONSOLE_MEDIA_HOSTS={host}",
        f"WA_CONSOLE_PUBLIC_URL={engine_url}",
        f"WA_CONSOLE_CLOCK_FILE={clock_file}",
        f"TWILIO_ACCOUNT_SID={simulator.account_sid}",
        f"TWILIO_AUTH_TOKEN={simulator.auth_token}",
    ]
