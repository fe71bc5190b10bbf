"""The keys that work here and now, made from the bindings of the focused chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final, Self

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from wa_console.domain.i18n import N_, _
from wa_console.ui import keys

_TITLES: Final = {
    "composer": N_("While you write"),
    "template_bar": N_("While the window is closed"),
    "inbox": N_("In the list"),
    "timeline": N_("In the conversation"),
    "browse": N_("Outside the composer"),
    "templates": N_("Templates"),
    "channels": N_("Channels"),
    "doctor": N_("Doctor"),
    "frame": N_("On this screen"),
    "console": N_("Anywhere on this screen"),
    "wizard": N_("In the wizard"),
    "app": N_("Everywhere"),
}
"""Headings by the first part of a binding's id, in the order they are shown."""
_OTHER: Final = N_("Also")


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A key and what it does."""

    key: str
    text: str


def help_rows(screen: Screen[Any]) -> dict[str, list[HelpRow]]:
    """Return the rows by heading (untranslated), from the bindings active on a screen.

    Bindings without an id are Textual's own cursor keys: people know them, and forty rows of them
    would hide ours.
    """
    found: dict[str, dict[str, tuple[list[str], str]]] = {}
    for _node, binding, enabled, _tooltip in screen.active_bindings.values():
        if not enabled or not binding.id or binding.system:
            continue
        place, _dot, name = binding.id.partition(".")
        if name.startswith("jump_"):
            name, display = "jump", "1…9"
        else:
            display = screen.app.get_key_display(binding)
        title = _TITLES.get(place, _OTHER)
        names, _text = found.setdefault(title, {}).setdefault(
            name, ([], binding.tooltip or binding.description)
        )
        if display not in names:
            names.append(display)
    order = [*_TITLES.values(), _OTHER]
    return {
        title: [HelpRow(" ".join(names), text) for names, text in found[title].values()]
        for title in order
        if title in found
    }


class HelpScreen(ModalScreen[None]):
    """A page of keys, grouped by where they work."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("question_mark,f1,q,enter", "cancel", N_("Back"), show=False, id="help.back"),
    ]

    def __init__(self, rows: dict[str, list[HelpRow]]) -> None:
        super().__init__()
        self._rows = rows

    @classmethod
    def of(cls, screen: Screen[Any]) -> Self:
        """Return the help of a screen as its focus stands now."""
        return cls(help_rows(screen))

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        page = VerticalScroll(classes="dialog help")
        page.border_title = Content(_("Keys that work here"))
        page.border_subtitle = Content(_("Esc back · Ctrl+P finds everything by name"))
        with page:
            for title, rows in self._rows.items():
                yield Static(Content.styled(_(title), "bold $wa-strong"), classes="title")
                yield Static(self._table(rows), classes="rows")

    def _table(self, rows: list[HelpRow]) -> Content:
        width = max(9, *(cell_len(row.key) for row in rows))
        return Content("\n").join(
            Content.assemble(
                (row.key + " " * (width - cell_len(row.key) + 2), "bold $wa-key"), _(row.text)
            )
            for row in rows
        )

    def on_mount(self) -> None:
        """Arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_cancel(self) -> None:
        """Back."""
        self.dismiss(None)
