"""Sandbox: the join phrase, then the coach until somebody has joined."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Delivery
from wa_console.domain.sandbox import join_message
from wa_console.services.sandbox_coach import SandboxCoach
from wa_console.ui.screens.coach_panel import CoachPanel
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field
from wa_console.ui.wizard_keys import COACH


class SandboxStep(StepView, can_focus=True):
    """A field for the phrase, one for a public URL on request, and the coach."""

    BINDINGS: ClassVar[list[BindingType]] = [*COACH]

    def heading(self) -> str:
        """What it is."""
        return _("Join the sandbox")

    def told(self) -> str:
        """Where the phrase stands."""
        return _(
            "Twilio's console shows the phrase: Messaging, Try it out, Send a WhatsApp message "
            "(November 2026). A phone stays joined for three days."
        )

    def body(self) -> ComposeResult:
        """Fields and coach."""
        draft = self.onboarding.draft
        yield Field(
            "join_phrase",
            _("The words behind join"),
            value=draft.join_phrase,
            hint="silver-otter",
        )
        yield Field(
            "public_url",
            _("Public URL; empty for polling"),
            value=draft.public_url,
            hint="https://chat.example.dk",
        )
        yield CoachPanel(self.seat)

    def begin(self) -> None:
        """The phrase first, if it is not known."""
        if self.onboarding.draft.join_phrase:
            self._coach_now()
        else:
            self._ask("join_phrase", "-phrase")

    def _ask(self, name: str, mode: str) -> None:
        self.remove_class("-coach", "-phrase", "-url")
        self.add_class(mode)
        self.field(name).take_focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The letters work while no field is open."""
        if action == "copy_url":
            return self.has_class("-coach") and self._by_webhook
        return self.has_class("-coach") if action in ("copy", "url", "phrase") else True

    @property
    def _by_webhook(self) -> bool:
        return self.onboarding.draft.delivery is Delivery.WEBHOOK

    def _coach_now(self) -> None:
        self.remove_class("-phrase", "-url")
        self.add_class("-coach")
        self.focus()
        self.refresh_bindings()
        draft = self.onboarding.draft
        panel = self.query_one(CoachPanel)
        panel.webhook_url = f"{draft.public_url}/twilio/inbound" if self._by_webhook else ""
        panel.follow(
            SandboxCoach(
                watch=self.onboarding.watch(),
                clock=self.seat.clock,
                phrase=draft.join_phrase,
                ask_twilio=True,
            )
        )
        self.workers.cancel_group(self, "listen")
        if self._by_webhook:
            self._listen()

    @work(group="listen", exclusive=True)
    async def _listen(self) -> None:
        try:
            async with self.onboarding.listening():
                await asyncio.Event().wait()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")

    async def submit(self) -> None:
        """Keep the field that is open; with none open, go on."""
        if self.has_class("-phrase"):
            await self.onboarding.set_phrase(self.text_of("join_phrase"))
            self._coach_now()
        elif self.has_class("-url"):
            if self.text_of("public_url").strip():
                await self.onboarding.set_url(self.text_of("public_url"))
            else:
                await self.onboarding.poll_instead()
            self._coach_now()
        else:
            await self.onboarding.go_on()

    @on(CoachPanel.Joined)
    def _joined(self) -> None:
        self._note()

    @work(group="note")
    async def _note(self) -> None:
        await self.onboarding.note_heard()
        self.post_message(self.Changed())

    def action_copy(self) -> None:
        """Copy what the phone must write."""
        self.app.copy_to_clipboard(join_message(self.onboarding.draft.join_phrase))
        self.say(_("Copied."), tone="calm")

    def action_copy_url(self) -> None:
        """Copy the URL to paste at Twilio."""
        self.app.copy_to_clipboard(self.query_one(CoachPanel).webhook_url)
        self.say(_("Copied. Paste it into WHEN A MESSAGE COMES IN."), tone="calm")

    def action_url(self) -> None:
        """Open the field for a public URL."""
        self._ask("public_url", "-url")

    def action_phrase(self) -> None:
        """Open the field for the phrase."""
        self._ask("join_phrase", "-phrase")
