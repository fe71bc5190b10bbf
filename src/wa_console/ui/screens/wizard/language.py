"""Language: in which automated texts, quick replies and templates are offered first."""

from __future__ import annotations

from textual.app import ComposeResult

from wa_console.domain.i18n import _
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field


class LanguageStep(StepView):
    """One field, by code or by name."""

    def heading(self) -> str:
        """The question."""
        return _("Which language do these customers speak?")

    def told(self) -> str:
        """What it decides."""
        return _(
            "Automated texts, quick replies and templates of this language come first. A customer "
            "may have another one of their own."
        )

    def body(self) -> ComposeResult:
        """The field."""
        yield Field(
            "language",
            _("Language"),
            value=self.onboarding.draft.language,
            hint="da · en · pt_BR",
            told=_("A code such as da, en, pt_BR, or the language's name."),
        )

    async def submit(self) -> None:
        """Keep it."""
        await self.onboarding.set_language(self.text_of("language"))
