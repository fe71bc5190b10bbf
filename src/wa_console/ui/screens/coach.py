"""The sandbox coach by itself, reached from the palette of a console with a sandbox."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from wa_console.domain.i18n import N_, _
from wa_console.domain.sandbox import join_message
from wa_console.services.sandbox_coach import SandboxCoach
from wa_console.ui import keys
from wa_console.ui.screens.coach_panel import CoachPanel
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.key_bar import KeyBar


class CoachScreen(Screen[None]):
    """Who has joined, and how the next phone joins."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("c", "copy", N_("Copy join message"), id="coach_screen.copy",
                tooltip=N_("Copy what the phone must write")),
    ]  # fmt: skip

    def __init__(self, coach: SandboxCoach, seat: Seat) -> None:
        super().__init__()
        self._coach = coach
        self._seat = seat

    def compose(self) -> ComposeResult:
        """Head, panel, keys."""
        head = Content.assemble((" wa-console ", "bold $wa-strong"), " ", _("Sandbox coach"))
        yield Static(head, id="wizard-head")
        with VerticalScroll(id="step-host", classes="-alone"):
            yield CoachPanel(self._seat)
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Begin to watch."""
        self.query_one(CoachPanel).follow(self._coach)

    def action_copy(self) -> None:
        """Copy what the phone must write."""
        self.app.copy_to_clipboard(join_message(self._coach.phrase))
        self.notify(_("Copied."), markup=False, timeout=2)

    def action_cancel(self) -> None:
        """Back to the console."""
        self.dismiss(None)
