"""Where the wizard stands: the draft, kept after each answer, and the connection to Twilio.

The base of services.onboarding; asks no question itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from wa_console.domain.clock import Clock
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import (
    Delivery,
    Draft,
    Path,
    Step,
    read_draft,
    write_draft,
)
from wa_console.domain.template import Template
from wa_console.gateway.port import Gateway, Sender
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding_outside import FieldProblem, Known, Outside
from wa_console.services.setup import SetupService
from wa_console.store.port import Store

DRAFT: Final = "onboarding.draft"
"""Name of the fact that holds the draft."""


class Progress:
    """The draft and what it was proven with. ``load`` first.

    Attributes:
        draft: The answers so far.
        known: Credentials that are there already.
        tunnel_url: Where the wizard's own tunnel makes us reachable, empty while it does not.
        clock_offset_s: Twilio's clock minus ours, None before it was asked.
    """

    def __init__(
        self, *, store: Store, clock: Clock, outside: Outside, login: str, language: str = "en"
    ) -> None:
        self.draft = Draft()
        self.known = Known()
        self.tunnel_url = ""
        self.clock_offset_s: float | None = None
        self._store = store
        self._clock = clock
        self._outside = outside
        self._login = login
        self._language = language
        self._setup = SetupService(store=store, clock=clock)
        self._gateway: Gateway | None = None
        # One listener at a time: the one before may still be letting go of the port.
        self._door = asyncio.Lock()
        self._token = Secret("")
        self._senders: Sequence[Sender] | None = None
        self._found: Sequence[Template] | None = None

    # --- beginning and end ---------------------------------------------------------------------

    async def load(self) -> Draft:
        """Take up the draft where it was left; back to the account if the secrets are gone."""
        text = await self._store.read(lambda session: session.facts.text(DRAFT))
        fresh = Draft(language=self._language, public_url=self._outside.public_url)
        self.draft = read_draft(text) or fresh
        if self.draft.step is Step.FINISH:
            # Ended before it was applied: what Finish will do is shown once more.
            self.draft = replace(self.draft, step=Step.SUMMARY)
        self.known = await asyncio.to_thread(self._outside.known)
        if self.draft.step is not Step.ACCOUNT and not self._connected():
            self.draft = replace(self.draft, step=Step.ACCOUNT)
        return self.draft

    async def begun(self) -> bool:
        """Whether there is a draft to resume."""
        return bool(await self._store.read(lambda session: session.facts.text(DRAFT)))

    async def begin(self, path: Path) -> None:
        """Choose the way: a real number or the sandbox. What was proven stays."""
        if path is self.draft.path:
            await self._keep()
            return
        step = Step.ACCOUNT if self._gateway is None else replace(self.draft, path=path).steps[1]
        await self._keep(path=path, step=step, heard=False, delivery=Delivery.UNDECIDED)

    async def close(self) -> None:
        """Let go of Twilio."""
        if self._gateway is not None:
            await self._gateway.close()
            self._gateway = None

    async def back_to(self, step: Step) -> None:
        """Go to a step that was reached before; the answers stay."""
        if self.draft.reached(step):
            await self._keep(step=step)

    async def go_on(self, **answers: Any) -> None:
        """Keep the answers of the present step and go to the next one."""
        steps = self.draft.steps
        at = min(steps.index(self.draft.step) + 1, len(steps) - 1)
        await self._keep(step=steps[at], **answers)

    # --- inside --------------------------------------------------------------------------------

    def _connected(self) -> bool:
        """Connect with the credentials that are known, if they are of the draft's account."""
        known = self.known
        if not known.auth_token or known.account_sid != self.draft.account_sid:
            return False
        key = self.draft.api_key if self.draft.api_key == known.api_key else ""
        password = known.api_secret if key else known.auth_token
        try:
            self._gateway = self._outside.connect(
                known.account_sid, key or known.account_sid, password
            )
        except SetupProblem:
            return False
        self._token = known.auth_token
        return True

    def _twilio(self) -> Gateway:
        if self._gateway is None:
            raise SetupProblem(_("Go back to the account first: Twilio is not connected."))
        return self._gateway

    async def _keep(self, **changes: Any) -> None:
        draft = replace(self.draft, **changes)
        text = write_draft(draft)
        await self._store.write(lambda session: session.facts.set_text(DRAFT, text))
        self.draft = draft


def at_field(field: str, work: Callable[[], str]) -> str:
    """Run a field's reader; what it complains of is a FieldProblem at that field."""
    try:
        return work()
    except SetupProblem as problem:
        raise FieldProblem(field, str(problem)) from None
