"""How the engine does, read from the store, so that every console sees the same.

No customer data and no secrets: what stands here is shown to whoever asks ``/healthz``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock, from_ms
from wa_console.domain.errors import StoreProblem
from wa_console.services import facts
from wa_console.store.port import Session, Store

OK, DEGRADED, READ_ONLY = "ok", "degraded", "read-only"
RUNNING, ABSENT = "running", "absent"
"""``HealthReport.engine`` when all is well, and when nobody runs one."""

_ALIVE_WITHIN_S = 12.0


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The state of things.

    Attributes:
        status: ``ok`` or ``degraded``.
        store: ``ok`` or ``read-only``.
        last_webhook_at: When the last genuine webhook came, None before the first.
        outbox: Sends that are not settled.
        journal_behind: Journal rows not yet projected.
        quarantined: Conversations in quarantine.
        rejected: Requests that were not genuine, ever.
        last_rejection: Likely cause of the last of them, empty when there was none.
        engine: ``running``, ``absent``, or the sentence that says what keeps it from its work.
        last_look_at: When Twilio's list was last asked, None before the first time.
        last_gap: The last time that messages had been missed by the webhook, None without one.
        tunnel_url: Where a tunnel makes us reachable at present, empty without one.
    """

    status: str
    store: str
    last_webhook_at: datetime | None
    outbox: int
    journal_behind: int
    quarantined: int
    rejected: int
    last_rejection: str
    engine: str
    last_look_at: datetime | None = None
    last_gap: facts.Gap | None = None
    tunnel_url: str = ""


class HealthService:
    """Reads health from the store.

    Args:
        store: Where the engine leaves its facts.
        clock: The product's clock.
        wall: Tells epoch seconds, to see whether the engine lives.
    """

    def __init__(
        self, *, store: Store, clock: Clock, wall: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._clock = clock
        self._wall = wall

    async def report(self) -> HealthReport:
        """Return the state of things; never raises: a store that fails is a finding."""
        try:
            behind = await facts.journal_behind(self._store)
            report = await self._store.read(lambda session: self._read(session, behind))
            if report.engine != RUNNING:
                # A live engine writes every few seconds; without one nobody else would notice.
                await self._store.write(_write_nothing_new)
        except StoreProblem as problem:
            return HealthReport(DEGRADED, READ_ONLY, None, 0, 0, 0, 0, "", str(problem))
        return report

    async def engine_problem(self, sentence: str) -> None:
        """Keep what prevents an engine from starting; empty once it has started."""
        now = self._clock.now()

        async def work(session: Session) -> None:
            if await session.facts.text(facts.ENGINE_PROBLEM) != sentence:
                await session.facts.set_text(facts.ENGINE_PROBLEM, sentence)
                await session.changes.add(ChangeKind.HEALTH_UPDATED, now)

        await self._store.write(work)

    async def _read(self, session: Session, behind: int) -> HealthReport:
        now = self._clock.now()
        counts = await session.conversations.counts("", open_since=now, closing_since=now)
        webhook_ms = await session.facts.number(facts.LAST_WEBHOOK_MS)
        look_ms = await session.facts.number(facts.LAST_LOOK_MS)
        engine = await self._engine(session)
        return HealthReport(
            status=OK if engine == RUNNING else DEGRADED,
            store=OK,
            last_webhook_at=None if webhook_ms is None else from_ms(webhook_ms),
            outbox=await session.outbox.waiting(),
            journal_behind=behind,
            quarantined=counts.quarantine,
            rejected=await session.facts.number(facts.REJECTED) or 0,
            last_rejection=await session.facts.text(facts.LAST_REJECTION),
            engine=engine,
            last_look_at=None if look_ms is None else from_ms(look_ms),
            last_gap=await facts.last_gap(session),
            tunnel_url=await session.facts.text(facts.TUNNEL_URL),
        )

    async def _engine(self, session: Session) -> str:
        alive_ms = await session.facts.number(facts.ENGINE_ALIVE_MS) or 0
        if self._wall() * 1000 - alive_ms > _ALIVE_WITHIN_S * 1000:
            return await session.facts.text(facts.ENGINE_PROBLEM) or ABSENT
        return await session.facts.text(facts.ENGINE_TROUBLE) or RUNNING


async def _write_nothing_new(session: Session) -> None:
    rejected = await session.facts.number(facts.REJECTED) or 0
    await session.facts.set_number(facts.REJECTED, rejected)
