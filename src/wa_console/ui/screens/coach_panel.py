"""The sandbox coach: QR code, number, who has joined and for how long, the sandbox's templates."""

from __future__ import annotations

import asyncio
from typing import Final

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from wa_console.domain.address import parse_twilio
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.sandbox import (
    SANDBOX_NUMBER,
    TEMPLATES,
    Participant,
    join_link,
    join_message,
)
from wa_console.domain.text import safe_text
from wa_console.services.sandbox_coach import SandboxCoach
from wa_console.ui.screens.seat import Seat
from wa_console.ui.screens.setup_words import left_words, who
from wa_console.ui.widgets.qr_code import QrCode

LOOK_S: Final = 2.0
_SHOWN: Final = 4


class CoachPanel(Horizontal):
    """Text on the left, the code on the right; looks every two seconds."""

    class Joined(Message):
        """Somebody has joined, or has written."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(id="coach")
        self._seat = seat
        self._coach: SandboxCoach | None = None
        self._problem = ""
        self.webhook_url = ""

    def compose(self) -> ComposeResult:
        """Words and code."""
        with Vertical(id="coach-words"):
            yield Static(id="coach-how")
            yield Static(id="coach-who", classes="card -wait")
            yield Static(id="coach-url")
            yield Static(self._templates(), id="coach-templates")
        yield QrCode(id="coach-qr")

    def follow(self, coach: SandboxCoach) -> None:
        """Show a sandbox and watch it until another one is shown."""
        self._coach = coach
        self.query_one(QrCode).show(join_link(coach.phrase) if coach.phrase else "")
        self.show_now()
        self._watch(coach)

    @work(group="coach", exclusive=True)
    async def _watch(self, coach: SandboxCoach) -> None:
        while True:
            try:
                fresh = await coach.look()
                self._problem = ""
            except WaConsoleError as problem:
                fresh, self._problem = False, str(problem)
            if fresh:
                self.post_message(self.Joined())
            self.show_now()
            await asyncio.sleep(LOOK_S)

    def show_now(self) -> None:
        """Paint again: the timers run."""
        if self._coach is None:
            return
        self.query_one("#coach-how", Static).update(self._how(self._coach.phrase))
        card = self.query_one("#coach-who", Static)
        card.set_class(bool(self._coach.joined), "-heard")
        card.update(self._who(self._coach))
        self.query_one("#coach-url", Static).update(self._url(self._coach))

    @staticmethod
    def _how(phrase: str) -> Content:
        number = parse_twilio(f"whatsapp:{SANDBOX_NUMBER}").display
        return Content.assemble(
            _("Point the phone's camera at the code, or write"),
            "\n",
            (safe_text(join_message(phrase)), "bold $wa-strong"),
            "\n",
            _("on WhatsApp to {number}.").format(number=number),
        )

    def _who(self, coach: SandboxCoach) -> Content:
        if self._problem:
            return Content.styled(safe_text(self._problem), "$wa-urgent")
        if not coach.joined:
            return Content.styled(_("○ waiting for somebody to join …"), "$wa-muted")
        lines = [Content.styled(_("Joined"), "bold")]
        lines += [self._participant(each) for each in coach.joined[:_SHOWN]]
        if any(not each.left(self._seat.now()) for each in coach.joined[:_SHOWN]):
            told = _("Over means: sends fail with 63015 until that phone joins again.")
            lines.append(Content.styled(told, "$wa-muted"))
        return Content("\n").join(lines)

    def _participant(self, each: Participant) -> Content:
        left = each.left(self._seat.now())
        if not left:
            over = _("over: join again")
            return Content.assemble(("○ ", "$wa-urgent"), f"{who(each.who)}  ", over)
        words = (
            left_words(left) if each.certain else _("up to {time}").format(time=left_words(left))
        )
        return Content.assemble(
            ("● ", "$wa-calm"),
            f"{who(each.who)}  ",
            (_("{time} left").format(time=words), "$wa-muted"),
        )

    def _url(self, coach: SandboxCoach) -> Content:
        if not self.webhook_url:
            told = _("Messages come by polling: nothing to paste. One message per 3 s is kept.")
            return Content.styled(told, "$wa-muted")
        came = coach.by_webhook is not None
        sign, colour = ("✓", "$wa-calm") if came else ("○", "$wa-muted")
        state = _("pasted: a message came by it") if came else _("waiting for a message by it")
        return Content.assemble(
            (_("WHEN A MESSAGE COMES IN (y copies)"), "$wa-muted"),
            "\n",
            (safe_text(self.webhook_url), "bold"),
            "\n",
            (f"{sign} {state}", colour),
        )

    @staticmethod
    def _templates() -> Content:
        lines = [Content.styled(_("Its templates, for after 24 hours"), "$wa-muted")]
        for each in TEMPLATES:
            can = bool(each.content_sid)
            sign, colour = ("✓", "$wa-calm") if can else ("○", "$wa-muted")
            lines.append(Content.assemble((f"{sign} ", colour), (each.text, "" if can else colour)))
        return Content("\n").join(lines)
