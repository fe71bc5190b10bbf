"""Behaviour: who may send files, customers and representatives apart."""

from __future__ import annotations

from textual.app import ComposeResult

from wa_console.domain.i18n import _
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.toggles import Toggles


class BehaviourStep(StepView):
    """Two switches."""

    def heading(self) -> str:
        """The question."""
        return _("Who may send files?")

    def told(self) -> str:
        """How."""
        return _("Space switches the marked line. Both can be changed at any time.")

    def body(self) -> ComposeResult:
        """The switches."""
        draft = self.onboarding.draft
        yield Toggles(
            [
                (
                    "customers",
                    _("Attachments from customers"),
                    _("Pictures, voice notes, documents."),
                    draft.customers,
                ),
                (
                    "representatives",
                    _("Attachments from representatives"),
                    _("What your team sends; WhatsApp takes 16 MB at most."),
                    draft.representatives,
                ),
            ],
            on=_("allowed"),
            off=_("not allowed"),
        )

    def begin(self) -> None:
        """To the first switch."""
        self.query_one(Toggles).focus()

    async def submit(self) -> None:
        """Keep them."""
        on = self.query_one(Toggles).on
        await self.onboarding.go_on(
            customers=on["customers"], representatives=on["representatives"]
        )
