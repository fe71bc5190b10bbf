"""Finding messages by their words. The store does the searching; this is its door."""

from __future__ import annotations

from collections.abc import Sequence

from wa_console.store.port import Hit, Store


class Search:
    """Full-text search over message bodies."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def find(self, text: str, *, limit: int = 50) -> Sequence[Hit]:
        """Return messages that hold every word of ``text``, newest first; none for no words."""
        wanted = text.strip()
        if not wanted:
            return ()
        return await self._store.read(lambda s: s.search.find(wanted, limit=limit))

    async def index_once(self, *, batch: int = 500) -> int:
        """Make up to ``batch`` further messages searchable; returns how many it were."""
        return await self._store.write(lambda s: s.search.index(limit=batch))
