"""The templates a team may send: kept up to date with Twilio, or entered by hand.

It queues nothing (services.outbox). What may stand in a placeholder is domain.template's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.errors import NotFound, SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.setup import Setup, TemplateEntry
from wa_console.domain.template import Approval, Template, is_content_sid
from wa_console.domain.text import snippet
from wa_console.gateway.port import Gateway
from wa_console.services.lookup import require_conversation
from wa_console.services.suggestion import Suggestion, suggest
from wa_console.store.port import Session, Store

__all__ = ["Suggestion", "Synced", "Templates", "entered"]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync found at Twilio, and how many of those were new or different."""

    found: int
    changed: int


class Templates:
    """Lists, suggests, syncs.

    Args:
        store: Where templates are kept.
        clock: The product's clock.
        gateway: Twilio; None in a console that only looks at the store.
    """

    def __init__(self, *, store: Store, clock: Clock, gateway: Gateway | None) -> None:
        self._store = store
        self._clock = clock
        self._gateway = gateway

    async def all(self) -> Sequence[Template]:
        """Return every template, by name and language."""
        return await self._store.read(lambda s: s.templates.all())

    async def for_conversation(self, conversation_id: str) -> Sequence[Template]:
        """Return the templates of a conversation's workstream.

        Approved ones first, then those in the customer's language (else the workstream's), then
        by name.

        Raises:
            NotFound: No such conversation.
        """

        async def work(session: Session) -> list[Template]:
            conversation = await require_conversation(session, conversation_id)
            customer = await session.customers.get(conversation.customer_id)
            setup = await session.facts.setup()
            workstream = setup.workstream_of(conversation.number)
            language = (customer.language if customer else "") or (
                workstream.language if workstream else ""
            )
            offered = [
                template
                for template in await session.templates.all()
                if not template.workstreams or conversation.workstream in template.workstreams
            ]
            return sorted(offered, key=lambda t: (not t.sendable, not _speaks(t, language)))

        return await self._store.read(work)

    async def get(self, content_sid: str) -> Template:
        """Return one template.

        Raises:
            NotFound: It is not known here.
        """
        found = await self._store.read(lambda s: s.templates.get(content_sid))
        if found is None:
            raise _unknown(content_sid)
        return found

    async def suggest(
        self, conversation_id: str, content_sid: str, *, draft: str = ""
    ) -> Suggestion:
        """Return what may go into the placeholders for this customer.

        Args:
            conversation_id: Who it is for.
            content_sid: Which template.
            draft: What the representative has written so far.

        Raises:
            NotFound: No such conversation or template.
        """

        async def work(session: Session) -> Suggestion:
            conversation = await require_conversation(session, conversation_id)
            template = await session.templates.get(content_sid)
            if template is None:
                raise _unknown(content_sid)
            return suggest(
                template,
                customer=await session.customers.get(conversation.customer_id),
                last=await session.templates.last_variables(content_sid),
                draft=draft,
            )

        return await self._store.read(work)

    async def sync(self) -> Synced:
        """Take over every template and approval from Twilio.

        Which workstreams offer a template is ours and stays. One that Twilio once had and has no
        more is disabled; one entered by hand (the sandbox's) stays as it is.

        Raises:
            SetupProblem: This console has no credentials to ask with.
            TwilioProblem: Twilio could not be asked.
        """
        if self._gateway is None:
            raise SetupProblem(_("Templates are synced by the engine, which has the credentials."))
        found = await self._gateway.templates()
        now = self._clock.now()
        return await self._store.write(lambda session: _take_over(session, found, now))

    async def stale(self, *, minutes: int = 10) -> bool:
        """Whether Twilio was last asked more than ``minutes`` ago, or never (faults D10)."""
        asked = await self._store.read(lambda s: s.templates.synced_at())
        return asked is None or self._clock.now() - asked > timedelta(minutes=minutes)

    async def add(
        self, content_sid: str, *, language: str, text: str, workstream: str = ""
    ) -> Template:
        """Enter a template by hand, into the set-up too, so that ``dump`` writes it.

        Raises:
            SetupProblem: The SID has no such shape, the text is empty, or there is no such
                workstream.
        """
        if not is_content_sid(content_sid):
            raise SetupProblem(_("A Content SID is HX and 32 digits or letters from a to f."))
        if not text.strip():
            raise SetupProblem(_("Type the template's text as WhatsApp approved it."))
        entry = TemplateEntry(content_sid, language, text, workstream)
        now = self._clock.now()

        async def work(session: Session) -> Template:
            setup = await session.facts.setup()
            if workstream and workstream not in {each.name for each in setup.workstreams}:
                raise SetupProblem(
                    _("There is no workstream {name}.").format(name=snippet(workstream, 40))
                )
            others = tuple(e for e in setup.templates if _place(e) != _place(entry))
            await session.facts.save_setup(replace(setup, templates=(*others, entry)))
            known = await session.templates.get(content_sid)
            template = entered(known, (*others, entry), content_sid)
            await session.templates.save(template, synced_at=None)
            await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)
            return template

        return await self._store.write(work)

    async def remove(self, content_sid: str) -> None:
        """Forget a template, in the set-up too. A sync brings one back that Twilio has.

        Raises:
            NotFound: It is not known here.
        """
        now = self._clock.now()

        async def work(session: Session) -> None:
            setup = await session.facts.setup()
            kept = tuple(e for e in setup.templates if e.content_sid != content_sid)
            await session.facts.save_setup(replace(setup, templates=kept))
            there = await session.templates.remove(content_sid)
            if not there and len(kept) == len(setup.templates):
                raise _unknown(content_sid)
            await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)

        await self._store.write(work)


