"""A question that is asked once, before something that is hard to undo."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from wa_console.domain.i18n import N_, _
from wa_console.domain.text import safe_text
from wa_console.ui import keys


class AskScreen(ModalScreen[bool]):
    """Yes or no; Escape is no. Returns True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("y", "answer(True)", N_("Yes"), id="ask.yes", tooltip=N_("Do it")),
        Binding("n", "answer(False)", N_("No"), id="ask.no", tooltip=N_("Leave it as it is")),
        Binding("left,right", "other", show=False, id="ask.other", tooltip=N_("The other answer")),
    ]

    def __init__(self, question: str, *, detail: str = "", yes: str = "", no: str = "") -> None:
        super().__init__()
        self._question = safe_text(question, limit=400)
        self._detail = safe_text(detail, limit=600)
        self._yes = yes or _("Yes")
        self._no = no or _("No")

    def compose(self) -> ComposeResult:
        """The question, what it means, two buttons."""
        with Vertical(classes="dialog ask"):
            yield Static(Content.styled(self._question, "bold"), classes="question")
            if self._detail:
                yield Static(Content(self._detail), classes="detail")
            with Horizontal(classes="buttons"):
                yield Button(Content(self._yes), id="yes", classes="go", compact=True)
                yield Button(Content(self._no), id="no", compact=True)

    def on_mount(self) -> None:
        """Enter answers yes: the question was asked because a key was pressed for it."""
        self.query_one("#yes").focus()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Answer by letter."""
        self.dismiss(yes)

    def action_other(self) -> None:
        """Move to the other button."""
        self.focus_next()

    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)
