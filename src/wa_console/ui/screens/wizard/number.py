"""Number: one of the senders Twilio has for the account, picked or typed in any spelling."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.address import parse_twilio
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.text import snippet
from wa_console.gateway.port import Sender
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field

_ONLINE = "ONLINE"


class NumberStep(StepView):
    """A list of senders over a field; what is typed wins."""

    _senders: Sequence[Sender] = ()

    def heading(self) -> str:
        """The question."""
        return _("Which number do customers write to?")

    def told(self) -> str:
        """How to answer."""
        return _("These are the WhatsApp senders of the account. Enter takes the marked one.")

    def body(self) -> ComposeResult:
        """The list and the field."""
        yield OptionList(id="senders", compact=True)
        yield Static(id="reasons")
        yield Field(
            "number",
            _("Or type it, in any spelling"),
            hint="+45 70 20 30 40 · 004570203040 · wa.me/4570203040",
        )

    def begin(self) -> None:
        """Ask Twilio for them."""
        self.query_one("#senders").focus()
        self.say(_("Asking Twilio for the account's senders …"))
        self._read()

    @work(group="senders", exclusive=True)
    async def _read(self) -> None:
        try:
            self._senders = await self.onboarding.senders()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
            self.field("number").take_focus()
            return
        options = self.query_one("#senders", OptionList)
        options.clear_options()
        options.add_options([Option(self._line(sender)) for sender in self._senders])
        chosen = self.onboarding.draft.sender_sid
        sids = [sender.sid for sender in self._senders]
        options.highlighted = sids.index(chosen) if chosen in sids else 0 if sids else None
        if sids:
            self.say("")
        else:
            self.say(
                _("There is none yet. Register one in Twilio's console, or use the sandbox."),
                tone="warn",
            )
            self.field("number").take_focus()

    def _line(self, sender: Sender) -> Content:
        online = sender.status.upper().startswith(_ONLINE)
        sign, colour = ("●", "$wa-calm") if online else ("○", "$wa-warn")
        facts = [sender.status.lower().replace("_", " ") or _("no status")]
        if sender.quality:
            facts.append(_("quality {word}").format(word=sender.quality.lower()))
        if sender.messaging_limit:
            facts.append(sender.messaging_limit)
        return Content.assemble(
            (f"{sign} ", colour),
            (parse_twilio(sender.address).display, "bold"),
            "  ",
            snippet(sender.name, 40),
            "\n  ",
            (snippet(" · ".join(facts), 100), "$wa-muted"),
            "\n",
        )

    @on(OptionList.OptionHighlighted, "#senders")
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        reasons = self._senders[event.option_index].offline_reasons
        told = snippet("; ".join(reasons), 300) if reasons else ""
        self.query_one("#reasons", Static).update(Content.styled(told, "$wa-warn"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one("#senders").set_class(bool(event.value), "-aside")

    async def submit(self) -> None:
        """Take the typed number, else the marked one."""
        typed = self.text_of("number")
        at = self.query_one("#senders", OptionList).highlighted
        if not typed.strip() and at is not None and at < len(self._senders):
            typed = self._senders[at].address
        await self.onboarding.choose_number(typed)
