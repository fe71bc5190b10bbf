"""Fixtures of the services' tests: a rig on a standing clock, and one beside a simulated Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.onboarding_rig import settings_of
from tests.services.rig import SETUP, START, Rig, Wall, opened
from tests.services.twilio_rig import TwilioRig, beside_twilio
from wa_console.config import Settings
from wa_console.domain.clock import FixedClock
from wa_console.domain.setup import Setup
from wa_console.simulator.server import Simulator, SimulatorConfig


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """A desk whose clock stands at START until it is moved."""
    async with opened(tmp_path, FixedClock(START)) as made:
        yield made


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Rig]:
    """A desk where nothing has been set up."""
    async with opened(tmp_path, FixedClock(START), setup=Setup()) as made:
        yield made


@pytest.fixture
async def live(tmp_path: Path, wall: Wall) -> AsyncIterator[TwilioRig]:
    """A desk with sender and reconciler, beside a simulated Twilio over real sockets."""
    async with beside_twilio(tmp_path, wall, replace(SETUP)) as made:
        yield made


@pytest.fixture
async def twilio() -> AsyncIterator[Simulator]:
    """A simulated Twilio by itself, for the wizard."""
    async with Simulator(SimulatorConfig(lively=False)) as made:
        yield made


@pytest.fixture
def wizard_settings(tmp_path: Path, twilio: Simulator) -> Settings:
    """Settings of an empty home beside it."""
    return settings_of(tmp_path, twilio.base_url)


@pytest.fixture
def known(twilio: Simulator) -> dict[str, str]:
    """Its credentials as an environment, so that nothing needs to be typed."""
    return {"TWILIO_ACCOUNT_SID": twilio.account_sid, "TWILIO_AUTH_TOKEN": twilio.auth_token}
