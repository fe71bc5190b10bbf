"""Begins a thread with a typed number, in any spelling."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from wa_console.domain.address import Address, parse_twilio, parse_typed
from wa_console.domain.errors import InvalidAddress, WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text
from wa_console.ui import keys
from wa_console.ui.screens.seat import Seat


class NewConversationScreen(ModalScreen[str | None]):
    """Returns the conversation's id, None when nothing was begun."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.DIALOG]

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self._seat = seat
        self._region: str | None = None

    def compose(self) -> ComposeResult:
        """One field, and below it how it was understood."""
        box = Vertical(classes="dialog new")
        box.border_title = Content(_("Write to whom?"))
        box.border_subtitle = Content(_("Enter opens the thread · Esc back"))
        with box:
            yield Input(id="address", placeholder="+45 31 22 64 10", compact=True)
            yield Static(self._hint(), id="understood")

    @staticmethod
    def _hint() -> Content:
        return Content.styled(
            _("A WhatsApp number in any spelling. The first message must be a template."),
            "$wa-muted",
        )

    async def on_mount(self) -> None:
        """Numbers without a country are taken to be where our own number is."""
        setup = await self._seat.desk.setup.current()
        if setup.numbers:
            self._region = parse_twilio(setup.numbers[0].address).country

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        line = self.query_one("#understood", Static)
        if not event.value.strip():
            line.update(self._hint())
            return
        try:
            address = self._understood(event.value)
        except InvalidAddress as problem:
            line.update(Content.styled(safe_text(str(problem)), "$wa-muted"))
        else:
            country = f" · {address.country}" if address.country else ""
            line.update(Content.assemble(("✓ ", "$wa-calm"), (address.display + country, "bold")))

    def _understood(self, text: str) -> Address:
        return parse_typed(text, default_region=self._region)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._open(event.value)

    @work(group="new", exclusive=True)
    async def _open(self, text: str) -> None:
        try:
            address = self._understood(text)
            conversation = await self._seat.desk.outbox.open_thread(address)
        except WaConsoleError as problem:
            self.query_one("#understood", Static).update(
                Content.styled(safe_text(str(problem)), "$wa-urgent")
            )
            return
        self.dismiss(conversation.id)

    def action_cancel(self) -> None:
        """Begin nothing."""
        self.dismiss(None)
