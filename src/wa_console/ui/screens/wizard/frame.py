"""The wizard's frame: head line, rail, the open step, key bar. What a step asks is the step's."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Step
from wa_console.services.onboarding import Onboarding
from wa_console.services.onboarding_outside import FieldProblem
from wa_console.ui.screens.seat import Seat
from wa_console.ui.screens.setup_words import rail_rows
from wa_console.ui.screens.wizard.account import AccountStep
from wa_console.ui.screens.wizard.agent import AgentStep
from wa_console.ui.screens.wizard.behaviour import BehaviourStep
from wa_console.ui.screens.wizard.callback import CallbackStep
from wa_console.ui.screens.wizard.finish import FinishStep
from wa_console.ui.screens.wizard.language import LanguageStep
from wa_console.ui.screens.wizard.number import NumberStep
from wa_console.ui.screens.wizard.routing import RoutingStep
from wa_console.ui.screens.wizard.sandbox import SandboxStep
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.screens.wizard.summary import SummaryStep
from wa_console.ui.screens.wizard.templates import TemplatesStep
from wa_console.ui.screens.wizard.workstream import WorkstreamStep
from wa_console.ui.widgets.key_bar import KeyBar
from wa_console.ui.widgets.wizard_rail import WizardRail
from wa_console.ui.wizard_keys import WIZARD

STEPS: Final[dict[Step, type[StepView]]] = {
    Step.ACCOUNT: AccountStep,
    Step.NUMBER: NumberStep,
    Step.SANDBOX: SandboxStep,
    Step.CALLBACK: CallbackStep,
    Step.WORKSTREAM: WorkstreamStep,
    Step.LANGUAGE: LanguageStep,
    Step.BEHAVIOUR: BehaviourStep,
    Step.TEMPLATES: TemplatesStep,
    Step.ROUTING: RoutingStep,
    Step.AGENT: AgentStep,
    Step.SUMMARY: SummaryStep,
    Step.FINISH: FinishStep,
}

_ROOMY: Final = 96
"""Columns from which the head line has room for what this is."""


class WizardScreen(Screen[None]):
    """One step at a time, resumed where the draft stands."""

    BINDINGS: ClassVar[list[BindingType]] = [*WIZARD]
    AUTO_FOCUS = ""

    class Left(Message):
        """Escape on the first step: back to the first question."""

    def __init__(self, onboarding: Onboarding, seat: Seat) -> None:
        super().__init__()
        self._onboarding = onboarding
        self._seat = seat
        self._shown: Step | None = None

    def compose(self) -> ComposeResult:
        """Head, rail, step, keys."""
        yield Static(id="wizard-head")
        with Horizontal(id="wizard"):
            yield WizardRail(id="rail")
            yield VerticalScroll(id="step-host", can_focus=False)
        yield KeyBar(id="keys")

    async def on_mount(self) -> None:
        """Open the step of the draft."""
        await self._show()

    @property
    def step(self) -> StepView:
        """The open step."""
        return self.query_one("#step", StepView)

    async def _show(self) -> None:
        draft = self._onboarding.draft
        step = draft.step
        self._shown = step
        host = self.query_one("#step-host", VerticalScroll)
        await host.remove_children()
        view = STEPS[step](self._onboarding, self._seat)
        await host.mount(view)
        host.scroll_home(animate=False)
        self.set_class(step is Step.SANDBOX, "-coaching")
        self.refresh_frame()
        view.begin()

    @on(StepView.Changed)
    def refresh_frame(self) -> None:
        """Show head and rail as the draft stands."""
        self.query_one("#wizard-head", Static).update(self._head())
        self.query_one(WizardRail).show(rail_rows(self._onboarding.draft))

    def _head(self) -> Content:
        draft = self._onboarding.draft
        at, count = draft.steps.index(draft.step) + 1, len(draft.steps)
        told = _("step {at} of {count}").format(at=at, count=count)
        if self.app.size.width >= _ROOMY:
            told = _("Set up a WhatsApp channel · {step}").format(step=told)
        kept = _("everything so far is kept, quit any time")
        return Content.assemble(
            (" wa-console ", "bold $wa-strong"), " ", told, (f" · {kept}", "$wa-muted")
        )

    def action_next(self) -> None:
        """Let the step check and keep its answers, then open the next one."""
        self._submit()

    @work(group="open", exclusive=True)  # keys typed ahead wait for it (ui.typeahead)
    async def _submit(self) -> None:
        view = self.step
        try:
            await view.submit()
        except FieldProblem as problem:
            view.complain(problem.field, str(problem))
        except WaConsoleError as problem:
            view.say(str(problem), tone="urgent")
        await self._follow()

    async def _follow(self) -> None:
        """Open the draft's step unless it is open already."""
        if self._onboarding.draft.step is not self._shown:
            await self._show()
        else:
            self.refresh_frame()

    def action_page(self, way: int) -> None:
        """Scroll the step by a page."""
        host = self.query_one("#step-host", VerticalScroll)
        if way > 0:
            host.scroll_page_down(animate=False)
        else:
            host.scroll_page_up(animate=False)

    def action_back(self) -> None:
        """To the step before; from the first one to the first question."""
        draft = self._onboarding.draft
        view = self.step
        if isinstance(view, FinishStep) and view.applied:
            return
        at = draft.steps.index(draft.step)
        if at == 0:
            self.post_message(self.Left())
        else:
            self._go(draft.steps[at - 1])

    @on(WizardRail.Wanted)
    def _wanted(self, event: WizardRail.Wanted) -> None:
        self._go(Step(event.step))

    @work(group="open", exclusive=True)  # keys typed ahead wait for it (ui.typeahead)
    async def _go(self, step: Step) -> None:
        try:
            await self._onboarding.back_to(step)
        except WaConsoleError as problem:
            self.step.say(str(problem), tone="urgent")
        await self._follow()
