"""What every command is given: settings read once, and ways to open what it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from wa_console import config
from wa_console.config import Settings

if TYPE_CHECKING:
    from wa_console.credentials import Credentials, Passphrase
    from wa_console.wiring.store import OpenStore

T = TypeVar("T")


@dataclass(slots=False)
class Invocation:
    """One call of the program, with the options that all commands share.

    Attributes:
        home: ``--home``, None without it.
        store: ``--store``, None without it.
    """

    home: Path | None = None
    store: str | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings, read at first use; also opens the log and places crash reports.

        Raises:
            SetupProblems: Every wrong key at once.
        """
        from wa_console.domain import i18n

        settings = config.load(home=self.home, store=self.store)
        i18n.use(settings.language)
        keep_records(settings)
        return settings

    @cached_property
    def passphrase(self) -> Passphrase:
        """What opens the encrypted file of secrets: asked at most once in a call."""
        from wa_console.cli.passphrase import passphrase

        return passphrase()

    def keep_passphrase(self, passphrase: Passphrase) -> None:
        """Take a passphrase that was given on a screen, instead of asking for it again."""
        self.__dict__["passphrase"] = passphrase

    def read_again(self) -> None:
        """Read the settings anew: a wizard has written them."""
        self.__dict__["settings"] = config.load(home=self.home, store=self.store)

    def credentials(self) -> Credentials:
        """Find the credentials; may ask for a passphrase, so call it before a screen opens.

        Raises:
            SetupProblem: A place that is to have them is broken or locked.
        """
        from wa_console import credentials

        return credentials.find(self.settings, passphrase=self.passphrase)

    def listen_at(self, host: str | None, port: int | None) -> None:
        """Let ``--host`` and ``--port`` win over the settings."""
        changes = {"host": host, "port": port}
        wanted = {name: value for name, value in changes.items() if value is not None}
        self.__dict__["settings"] = replace(self.settings, **wanted)  # type: ignore[arg-type]

    def with_store(self, work: Callable[[OpenStore], Awaitable[T]]) -> T:
        """Open the store, run ``work`` on it and close it again.

        Raises:
            StoreProblem: The store cannot be opened.
        """
        from wa_console.wiring.store import open_store

        async def body() -> T:
            async with open_store(self.settings) as opened:
                return await work(opened)

        return asyncio.run(body())


def keep_records(settings: Settings) -> None:
    """Open the log; nothing is ever logged to the terminal."""
    from wa_console.logs import open_log

    open_log(settings.paths.logs)
