"""The first question of an empty home: a real number, the sandbox, or a demo."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.i18n import N_, _
from wa_console.ui.widgets.key_bar import KeyBar


class Answer(StrEnum):
    """What may be answered."""

    RESUME = "resume"
    NUMBER = "number"
    SANDBOX = "sandbox"
    DEMO = "demo"


_CHOICES: Final = {
    Answer.NUMBER: (
        N_("A real number"),
        N_(
            "You have a Twilio account with a WhatsApp sender. Ten short steps, most of them Enter."
        ),
    ),
    Answer.SANDBOX: (
        N_("Twilio's sandbox"),
        N_("You have a Twilio account, also a trial one. Your own phone plays the customer."),
    ),
    Answer.DEMO: (
        N_("A demo"),
        N_("No account, nothing leaves this computer: invented customers who answer."),
    ),
}


class FirstQuestionScreen(Screen[None]):
    """Three answers, and a fourth where a set-up was begun before.

    Args:
        begun: What was begun, in words, empty for nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", N_("Choose"), id="first.choose", priority=True,
                key_display="⏎", tooltip=N_("Take the marked answer")),
        Binding("f1", "app.help", N_("Help"), id="first.help",
                tooltip=N_("The keys of this place")),
        Binding("ctrl+q", "app.quit", N_("Quit"), id="first.quit", key_display="^q",
                priority=True, tooltip=N_("Leave")),
    ]  # fmt: skip
    AUTO_FOCUS = "#answers"

    class Answered(Message):
        """An answer was chosen."""

        def __init__(self, answer: Answer) -> None:
            super().__init__()
            self.answer = answer

    def __init__(self, *, begun: str = "") -> None:
        super().__init__()
        self._begun = begun
        self._answers = [*((Answer.RESUME,) if begun else ()), *_CHOICES]

    def compose(self) -> ComposeResult:
        """Greeting, question, answers."""
        with Vertical(id="first"):
            yield Static(self._greeting(), id="greeting")
            yield OptionList(
                *(Option(self._line(answer)) for answer in self._answers),
                id="answers",
                compact=True,
            )
        yield KeyBar(id="keys")

    @staticmethod
    def _greeting() -> Content:
        return Content.assemble(
            ("wa-console", "bold $primary"),
            "\n\n",
            (_("What do you want to answer WhatsApp messages with?"), "bold $wa-strong"),
            "\n",
            (
                _("Nothing is set up here yet. Whatever you choose can be changed later."),
                "$wa-muted",
            ),
        )

    def _line(self, answer: Answer) -> Content:
        if answer is Answer.RESUME:
            name = _("Go on where you were")
            told = _("You were at the step {step}; all answers are kept.").format(step=self._begun)
        else:
            name, told = (_(text) for text in _CHOICES[answer])
        return Content.assemble((name, "bold"), "\n", (told, "$wa-muted"), "\n")

    def action_choose(self) -> None:
        """Take the marked answer."""
        at = self.query_one("#answers", OptionList).highlighted
        if at is not None:
            self.post_message(self.Answered(self._answers[at]))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click is an answer too."""
        self.post_message(self.Answered(self._answers[event.option_index]))
