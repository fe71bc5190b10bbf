"""Templates as an administrator deals with them: made, submitted, fetched, kept in step.

What a representative does with them is services.templates'. Texts are judged by
domain.template_draft; approvals come from WhatsApp alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.errors import NotAllowed, NotFound, SetupProblem, TemplateProblem
from wa_console.domain.i18n import _
from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import Approval, Template, TemplateProblemItem, is_content_sid
from wa_console.domain.template_draft import (
    CATEGORIES,
    NAME,
    TemplateDraft,
    draft_problems,
)
from wa_console.domain.text import snippet
from wa_console.gateway.port import Gateway
from wa_console.services.templates import Synced, Templates
from wa_console.store.port import Session, Store


@dataclass(frozen=True, slots=True)
class Library:
    """All templates, and what the set-up says of them.

    Attributes:
        entries: Texts entered by hand, to be compared with Twilio's.
        languages: Languages of the workstreams: holes there are worth seeing.
        workstreams: Their names, for choosing where to offer a template.
    """

    templates: tuple[Template, ...]
    entries: tuple[TemplateEntry, ...]
    languages: tuple[str, ...]
    workstreams: tuple[str, ...]


class TemplateAuthor:
    """Makes, submits and fetches templates.

    Args:
        store: Where they are kept.
        clock: The product's clock.
        connect: Opens Twilio; entering raises SetupProblem when there are no credentials.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        connect: Callable[[], AbstractAsyncContextManager[Gateway]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._connect = connect

    async def library(self) -> Library:
        """Return everything the templates' screen shows."""

        async def work(session: Session) -> Library:
            setup = await session.facts.setup()
            return Library(
                templates=tuple(await session.templates.all()),
                entries=setup.templates,
                languages=tuple(dict.fromkeys(w.language for w in setup.workstreams)),
                workstreams=tuple(w.name for w in setup.workstreams),
            )

        return await self._store.read(work)

    async def sync(self) -> Synced:
        """Take over every template and approval from Twilio.

        Raises:
            SetupProblem: There are no credentials.
            TwilioProblem: Twilio did not answer as it should.
        """
        async with self._connect() as gateway:
            return await Templates(store=self._store, clock=self._clock, gateway=gateway).sync()

    async def look_up(self, content_sid: str) -> Template:
        """Return a template as Twilio has it, without keeping it.

        Raises:
            SetupProblem: The SID has no such shape, or there are no credentials.
            NotFound: The account has no such template.
            TwilioProblem: Twilio did not answer as it should.
        """
        if not is_content_sid(content_sid):
            raise SetupProblem(_("A Content SID is HX and 32 digits or letters from a to f."))
        async with self._connect() as gateway:
            found = await gateway.template(content_sid)
        if found is None:
            text = _("This account has no template {sid}. Twilio's sandbox ones are not listed.")
            raise NotFound(text.format(sid=snippet(content_sid, 40)))
        return found

    async def adopt(self, found: Template) -> None:
        """Take over what Twilio told of one template; its workstreams here stay."""
        now = self._clock.now()

        async def work(session: Session) -> None:
            before = await session.templates.get(found.content_sid)
            scope = before.workstreams if before else ()
            await session.templates.save(replace(found, workstreams=scope), synced_at=None)
            await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)

        await self._store.write(work)

    async def create(self, draft: TemplateDraft, *, submit: bool) -> Template:
        """Make a text template at Twilio and, if wanted, submit it to WhatsApp.

        What was made stays, also when submitting it fails.

        Returns:
            The template with the approval it has now.

        Raises:
            TemplateProblem: WhatsApp would refuse it; lists everything to mend.
            SetupProblem: There are no credentials.
            TwilioProblem: Twilio did not do it.
        """
        found = [item.text for item in await self.problems(draft)]
        if found:
            raise TemplateProblem(found)
        async with self._connect() as gateway:
            made = replace(await gateway.create_template(draft), category=draft.category)
            await self.adopt(made)
            if submit:
                made = await self._submit(gateway, made, draft.category)
        return made

    async def problems(self, draft: TemplateDraft) -> Sequence[TemplateProblemItem]:
        """Return all that stands against a draft, also that there is one of that name here."""
        known = await self._store.read(lambda session: session.templates.all())
        found = draft_problems(draft)
        if any((t.name, t.language) == (draft.name, draft.language) for t in known):
            text = _("There is a template {name} in {language}. Choose another name.")
            sentence = text.format(name=snippet(draft.name, 40), language=draft.language)
            found.append(TemplateProblemItem(NAME, sentence))
        return found

    async def submit(self, content_sid: str, *, category: str) -> Template:
        """Submit a template that Twilio has to WhatsApp for approval.

        Returns:
            The template with the approval it has now.

        Raises:
            NotFound: It is not known here.
            NotAllowed: It was submitted before, or the category is none.
            SetupProblem: There are no credentials.
            TwilioProblem: Twilio did not do it.
        """
        template = await self._store.read(lambda session: session.templates.get(content_sid))
        if template is None:
            raise NotFound(_("There is no template {sid}.").format(sid=snippet(content_sid, 40)))
        if template.approval not in (Approval.UNSUBMITTED, Approval.UNKNOWN):
            text = _("It was submitted before and is {approval}; WhatsApp takes a name once.")
            raise NotAllowed(text.format(approval=template.approval.value))
        if category not in CATEGORIES:
            text = _("The category is one of: {names}.")
            raise NotAllowed(text.format(names=", ".join(CATEGORIES)))
        async with self._connect() as gateway:
            return await self._submit(gateway, template, category)

    async def _submit(self, gateway: Gateway, template: Template, category: str) -> Template:
        name = approval_name(template.name)
        await gateway.submit_for_approval(template.content_sid, name=name, category=category)
        found = await gateway.template(template.content_sid) or template
        # Twilio tells the new state a moment later than it takes the request.
        state = found.approval
        if state in (Approval.UNSUBMITTED, Approval.UNKNOWN):
            found = replace(found, approval=Approval.RECEIVED)
        found = replace(found, category=found.category or category)
        await self.adopt(found)
        return found


def approval_name(name: str) -> str:
    """Return a name that WhatsApp takes (``[a-z0-9_]``, FACTS 10) from a friendly one."""
    kept = "".join(char if char.isascii() and char.isalnum() else "_" for char in name.lower())
    return kept.strip("_") or "template"
