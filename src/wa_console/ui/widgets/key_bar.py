"""The bottom row: the keys that work here and now, made from the active bindings.

Nothing is listed by hand, so it cannot promise a key that does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from wa_console.domain.i18n import _
from wa_console.ui.keys import BAR_ORDER

_RANK: Final = {name: rank for rank, name in enumerate(BAR_ORDER)}


@dataclass(frozen=True, slots=True)
class _Key:
    """One entry: how the key is written, what it does, which key it is."""

    display: str
    name: str
    key: str

    @property
    def width(self) -> int:
        return cell_len(self.display) + 1 + cell_len(self.name)


class KeyBar(Widget):
    """Keys on the left as far as they fit, the palette on the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--rule"}
    _GAP: ClassVar[int] = 2

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render_line(self, y: int) -> Strip:
        """The row."""
        base = self.rich_style
        key_style = self.get_component_rich_style("key-bar--key")
        rule_style = self.get_component_rich_style("key-bar--rule")
        segments: list[Segment] = [Segment(" ", base)]
        used = 1
        for key, start in self._placed():
            segments += [
                Segment(" " * (start - used), base),
                Segment(key.display, key_style),
                Segment(f" {key.name}", base),
            ]
            used = start + key.width
        right = self._palette()
        if right is not None and used + right.width + 4 <= self.size.width:
            segments += [
                Segment(" " * (self.size.width - used - right.width - 3), base),
                Segment("│ ", rule_style),
                *self._entry(right, key_style, base),
            ]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    @staticmethod
    def _entry(key: _Key, key_style: RichStyle, base: RichStyle) -> list[Segment]:
        return [Segment(key.display, key_style), Segment(f" {key.name} ", base)]

    def _keys(self) -> list[_Key]:
        """The shown bindings of the focused chain, each action once, in `keys.BAR_ORDER`."""
        found: dict[str, tuple[int, _Key]] = {}
        for _node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if binding.show and enabled and binding.action not in found:
                display = self.app.get_key_display(binding)
                key = _Key(display, _(binding.description), binding.key)
                found[binding.action] = (_RANK.get(binding.id or "", -1), key)
        return [key for _rank, key in sorted(found.values(), key=lambda pair: pair[0])]

    def _palette(self) -> _Key | None:
        for _node, binding, enabled, _tooltip in self.screen.active_bindings.values():
            if enabled and binding.action.endswith("command_palette"):
                return _Key(self.app.get_key_display(binding), _("palette"), binding.key)
        return None

    def _placed(self) -> list[tuple[_Key, int]]:
        """Entries with the column they start at; those that do not fit are left out."""
        palette = self._palette()
        room = self.size.width - (palette.width + 4 if palette else 0)
        placed: list[tuple[_Key, int]] = []
        column = 1
        for key in self._keys():
            if column + key.width > room:
                continue
            placed.append((key, column))
            column += key.width + self._GAP
        return placed

    def on_click(self, event: events.Click) -> None:
        """A click on an entry is a press of its key."""
        palette = self._palette()
        if palette is not None and event.x >= self.size.width - palette.width - 2:
            self.app.simulate_key(palette.key)
            return
        for key, start in self._placed():
            if start <= event.x < start + key.width:
                self.app.simulate_key(key.key)
                return
