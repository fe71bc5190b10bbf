"""A headless demo seen from outside: its home, its simulated Twilio, its commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.e2e.harness import Done, Json, Place, Program, until
from tests.e2e.web import get_json, post_json

ANNOUNCED = {"home", "listener", "simulator", "account_sid", "number"}


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo at work.

    Attributes:
        home: The throw-away home that commands are run on.
        simulator: The base URL of the simulated Twilio.
        listener: The base URL of the engine's listener.
    """

    place: Place
    program: Program
    home: Path
    simulator: str
    listener: str
    account_sid: str
    number: str

    def run(self, *args: str) -> Done:
        """Run a command on the demo's home."""
        return self.place.call(*args, home=self.home)

    def lines(self, *args: str) -> list[Json]:
        """Run a command with ``--json`` that must succeed; returns what it prints."""
        return self.run(*args, "--json").ok().lines

    def say(self, address: str, body: str = "", **more: Any) -> Json:
        """Let a customer write; returns once the webhook was answered."""
        url = f"{self.simulator}/_simulator/customers/{quote(address)}/say"
        said: Json = post_json(url, {"body": body, **more})
        assert said["status"] == 200, said
        return said

    def clock(self, **change: Any) -> datetime:
        """Set or read the simulated clock; returns its time."""
        url = f"{self.simulator}/_simulator/clock"
        answer = post_json(url, change) if change else get_json(url)
        return datetime.fromisoformat(answer["now"])

    def faults(self, *orders: Json) -> None:
        """Order faults."""
        post_json(f"{self.simulator}/_simulator/faults", list(orders))

    def truth(self) -> dict[str, list[Json]]:
        """Return all that the simulated Twilio accepted, delivered and refused."""
        log: dict[str, list[Json]] = get_json(f"{self.simulator}/_simulator/truth")
        return log

    def conversation(self, address: str) -> Json:
        """Return a customer's conversation, once it is there."""
        return until(lambda: self._find(address), what=f"a conversation with {address}")

    def _find(self, address: str) -> Json | None:
        listed = self.lines("list", "--limit", "1000")
        return next((c for c in listed if address in _addresses(c)), None)

    def heard(self, address: str, sid: str) -> Json:
        """Return a message of a customer, once ``show`` knows it."""
        return self.message(address, lambda m: m["sid"] == sid)

    def message(self, address: str, fits: Any, *, within: float = 15.0) -> Json:
        """Return the customer's newest message that fits, once there is one."""

        def look() -> Json | None:
            done = self.run("show", address, "--json", "--limit", "1000")
            found = [m for m in done.lines if fits(m)] if done.code == 0 else []
            return found[-1] if found else None

        return until(look, within=within, what=f"such a message of {address}")


def _addresses(conversation: Json) -> list[str]:
    return [each.removeprefix("whatsapp:") for each in conversation["customer"]["addresses"]]


@contextmanager
def demo_running(place: Place, *options: str) -> Iterator[Demo]:
    """Start ``demo --headless`` and yield it once it is ready."""
    with place.started("demo", "--headless", *options) as program:
        told = json.loads(program.line(lambda line: line.startswith("{"), within=40))
        yield Demo(
            place=place,
            program=program,
            home=Path(told["home"]),
            simulator=told["simulator"],
            listener=told["listener"],
            account_sid=told["account_sid"],
            number=told["number"],
        )
