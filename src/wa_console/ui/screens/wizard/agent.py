"""AI agent: says who answers. People do; the set-up file has no place for another answer yet."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from wa_console.domain.i18n import _
from wa_console.ui.screens.wizard.step import StepView


class AgentStep(StepView, can_focus=True):
    """Nothing to fill in: Enter goes on."""

    def heading(self) -> str:
        """The question."""
        return _("Should an AI agent answer first?")

    def told(self) -> str:
        """It is optional."""
        return _("Optional. Enter goes on without one.")

    def body(self) -> ComposeResult:
        """The one answer."""
        yield Static(
            Content.assemble(
                ("● ", "$wa-calm"),
                (_("No: people answer"), "bold"),
                "\n  ",
                (
                    _("Every conversation goes to the queue. This version connects no AI agent."),
                    "$wa-muted",
                ),
            ),
            classes="card",
        )

    def begin(self) -> None:
        """Nothing to type."""
        self.focus()

    async def submit(self) -> None:
        """Go on."""
        await self.onboarding.go_on()
