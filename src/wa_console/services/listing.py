"""Whole conversations for those who read them line by line: commands, exports, scripts.

The inbox's rows hold only what a screen needs; this adds customer, window and newest message, for
a whole slice in one read. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wa_console.domain.clock import Clock
from wa_console.domain.conversation import Conversation, Customer
from wa_console.domain.errors import NotFound
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage
from wa_console.domain.window import Window
from wa_console.services.rules import Rules
from wa_console.store.port import Session, Store


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation with everything that CONTRACT's JSON tells of it."""

    conversation: Conversation
    customer: Customer
    window: Window
    last_message: ChatMessage | None


class Listing:
    """Reads conversations whole."""

    def __init__(self, *, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules

    async def entries(self, ids: Sequence[str]) -> Sequence[Entry]:
        """Return the conversations with these ids, in their order, as one snapshot.

        One that is gone meanwhile is left out.
        """

        async def work(session: Session) -> list[Entry]:
            found = [await self._entry(session, each) for each in ids]
            return [entry for entry in found if entry is not None]

        return await self._store.read(work)

    async def entry(self, conversation_id: str) -> Entry:
        """Return one conversation.

        Raises:
            NotFound: There is none with that id.
        """
        found = await self._store.read(lambda session: self._entry(session, conversation_id))
        if found is None:
            raise NotFound(_("there is no conversation {id}.").format(id=conversation_id))
        return found

    async def _entry(self, session: Session, conversation_id: str) -> Entry | None:
        conversation = await session.conversations.get(conversation_id)
        if conversation is None:
            return None
        customer = await session.customers.get(conversation.customer_id)
        if customer is None:
            return None
        last = conversation.last_message_id
        return Entry(
            conversation=conversation,
            customer=customer,
            window=self._rules.window(conversation, self._clock.now()),
            last_message=await session.messages.get(last) if last else None,
        )
