"""A page to read: a heading, a text, and back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from wa_console.domain.i18n import N_, _
from wa_console.domain.text import snippet
from wa_console.ui import keys


class PaperScreen(ModalScreen[None]):
    """Shows a page that scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("q,enter", "cancel", N_("Back"), show=False, id="paper.back"),
    ]

    def __init__(self, heading: str, text: Content) -> None:
        super().__init__()
        self._heading = snippet(heading or "?", 60)
        self._text = text

    def compose(self) -> ComposeResult:
        """The page."""
        page = VerticalScroll(classes="dialog paper")
        page.border_title = Content(self._heading)
        page.border_subtitle = Content(_("↑ ↓ scroll · Esc back"))
        with page:
            yield Static(Content.assemble(self._text))

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_cancel(self) -> None:
        """Back."""
        self.dismiss(None)
