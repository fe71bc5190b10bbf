"""Names of the single facts that services keep in the store, each in one place.

Positions, health counters: whatever outlives a process and is no row of its own. This module may
not say what they mean to a person (services.health does).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wa_console.domain.clock import from_ms, to_ms
from wa_console.store.port import Session, Store

PROJECTED_SEQ: Final = "projector.seq"
"""Position of the last journal row that has been projected."""
LAST_WEBHOOK_MS: Final = "health.last_webhook_ms"
"""When the last genuine webhook came, in the product's time."""
REJECTED: Final = "health.rejected"
"""How many requests were not genuine, ever."""
LAST_REJECTION: Final = "health.last_rejection"
"""The likely cause of the last of them."""
ENGINE_ALIVE_MS: Final = "health.engine_alive_ms"
"""Wall-clock time of the engine's last sign of life, 0 once it has ended in order."""
ENGINE_TROUBLE: Final = "health.engine_trouble"
"""What keeps a running engine from its work, empty when nothing does."""
ENGINE_PROBLEM: Final = "health.engine_problem"
"""What keeps an engine from starting at all, empty when nothing does."""
WATERMARK_MS: Final = "catchup.watermark_ms"
"""Twilio's time of the newest message that its list has shown us."""
LAST_LOOK_MS: Final = "catchup.last_look_ms"
"""When Twilio's list was last asked, in the product's time."""
LAST_GAP: Final = "catchup.last_gap"
"""The last time that messages had been missed (JSON)."""
CREDENTIALS_TURN: Final = "credentials.turn"
"""Counts up when a credential was saved, so that a running engine takes up the new one."""
TUNNEL_URL: Final = "tunnel.url"
"""Where a tunnel makes the listener reachable at present, empty without one."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which messages came that only catch-up found.

    Attributes:
        since: When had been looked before.
        until: When they were found.
        count: How many customers' messages they were.
    """

    since: datetime
    until: datetime
    count: int


async def keep_gap(session: Session, gap: Gap) -> None:
    """Keep a gap as the last one."""
    told = {"from": to_ms(gap.since), "to": to_ms(gap.until), "count": gap.count}
    await session.facts.set_text(LAST_GAP, json.dumps(told))


async def last_gap(session: Session) -> Gap | None:
    """Return the last gap, None when there never was one."""
    text = await session.facts.text(LAST_GAP)
    if not text:
        return None
    told = json.loads(text)
    return Gap(since=from_ms(told["from"]), until=from_ms(told["to"]), count=told["count"])


async def projected_seq(session: Session) -> int:
    """Return the position of the last projected journal row, 0 at the beginning."""
    return await session.facts.number(PROJECTED_SEQ) or 0


async def journal_behind(store: Store) -> int:
    """Return how many journal rows wait to be projected."""
    # The position first: rows may be projected meanwhile, and none may be counted below zero.
    position = await store.read(projected_seq)
    return max(0, await store.journal.last_seq() - position)
