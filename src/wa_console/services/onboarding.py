"""First set-up: takes the wizard's answers one by one, proves each, applies them all or nothing.

The answers but the secrets are one fact in the store, written after each answer; secrets go to the
vault the moment Twilio has accepted them. It draws nothing and opens no port by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import assert_never

from wa_console.domain import onboarding_values as read
from wa_console.domain.errors import TwilioProblem
from wa_console.domain.onboarding_draft import Delivery, Draft, wanted_setup
from wa_console.domain.setup import Setup, TemplateEntry
from wa_console.domain.template import Template
from wa_console.services import onboarding_templates as templates
from wa_console.services.checks import Check
from wa_console.services.onboarding_account import Typed, prove, test
from wa_console.services.onboarding_delivery import DeliverySteps
from wa_console.services.onboarding_progress import DRAFT, at_field
from wa_console.services.templates import Templates


class Onboarding(DeliverySteps):
    """The wizard's use cases. ``load`` first.

    Args:
        store: Holds the draft and takes the set-up.
        clock: The product's clock.
        outside: The world around.
        login: Who sits here.
        language: Proposed for the workstream.
    """

    # --- account -------------------------------------------------------------------------------

    async def asks_passphrase(self) -> bool:
        """Whether the account step must ask for a passphrase to keep the token under."""
        return not self.known.auth_token and await asyncio.to_thread(self._outside.vault.asks)

    async def test_account(self, typed: Typed) -> None:
        """Ask Twilio whether the credentials work; keeps nothing.

        Raises:
            FieldProblem: At which field, and why.
        """
        tested = await test(self._outside, typed, self.known)
        await tested.gateway.close()

    async def prove_account(self, typed: Typed) -> None:
        """Test the credentials with Twilio, keep them, go on.

        Raises:
            FieldProblem: At which field, and why.
        """
        proven = await prove(self._outside, typed, self.known)
        await self.close()
        self._gateway, self._token = proven.gateway, proven.token
        self.clock_offset_s = proven.health.clock_offset_s
        self._senders = self._found = None
        self.known = await asyncio.to_thread(self._outside.known)
        await self.go_on(account_sid=proven.account_sid, api_key=proven.api_key)

    # --- templates -----------------------------------------------------------------------------

    async def twilio_templates(self) -> Sequence[Template]:
        """Return every template of the account with its approval.

        Raises:
            TwilioProblem: Twilio could not be asked.
        """
        if self._found is None:
            self._found = await self._twilio().templates()
        return self._found

    async def import_templates(self, *, take: bool) -> None:
        """Take over every approved template, or none, and go on; those added by SID stay."""
        found = templates.importable(await self.twilio_templates()) if take else ()
        sids = {entry.content_sid for entry in found}
        by_hand = tuple(each for each in self._by_hand() if each.content_sid not in sids)
        await self.go_on(import_all=take, templates=(*found, *by_hand))

    def _by_hand(self) -> Sequence[TemplateEntry]:
        if self.draft.import_all and self._found is not None:
            own = {each.content_sid for each in templates.importable(self._found)}
            return [each for each in self.draft.templates if each.content_sid not in own]
        return () if self.draft.import_all else self.draft.templates

    async def fetch_template(self, text: str) -> Template:
        """Return the approved template behind a SID.

        Raises:
            FieldProblem: It may not be added, and why.
            TwilioProblem: Twilio could not be asked.
        """
        return await templates.fetched(self._twilio(), text)

    async def add_template(self, template: Template, *, language: str, text: str) -> None:
        """Add one template to the answers; the step stays open for the next.

        Raises:
            FieldProblem: Language or text do not fit.
        """
        entry = templates.entry(template, language=language, text=text)
        others = tuple(e for e in self.draft.templates if e.content_sid != entry.content_sid)
        await self._keep(templates=(*others, entry))

    # --- the rest ------------------------------------------------------------------------------

    async def name_workstream(self, text: str) -> None:
        """Name the workstream and go on; raises FieldProblem."""
        await self.go_on(workstream=at_field("workstream", lambda: read.name(text)))

    async def set_language(self, text: str) -> None:
        """Set its language and go on; raises FieldProblem."""
        await self.go_on(language=at_field("language", lambda: read.language(text)))

    async def route(self, distribution: str, queue: str) -> None:
        """Set how work reaches people and go on; raises FieldProblem."""
        how = at_field("distribution", lambda: read.distribution(distribution))
        name = at_field("queue", lambda: read.queue(queue, distribution=how))
        await self.go_on(distribution=how, queue=name)

    async def current(self) -> Setup:
        """Return the set-up as it is."""
        return await self._setup.current()

    async def summary(self) -> Sequence[str]:
        """Return what Finish will change, in the words of ``apply --dry-run``."""
        current = await self._setup.current()
        return self._setup.diff(current, wanted_setup(current, self.draft, login=self._login))

    async def finish(self) -> Sequence[Check]:
        """Apply all of it or nothing, then let the doctor look.

        The settings go first: alone they do no harm. Then the set-up in one transaction. A kill in
        between leaves the draft, and Finish can be repeated.

        Raises:
            SetupProblem: config.toml cannot be written; nothing was applied.
            StoreProblem: The store does not take it; nothing was applied.
        """
        draft, gateway = self.draft, self._twilio()
        url = draft.public_url if draft.delivery is Delivery.WEBHOOK else None
        await asyncio.to_thread(self._outside.keep_settings, _settings(draft))
        current = await self._setup.current()
        await self._setup.apply(wanted_setup(current, draft, login=self._login))
        await self._store.write(lambda session: session.facts.set_text(DRAFT, ""))
        with suppress(TwilioProblem):  # the doctor tells what Twilio refuses
            await Templates(store=self._store, clock=self._clock, gateway=gateway).sync()
        return await self._outside.examine(gateway, url)


def _settings(draft: Draft) -> Mapping[str, str | float | None]:
    """Return the keys of config.toml for the chosen way in, None for those to take out.

    A tunnel brings its own URL, and config refuses both. Without a URL of our own the pace of
    polling goes back to its default: 0 would be deaf.
    """
    none = {"public_url": None, "tunnel": None, "tunnel_sets_webhook": None}
    match draft.delivery:
        case Delivery.WEBHOOK:
            return {**none, "public_url": draft.public_url or None}
        case Delivery.TUNNEL:
            sets = True if draft.tunnel_sets_webhook else None
            return {**none, "poll": None, "tunnel": draft.tunnel, "tunnel_sets_webhook": sets}
        case Delivery.POLL | Delivery.UNDECIDED:
            return {**none, "poll": None}
        case _:
            assert_never(draft.delivery)
