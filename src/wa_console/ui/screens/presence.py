"""Says whether somebody can take work: five words, one key."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wa_console.domain.i18n import N_, _
from wa_console.domain.presence import Presence
from wa_console.ui import keys

_WORDS: Final = {
    Presence.AVAILABLE: ("●", "$wa-calm", N_("Available"), N_("new conversations come to you")),
    Presence.BUSY: ("◑", "$wa-warn", N_("Busy"), N_("you finish what you have")),
    Presence.DND: ("◔", "$wa-urgent", N_("Do not disturb"), N_("no new work and no bell")),
    Presence.AWAY: ("◔", "$wa-warn", N_("Away"), N_("back soon")),
    Presence.OFFLINE: ("○", "$wa-muted", N_("Offline"), N_("not here")),
}


class PresenceScreen(ModalScreen[Presence | None]):
    """Returns the chosen presence, None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.DIALOG]

    def __init__(self, current: Presence) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """A list of five."""
        options = OptionList(
            *(Option(self._line(presence), id=presence.value) for presence in Presence),
            classes="dialog presence",
        )
        options.border_title = Content(_("Can you take work?"))
        options.border_subtitle = Content(_("Enter says so · Esc back"))
        options.highlighted = list(Presence).index(self._current)
        yield options

    @staticmethod
    def _line(presence: Presence) -> Content:
        shape, color, word, meaning = _WORDS[presence]
        return Content.assemble(
            (f" {shape} ", color), (f"{_(word):<16}", "bold"), (_(meaning), "$wa-muted")
        )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(Presence(event.option_id or self._current))

    def action_cancel(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)
