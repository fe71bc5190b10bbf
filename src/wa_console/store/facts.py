"""Single facts, presences and the set-up (port.FactRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wa_console.domain.clock import to_ms
from wa_console.domain.setup import Setup
from wa_console.store.executor import Executor, first
from wa_console.store.setup_codec import setup_from, setup_items


class SqlFacts:
    """Facts, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def number(self, name: str) -> int | None:
        """Return a counter or epoch-ms fact, None when unset."""
        row = await first(self._executor, "facts.get", {"name": name})
        value: int | None = row["number"] if row is not None else None
        return value

    async def set_number(self, name: str, value: int) -> None:
        """Set a number; a text of the same name stays."""
        await self._executor.rows("facts.set_number", {"name": name, "number": value})

    async def text(self, name: str) -> str:
        """Return a text fact, empty when unset."""
        row = await first(self._executor, "facts.get", {"name": name})
        return str(row["words"]) if row is not None and row["words"] is not None else ""

    async def set_text(self, name: str, value: str) -> None:
        """Set a text; a number of the same name stays."""
        await self._executor.rows("facts.set_text", {"name": name, "words": value})

    async def setup(self) -> Setup:
        """Return the whole set-up, an empty one where nothing was set up yet."""
        rows = await self._executor.rows("facts.setup")
        return setup_from((row["kind"], row["body"]) for row in rows)

    async def save_setup(self, setup: Setup) -> None:
        """Replace the whole set-up."""
        await self._executor.rows("facts.clear_setup")
        items = setup_items(setup)
        if items:
            await self._executor.many("facts.add_setup_item", items)

    async def presences(self) -> Mapping[str, str]:
        """Return the presence of everybody who ever set one, by login."""
        rows = await self._executor.rows("facts.presences")
        return {row["login"]: row["presence"] for row in rows}

    async def set_presence(self, login: str, presence: str, at: datetime) -> None:
        """Set somebody's presence."""
        await self._executor.rows(
            "facts.set_presence", {"login": login, "presence": presence, "at_ms": to_ms(at)}
        )
