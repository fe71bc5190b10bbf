"""Callback: how messages come in, proven by one that does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar, Final, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.address import parse_twilio
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.onboarding_draft import Delivery
from wa_console.domain.sandbox import Heard
from wa_console.gateway.port import Probed, Sender
from wa_console.services.onboarding_tunnel import TunnelNews
from wa_console.ui.screens.setup_words import clock_fact, fact, heard_card, waiting_card
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.screens.wizard.tunnel_words import (
    problem_fact,
    settling_fact,
    tunnel_card,
    tunnel_line,
)
from wa_console.ui.widgets.field import Field
from wa_console.ui.wizard_keys import CALLBACK

LOOK_S: Final = 2.0
"""Seconds between two looks for the test message: somebody is waiting."""

_BETWEEN: Final = "     "
_ROOMY: Final = 120
"""Columns from which the facts stand beside each other."""


class CallbackStep(StepView, can_focus=True):
    """First a field for the public URL, or `t` for a tunnel; then facts, and the wait."""

    BINDINGS: ClassVar[list[BindingType]] = [*CALLBACK]

    def heading(self) -> str:
        """The question."""
        return _("How do messages reach this computer?")

    def told(self) -> str:
        """The ways."""
        return _(
            "Twilio delivers to a public address, or wa-console asks Twilio every few seconds: "
            "nothing to open, nothing to install."
        )

    def body(self) -> ComposeResult:
        """The field, the card, the facts, the wait."""
        yield Field(
            "public_url",
            _("Public URL of this computer"),
            value=self.onboarding.draft.public_url,
            hint="https://chat.example.dk",
            told=_("None? Leave it empty: Enter then chooses polling, and t there a tunnel."),
        )
        yield OptionList(id="tunnels", compact=True)
        yield Static(id="url-card", classes="card")
        yield Static(id="facts")
        yield Static(id="wait-card", classes="card -wait")

    def begin(self) -> None:
        """Take up what was decided before."""
        self._facts: dict[str, Content] = {}
        self._heard: Sequence[Heard] = ()
        self._tunnels: Sequence[str] = ()
        self._asked_url = ""
        if self.onboarding.draft.delivery is Delivery.UNDECIDED:
            self._decide_again()
        else:
            self._decided()

    # --- deciding ------------------------------------------------------------------------------

    def _decide_again(self) -> None:
        self.remove_class("-decided", "-choosing")
        self.field("public_url").take_focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The letters work once no field is open; setting needs a URL."""
        decided = self.has_class("-decided")
        choosing = self.has_class("-choosing")
        match action:
            case "copy" | "set":
                return decided and self._by_url and bool(self.onboarding.base_url)
            case "poll":
                return choosing or (decided and self._by_url)
            case "url":
                return decided or choosing
            case "tunnel":
                return decided
            case _:
                return True

    async def submit(self) -> None:
        """Decide; once decided, go on."""
        if self.has_class("-choosing"):
            await self._take_marked()
            return
        if self.has_class("-decided"):
            await self.onboarding.go_on()
            return
        typed = self.text_of("public_url")
        if typed.strip():
            await self.onboarding.set_url(typed)
        else:
            await self.onboarding.poll_instead()
        self._decided()

    def action_url(self) -> None:
        """Type the URL, or another one."""
        self._let_go()
        self._decide_again()

    def _let_go(self) -> None:
        """End listener, tunnel and waiting of the way before."""
        for group in ("callback", "prove", "tunnel"):
            self.workers.cancel_group(self, group)

    def action_poll(self) -> None:
        """Ask Twilio instead."""
        self._let_go()
        self._poll()

    @work(group="callback", exclusive=True)
    async def _poll(self) -> None:
        await self.onboarding.poll_instead()
        self._decided()

    def _decided(self) -> None:
        self.remove_class("-choosing")
        self.add_class("-decided")
        self.focus()
        self.refresh_bindings()
        self._facts = {}
        self.query_one("#url-card", Static).update(self._card())
        self._show_facts()
        self._show_wait()
        match self.onboarding.draft.delivery:
            case Delivery.WEBHOOK:
                self._receive()
            case Delivery.TUNNEL:
                self._wait_for_one()
                self._keep_tunnel()
            case Delivery.POLL | Delivery.UNDECIDED:
                self._wait_for_one()
            case _:
                assert_never(self.onboarding.draft.delivery)

    # --- the URL -------------------------------------------------------------------------------

    @property
    def _url(self) -> str:
        return f"{self.onboarding.base_url}/twilio/inbound"

    @property
    def _by_url(self) -> bool:
        return self.onboarding.draft.delivery in (Delivery.WEBHOOK, Delivery.TUNNEL)

    def _card(self) -> Content:
        if self.onboarding.draft.delivery is Delivery.TUNNEL:
            url = self._url if self.onboarding.base_url else ""
            return tunnel_card(self.onboarding.draft.tunnel, url)
        if self.onboarding.draft.delivery is Delivery.WEBHOOK:
            return Content.assemble(
                (self._url, "bold"),
                "\n",
                (_("POST · signed with your auth token · c copies it"), "$wa-muted"),
            )
        return Content.assemble(
            (_("Polling: Twilio is asked every few seconds."), "bold"),
            "\n",
            (
                _(
                    "Its list tells no profile names, buttons and places. Press u for a public "
                    "URL, t for a tunnel."
                ),
                "$wa-muted",
            ),
        )

    # --- a tunnel ------------------------------------------------------------------------------

    def action_tunnel(self) -> None:
        """List the tunnels that could be opened here."""
        self._list_tunnels()

    @work(group="list", exclusive=True)
    async def _list_tunnels(self) -> None:
        try:
            self._tunnels = await self.onboarding.tunnels()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
            return
        self._let_go()
        self.say("")
        self.remove_class("-decided")
        self.add_class("-choosing")
        options = self.query_one("#tunnels", OptionList)
        options.clear_options()
        options.add_options([Option(Content.assemble(tunnel_line(name))) for name in self._tunnels])
        chosen = self.onboarding.draft.tunnel
        options.highlighted = self._tunnels.index(chosen) if chosen in self._tunnels else 0
        options.focus()
        self.refresh_bindings()

    async def _take_marked(self) -> None:
        at = self.query_one("#tunnels", OptionList).highlighted or 0
        await self.onboarding.choose_tunnel(self._tunnels[at])
        self._decided()

    @work(group="tunnel", exclusive=True)
    async def _keep_tunnel(self) -> None:
        """Keep it open while the step is; leaving ends the program."""
        self._asked_url = ""
        try:
            await self.onboarding.keep_tunnel(self._tunnel_news)
        except WaConsoleError as problem:
            self._facts = {"reach": fact(str(problem), ok=False)}
            self._show_facts()

    def _tunnel_news(self, news: TunnelNews) -> None:
        """Show how the tunnel does."""
        if not self.is_attached or not self.has_class("-decided"):
            return
        self.query_one("#url-card", Static).update(self._card())
        self.refresh_bindings()
        if not news.url:
            self._asked_url = ""
            self._facts = {"reach": problem_fact(news.problem)}
        elif news.reached is None:
            self._facts["reach"] = settling_fact()
        else:
            self._facts["reach"] = self._reach_fact(news.reached)
        self._show_facts()
        if news.url and news.problem:
            self.say(news.problem, tone="urgent")
        if news.url != self._asked_url:
            self._asked_url = news.url
            self._compare()

    @work(group="prove", exclusive=True)
    async def _compare(self) -> None:
        await self._ask_or_say()

    @staticmethod
    def _reach_fact(probed: Probed) -> Content:
        return fact(_("Reaches this computer") if probed.ok else probed.sentence, ok=probed.ok)

    # --- Twilio's side -------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Copy by OSC 52, which passes ssh and tmux."""
        self.app.copy_to_clipboard(self._url)
        self.say(_("Copied. Paste it into WHEN A MESSAGE COMES IN, method POST."), tone="calm")

    def action_set(self) -> None:
        """Have Twilio call it."""
        self._set()

    @work(group="set", exclusive=True)
    async def _set(self) -> None:
        self.say(_("Setting it at Twilio …"))
        try:
            await self.onboarding.set_webhook()
            await self._ask_twilio()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
            return
        self.say(_("Twilio has taken it; it is in force in a moment."), tone="calm")

    @work(group="callback", exclusive=True)
    async def _receive(self) -> None:
        """Listen while the step is open, and wait for a message."""
        try:
            async with self.onboarding.listening():
                self._prove()
                await self._wait()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
            await self._wait()

    @work(group="prove", exclusive=True)
    async def _prove(self) -> None:
        """Ask Twilio what it has, and ourselves through the outside."""
        await self._ask_or_say()
        self._facts["reach"] = self._reach_fact(await self.onboarding.reach())
        self._show_facts()

    async def _ask_or_say(self) -> None:
        try:
            await self._ask_twilio()
        except WaConsoleError as problem:
            self._facts["twilio"] = fact(str(problem), ok=False)
            self._show_facts()

    async def _ask_twilio(self) -> None:
        sender = await self.onboarding.webhook()
        self._facts |= self._twilio_facts(sender)
        if (offset := self.onboarding.clock_offset_s) is not None:
            self._facts["clock"] = clock_fact(offset)
        self._show_facts()

    def _twilio_facts(self, sender: Sender | None) -> dict[str, Content]:
        if sender is None:
            return {"twilio": fact(_("Twilio does not list this number"), ok=False)}
        has = sender.callback_url.split("#")[0] == self._url
        text = _("Twilio has this URL") if has else _("Twilio has another URL: press s")
        found = {"twilio": fact(text, ok=has)}
        if has:
            method = (sender.callback_method or "POST").upper()
            found["method"] = fact(_("Method {name}").format(name=method), ok=method == "POST")
        return found

    def _show_facts(self) -> None:
        facts = self.query_one("#facts", Static)
        facts.set_class(bool(self._facts), "-some")
        facts.update(self._fact_lines())

    def _fact_lines(self) -> Content:
        order = ("twilio", "method", "reach", "clock")
        between = _BETWEEN if self.app.size.width >= _ROOMY else "\n"
        return Content(between).join(self._facts[name] for name in order if name in self._facts)

    # --- waiting -------------------------------------------------------------------------------

    @work(group="callback", exclusive=True)
    async def _wait_for_one(self) -> None:
        await self._wait()

    async def _wait(self) -> None:
        watch = self.onboarding.watch()
        # Twilio's list also proves that a message came while its webhook does not reach us.
        polling = self.onboarding.draft.delivery is Delivery.POLL
        while True:
            try:
                heard = await watch.look(ask_twilio=polling)
            except WaConsoleError as problem:
                self.say(str(problem), tone="urgent")
            else:
                if heard:
                    self._heard = heard
                    await self.onboarding.note_heard()
                    self.post_message(self.Changed())
                    self._show_wait()
                    self.say("")
            await asyncio.sleep(LOOK_S)

    def _show_wait(self) -> None:
        card = self.query_one("#wait-card", Static)
        card.set_class(bool(self._heard) or self.onboarding.draft.heard, "-heard")
        card.update(self._wait_words())

    def _wait_words(self) -> Content:
        draft = self.onboarding.draft
        number = parse_twilio(f"whatsapp:{draft.number}").display
        if self._heard:
            return heard_card(self._heard[-1], number=number, zone=self.seat.look.zone)
        return waiting_card(number, before=draft.heard)
