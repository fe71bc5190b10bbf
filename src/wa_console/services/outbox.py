"""Queues what a representative sends. The row is written here; services.sender does the sending.

Rules are asked here first, so that a person gets a sentence at once, and by the sender again, since
time passes in between. Nothing here speaks to Twilio (ARCHITECTURE rule 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from wa_console.domain.address import WHATSAPP, Address
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.conversation import Conversation
from wa_console.domain.delivery import can_retry
from wa_console.domain.errors import (
    NotAllowed,
    NotFound,
    RuleRefusal,
    SetupProblem,
    TemplateProblem,
    WindowClosed,
)
from wa_console.domain.i18n import _
from wa_console.domain.message import (
    ChatMessage,
    Direction,
    MessageKind,
    TemplateUse,
)
from wa_console.domain.setup import Setup
from wa_console.domain.template import (
    APPROVAL_FIELD,
    BODY_LIMIT,
    Approval,
    Template,
    problems,
    render,
)
from wa_console.domain.window import CLOSED_CODE, Window, WindowState
from wa_console.gateway.port import Explainer
from wa_console.services.lookup import require_conversation, require_message
from wa_console.services.queueing import outbound, queue
from wa_console.services.rules import Rules
from wa_console.services.threads import Contact, find_or_begin
from wa_console.store.port import Session, Store

DOUBLE_WITHIN = timedelta(seconds=3)
"""The same text to the same customer within this time asks "send again?" (faults D1)."""

_RECENT = 10


class Outbox:
    """Queues replies and templates, and begins threads with typed addresses."""

    def __init__(self, *, store: Store, clock: Clock, rules: Rules, explain: Explainer) -> None:
        self._store = store
        self._clock = clock
        self._rules = rules
        self._explain = explain

    async def queue_reply(self, conversation_id: str, text: str, *, author: str) -> ChatMessage:
        """Queue a free text; the author's draft is cleared in the same transaction.

        Raises:
            NotFound: No such conversation.
            NotAllowed: Nothing was written, or the conversation is in quarantine.
            RuleRefusal: More than 1600 characters (FACTS 5).
            WindowClosed: The customer's window is not open; the draft stays.
        """
        _check_text(text)
        now = self._clock.now()

        async def work(session: Session) -> ChatMessage:
            conversation = await _answerable(session, conversation_id)
            window = self._open_window(conversation, now)
            message = outbound(
                conversation, now, body=text, author=author, window=window, kind=MessageKind.SESSION
            )
            await queue(session, conversation, message)
            await session.messages.save_draft(conversation_id, author, "", now)
            return message

        return await self._store.write(work)

    async def queue_template(
        self,
        conversation_id: str,
        content_sid: str,
        variables: Mapping[str, str],
        *,
        author: str,
    ) -> ChatMessage:
        """Queue a template with its placeholders filled in.

        One whose approval nobody has asked Twilio about is let through: the sender asks.

        Raises:
            NotFound: No such conversation or template.
            NotAllowed: The conversation is in quarantine.
            TemplateProblem: Not approved, or the values do not do; lists everything to mend.
        """
        now = self._clock.now()

        async def work(session: Session) -> ChatMessage:
            conversation = await _answerable(session, conversation_id)
            template = await session.templates.get(content_sid)
            if template is None:
                raise NotFound(
                    _("There is no template {sid}. Sync the templates, or add it.").format(
                        sid=content_sid
                    )
                )
            _check_template(template, variables)
            message = outbound(
                conversation,
                now,
                body=render(template.text, variables),
                author=author,
                window=self._rules.window(conversation, now),
                kind=MessageKind.TEMPLATE,
                template=TemplateUse(content_sid, dict(variables)),
            )
            await queue(session, conversation, message)
            await session.templates.remember_variables(content_sid, variables)
            return message

        return await self._store.write(work)

    async def resend(self, message_id: str, *, author: str) -> ChatMessage:
        """Queue a failed message again, as a new one; the old one keeps its failure (faults D3).

        The new message names the old one in its ``raw`` field ``ResendOf``.

        Raises:
            NotFound: No such message.
            NotAllowed: It did not fail, so the customer has it or may have it.
            WindowClosed: It is free text and the window is not open any more.
            TemplateProblem: Its template may not be sent any more.
        """
        old = await self._store.read(lambda session: require_message(session, message_id))
        if old.direction is Direction.INBOUND or not can_retry(old.status):
            raise NotAllowed(_("Only a message that failed can be sent again."))
        now = self._clock.now()

        async def work(session: Session) -> ChatMessage:
            conversation = await _answerable(session, old.conversation_id)
            if old.template is None:
                window = self._open_window(conversation, now)
            else:
                window = self._rules.window(conversation, now)
                template = await session.templates.get(old.template.content_sid)
                if template is not None:
                    _check_template(template, old.template.variables)
            message = outbound(
                conversation,
                now,
                body=old.body,
                author=author,
                window=window,
                kind=old.kind,
                template=old.template,
            )
            message = replace(
                message, content=old.content, media=old.media, raw={"ResendOf": old.id}
            )
            await queue(session, conversation, message)
            return message

        return await self._store.write(work)

    async def open_thread(self, to: Address, *, number: str | None = None) -> Conversation:
        """Return the thread with a customer, begun if there is none (CONTRACT ``send --to``).

        Args:
            to: The customer's address.
            number: Which of our numbers, by address or name; None for the first.

        Raises:
            SetupProblem: No number is set up, or that one is not ours.
        """
        now = self._clock.now()

        async def work(session: Session) -> Conversation:
            setup = await session.facts.setup()
            contact = Contact(identities=(to,), number=_our_number(setup, number))
            thread = await find_or_begin(session, contact, setup=setup, at=now)
            if thread.begun:
                if thread.customer_changed:
                    await session.customers.save(thread.customer)
                await session.conversations.save(thread.conversation)
                await session.changes.add(
                    ChangeKind.CONVERSATION_UPDATED, now, conversation_id=thread.conversation.id
                )
            return await require_conversation(session, thread.conversation.id)

        return await self._store.write(work)

    async def doubled(self, conversation_id: str, text: str) -> bool:
        """Whether the same text was queued there less than three seconds ago (faults D1)."""
        since = self._clock.now() - DOUBLE_WITHIN
        recent = await self._store.read(
            lambda s: s.messages.page(conversation_id, before=None, limit=_RECENT)
        )
        return any(
            m.direction is Direction.OUTBOUND
            and m.kind is MessageKind.SESSION
            and m.body == text
            and m.created_at > since
            for m in recent
        )

    def _open_window(self, conversation: Conversation, now: datetime) -> Window:
        window = self._rules.window(conversation, now)
        if not window.allows_free_text:
            raise WindowClosed(closed_sentence(window, self._explain), closed_at=window.closes_at)
        return window


def closed_sentence(window: Window, explain: Explainer) -> str:
    """Say why free text may not be sent now, and what may."""
    if window.state is WindowState.NEVER:
        return _("The customer has not written yet: only a template can be sent.")
    return explain.sentence(CLOSED_CODE)


def _check_text(text: str) -> None:
    if not text.strip():
        raise NotAllowed(_("There is nothing to send: write something first."))
    if len(text) > BODY_LIMIT:
        sentence = _("The text has {count} characters; WhatsApp takes {limit}. Shorten it.")
        raise RuleRefusal(sentence.format(count=len(text), limit=BODY_LIMIT))


def _check_template(template: Template, variables: Mapping[str, str]) -> None:
    unasked = template.approval is Approval.UNKNOWN
    found = [
        item.text
        for item in problems(template, variables)
        if not (unasked and item.field == APPROVAL_FIELD)
    ]
    if found:
        raise TemplateProblem(found)


def _our_number(setup: Setup, wanted: str | None) -> str:
    if not setup.numbers:
        raise SetupProblem(_("No number is set up yet. Run wa-console setup or apply a file."))
    if wanted is None:
        return setup.numbers[0].address
    for number in setup.numbers:
        if wanted in (number.address, number.name, f"{WHATSAPP}:{number.address}"):
            return number.address
    raise SetupProblem(_("{number} is none of the numbers set up here.").format(number=wanted))


async def _answerable(session: Session, conversation_id: str) -> Conversation:
    conversation = await require_conversation(session, conversation_id)
    if conversation.quarantined:
        raise NotAllowed(_("The conversation is in quarantine: release it before you answer."))
    return conversation
