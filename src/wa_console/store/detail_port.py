"""What services may ask of templates, single facts and the change feed (part of store.port)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.setup import Setup
from wa_console.domain.template import Template


class TemplateRows(Protocol):
    """Templates as last seen at Twilio or entered by hand."""

    async def all(self) -> Sequence[Template]:
        """Every template, by name and language."""
        ...

    async def get(self, content_sid: str) -> Template | None:
        """One template."""
        ...

    async def save(self, template: Template, *, synced_at: datetime | None) -> None:
        """Insert or replace; ``synced_at`` is when Twilio was asked, None if it was not."""
        ...

    async def remove(self, content_sid: str) -> bool:
        """Forget a template; False when it was not there."""
        ...

    async def synced_at(self) -> datetime | None:
        """When Twilio was last asked for all of them."""
        ...

    async def last_variables(self, content_sid: str) -> Mapping[str, str]:
        """What was put into the placeholders the last time, empty the first time."""
        ...

    async def remember_variables(self, content_sid: str, variables: Mapping[str, str]) -> None:
        """Keep what was put into the placeholders."""
        ...


class FactRows(Protocol):
    """Single facts that outlive a process: positions, health counters, presence, set-up."""

    async def number(self, name: str) -> int | None:
        """A counter or epoch-ms fact."""
        ...

    async def set_number(self, name: str, value: int) -> None:
        """Set it."""
        ...

    async def text(self, name: str) -> str:
        """A text fact, empty when unset."""
        ...

    async def set_text(self, name: str, value: str) -> None:
        """Set it."""
        ...

    async def setup(self) -> Setup:
        """The whole set-up."""
        ...

    async def save_setup(self, setup: Setup) -> None:
        """Replace the whole set-up."""
        ...

    async def presences(self) -> Mapping[str, str]:
        """Presence of everybody who ever set one, by login."""
        ...

    async def set_presence(self, login: str, presence: str, at: datetime) -> None:
        """Set somebody's presence."""
        ...


class ChangeRows(Protocol):
    """The change feed."""

    async def add(
        self,
        kind: ChangeKind,
        at: datetime,
        *,
        conversation_id: str | None = None,
        message_id: str | None = None,
    ) -> None:
        """Append a line, told to waiters after the commit."""
        ...

    async def since(self, seq: int, *, limit: int) -> Sequence[Change]:
        """Lines past ``seq`` in order."""
        ...

    async def last_seq(self) -> int:
        """Position of the newest line, 0 when empty."""
        ...
