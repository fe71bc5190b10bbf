"""Who is here, and how loaded."""

from __future__ import annotations

from collections.abc import Mapping

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.conversation import View
from wa_console.domain.presence import Presence
from wa_console.domain.setup import Representative
from wa_console.store.port import InboxQuery, Session, Store


class Presences:
    """Reads and sets what representatives say about themselves."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def get(self, login: str) -> Presence:
        """Return somebody's presence; ``offline`` for who never set one."""
        return (await self.all()).get(login, Presence.OFFLINE)

    async def set(self, login: str, presence: Presence) -> None:
        """Set somebody's presence."""
        now = self._clock.now()

        async def work(session: Session) -> None:
            await session.facts.set_presence(login, presence.value, now)
            await session.changes.add(ChangeKind.PRESENCE_UPDATED, now)

        await self._store.write(work)

    async def all(self) -> Mapping[str, Presence]:
        """Return the presence of everybody who ever set one, by login."""
        words = await self._store.read(lambda s: s.facts.presences())
        return {login: Presence(word) for login, word in words.items()}

    async def load(self, login: str) -> tuple[int, int]:
        """Return (conversations of theirs that are not closed, how many they can take)."""
        now = self._clock.now()

        async def work(session: Session) -> tuple[int, int]:
            setup = await session.facts.setup()
            known = (r for r in setup.representatives if r.login == login)
            person = next(known, Representative(login))
            query = InboxQuery(view=View.MINE, login=login, open_since=now)
            return await session.conversations.inbox_size(query), person.capacity

        return await self._store.read(work)
