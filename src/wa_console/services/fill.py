"""Fills an empty store with an invented history, for benchmarks and training.

The same seed at the same time makes the same history. It goes through the store's port like
everything else, in big transactions; nothing is received, nothing is sent. Messages are written in
the order of time, as in life: benchmarks would flatter a store in which each conversation's rows
lie side by side.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.conversation import View
from wa_console.domain.errors import NotAllowed
from wa_console.domain.i18n import _
from wa_console.services.fill_people import History, Invented
from wa_console.store.port import InboxQuery, Session, Store

T = TypeVar("T")

_BATCH: Final = 2_000  # rows in a transaction: below it commits cost, above it nothing is gained


@dataclass(frozen=True, slots=True)
class Filled:
    """How much was written."""

    conversations: int
    messages: int


class Filler:
    """Writes invented histories."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def fill(
        self,
        *,
        conversations: int,
        messages: int,
        seed: int,
        progress: Callable[[int], None] = lambda _rows: None,
    ) -> Filled:
        """Fill the store.

        Args:
            conversations: How many, each with a customer of its own.
            messages: How many in all, at least one for each conversation.
            seed: What the dice begin with.
            progress: Told after each transaction how many rows are written.

        Raises:
            NotAllowed: The store holds conversations already, or there are too few messages.
        """
        if messages < conversations:
            raise NotAllowed(_("Each conversation needs a message: ask for more messages."))
        await self._check_empty()
        setup = await self._store.read(lambda session: session.facts.setup())
        history = History(
            setup=setup,
            now=self._clock.now(),
            conversations=conversations,
            messages=messages,
            seed=seed,
        )
        written = 0
        for people in _batches(history.people(), _BATCH):
            await self._write(people, _save_person)
            written += len(people)
            progress(written)
        for lines in _batches(history.messages(), _BATCH):
            await self._write(lines, lambda session, line: session.messages.add(line))
            written += len(lines)
            progress(written)
        await self._finish()
        return Filled(conversations, messages)

    async def _check_empty(self) -> None:
        now = self._clock.now()

        async def work(session: Session) -> int:
            views = (View.ALL, View.QUARANTINE)
            queries = [InboxQuery(view=view, login="", open_since=now) for view in views]
            return sum([await session.conversations.inbox_size(query) for query in queries])

        if await self._store.read(work) or await self._store.journal.last_seq():
            raise NotAllowed(
                _("This store holds conversations already; fill an empty one (--home DIR).")
            )

    async def _write(
        self, rows: Sequence[T], save: Callable[[Session, T], Awaitable[object]]
    ) -> None:
        async def work(session: Session) -> None:
            for row in rows:
                await save(session, row)

        await self._store.write(work)

    async def _finish(self) -> None:
        """Make all of it searchable, and tell open consoles once."""
        while await self._store.write(lambda session: session.search.index(limit=_BATCH)):
            pass
        now = self._clock.now()
        kind = ChangeKind.CONVERSATION_UPDATED
        await self._store.write(lambda session: session.changes.add(kind, now))


async def _save_person(session: Session, person: Invented) -> None:
    await session.customers.save(person.customer)
    await session.conversations.save(person.conversation)


def _batches(rows: Iterator[T], size: int) -> Iterator[Sequence[T]]:
    while batch := list(islice(rows, size)):
        yield batch
