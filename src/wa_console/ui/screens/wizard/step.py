"""What every step of the wizard is: heading, fields, a line for what is wrong or under way."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from wa_console.domain.text import safe_text
from wa_console.services.onboarding import Onboarding
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.field import Field


class StepView(Vertical):
    """The right side of the wizard while one step is open.

    ``submit`` is what Enter does: it keeps the answer and goes on, or raises with a sentence.
    Subclasses give ``heading``, ``told`` and ``body``.
    """

    class Changed(Message):
        """The draft has changed while the step stays open: the rail tells it."""

    def __init__(self, onboarding: Onboarding, seat: Seat) -> None:
        super().__init__(id="step", classes=f"step -{type(self).__name__.lower()}")
        self.onboarding = onboarding
        self.seat = seat

    def heading(self) -> str:
        """What the step asks."""
        raise NotImplementedError

    def told(self) -> str:
        """A sentence or two below the heading."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """Fields and facts."""
        raise NotImplementedError

    async def submit(self) -> None:
        """Keep the answers and go on.

        Raises:
            FieldProblem: Shown at that field.
            WaConsoleError: Shown below everything.
        """
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, sentence, body, verdict."""
        yield Static(Content.styled(self.heading(), "bold $wa-strong"), classes="heading")
        yield Static(Content.styled(self.told(), "$wa-muted"), classes="told")
        yield from self.body()
        yield Static(id="verdict")

    def begin(self) -> None:
        """Called once the step stands there: focus, first questions to Twilio."""
        fields = list(self.query(Field))
        if fields:
            fields[0].take_focus()

    def field(self, name: str) -> Field:
        """Return a field by its name."""
        return self.query_one(f"#field-{name}", Field)

    def text_of(self, name: str) -> str:
        """Return what stands in a field."""
        return self.field(name).value

    def complain(self, name: str, sentence: str) -> None:
        """Show a sentence at a field and go there; below everything if there is no such field."""
        found = self.query(f"#field-{name}") if name else None
        if not found:
            self.say(sentence, tone="urgent")
            return
        field = self.field(name)
        field.complain(sentence)
        field.take_focus()
        self.say("")

    def say(self, sentence: str, *, tone: str = "muted") -> None:
        """Show a sentence below everything; ``urgent`` ones with a sign."""
        self.query_one("#verdict", Static).update(self._verdict(sentence, tone))

    @staticmethod
    def _verdict(sentence: str, tone: str) -> Content:
        sign = "✗ " if tone == "urgent" and sentence else ""
        return Content.styled(sign + safe_text(sentence), f"$wa-{tone}")
