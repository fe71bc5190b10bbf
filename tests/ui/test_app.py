"""How the app begins and ends: quitting, Ctrl+C, signals, themes, nothing heavy imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.ui.desk import LOGIN, Bench, opened, ready, until
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.theme import DARK, LIGHT


def test_the_screens_import_nothing_heavy() -> None:
    """First frame from textual and sqlite alone (ARCHITECTURE 9)."""
    code = (
        "import sys, wa_console.ui.app\n"
        "heavy = {'aiohttp', 'httpx', 'twilio', 'keyring', 'asyncpg', 'cryptography'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "from textual import constants\n"
        "print(constants.MAX_FPS)\n"
    )
    env = {k: v for k, v in os.environ.items() if k != "TEXTUAL_FPS"} | {"NO_COLOR": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.split("\n")[:2] == ["[]", "240"]


async def test_quit_asks_while_something_waits(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = await ready(pilot)
        await bench.desk.outbox.queue_reply("mette", "Hej", author=LOGIN)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert app.return_code is None
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, AskScreen))
        await pilot.press("enter")
        await pilot.pause()
    assert app.return_code == 0


async def test_quit_at_once_when_nothing_waits(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 0


async def test_ctrl_c_twice_leaves(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test() as pilot:
        await ready(pilot)
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.return_code is None
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == 130


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
async def test_signals_end_in_order_with_the_draft_saved(
    bench: Bench, number: signal.Signals, code: int
) -> None:
    app = bench.app()
    with app.ending_signals():
        async with app.run_test() as pilot:
            await opened(pilot, "mette")
            await pilot.press(*"half")
            os.kill(os.getpid(), number)
            await until(pilot, lambda: app.return_code is not None)
    assert app.return_code == code
    assert await bench.desk.conversations.draft("mette", login=LOGIN) == "half"
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_f8_switches_light_and_dark(bench: Bench) -> None:
    app = bench.app()
    async with app.run_test() as pilot:
        await ready(pilot)
        assert app.theme == DARK
        await pilot.press("f8")
        assert app.theme == LIGHT
        await pilot.press("f8")
        assert app.theme == DARK


@pytest.mark.parametrize("theme", ["wa-ansi", "wa-light", "no-such-theme"])
async def test_every_theme_paints(bench: Bench, theme: str) -> None:
    app = bench.app(theme=theme)
    async with app.run_test(size=(150, 40)) as pilot:
        screen = await opened(pilot, "mette")
        bench.clock.advance(timedelta(minutes=10))
        screen.tick()
        await pilot.pause()
        assert app.theme == (DARK if theme == "no-such-theme" else theme)


async def test_keys_can_be_changed(bench: Bench) -> None:
    app = bench.app(keymap={"console.presence": "f6"})
    async with app.run_test() as pilot:
        screen = await ready(pilot)
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is screen
        await pilot.press("f6")
        await until(pilot, lambda: app.screen is not screen)


async def test_painted_is_set_after_the_first_frame(bench: Bench) -> None:
    app = bench.app()
    assert not app.painted.is_set()
    async with app.run_test() as pilot:
        await ready(pilot)
        assert app.painted.is_set()
