"""Templates (port.TemplateRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wa_console.domain.template import Template
from wa_console.store.codec import decode_mapping, encode, moment_or_none, ms_or_none
from wa_console.store.executor import Executor, first, only
from wa_console.store.rows import template_from, template_values


class SqlTemplates:
    """Templates, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def all(self) -> Sequence[Template]:
        """Return every template, by name and language."""
        return [template_from(row) for row in await self._executor.rows("templates.all")]

    async def get(self, content_sid: str) -> Template | None:
        """Return one template, None when there is none."""
        row = await first(self._executor, "templates.get", {"content_sid": content_sid})
        return template_from(row) if row is not None else None

    async def save(self, template: Template, *, synced_at: datetime | None) -> None:
        """Insert or replace; with ``synced_at`` None the time of the last look at Twilio stays."""
        values = {**template_values(template), "synced_ms": ms_or_none(synced_at)}
        await self._executor.rows("templates.save", values)

    async def remove(self, content_sid: str) -> bool:
        """Forget a template; False when it was not there."""
        return bool(await self._executor.rows("templates.remove", {"content_sid": content_sid}))

    async def synced_at(self) -> datetime | None:
        """Return the newest ``synced_at`` of all templates, None when there is none."""
        return moment_or_none((await only(self._executor, "templates.synced_ms"))["synced_ms"])

    async def last_variables(self, content_sid: str) -> Mapping[str, str]:
        """Return what was put into the placeholders the last time, empty the first time."""
        values = {"content_sid": content_sid}
        row = await first(self._executor, "templates.last_variables", values)
        return decode_mapping(row["variables"]) if row is not None else {}

    async def remember_variables(self, content_sid: str, variables: Mapping[str, str]) -> None:
        """Keep what was put into the placeholders."""
        values = {"content_sid": content_sid, "variables": encode(variables)}
        await self._executor.rows("templates.remember_variables", values)
