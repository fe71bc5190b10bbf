"""Killed with -9 at each step, the wizard resumes; the store is as before or as after."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tomllib

import pytest

from tests.services.onboarding_rig import begun
from tests.services.onboarding_victim import answer
from wa_console.config import Settings
from wa_console.domain.onboarding_draft import Step
from wa_console.domain.setup import Setup
from wa_console.simulator.server import Simulator

WRITES = range(1, 15)
"""Eleven answers (the callback has two), the set-up, the end of the draft, the templates."""
MOMENTS = [*((n, "after") for n in WRITES), *((n, "before") for n in WRITES[1::3])]
"""Before a write is all but the moment after the one before it: a few will do."""


@pytest.mark.parametrize(("write", "when"), MOMENTS)
async def test_killed_at_each_write_it_resumes(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], write: int, when: str
) -> None:
    home = wizard_settings.paths.data
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.services.onboarding_victim"),
        *(str(home), twilio.base_url, twilio.number, str(write), when),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **known},
    )
    assert await victim.wait() == -signal.SIGKILL
    async with begun(wizard_settings, environ=known) as made:
        setup = await made.opened.desk.setup.current()
        assert setup == Setup() or len(setup.workstreams) == 1
        if setup == Setup():
            while made.wizard.draft.step is not Step.FINISH:
                await answer(made, twilio.number)
            await answer(made, twilio.number)
        elif await made.wizard.begun():
            assert await made.wizard.summary() == []
            await made.wizard.finish()
        setup = await made.opened.desk.setup.current()
        assert not await made.wizard.begun()
    (stream,) = setup.workstreams
    assert (stream.name, stream.language, stream.distribution) == ("Support", "da", "push")
    assert len(setup.templates) > 1
    written = tomllib.loads(wizard_settings.paths.config.read_text())
    assert written == {"public_url": "https://chat.example.dk"}