def entered(known: Template | None, entries: Sequence[TemplateEntry], content_sid: str) -> Template:
    """Return a template as the set-up's entries for it say; what Twilio told wins.

    Args:
        known: As the store has it, None when it is new.
        entries: The set-up's entries, those of other templates included; the last one wins.
        content_sid: Which template. At least one entry is of it.
    """
    own = [entry for entry in entries if entry.content_sid == content_sid]
    last = own[-1]
    scope = () if any(not e.workstream for e in own) else tuple(e.workstream for e in own)
    if known is not None and known.approval is not Approval.UNKNOWN:
        return replace(known, workstreams=scope)
    return Template(
        content_sid=content_sid,
        name=known.name if known else content_sid,
        language=last.language,
        kind=known.kind if known else "twilio/text",
        text=last.text,
        workstreams=scope,
    )


async def _take_over(session: Session, found: Sequence[Template], now: datetime) -> Synced:
    entries = _scopes(await session.facts.setup())
    known = {each.content_sid: each for each in await session.templates.all()}
    changed = 0
    for template in found:
        before = known.pop(template.content_sid, None)
        scope = before.workstreams if before else entries.get(template.content_sid, ())
        after = replace(template, workstreams=scope)
        changed += after != before
        await session.templates.save(after, synced_at=now)
    gone = [t for t in known.values() if t.approval not in (Approval.UNKNOWN, Approval.DISABLED)]
    for template in gone:
        reason = _("It is no longer at Twilio.")
        disabled = replace(template, approval=Approval.DISABLED, reason=reason)
        await session.templates.save(disabled, synced_at=now)
    changed += len(gone)
    if changed:
        await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)
    return Synced(found=len(found), changed=changed)


def _scopes(setup: Setup) -> dict[str, tuple[str, ...]]:
    """Return the workstreams the set-up names for each template; empty serves all."""
    return {
        entry.content_sid: entered(None, setup.templates, entry.content_sid).workstreams
        for entry in setup.templates
    }


def _place(entry: TemplateEntry) -> tuple[str, str]:
    return entry.content_sid, entry.workstream


def _speaks(template: Template, language: str) -> bool:
    """Whether a template is in a language; ``pt_BR`` counts as ``pt``."""
    return bool(language) and template.language[:2].lower() == language[:2].lower()


def _unknown(content_sid: str) -> NotFound:
    return NotFound(_("There is no template {sid}.").format(sid=snippet(content_sid, 40)))
