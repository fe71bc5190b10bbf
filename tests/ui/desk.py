"""A desk over a real store, with the people of the design's pictures in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from tests.ui.people import LOGIN, NOW, RULES, TEMPLATES, WALL, seed
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import FixedClock, to_ms
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import (
    ChatMessage,
    Direction,
    MessageKind,
)
from wa_console.domain.presence import Presence
from wa_console.gateway import errorcodes
from wa_console.services.conversations import Conversations
from wa_console.services.desk import Desk
from wa_console.services.feed import Feed
from wa_console.services.health import HealthService
from wa_console.services.inbox import Inbox
from wa_console.services.outbox import Outbox
from wa_console.services.presence import Presences
from wa_console.services.search import Search
from wa_console.services.setup import SetupService
from wa_console.services.templates import Templates
from wa_console.store.port import Session, Store
from wa_console.store.sqlite import open_sqlite
from wa_console.ui.app import ConsoleApp, ConsoleOptions
from wa_console.ui.screens.console import ConsoleScreen

__all__ = [
    "LOGIN",
    "NOW",
    "TEMPLATES",
    "Bench",
    "console",
    "open_bench",
    "opened",
    "ready",
    "until",
]

ZONE = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, slots=True)
class Bench:
    """A desk under test with the store and the clock below it."""

    store: Store
    clock: FixedClock
    desk: Desk

    def app(self, **options: Any) -> ConsoleApp:
        """Return a console over it."""
        return ConsoleApp(
            self.desk,
            clock=self.clock,
            login=LOGIN,
            options=ConsoleOptions(zone=ZONE, **options),
        )

    async def customer_writes(self, conversation_id: str, body: str) -> None:
        """Let a customer's message land now, as the projector would store it."""
        now = self.clock.now()

        async def work(session: Session) -> None:
            conversation = await session.conversations.get(conversation_id)
            assert conversation is not None
            message = ChatMessage(
                id=f"{conversation_id}-in-{to_ms(now)}",
                conversation_id=conversation_id,
                direction=Direction.INBOUND,
                kind=MessageKind.SESSION,
                created_at=now,
                status=DeliveryStatus.RECEIVED,
                sid=f"SM{conversation_id}{to_ms(now)}",
                body=body,
            )
            await session.messages.add(message)
            await session.conversations.save(
                replace(
                    conversation,
                    last_inbound_at=now,
                    waiting_since=now,
                    unread=conversation.unread + 1,
                    last_message_id=message.id,
                    updated_at=now,
                )
            )
            await session.changes.add(
                ChangeKind.MESSAGE_RECEIVED,
                now,
                conversation_id=conversation_id,
                message_id=message.id,
            )

        await self.store.write(work)

    async def messages(self, conversation_id: str) -> Sequence[ChatMessage]:
        """Return what the store holds of a conversation, oldest first."""
        return await self.store.read(
            lambda s: s.messages.page(conversation_id, before=None, limit=200)
        )


def _desk(store: Store, clock: FixedClock) -> Desk:
    return Desk(
        inbox=Inbox(store=store, clock=clock, rules=RULES, explain=errorcodes),
        conversations=Conversations(store=store, clock=clock, rules=RULES),
        outbox=Outbox(store=store, clock=clock, rules=RULES, explain=errorcodes),
        templates=Templates(store=store, clock=clock, gateway=None),
        search=Search(store=store),
        presences=Presences(store=store, clock=clock),
        feed=Feed(store=store),
        health=HealthService(store=store, clock=clock, wall=lambda: WALL),
        setup=SetupService(store=store, clock=clock),
    )


@asynccontextmanager
async def open_bench(folder: Path, *, seeded: bool = True) -> AsyncIterator[Bench]:
    """Open a bench over a new store file in a folder; closed on leaving."""
    clock = FixedClock(NOW)
    store = await open_sqlite(folder / "store.db")
    try:
        bench = Bench(store, clock, _desk(store, clock))
        if seeded:
            await store.write(seed)
            await bench.desk.presences.set(LOGIN, Presence.AVAILABLE)
        yield bench
    finally:
        await store.close()


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Wait until something is so and the screen in front has its widgets.

    Fails after ten seconds of turns of the loop.
    """
    async with asyncio.timeout(10):
        while not (true() and pilot.app.screen.is_mounted):
            await pilot.pause()
    await pilot.pause()


def console(pilot: Pilot[Any]) -> ConsoleScreen:
    """Return the console's screen, whatever lies on top."""
    return next(s for s in pilot.app.screen_stack if isinstance(s, ConsoleScreen))


async def ready(pilot: Pilot[Any]) -> ConsoleScreen:
    """Wait until the inbox has been read."""
    screen = console(pilot)
    await until(
        pilot,
        lambda: (
            screen.rows.selected_id is not None
            or screen.query_one("#inbox-pane").has_class("-empty")
        ),
    )
    return screen


async def opened(pilot: Pilot[Any], conversation_id: str, *, write: bool = True) -> ConsoleScreen:
    """Open a conversation and wait until it stands there."""
    screen = await ready(pilot)
    await screen.open_conversation(conversation_id, write=write)
    await until(pilot, lambda: screen.thread.conversation_id == conversation_id)
    # "Read" comes back as news: until then the inbox still shows how much was new.
    await until(pilot, lambda: not _unread(screen, conversation_id))
    return screen


def _unread(screen: ConsoleScreen, conversation_id: str) -> int:
    pages = screen.rows._pages
    index = pages.index_of(conversation_id) if pages else None
    row = None if pages is None or index is None else pages.row(index)
    return row.unread if row else 0
