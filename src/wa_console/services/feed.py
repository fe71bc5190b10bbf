"""The change feed as a stream: what happened, by id only, in the order of the commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from wa_console.domain.changes import Change
from wa_console.store.port import Store

_BATCH = 500


class Feed:
    """Reads the change feed. Losing a line loses no data: the rows are the facts."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def last_seq(self) -> int:
        """Return the position of the newest line, 0 when there is none."""
        return await self._store.read(lambda s: s.changes.last_seq())

    async def follow(
        self, *, since: int | None = None, quiet_s: float = 15.0
    ) -> AsyncIterator[Sequence[Change]]:
        """Yield batches of lines in order, for ever.

        Args:
            since: Begin after this position; None: from the moment the iteration begins.
            quiet_s: Look again after so many seconds without a wake-up. A wake-up may get lost
                (PostgreSQL's NOTIFY over a broken line, faults G11); a look does not.
        """
        seq = await self.last_seq() if since is None else since
        while True:
            lines = await self._read_after(seq)
            if lines:
                seq = lines[-1].seq
                yield lines
            else:
                await self._store.changed(seq, timeout_s=quiet_s)

    async def _read_after(self, seq: int) -> Sequence[Change]:
        return await self._store.read(lambda s: s.changes.since(seq, limit=_BATCH))
