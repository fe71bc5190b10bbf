"""Start, stop, and what is told about a simulator."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.simulator.conftest import METTE, Recorder, create
from wa_console.simulator.server import Simulator, SimulatorConfig


async def test_stop_ends_everything_and_may_be_repeated(recorder: Recorder) -> None:
    sim = Simulator(SimulatorConfig(inbound_url=f"{recorder.base}/in"))
    await sim.start()
    await sim.say(METTE, body="Hej")
    async with httpx.AsyncClient(
        base_url=sim.base_url, auth=(sim.account_sid, sim.auth_token), trust_env=False
    ) as api:
        await create(api, sim, Body="a", StatusCallback=f"{recorder.base}/s")
    await sim.stop()
    await sim.stop()
    assert recorder.statuses() == []
    with pytest.raises(httpx.ConnectError):
        async with httpx.AsyncClient(trust_env=False) as api:
            await api.get(sim.base_url)


async def test_taken_port() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match=str(port)):
            await Simulator(SimulatorConfig(port=port)).start()


def test_given_credentials_are_kept() -> None:
    config = SimulatorConfig(auth_token="given", api_key="SKgiven")
    sim = Simulator(config)
    assert (sim.auth_token, config.api_key) == ("given", "SKgiven")
    assert len(config.api_secret) == 32
    assert sim.number == "+4570203040"
    assert sim.base_url == ""
