"""The set-up as a whole: read it, compare two, put another in its place, all or nothing.

Whether a file makes sense is checked before it comes here (domain.setup_check).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.setup import Setup
from wa_console.domain.template import Approval
from wa_console.services.templates import entered
from wa_console.store.port import Session, Store

_KEYS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "numbers": ("number", ("address",)),
    "queues": ("queue", ("name",)),
    "representatives": ("representative", ("login",)),
    "workstreams": ("workstream", ("name",)),
    "templates": ("template", ("content_sid", "workstream")),
    "quick_replies": ("quick_reply", ("key", "language", "workstream")),
    "hours": ("hours", ("name",)),
    "automated_messages": (
        "automated_message",
        ("trigger", "language", "workstream", "queue"),
    ),
}
"""Table of the set-up to (its name in the file, what tells one entry from another)."""


def diff(current: Setup, wanted: Setup) -> Sequence[str]:
    """Return what would change, a line each: ``+ number …``, ``- queue …``, ``~ …: field``.

    Pure; the words are those of the set-up file.
    """
    return list(_lines(current, wanted))


class SetupService:
    """Reads and replaces the set-up."""

    diff = staticmethod(diff)

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def current(self) -> Setup:
        """Return the whole set-up."""
        return await self._store.read(lambda s: s.facts.setup())

    async def empty(self) -> bool:
        """Whether nothing has been set up yet."""
        return await self.current() == Setup()

    async def apply(self, wanted: Setup) -> None:
        """Put ``wanted`` in the place of the whole set-up, in one transaction.

        Its templates appear among the templates with approval ``unknown`` until Twilio is asked;
        those it no longer names, and Twilio never named, are forgotten.
        """
        now = self._clock.now()

        async def work(session: Session) -> None:
            before = await session.facts.setup()
            await session.facts.save_setup(wanted)
            await _apply_templates(session, before, wanted)
            await session.changes.add(ChangeKind.SETUP_UPDATED, now)
            if before.templates != wanted.templates:
                await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)

        await self._store.write(work)


async def _apply_templates(session: Session, before: Setup, wanted: Setup) -> None:
    named = {entry.content_sid for entry in wanted.templates}
    for content_sid in {entry.content_sid for entry in before.templates} - named:
        known = await session.templates.get(content_sid)
        if known is not None and known.approval is Approval.UNKNOWN:
            await session.templates.remove(content_sid)
    for content_sid in sorted(named):
        known = await session.templates.get(content_sid)
        template = entered(known, wanted.templates, content_sid)
        if template != known:
            await session.templates.save(template, synced_at=None)


def _lines(current: Setup, wanted: Setup) -> Iterator[str]:
    if current.account != wanted.account:
        if current.account is None and wanted.account is not None:
            yield f"+ account {wanted.account.account_sid}"
        elif wanted.account is None and current.account is not None:
            yield f"- account {current.account.account_sid}"
        elif wanted.account is not None:
            yield f"~ account {wanted.account.account_sid}: " + ", ".join(
                _changed(current.account, wanted.account)
            )
    for table, (word, names) in _KEYS.items():
        old = _by_key(getattr(current, table), names)
        new = _by_key(getattr(wanted, table), names)
        yield from (f"+ {word} {_title(key)}" for key in new if key not in old)
        yield from (f"- {word} {_title(key)}" for key in old if key not in new)
        for key in new:
            if key in old and old[key] != new[key]:
                what = ", ".join(_changed(old[key], new[key]))
                yield f"~ {word} {_title(key)}: {what}"


def _by_key(entries: Sequence[Any], names: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
    return {tuple(getattr(entry, name) for name in names): entry for entry in entries}


def _title(key: tuple[str, ...]) -> str:
    return " ".join(filter(None, key))


def _changed(old: Any, new: Any) -> Iterator[str]:
    return (f.name for f in fields(new) if getattr(old, f.name) != getattr(new, f.name))
