"""What representatives do with conversations: take, assign, close, note, label, release.

No message leaves here (services.outbox); nothing is read for a list (services.inbox).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.conversation import Conversation, ConversationState, may_move
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotAllowed, NotFound
from wa_console.domain.i18n import _
from wa_console.domain.ids import new_id
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.domain.setup import Setup
from wa_console.domain.text import snippet
from wa_console.services.arrivals import is_newest
from wa_console.services.lookup import find_conversation, require_conversation
from wa_console.services.rules import Rules
from wa_console.store.port import Session, Store

_log = logging.getLogger(__name__)

_Step = Callable[[Conversation, datetime], Conversation]


class Conversations:
    """Changes conversations, one transaction a step."""

    def __init__(self, *, store: Store, clock: Clock, rules: Rules) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules

    async def get(self, conversation_id: str) -> Conversation:
        """Return a conversation.

        Raises:
            NotFound: There is none with that id.
        """
        return await self._store.read(lambda s: require_conversation(s, conversation_id))

    async def find(self, text: str) -> Conversation:
        """Return a conversation by its id or by a customer's address in any spelling.

        Of several threads of one customer it is the one with the newest activity; quarantined
        ones come last.

        Raises:
            NotFound: Nothing fits, or the text can be neither.
        """
        return await self._store.read(lambda session: find_conversation(session, text.strip()))

    async def take(self, conversation_id: str, *, login: str) -> None:
        """Make it somebody's own and active.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is in quarantine.
        """
        await self.assign(conversation_id, login=login, by=login)

    async def assign(
        self,
        conversation_id: str,
        *,
        login: str | None = None,
        queue: str | None = None,
        by: str,
    ) -> None:
        """Give it to a person (it becomes active), to a queue (it waits for somebody), or both.

        Raises:
            NotFound: No such conversation, person or queue.
            NotAllowed: Neither was named, or it is in quarantine.
        """
        if not login and not queue:
            raise NotAllowed(_("Say whom to assign it to: a person or a queue."))

        async def work(session: Session) -> None:
            _check_names(await session.facts.setup(), login=login, queue=queue, by=by)
            before = await require_conversation(session, conversation_id)
            if before.quarantined:
                raise NotAllowed(_("The conversation is in quarantine: release it first."))
            state = ConversationState.ACTIVE if login else ConversationState.OPEN
            after = replace(
                before,
                assignee=login or "",
                queue=queue or before.queue,
                state=state,
                closed_at=None,
            )
            await self._save(session, after)

        await self._store.write(work)
        _log.info("conversation %s assigned by %s", conversation_id, by)

    async def close(self, conversation_id: str, *, by: str) -> None:
        """Close it: nobody waits any more.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is closed already.
        """

        def step(conversation: Conversation, now: datetime) -> Conversation:
            if conversation.state is ConversationState.CLOSED:
                raise NotAllowed(_("The conversation is closed already."))
            return replace(
                conversation,
                state=ConversationState.CLOSED,
                closed_at=now,
                unread=0,
                waiting_since=None,
            )

        await self._change(conversation_id, step)
        _log.info("conversation %s closed by %s", conversation_id, by)

    async def reopen(self, conversation_id: str, *, by: str) -> None:
        """Open a closed conversation again: active if somebody has it, else open.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is not closed.
        """

        def step(conversation: Conversation, _now: datetime) -> Conversation:
            if conversation.state is not ConversationState.CLOSED:
                raise NotAllowed(_("The conversation is not closed."))
            return _reopened(conversation)

        await self._change(conversation_id, step)
        _log.info("conversation %s reopened by %s", conversation_id, by)

    async def wait(self, conversation_id: str, *, by: str) -> None:
        """Set it waiting: the next word is the customer's.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is not active.
        """

        def step(conversation: Conversation, _now: datetime) -> Conversation:
            if not may_move(conversation.state, ConversationState.WAITING):
                raise NotAllowed(_("Only an active conversation can wait. Take it first."))
            return replace(conversation, state=ConversationState.WAITING)

        await self._change(conversation_id, step)
        _log.info("conversation %s set waiting by %s", conversation_id, by)

    async def note(self, conversation_id: str, text: str, *, author: str) -> ChatMessage:
        """Write a note that only the team sees.

        Raises:
            NotFound: No such conversation.
            NotAllowed: Nothing was written.
        """
        if not text.strip():
            raise NotAllowed(_("There is nothing to note: write something first."))
        now = self._clock.now()

        async def work(session: Session) -> ChatMessage:
            conversation = await require_conversation(session, conversation_id)
            note = ChatMessage(
                id=new_id(now),
                conversation_id=conversation_id,
                direction=Direction.OUTBOUND,
                kind=MessageKind.NOTE,
                created_at=now,
                status=DeliveryStatus.RECEIVED,
                body=text,
                author=author,
                window_state=self._rules.window(conversation, now).state.value,
            )
            newest = await is_newest(session, conversation, note)
            await session.messages.add(note)
            await session.conversations.save(
                replace(
                    conversation,
                    last_message_id=note.id if newest else conversation.last_message_id,
                    updated_at=max(conversation.updated_at, now),
                )
            )
            await session.changes.add(
                ChangeKind.NOTE_ADDED, now, conversation_id=conversation_id, message_id=note.id
            )
            return note

        return await self._store.write(work)

    async def label(self, conversation_id: str, name: str, *, remove: bool = False) -> None:
        """Put a label on, or take it off. One that is there or gone already changes nothing.

        Raises:
            NotFound: No such conversation.
            NotAllowed: The name is empty.
        """
        wanted = " ".join(name.split())
        if not wanted:
            raise NotAllowed(_("A label needs a name."))

        def step(conversation: Conversation, _now: datetime) -> Conversation:
            others = tuple(x for x in conversation.labels if x.casefold() != wanted.casefold())
            if remove:
                return replace(conversation, labels=others)
            there = len(others) < len(conversation.labels)
            return conversation if there else replace(conversation, labels=(*others, wanted))

        await self._change(conversation_id, step)

    async def mark_read(self, conversation_id: str) -> None:
        """Nothing in it is unread any more.

        Raises:
            NotFound: No such conversation.
        """
        await self._change(conversation_id, lambda c, _now: replace(c, unread=0))

    async def save_draft(self, conversation_id: str, *, login: str, text: str) -> None:
        """Keep somebody's unsent text; an empty one removes it.

        Raises:
            NotFound: No such conversation.
        """
        now = self._clock.now()

        async def work(session: Session) -> None:
            await require_conversation(session, conversation_id)
            before = await session.messages.draft(conversation_id, login)
            if before == text:
                return
            await session.messages.save_draft(conversation_id, login, text, now)
            if bool(before) != bool(text):
                # Lists show whether there is a draft, not its words: no line for every pause.
                await _tell(session, conversation_id, now)

        await self._store.write(work)

    async def draft(self, conversation_id: str, *, login: str) -> str:
        """Return somebody's unsent text, empty when there is none."""
        return await self._store.read(lambda s: s.messages.draft(conversation_id, login))

    async def release(self, conversation_id: str) -> None:
        """Take it out of quarantine, into the inbox.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is not in quarantine.
        """

        def step(conversation: Conversation, _now: datetime) -> Conversation:
            _check_quarantined(conversation)
            released = replace(conversation, quarantined=False)
            closed = conversation.state is ConversationState.CLOSED
            return _reopened(released) if closed else released

        await self._change(conversation_id, step)

    async def discard(self, conversation_id: str) -> None:
        """Put a quarantined conversation away; the journal keeps what came in.

        Raises:
            NotFound: No such conversation.
            NotAllowed: It is not in quarantine.
        """

        def step(conversation: Conversation, now: datetime) -> Conversation:
            _check_quarantined(conversation)
            return replace(
                conversation,
                state=ConversationState.CLOSED,
                closed_at=now,
                unread=0,
                waiting_since=None,
            )

        await self._change(conversation_id, step)

    async def _change(self, conversation_id: str, step: _Step) -> None:
        """Apply a pure step to a conversation and tell the feed, unless it changed nothing."""
        now = self._clock.now()

        async def work(session: Session) -> None:
            before = await require_conversation(session, conversation_id)
            after = step(before, now)
            if after != before:
                await self._save(session, after)

        await self._store.write(work)

    async def _save(self, session: Session, conversation: Conversation) -> None:
        await session.conversations.save(conversation)
        await _tell(session, conversation.id, self._clock.now())


async def _tell(session: Session, conversation_id: str, at: datetime) -> None:
    await session.changes.add(ChangeKind.CONVERSATION_UPDATED, at, conversation_id=conversation_id)


def _check_names(setup: Setup, *, login: str | None, queue: str | None, by: str) -> None:
    """Refuse names that are not set up; where nobody is set up, any login will do."""
    people = {person.login for person in setup.representatives}
    if login and login != by and people and login not in people:
        raise NotFound(_("There is no representative {login}.").format(login=snippet(login, 40)))
    if queue and queue not in {each.name for each in setup.queues}:
        raise NotFound(_("There is no queue {name}.").format(name=snippet(queue, 40)))


def _check_quarantined(conversation: Conversation) -> None:
    if not conversation.quarantined or conversation.state is ConversationState.CLOSED:
        raise NotAllowed(_("The conversation is not in quarantine."))


def _reopened(conversation: Conversation) -> Conversation:
    state = ConversationState.ACTIVE if conversation.assignee else ConversationState.OPEN
    return replace(conversation, state=state, closed_at=None)
