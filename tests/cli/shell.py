"""Runs commands in this process the way the entry point does, on a home of their own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.services.rig import SETUP, inbound_form
from wa_console import config
from wa_console.cli.main import run
from wa_console.services.journal import Receiver
from wa_console.wiring.store import OpenStore, build_projector, open_store

T = TypeVar("T")
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed."""

    out: str
    err: str

    @property
    def lines(self) -> list[Json]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def one(self) -> Json:
        """Standard output as the one JSON line it is."""
        (line,) = self.lines
        return line


@dataclass(frozen=True, slots=True)
class Shell:
    """A home and a way to run commands on it."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *args: str, code: int = 0) -> Done:
        """Run a command, check its exit code, return its output."""
        self.capsys.readouterr()
        ended = run(["--home", str(self.home), *args])
        out, err = self.capsys.readouterr()
        assert ended == code, f"{args} ended with {ended}, not {code}: {out} {err}"
        return Done(out, err)

    def file(self, text: str, name: str = "setup.toml") -> str:
        """Write a file beside the home; returns its path."""
        path = self.home.parent / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def work(self, work: Callable[[OpenStore], Awaitable[T]]) -> T:
        """Do something with the open store, as a service would."""

        async def body() -> T:
            async with open_store(config.load(home=self.home)) as opened:
                return await work(opened)

        return asyncio.run(body())

    def set_up(self) -> None:
        """Apply the set-up that the forms of `receive` are for."""
        self.work(lambda opened: opened.desk.setup.apply(SETUP))

    def receive(self, *forms: Sequence[tuple[str, str]]) -> list[str]:
        """Take in webhooks; returns all conversations' ids in the inbox's order."""

        async def work(opened: OpenStore) -> None:
            receiver = Receiver(store=opened.store, clock=opened.clock)
            for form in forms:
                await receiver.inbound(form, query="")
            await build_projector(opened).drain()

        self.work(work)
        return [line["id"] for line in self("list", "--json").lines]

    def told(self, body: str = "Hej", **more: str) -> str:
        """A customer writes for the first time; returns the conversation's id."""
        self.set_up()
        (found,) = self.receive(inbound_form(body, **more))
        return found
