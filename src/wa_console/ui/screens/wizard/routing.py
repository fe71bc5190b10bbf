"""Routing: how work reaches people, and the queue that catches what no rule does."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wa_console.domain.i18n import N_, _
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field

_WAYS: Final = (
    ("pick", N_("Pick"), N_("Everybody sees what is unassigned and takes what they can.")),
    ("push", N_("Push"), N_("Work is given to whoever in the queue has room for it.")),
)


class RoutingStep(StepView):
    """Two ways and a queue."""

    def heading(self) -> str:
        """The question."""
        return _("How does work reach people?")

    def told(self) -> str:
        """What can be done later."""
        return _("Rules by text, language, label or hours can be added to the workstream later.")

    def body(self) -> ComposeResult:
        """The ways and the queue."""
        yield OptionList(*(Option(self._way(*way)) for way in _WAYS), id="ways", compact=True)
        yield Field(
            "queue",
            _("Queue for all that no rule sends elsewhere"),
            value=self.onboarding.draft.queue or _("Everybody"),
            told=_("A new one is made with you in it."),
        )

    @staticmethod
    def _way(_key: str, name: str, told: str) -> Content:
        return Content.assemble((_(name), "bold"), "\n", (_(told), "$wa-muted"), "\n")

    def begin(self) -> None:
        """To the marked way."""
        ways = self.query_one("#ways", OptionList)
        keys = [key for key, _name, _told in _WAYS]
        ways.highlighted = keys.index(self.onboarding.draft.distribution)
        ways.focus()

    async def submit(self) -> None:
        """Keep them."""
        at = self.query_one("#ways", OptionList).highlighted or 0
        await self.onboarding.route(_WAYS[at][0], self.text_of("queue"))
