"""The engine's loops: project, send, look after unknown sends, index, keep health up to date.

It starts and wakes them; each one's work is its service's. It takes no lease and opens no port
(wiring does).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.clock import Clock
from wa_console.services.feed import Feed
from wa_console.services.give_way import GiveWay
from wa_console.services.journal import Receiver
from wa_console.services.projector import Projector
from wa_console.services.reconcile import Reconciler
from wa_console.services.search import Search
from wa_console.services.sender import Sender
from wa_console.services.supervision import Step, Supervisor
from wa_console.services.templates import Templates
from wa_console.services.vital_signs import VitalSigns
from wa_console.store.port import Store

_JOURNAL_LOOK_S = 1.0
_RECONCILE_S = 2.0
_INDEX_IDLE_S = 1.0
_HEALTH_S = 1.0
_SYNC_S = 600.0


class Engine:
    """Everything that runs while a store has an engine.

    Args:
        store: The store whose lease the caller holds.
        clock: The product's clock.
        receiver: The way in; its health is written to the store.
        projector: Applies the journal.
        sender: Empties the outbox.
        reconciler: Settles unknown sends.
        search: Makes messages searchable.
        templates: Kept in step with Twilio.
        errands: More loops by name, such as catch-up; each step waits by itself.
        wall: Tells epoch seconds.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        receiver: Receiver,
        projector: Projector,
        sender: Sender,
        reconciler: Reconciler,
        search: Search,
        templates: Templates,
        errands: Mapping[str, Step] | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._receiver = receiver
        self._projector = projector
        self._way = GiveWay(receiver.arrived, batch=projector.batch)
        self._sender = sender
        self._reconciler = reconciler
        self._search = search
        self._templates = templates
        self._errands = dict(errands or {})
        self._supervisor = Supervisor()
        # What fails in here keeps nobody from receiving and sending: a key that may not read
        # templates must not look like an engine in trouble.
        self._beside = Supervisor()
        self._signs = VitalSigns(store=store, clock=clock, receiver=receiver, wall=wall)
        self._feed = Feed(store=store)
        self._lines: AsyncIterator[Sequence[Change]] | None = None

    async def run(self) -> None:
        """Run all loops until cancelled. A loop that fails backs off and goes on."""
        loops: dict[str, Step] = {
            "health": self._tell_health,
            "projector": self._project,
            "feed": self._listen,
            "reconciler": self._look_up,
            **self._errands,
        }
        beside: dict[str, Step] = {"search": self._index, "templates": self._sync}
        try:
            async with asyncio.TaskGroup() as group:
                for name, step in loops.items():
                    group.create_task(self._supervisor.keep(name, step), name=name)
                for name, step in beside.items():
                    group.create_task(self._beside.keep(name, step), name=name)
                group.create_task(self._send_for_ever(), name="sender")
        finally:
            await self._signs.end()

    async def settled(self) -> bool:
        """Whether there is nothing to project and nothing to send."""
        if await self._projector.behind():
            return False
        return await self._store.read(lambda s: s.outbox.waiting()) == 0

    async def _send_for_ever(self) -> None:
        # What a dead engine left is taken up before anything new is sent.
        await self._supervisor.until_done("sender", self._recover)
        async with asyncio.TaskGroup() as lanes:
            for lane in range(self._sender.pace.in_flight):
                lanes.create_task(self._supervisor.keep(f"sender {lane + 1}", self._send))

    async def _recover(self) -> None:
        await self._sender.recover()

    async def _send(self) -> None:
        heard = self._sender.bell.rings
        if not await self._sender.run_once(limit=1):
            await self._sender.wait(heard)

    async def _project(self) -> None:
        heard = self._receiver.arrived.rings
        if count := await self._projector.run_once():
            await self._way.after(count)
            return
        # Other processes append too (catch-up): look even when nobody rings.
        if await self._receiver.arrived.wait(heard, timeout_s=_JOURNAL_LOOK_S):
            await self._way.gather()

    async def _listen(self) -> None:
        """Wake the sender when anybody, in any process, has queued something."""
        if self._lines is None:
            self._lines = self._feed.follow()
        try:
            batch = await anext(self._lines)
        except BaseException:
            self._lines = None  # a generator that raised is finished
            raise
        if any(change.kind is ChangeKind.MESSAGE_QUEUED for change in batch):
            self._sender.wake()

    async def _look_up(self) -> None:
        await self._sender.recover()
        if await self._reconciler.run_once():
            self._sender.wake()
        await asyncio.sleep(_RECONCILE_S)

    async def _index(self) -> None:
        if not await self._search.index_once():
            await asyncio.sleep(_INDEX_IDLE_S)

    async def _sync(self) -> None:
        await self._templates.sync()
        await asyncio.sleep(_SYNC_S)

    async def _tell_health(self) -> None:
        await self._signs.tell(self._supervisor.troubles)
        await asyncio.sleep(_HEALTH_S)
