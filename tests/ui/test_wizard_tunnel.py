"""The Callback step's third way, key by key: `t`, a program, `c`, `s`, a message."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.wizard_bench import (
    TUNNEL_URL,
    WizardBench,
    open_wizard,
    reach_always,
    soon,
    step_of,
    tunnel_programs,
)
from tests.ui.wizard_scenes import shows
from wa_console.domain.onboarding_draft import Delivery, Step
from wa_console.ui.screens.wizard.callback import CallbackStep
from wa_console.ui.screens.wizard.frame import STEPS


def pid_of(programs: Path) -> int:
    return int(json.loads((programs / "cloudflared.told").read_text("utf-8"))[1])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def at_list(pilot: Pilot[Any], bench: WizardBench) -> None:
    """From polling to the list of tunnels."""
    await step_of(pilot, CallbackStep)
    await shows(pilot, "waiting for a test message")
    await pilot.press("t")
    await shows(pilot, "cloudflared", "For trying only: the address changes at each start.")


async def test_chosen_copied_set_and_left(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.CALLBACK, heard=False))
        reach_always(bench)
        app = bench.app()
        with tunnel_programs(tmp_path, "cloudflared") as programs:
            async with app.run_test(size=(80, 24)) as pilot:
                await at_list(pilot, bench)
                await pilot.press("enter")
                await shows(pilot, "Reaches this computer", "Twilio has another URL")
                await pilot.press("c")
                assert app.clipboard == f"{TUNNEL_URL}/twilio/inbound"
                await pilot.press("s")
                await shows(pilot, "Twilio has this URL")
                draft = bench.onboarding.draft
                assert (draft.tunnel, draft.tunnel_sets_webhook) == ("cloudflared", True)
                pid = pid_of(programs)
                assert is_alive(pid)
                await pilot.press("enter")
                await step_of(pilot, STEPS[Step.WORKSTREAM])
                await soon(pilot, lambda: not is_alive(pid))


async def test_it_is_opened_again_where_it_was_left(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        tunnel = {"tunnel": "cloudflared", "tunnel_sets_webhook": True}
        answered = bench.answered(Step.CALLBACK, delivery=Delivery.TUNNEL, heard=False, **tunnel)
        await bench.keep(answered)
        reach_always(bench)
        with tunnel_programs(tmp_path, "cloudflared"):
            async with bench.app().run_test(size=(80, 24)) as pilot:
                await shows(pilot, "Twilio has this URL", "Reaches this computer")


@pytest.mark.parametrize(("key", "words"), [("p", "Polling: Twilio is asked"), ("u", "Public URL")])
async def test_from_a_tunnel_to_another_way_ends_it(tmp_path: Path, key: str, words: str) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.CALLBACK, heard=False))
        reach_always(bench)
        with tunnel_programs(tmp_path, "cloudflared") as programs:
            async with bench.app().run_test(size=(80, 24)) as pilot:
                await at_list(pilot, bench)
                await pilot.press("enter")
                await shows(pilot, "Reaches this computer")
                pid = pid_of(programs)
                await pilot.press(key)
                await shows(pilot, words)
                await soon(pilot, lambda: not is_alive(pid))


async def test_with_none_installed_a_sentence_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "ngrok", None)
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.CALLBACK, heard=False))
        async with bench.app().run_test(size=(80, 24)) as pilot:
            await step_of(pilot, CallbackStep)
            await shows(pilot, "waiting for a test message")
            await pilot.press("t")
            await shows(pilot, "No tunnel program is installed", "Polling: Twilio is asked")
