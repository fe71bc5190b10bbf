"""The program on a terminal in an empty home: first question, wizard, console; and the demo."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.harness import Place
from tests.terminal.conftest import on_terminal
from wa_console.simulator.server import Simulator, SimulatorConfig

pytestmark = pytest.mark.terminal

WHO = "+4531226410"
PASSPHRASE = "korrekt-hest"


class Twilio:
    """A simulated Twilio on a loop of its own."""

    def __init__(self) -> None:
        self.simulator = Simulator(SimulatorConfig(lively=False))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.simulator.start(), self._loop).result(10)

    def stop(self) -> None:
        """End it."""
        asyncio.run_coroutine_threadsafe(self.simulator.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def say(self, body: str) -> None:
        """A customer writes."""
        said = self.simulator.say(WHO, body=body)
        asyncio.run_coroutine_threadsafe(said, self._loop).result(10)


@contextmanager
def _simulated() -> Iterator[Twilio]:
    twilio = Twilio()
    twilio.start()
    try:
        yield twilio
    finally:
        twilio.stop()


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    with _simulated() as made:
        yield made


@pytest.fixture
def empty(tmp_path: Path, twilio: Twilio) -> Place:
    """An empty home on a computer whose Twilio is simulated."""
    return Place.in_folder(tmp_path).with_env(
        WA_CONSOLE_HOME=str(tmp_path / "home"),
        WA_CONSOLE_TWILIO_BASE_URL=twilio.simulator.base_url,
        WA_CONSOLE_PORT="0",
        WA_CONSOLE_POLL="1",
    )


def test_from_an_empty_home_to_the_first_message(empty: Place, twilio: Twilio) -> None:
    token = twilio.simulator.auth_token
    with on_terminal(empty) as console:
        console.shows("What do you want to answer", "A demo")
        console.press("enter")
        console.shows("Which Twilio account?", "New passphrase")
        for typed, then in (
            (twilio.simulator.account_sid, "Auth Token"),
            (token, "Twilio accepts them"),
            (PASSPHRASE, "The same again"),
            (PASSPHRASE, "+45 70 20 30 40"),
        ):
            console.type(typed)
            console.press("enter")
            console.shows(then)
        console.press("enter")
        console.shows("Public URL")
        console.press("enter")
        console.shows("waiting for a test message")
        twilio.say("Hej, er der nogen?")
        console.shows("Hej, er der nogen?", "was received")
        for then in (
            "What is this work called?", "Which language", "Who may send files?",
            "Take over all", "How does work reach", "AI agent", "+ account", "Set up.",
        ):  # fmt: skip
            console.press("enter")
            console.shows(then)
        console.press("enter")
        console.shows("Free 1", within=40)
        console.press("]")
        console.shows("+45 31 22 64 10", "Hej, er der")
        console.press("ctrl+q")
        assert console.ended() == 0
    for word in (token, PASSPHRASE):
        assert word.encode() not in bytes(console.record)


def test_it_resumes_after_a_kill(empty: Place, twilio: Twilio) -> None:
    place = empty.with_env(
        TWILIO_ACCOUNT_SID=twilio.simulator.account_sid,
        TWILIO_AUTH_TOKEN=twilio.simulator.auth_token,
    )
    with on_terminal(place, "setup") as console:
        console.shows("Found in the environment")
        console.press("enter")
        console.shows("+45 70 20 30 40")
        console.press("enter")
        console.shows("Public URL")
    with on_terminal(place) as console:
        console.shows("Go on where you were", "Callback")
        console.press("enter")
        console.shows("Public URL")
        console.press("ctrl+q")
        assert console.ended() == 0


def test_the_demo_is_one_key_away(empty: Place) -> None:
    with on_terminal(empty) as console:
        console.shows("A demo")
        console.press("down", "down", "enter")
        console.shows("Mette Holm", within=60)
        console.press("ctrl+q")
        assert console.ended() == 0
