"""Finish: applies everything or nothing, then lets the doctor look."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.services.checks import Check
from wa_console.ui.screens.setup_words import check_lines, folded
from wa_console.ui.screens.wizard.step import StepView


class FinishStep(StepView, can_focus=True):
    """Begins at once; Enter opens the console, or tries again what failed.

    Attributes:
        applied: Everything is in the store.
    """

    applied = False
    _working = False

    class Opened(Message):
        """Enter was pressed after all was applied: on to the console."""

    def heading(self) -> str:
        """What it is."""
        return _("Finish")

    def told(self) -> str:
        """What happens."""
        return _("The set-up is applied, then the doctor looks at every link of the chain.")

    def body(self) -> ComposeResult:
        """What the doctor found."""
        yield Static(id="done")
        yield Static(id="checks")

    def begin(self) -> None:
        """Apply it."""
        self.focus()
        self._apply()

    @work(group="finish", exclusive=True)
    async def _apply(self) -> None:
        if self._working:
            return
        self._working = True
        self.say(_("Applying …"))
        try:
            checks = await self.onboarding.finish()
        except WaConsoleError as problem:
            told = _("Nothing was applied: {why} Enter tries again.").format(why=problem)
            self.say(told, tone="urgent")
        else:
            self.applied = True
            self.say("")
            self.query_one("#done", Static).update(self._done())
            self.query_one("#checks", Static).update(self._checks(checks))
        finally:
            self._working = False

    @staticmethod
    def _done() -> Content:
        return Content.assemble(
            ("✓ ", "bold $wa-calm"),
            (_("Set up."), "bold"),
            " ",
            _("Enter opens the console, which starts the engine."),
        )

    @staticmethod
    def _checks(checks: Sequence[Check]) -> Content:
        # That no engine runs yet is what Enter mends.
        shown = folded([check for check in checks if check.check != "engine"])
        return Content("\n").join(check_lines(check) for check in shown)

    async def submit(self) -> None:
        """On to the console; before it is applied, try again."""
        if self.applied:
            self.post_message(self.Opened())
        elif not self._working:
            self._apply()
