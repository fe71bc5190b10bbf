"""Summary: what Finish will change, in the words of ``apply --dry-run``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Delivery, Path
from wa_console.ui.screens.setup_words import change_line, fact
from wa_console.ui.screens.wizard.step import StepView


class SummaryStep(StepView, can_focus=True):
    """The changes; Enter applies them."""

    def heading(self) -> str:
        """What it is."""
        return _("This is what Finish will do")

    def told(self) -> str:
        """All or nothing."""
        return _("Nothing has been changed yet. Enter applies all of it at once, or nothing.")

    def body(self) -> ComposeResult:
        """The diff and what is not in it."""
        yield Static(id="changes", classes="card")
        yield Static(self._beside(), id="beside")

    def _beside(self) -> Content:
        draft = self.onboarding.draft
        match draft.delivery:
            case Delivery.WEBHOOK:
                way = _("Messages come by webhook at {url}").format(url=draft.public_url)
            case Delivery.TUNNEL:
                way = _("Messages come through a tunnel by {name}").format(name=draft.tunnel)
            case Delivery.POLL | Delivery.UNDECIDED:
                way = _("Messages come by polling")
            case _:
                assert_never(draft.delivery)
        proof = (
            _("A test message has arrived")
            if draft.heard
            else _("Somebody has yet to join the sandbox")
            if draft.path is Path.SANDBOX
            else _("No test message has arrived yet")
        )
        return Content("\n").join([fact(way, ok=True), fact(proof, ok=draft.heard)])

    def begin(self) -> None:
        """Reckon it out."""
        self.focus()
        self._read()

    @work(group="summary", exclusive=True)
    async def _read(self) -> None:
        try:
            changes = await self.onboarding.summary()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
            return
        self.query_one("#changes", Static).update(self._changes(changes))

    @staticmethod
    def _changes(changes: Sequence[str]) -> Content:
        if not changes:
            return Content(_("Nothing changes: the set-up is like this already."))
        return Content("\n").join(change_line(change) for change in changes)

    async def submit(self) -> None:
        """To Finish, which does it."""
        await self.onboarding.go_on()
