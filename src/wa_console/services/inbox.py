"""What the inbox and an open conversation show: read only, everything from one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wa_console.domain.clock import Clock
from wa_console.domain.conversation import Conversation, Customer, InboxRow, View
from wa_console.domain.errors import NotFound
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage, MessageError
from wa_console.domain.window import WINDOW, Window
from wa_console.gateway.port import Explainer
from wa_console.services.lookup import require_conversation, require_message
from wa_console.services.rules import Rules
from wa_console.store.port import InboxCounts, InboxQuery, Session, Store

_TICK = timedelta(milliseconds=1)
_AHEAD = 500
"""How many rows of a view the jumps look through: more than anybody works off in a day."""


@dataclass(frozen=True, slots=True)
class ConversationView:
    """An open conversation.

    Attributes:
        messages: The newest ones, oldest first.
        more: There are older ones.
        draft: The viewer's unsent text.
        others: How many other threads this customer has.
        template_names: Names of the templates among the messages, by Content SID.
    """

    conversation: Conversation
    customer: Customer
    messages: Sequence[ChatMessage]
    more: bool
    draft: str
    window: Window
    others: int
    template_names: Mapping[str, str]


class Inbox:
    """Reads lists of conversations and single ones."""

    def __init__(self, *, store: Store, clock: Clock, rules: Rules, explain: Explainer) -> None:
        self._store = store
        self._explain = explain
        self._clock = clock
        self._rules = rules

    async def page(
        self, view: View, *, login: str, text: str = "", offset: int, limit: int
    ) -> Sequence[InboxRow]:
        """Return a slice of a view: needs an answer and open first, soonest to close first."""
        query = self._query(view, login, text)
        return await self._store.read(
            lambda s: s.conversations.inbox(query, offset=offset, limit=limit)
        )

    async def size(self, view: View, *, login: str, text: str = "") -> int:
        """Return how many entries a view has."""
        query = self._query(view, login, text)
        return await self._store.read(lambda s: s.conversations.inbox_size(query))

    async def position(
        self, view: View, conversation_id: str, *, login: str, text: str = ""
    ) -> int | None:
        """Return the index of a conversation in a view, None when it is not in it."""
        query = self._query(view, login, text)
        return await self._store.read(
            lambda s: s.conversations.inbox_position(query, conversation_id)
        )

    async def row(self, conversation_id: str, *, login: str) -> InboxRow | None:
        """Return the entry of one conversation, None when it is gone."""
        return await self._store.read(
            lambda s: s.conversations.inbox_row(conversation_id, login=login)
        )

    async def counts(self, login: str) -> InboxCounts:
        """Return the sizes of the views, and how many windows close soon."""
        now = self._clock.now()
        # The rule's interval is (open, closing], the store's [open, closing): one tick later.
        open_since = self._rules.open_since(now) + _TICK
        closing_since = self._rules.closing_since(now) + _TICK
        return await self._store.read(
            lambda s: s.conversations.counts(
                login, open_since=open_since, closing_since=closing_since
            )
        )

    async def turns_at(self) -> datetime | None:
        """Return when the next window ends or begins to close: what is counted is stale then."""
        now = self._clock.now()

        async def work(session: Session) -> list[datetime]:
            first = session.conversations.next_inbound
            ends = await first(self._rules.open_since(now) + _TICK)
            begins = await first(self._rules.closing_since(now) + _TICK)
            shift = WINDOW - self._rules.margin
            turns = [] if ends is None else [ends + shift]
            return turns if begins is None else [*turns, begins + shift - self._rules.closing]

        return min(await self._store.read(work), default=None)

    async def next_to_expire(self, *, login: str, after: str | None) -> str | None:
        """Return whose open window ends next among those who wait for ``login`` or for anybody.

        Args:
            login: Who asks: their own conversations and the unassigned ones count.
            after: The conversation they are at; the next one behind it, round and round.

        Returns:
            A conversation's id, None when nobody waits in an open window.
        """
        rows = [
            row
            for row in await self._at_hand(login)
            if row.waiting_since is not None and self.window(row).allows_free_text
        ]
        # Stable: with equal times the inbox's own order stays.
        rows.sort(key=lambda row: self.window(row).remaining)
        return _following(rows, after)

    async def next_unread(self, *, login: str, after: str | None) -> str | None:
        """Return the next conversation with unread messages, like :meth:`next_to_expire`."""
        return _following([r for r in await self._at_hand(login) if r.unread], after)

    async def open(self, conversation_id: str, *, login: str, limit: int = 50) -> ConversationView:
        """Return a conversation with its newest messages.

        Raises:
            NotFound: There is none with that id.
        """
        now = self._clock.now()

        async def work(session: Session) -> ConversationView:
            conversation = await require_conversation(session, conversation_id)
            customer = await session.customers.get(conversation.customer_id)
            if customer is None:
                raise NotFound(_("The customer of this conversation is gone."))
            found = await session.messages.page(conversation_id, before=None, limit=limit + 1)
            threads = await session.conversations.of_customer(customer.id)
            messages = found[-limit:] if limit else ()
            return ConversationView(
                conversation=conversation,
                customer=customer,
                messages=self._explained(messages),
                more=len(found) > limit,
                draft=await session.messages.draft(conversation_id, login),
                window=self._rules.window(conversation, now),
                others=len(threads) - 1,
                template_names=await _template_names(session, messages),
            )

        return await self._store.read(work)

    async def older(
        self, conversation_id: str, *, before: ChatMessage, limit: int = 50
    ) -> Sequence[ChatMessage]:
        """Return up to ``limit`` messages before one, oldest first."""
        key = (before.created_at, before.id)
        return self._explained(
            await self._store.read(
                lambda s: s.messages.page(conversation_id, before=key, limit=limit)
            )
        )

    async def message(self, message_id: str) -> ChatMessage:
        """Return one message with its status history.

        Raises:
            NotFound: There is none with that id.
        """
        found = await self._store.read(lambda session: require_message(session, message_id))
        return self._explained([found])[0]

    def window(self, conversation: Conversation | InboxRow) -> Window:
        """Return the window of a conversation as of now."""
        return self._rules.window(conversation, self._clock.now())

    def _explained(self, messages: Sequence[ChatMessage]) -> Sequence[ChatMessage]:
        """Give failures our own sentence and the step that mends them (faults C5).

        Twilio's text stands where we have none: it is often empty and never translated.
        """
        return [
            replace(message, error=self._mended(message.error)) if message.error else message
            for message in messages
        ]

    def _mended(self, error: MessageError) -> MessageError:
        ours = self._explain.knows(error.code) or not error.text
        text = self._explain.sentence(error.code) if ours else error.text
        return replace(error, text=text, action=self._explain.action(error.code))

    async def _at_hand(self, login: str) -> Sequence[InboxRow]:
        """Return what somebody may work on: their own conversations, then nobody's."""
        mine = self._query(View.MINE, login, "")
        unassigned = self._query(View.UNASSIGNED, login, "")

        async def work(session: Session) -> list[InboxRow]:
            inbox = session.conversations.inbox
            own = await inbox(mine, offset=0, limit=_AHEAD)
            return [*own, *await inbox(unassigned, offset=0, limit=_AHEAD)]

        return await self._store.read(work)

    def _query(self, view: View, login: str, text: str) -> InboxQuery:
        return InboxQuery(
            view=view,
            login=login,
            open_since=self._rules.open_since(self._clock.now()),
            text=text.strip(),
        )


async def _template_names(session: Session, messages: Sequence[ChatMessage]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for sid in {m.template.content_sid for m in messages if m.template is not None}:
        template = await session.templates.get(sid)
        if template is not None:
            names[sid] = template.name
    return names


def _following(rows: Sequence[InboxRow], after: str | None) -> str | None:
    """Return the id behind ``after``, the first one if it is not among the rows."""
    ids = [row.id for row in rows]
    if not ids:
        return None
    at = ids.index(after) + 1 if after in ids else 0
    return ids[at % len(ids)]
