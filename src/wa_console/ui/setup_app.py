"""The application before there is a set-up: first question and wizard, over the console's frame.

Ends with what is to come next; cli does it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from textual import on, work
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

from wa_console.domain.clock import Clock
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Path
from wa_console.services.desk import Desk
from wa_console.services.onboarding import Onboarding
from wa_console.ui.app import ConsoleApp
from wa_console.ui.options import ConsoleOptions
from wa_console.ui.screens.first_question import Answer, FirstQuestionScreen
from wa_console.ui.screens.setup_words import TITLES
from wa_console.ui.screens.wizard.finish import FinishStep
from wa_console.ui.screens.wizard.frame import WizardScreen


class Next(StrEnum):
    """What the person wants after this app has ended."""

    LEAVE = "leave"
    CONSOLE = "console"
    DEMO = "demo"


class Here(Provider):
    """The palette: every key that works on this screen."""

    def _known(self) -> list[tuple[str, str, str]]:
        return [
            (f"{_(b.description)}  {self.app.get_key_display(b)}", _(b.tooltip), b.key)
            for _node, b, enabled, _tip in self.screen.active_bindings.values()
            if enabled and b.id and b.description and b.tooltip and "palette" not in b.action
        ]

    @staticmethod
    def _line(name: str, told: str) -> Content:
        return Content.assemble(name, (f"\n  {told}", "$wa-muted"))

    async def discover(self) -> Hits:
        """All of them."""
        for name, told, key in self._known():
            yield DiscoveryHit(
                self._line(name, told), lambda key=key: self.app.simulate_key(key), text=name
            )

    async def search(self, query: str) -> Hits:
        """Those that fit."""
        matcher = self.matcher(query)
        for name, told, key in self._known():
            score = max(matcher.match(name), 0.6 * matcher.match(told))
            if score > 0:
                yield Hit(
                    score,
                    self._line(name, told),
                    lambda key=key: self.app.simulate_key(key),
                    text=name,
                )


_PROVIDERS: Final[set[Any]] = {Here}


class SetupApp(ConsoleApp):
    """First question, wizard, and the way on.

    Args:
        desk: Over the same store.
        onboarding: The wizard's use cases.
        ask: Begin with the first question; False opens the wizard at once.

    Attributes:
        next: What to do after it has ended.
    """

    COMMANDS = _PROVIDERS

    def __init__(
        self,
        desk: Desk,
        *,
        onboarding: Onboarding,
        clock: Clock,
        login: str,
        options: ConsoleOptions | None = None,
        ask: bool = True,
    ) -> None:
        super().__init__(desk, clock=clock, login=login, options=options)
        self.next = Next.LEAVE
        self.onboarding = onboarding
        self._ask = ask

    def get_default_screen(self) -> Screen[Any]:
        """Nothing yet: the draft is read first."""
        return Screen()

    def on_mount(self) -> None:
        """Read the draft, then ask or resume."""
        self._open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The administrator's screens are of no use before there is a set-up."""
        return False if action == "admin" else super().check_action(action, parameters)

    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        begun = await self.onboarding.begun()
        await self.onboarding.load()
        if self._ask:
            title = _(TITLES[self.onboarding.draft.step]) if begun else ""
            await self.push_screen(FirstQuestionScreen(begun=title))
        else:
            await self.push_screen(WizardScreen(self.onboarding, self.seat))

    @on(FirstQuestionScreen.Answered)
    def _answered(self, event: FirstQuestionScreen.Answered) -> None:
        if event.answer is Answer.DEMO:
            self.next = Next.DEMO
            self.exit(return_code=0)
            return
        self._begin(event.answer)

    @work(group="open", exclusive=True)
    async def _begin(self, answer: Answer) -> None:
        try:
            if answer is not Answer.RESUME:
                await self.onboarding.begin(Path(answer.value))
        except WaConsoleError as problem:
            self.notify(str(problem), markup=False, severity="error")
            return
        await self.switch_screen(WizardScreen(self.onboarding, self.seat))

    @on(WizardScreen.Left)
    def _left(self) -> None:
        self.switch_screen(FirstQuestionScreen())

    @on(FinishStep.Opened)
    def _opened(self) -> None:
        self.next = Next.CONSOLE
        self.exit(return_code=0)

    async def on_unmount(self) -> None:
        """Let go of Twilio."""
        await self.onboarding.close()
