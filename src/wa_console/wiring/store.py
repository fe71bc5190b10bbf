"""Opens a store and builds the desk over it: what commands and screens work with.

Nothing that speaks with the world is imported here, so that a screen is painted before it is.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wa_console.config import Settings
from wa_console.domain.clock import Clock, FileClock, SystemClock
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.gateway import errorcodes
from wa_console.services.conversations import Conversations
from wa_console.services.desk import Desk
from wa_console.services.feed import Feed
from wa_console.services.health import HealthService
from wa_console.services.inbox import Inbox
from wa_console.services.outbox import Outbox
from wa_console.services.presence import Presences
from wa_console.services.rules import Rules
from wa_console.services.search import Search
from wa_console.services.setup import SetupService
from wa_console.services.templates import Templates
from wa_console.store.port import Store

if TYPE_CHECKING:
    from wa_console.gateway.port import Gateway
    from wa_console.services.projector import Projector


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An open store with its desk.

    Attributes:
        clock: The product's clock; a demo's may run fast.
    """

    settings: Settings
    store: Store
    clock: Clock
    rules: Rules
    desk: Desk


def product_clock(settings: Settings) -> Clock:
    """Return the clock that windows are reckoned by."""
    return FileClock(settings.clock_file) if settings.clock_file else SystemClock()


def sqlite_path(settings: Settings) -> Path:
    """Return the store's file.

    Raises:
        SetupProblem: The store is not a SQLite file.
    """
    if not settings.store_url.startswith("sqlite:///"):
        raise SetupProblem(
            _("{url}: this version keeps its store in SQLite; use sqlite:///path.").format(
                url=settings.store_url.split("@")[-1]
            )
        )
    return Path(settings.store_url.removeprefix("sqlite:///")).expanduser()


@asynccontextmanager
async def open_store(
    settings: Settings, *, gateway: Gateway | None = None
) -> AsyncIterator[OpenStore]:
    """Open the store and build the desk over it; closed on leaving.

    Raises:
        StoreProblem: Newer, foreign, damaged, locked or unreadable.
        SetupProblem: The store's URL cannot be served.
    """
    from wa_console.store.sqlite import open_sqlite

    store = await open_sqlite(sqlite_path(settings))
    try:
        clock = product_clock(settings)
        rules = Rules(margin=settings.window_margin, closing=settings.window_closing)
        yield OpenStore(settings, store, clock, rules, _desk(store, clock, rules, gateway))
    finally:
        await store.close()


def _desk(store: Store, clock: Clock, rules: Rules, gateway: Gateway | None) -> Desk:
    return Desk(
        inbox=Inbox(store=store, clock=clock, rules=rules, explain=errorcodes),
        conversations=Conversations(store=store, clock=clock, rules=rules),
        outbox=Outbox(store=store, clock=clock, rules=rules, explain=errorcodes),
        templates=Templates(store=store, clock=clock, gateway=gateway),
        search=Search(store=store),
        presences=Presences(store=store, clock=clock),
        feed=Feed(store=store),
        health=HealthService(store=store, clock=clock),
        setup=SetupService(store=store, clock=clock),
    )


def build_projector(opened: OpenStore) -> Projector:
    """Return what turns journal rows into conversations."""
    from wa_console.gateway import forms
    from wa_console.services.projector import Projector

    return Projector(store=opened.store, clock=opened.clock, forms=forms, explain=errorcodes)
