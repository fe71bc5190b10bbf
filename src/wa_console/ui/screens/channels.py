"""Account, numbers and what serves them: how each is, and every way to change or stop one."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.text import snippet
from wa_console.services.channels import Channel, Overview
from wa_console.services.checks import Check, masked_sid
from wa_console.store.channel_port import ChannelCounts
from wa_console.ui import admin_keys
from wa_console.ui.present_channels import (
    Amounts,
    amount_lines,
    channel_light,
    detach_words,
    number_digits,
    number_name,
    pause_words,
)
from wa_console.ui.present_doctor import Finding, light, masked_text
from wa_console.ui.present_look import ASCII
from wa_console.ui.present_time import span_words
from wa_console.ui.screens.admin_frame import AdminScreen
from wa_console.ui.screens.channel_forms import EditChannelScreen, EraseChannelScreen, RotateScreen
from wa_console.ui.screens.pulse import News
from wa_console.ui.widgets.template_page import particulars_words

_KINDS: Final = {
    ChangeKind.SETUP_UPDATED,
    ChangeKind.MESSAGE_RECEIVED,
    ChangeKind.CONVERSATION_UPDATED,
    ChangeKind.HEALTH_UPDATED,
}
_WITH_A_NUMBER: Final = ("edit", "pause", "detach", "erase", "export")


class ChannelsScreen(AdminScreen):
    """The channels."""

    BINDINGS: ClassVar[list[BindingType]] = [*admin_keys.CHANNELS]
    AUTO_FOCUS = "#numbers"
    place = "channels"

    def compose_list(self) -> ComposeResult:
        """The account, its numbers below it."""
        yield Static(id="account")
        yield OptionList(id="numbers", compact=True)

    def on_mount(self) -> None:
        """Read at once, ask Twilio beside."""
        self.overview = Overview(None, (), (), None)
        self.findings: Mapping[str, list[Finding]] = {}
        self.problem = ""
        self.title_is(_("Channels"))
        self.seat.pulse.signal.subscribe(self, self._hear)
        self.do(self._read(), name="read")
        self.action_look()

    def _hear(self, news: News) -> None:
        if news.kinds & _KINDS:
            self.do(self._read(), name="read")

    async def _read(self) -> None:
        self.overview = await self.admin.channels.overview()
        self._show()

    # --- what is seen --------------------------------------------------------------------------

    @property
    def channel(self) -> Channel | None:
        """The chosen number, None without one."""
        at = self.query_one("#numbers", OptionList).highlighted
        channels = self.overview.channels
        return channels[at] if at is not None and at < len(channels) else None

    def _show(self) -> None:
        before = self.query_one("#numbers", OptionList).highlighted or 0
        account = self.overview.account
        told = _("no account yet")
        if account is not None:
            name = snippet(account.name, 30) or _("Twilio account")
            told = f"{name} · {masked_sid(account.account_sid)}"
        self.query_one("#account", Static).update(Content.styled(told, "bold"))
        numbers = self.query_one("#numbers", OptionList)
        with numbers.prevent(OptionList.OptionHighlighted):
            numbers.clear_options()
            numbers.add_options([Option(self._line(each)) for each in self.overview.channels])
            count = len(self.overview.channels)
            numbers.highlighted = min(before, count - 1) if count else None
        self.title_is(_("Channels"), self._told())
        self._tell()
        self.refresh_bindings()

    def _told(self) -> str:
        count = len(self.overview.channels)
        words = ngettext("{n} number", "{n} numbers", count).format(n=count)
        at = self.overview.last_webhook_at
        if at is None:
            return f"{words} · {_('no webhook yet')}"
        age = span_words(max(self.seat.now() - at, self.seat.now() - self.seat.now()))
        return f"{words} · " + _("last webhook {age} ago").format(age=age)

    def _line(self, channel: Channel) -> Content:
        sign, word, tone = self._light(channel)
        stream = snippet(channel.workstream.name, 24) if channel.workstream else _("no workstream")
        return Content.assemble(
            (f"{sign} ", f"$wa-{tone}"),
            (number_name(channel.number), "bold"),
            (f"  {word}", f"$wa-{tone}"),
            (f"\n  {number_digits(channel.number)} · {stream}", "$wa-muted"),
        )

    def _light(self, channel: Channel) -> tuple[str, str, str]:
        found = self.findings.get(channel.number.address)
        return channel_light(channel.number, found, ascii_only=self._ascii)

    @property
    def _ascii(self) -> bool:
        return self.seat.look.glyphs is ASCII

    def _tell(self) -> None:
        channel = self.channel
        if channel is None:
            lines = (_("Run `wa-console setup`, or `wa-console apply FILE`."),)
            self.tell(
                Content.assemble((_("No number is set up yet."), "bold $wa-strong"), "\n\n", *lines)
            )
            return
        number, stream = channel.number, channel.workstream
        wrote = channel.counts.last_inbound_at
        since = None if wrote is None else max(self.seat.now() - wrote, wrote - wrote)
        lines_of = [
            (_("Number"), number_digits(number)),
            (_("Workstream"), snippet(stream.name, 40) if stream else _("none: it is not served")),
            (_("Sandbox"), _("yes") if number.sandbox else ""),
            *amount_lines(_amounts(channel.counts), last_inbound=since),
        ]
        parts = [
            Content.styled(number_name(number), "bold $wa-strong"),
            particulars_words([line for line in lines_of if line[1]]),
            self._twilio(channel),
        ]
        if number.paused:
            words = _("Paused: nothing is sent, what comes in is held back. p resumes.")
            parts.insert(1, Content.styled(words, "$wa-warn"))
        self.tell(Content("\n\n").join(parts))

    def _twilio(self, channel: Channel) -> Content:
        """What Twilio says of the sender, a line a finding with what mends it."""
        head = Content.styled(_("At Twilio"), "bold")
        found = self.findings.get(channel.number.address)
        if found is None:
            words = self.problem or _("asking …")
            return Content.assemble(head, "\n", (masked_text(words), "$wa-muted"))
        lines = [head]
        for each in found:
            sign, word, tone = light(each.severity, ascii_only=self._ascii)
            lead = f"{sign} {word}  "
            first, *rest = self._wrapped(masked_text(each.text), lead)
            lines.append(Content.assemble((lead, f"$wa-{tone}"), first.removeprefix(lead)))
            lines += [Content(line) for line in rest]
            if each.mend and each.severity != "info":
                mend = self._wrapped(masked_text(each.mend), "  → ")
                lines += [Content.styled(line, "$wa-muted") for line in mend]
        return Content("\n").join(lines)

    def _wrapped(self, text: str, lead: str) -> list[str]:
        """Wrap to the right half, with a hanging indent."""
        room = max(30, self.query_one("#admin-text").size.width)
        indent = " " * (4 if "→" in lead else 2)
        return textwrap.wrap(
            lead + text, room, subsequent_indent=indent, break_on_hyphens=False
        ) or [lead]

    def on_resize(self) -> None:
        """Wrap anew, once the halves have their new widths."""
        self.call_after_refresh(self._tell)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self._tell()

    # --- keys ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what needs a number only while there is one."""
        if action in _WITH_A_NUMBER and self.is_mounted and self.query("#numbers"):
            return self.channel is not None
        return True

    def action_look(self) -> None:
        """Ask Twilio how the senders are."""

        async def work() -> None:
            try:
                found = await self.admin.channels.look()
            except WaConsoleError as problem:
                self.problem = str(problem)
                self.findings = {}
            else:
                self.problem = ""
                self.findings = {key: [_finding(c) for c in each] for key, each in found.items()}
            self._show()

        self.do(work(), name="look")

    @on(OptionList.OptionSelected)
    def action_edit(self) -> None:
        """Name and workstream."""
        if (channel := self.channel) is not None:
            form = EditChannelScreen(self.admin, channel, self.overview.workstreams)
            self.app.push_screen(form, self._done(_("Saved.")))

    def action_pause(self) -> None:
        """Pause, or resume."""

        async def work(channel: Channel) -> None:
            address, name = channel.number.address, number_name(channel.number)
            if channel.number.paused:
                released = await self.admin.channels.resume(address)
                text = _("{name} works again; {n} conversations came out of the hold.")
                self.say(text.format(name=name, n=released))
            else:
                counts = _amounts(await self.admin.channels.counts(address))
                question = _("Pause {name}?").format(name=name)
                if not await self.ask(question, detail=pause_words(counts), yes=_("Pause")):
                    return
                await self.admin.channels.pause(address)
                self.say(_("{name} is paused. p resumes it.").format(name=name), tone="warn")
            await self._read()

        if (channel := self.channel) is not None:
            self.do(work(channel), name="pause")

    def action_detach(self) -> None:
        """Take the number out of the set-up."""

        async def work(channel: Channel) -> None:
            address, name = channel.number.address, number_name(channel.number)
            counts = _amounts(await self.admin.channels.counts(address))
            question = _("Detach {name}?").format(name=name)
            if not await self.ask(question, detail=detach_words(counts), yes=_("Detach")):
                return
            await self.admin.channels.detach(address)
            self.say(_("{name} left the set-up; its history stays.").format(name=name))
            await self._read()

        if (channel := self.channel) is not None:
            self.do(work(channel), name="detach")

    def action_erase(self) -> None:
        """Erase number and history, after it was typed."""

        async def work(channel: Channel) -> None:
            counts = _amounts(await self.admin.channels.counts(channel.number.address))
            form = EraseChannelScreen(self.admin, channel, counts)
            if await self.app.push_screen_wait(form):
                self.say(_("Erased: the number and all that was said there."), tone="warn")
                await self._read()

        if (channel := self.channel) is not None:
            self.do(work(channel), name="erase")

    def action_export(self) -> None:
        """Write everything said there to a file of the home."""

        async def work(channel: Channel) -> None:
            path = await self.admin.channels.export(channel.number.address)
            self.say(_("Written: {path}").format(path=path), seconds=20)

        if (channel := self.channel) is not None:
            self.do(work(channel), name="export")

    def action_rotate(self) -> None:
        """Change the auth token without a gap."""

        async def work() -> None:
            state = await self.admin.rotation.state()
            if await self.app.push_screen_wait(RotateScreen(self.admin, state)):
                words = _("Saved and tested; a running engine takes it up within two seconds.")
                self.say(words)
                self.action_look()

        self.do(work(), name="rotate")

    def _done(self, words: str) -> Callable[[bool | None], None]:
        def after(saved: bool | None) -> None:
            if saved:
                self.say(words)
                self.do(self._read(), name="read")

        return after


def _finding(check: Check) -> Finding:
    return Finding(check.check, check.severity.value, check.text, check.mend)


def _amounts(counts: ChannelCounts) -> Amounts:
    return Amounts(
        conversations=counts.conversations,
        live=counts.live,
        messages=counts.messages,
        unsent=counts.unsent,
        customers=counts.customers,
        held=counts.held,
    )
