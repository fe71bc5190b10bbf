"""The last hop of the change feed: from the store's rows to the widgets that show them.

One task follows the feed; what comes within 60 ms is told once (ARCHITECTURE 9: at most 10 Hz or
so). It carries ids only, so a lost one costs a stale row and never data.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from textual.app import App
from textual.signal import Signal

from wa_console.domain.changes import Change, ChangeKind
from wa_console.domain.errors import WaConsoleError
from wa_console.services.feed import Feed

_COALESCE_S: Final = 0.06
_BACK_OFF_S: Final = 1.0
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What changed since the last time, joined.

    Attributes:
        conversations: Ids whose row or messages changed.
        messages: Message ids by conversation.
        kinds: Every kind of change among them.
    """

    conversations: frozenset[str]
    messages: tuple[tuple[str, str], ...]
    kinds: frozenset[ChangeKind]

    @classmethod
    def of(cls, changes: Sequence[Change]) -> News:
        """Join changes into one piece of news."""
        pairs = {
            (change.conversation_id, change.message_id): None
            for change in changes
            if change.conversation_id and change.message_id
        }
        return cls(
            frozenset(c.conversation_id for c in changes if c.conversation_id),
            tuple((str(conversation), str(message)) for conversation, message in pairs),
            frozenset(change.kind for change in changes),
        )


class Pulse:
    """Follows the feed for as long as the app runs and publishes `News`."""

    def __init__(self, owner: App[Any], feed: Feed) -> None:
        self._owner = owner
        self._feed = feed
        self._pending: list[Change] = []
        self._seq = 0
        self.signal: Signal[News] = Signal(owner, "changes")
        self.failing = False

    async def start(self) -> None:
        """Begin; changes committed after this returns are told, none is missed."""
        self._seq = await self._feed.last_seq()
        self._owner.run_worker(self._follow(), name="feed", group="feed", exit_on_error=True)

    async def _follow(self) -> None:
        # Supervised: a store that fails for a moment must not leave the screen deaf for good.
        while True:
            try:
                async for batch in self._feed.follow(since=self._seq):
                    self.failing = False
                    self._take(batch)
            except WaConsoleError as problem:
                self.failing = True
                _LOG.warning("feed lost: %s", type(problem).__name__)
            await asyncio.sleep(_BACK_OFF_S)

    def _take(self, batch: Sequence[Change]) -> None:
        if not batch:
            return
        self._seq = max(self._seq, batch[-1].seq)
        if not self._pending:
            self._owner.set_timer(_COALESCE_S, self._publish, name="coalesce")
        self._pending.extend(batch)

    def _publish(self) -> None:
        changes, self._pending = self._pending, []
        self.signal.publish(News.of(changes))
