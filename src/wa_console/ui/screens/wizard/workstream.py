"""Workstream: the name under which the number's work is treated."""

from __future__ import annotations

from textual.app import ComposeResult

from wa_console.domain.i18n import _
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field


class WorkstreamStep(StepView):
    """One field; the name of one that exists joins it."""

    def heading(self) -> str:
        """The question."""
        return _("What is this work called?")

    def told(self) -> str:
        """What it is."""
        return _(
            "A workstream holds what is common to the conversations of its numbers: language, "
            "templates, routing. The name of one that is there adds this number to it."
        )

    def body(self) -> ComposeResult:
        """The field."""
        yield Field("workstream", _("Workstream"), value=self.onboarding.draft.workstream)

    async def submit(self) -> None:
        """Keep it."""
        await self.onboarding.name_workstream(self.text_of("workstream"))
