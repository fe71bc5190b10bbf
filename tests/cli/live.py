"""A running engine beside a simulated Twilio; commands run in processes of their own."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.cli.shell import Done
from tests.services.rig import SETUP
from wa_console import config, credentials
from wa_console.domain.setup import Account, Number, Setup, Workstream
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.wiring.engine import running_engine
from wa_console.wiring.store import OpenStore, open_store

WHO = "+4531226410"
"""A customer of the simulated world."""


@dataclass(frozen=True, slots=True)
class Live:
    """An engine at work, a simulated Twilio, and commands beside them."""

    opened: OpenStore
    twilio: Simulator
    env: Mapping[str, str]

    async def __call__(self, *args: str, code: int = 0, **env: str) -> Done:
        """Run a command in a process of its own; ``env`` adds variables."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "wa_console",
            *args,
            env={**self.env, **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = (each.decode() for each in await process.communicate())
        assert process.returncode == code, f"{args}: {process.returncode}, not {code}: {out} {err}"
        return Done(out, err)

    async def told(self, body: str = "Hej") -> str:
        """A customer writes; returns the conversation's id once it is there."""
        said = await self.twilio.say(WHO, body=body)
        assert said.status == 200
        while True:
            rows = await self.opened.store.read(lambda session: session.changes.since(0, limit=500))
            found = next((each.conversation_id for each in rows if each.message_id), None)
            if found:
                return found
            await self.opened.store.changed(rows[-1].seq if rows else 0, timeout_s=1)

    async def fault(self, kind: str, **more: Any) -> None:
        """Order a fault for the next request that creates a message."""
        order = [{"match": "Messages.json", "kind": kind, **more}]
        async with httpx.AsyncClient(trust_env=False) as client:
            url = f"{self.twilio.base_url}/_simulator/faults"
            (await client.post(url, json=order)).raise_for_status()


@asynccontextmanager
async def live(home: Path) -> AsyncIterator[Live]:
    """Start both on a home that exists; everything ends on leaving."""
    clock_file = home / "clock.json"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with Simulator(
        SimulatorConfig(lively=False, clock_file=clock_file, inbound_url=f"{url}/twilio/inbound")
    ) as twilio:
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "WA_CONSOLE_HOME": str(home),
            "WA_CONSOLE_PORT": str(port),
            "WA_CONSOLE_PUBLIC_URL": url,
            "WA_CONSOLE_CLOCK_FILE": str(clock_file),
            "WA_CONSOLE_TWILIO_BASE_URL": twilio.base_url,
            "WA_CONSOLE_REPRESENTATIVE": "anna",
            "TWILIO_ACCOUNT_SID": twilio.account_sid,
            "TWILIO_AUTH_TOKEN": twilio.auth_token,
        }
        settings = config.load(env)
        async with open_store(settings) as opened:
            await opened.desk.setup.apply(_setup(twilio))
            assert opened.store.lease.acquire()
            async with running_engine(opened, credentials.find(opened.settings, env)):
                yield Live(opened, twilio, env)
            opened.store.lease.release()


def _setup(twilio: Simulator) -> Setup:
    return Setup(
        account=Account(twilio.account_sid, "Support"),
        numbers=(Number(twilio.number, "Main"),),
        representatives=SETUP.representatives,
        workstreams=(Workstream("WhatsApp", ("Main",)),),
    )


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
