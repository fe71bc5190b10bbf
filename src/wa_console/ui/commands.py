"""What the palette (Ctrl+P) finds: actions, conversations by name, templates, themes.

Every hit is `Content`: Textual reads a `str` hit as markup, and a customer's name may hold some
(libraries.md 2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen

from wa_console.domain.conversation import View
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.text import SafeText, snippet
from wa_console.ui import admin_keys, keys
from wa_console.ui.coach_command import CoachCommand
from wa_console.ui.present import customer_title
from wa_console.ui.screens.console import ConsoleScreen
from wa_console.ui.theme import themes

_FEW: Final = 8


def _told(name: Content | str, told: str) -> Content:
    """Return a hit's two lines. Textual's own help line is parsed as markup; this is not."""
    first = Content(name) if isinstance(name, str) else name
    return Content.assemble(first, (f"\n  {told}", "$wa-muted")) if told else first


def own_bindings(screen: Screen[Any]) -> list[Binding]:
    """Return the bindings of a screen that say what they do."""
    return [b for b in type(screen).BINDINGS if isinstance(b, Binding) and b.tooltip]


class Actions(Provider):
    """Every action that has a key."""

    def _known(self) -> Iterator[tuple[str, str, Callable[[], Any]]]:
        seen: set[str] = set()
        here = [] if isinstance(self.screen, ConsoleScreen) else own_bindings(self.screen)
        console = [] if here else [*keys.CONSOLE, *keys.BROWSE]
        everywhere = [*admin_keys.APP, *keys.APP]
        for binding in (*here, *console, *everywhere):
            action = binding.action.removeprefix("app.")
            if action in seen or action.startswith(("jump", "command_palette")):
                continue
            seen.add(action)
            target = self.app if binding in everywhere or action == "help" else self.screen
            key = self.app.get_key_display(binding)
            yield (
                f"{_(binding.description)}  {key}",
                _(binding.tooltip),
                partial(target.run_action, action),
            )

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for name, told, command in self._known():
            yield DiscoveryHit(_told(name, told), command, text=name)

    async def search(self, query: str) -> Hits:
        """Those that fit."""
        matcher = self.matcher(query)
        for name, told, command in self._known():
            score = max(matcher.match(name), 0.6 * matcher.match(told))
            if score > 0:
                yield Hit(score, _told(name, told), command, text=name)


class People(Provider):
    """Conversations by the customer's name or number."""

    async def search(self, query: str) -> Hits:
        """The first few that fit, as the inbox's filter finds them."""
        screen = self.screen
        if not isinstance(screen, ConsoleScreen):
            return
        seat = screen.seat
        try:
            rows = await seat.desk.inbox.page(
                View.ALL, login=seat.login, text=query, offset=0, limit=_FEW
            )
        except WaConsoleError:
            return
        for row in rows:
            name: SafeText = customer_title(row.name, row.profile_name, row.address.display)
            shown = Content.assemble((name, "bold"), (f"  {row.address.display}", "$wa-muted"))
            yield Hit(0.9, shown, partial(screen.go, row.id), text=str(name))


class Templates(Provider):
    """Templates by name: opens the picker on one."""

    async def search(self, query: str) -> Hits:
        """Those that fit."""
        screen = self.screen
        if not isinstance(screen, ConsoleScreen):
            return
        matcher = self.matcher(query)
        try:
            found = await screen.seat.desk.templates.all()
        except WaConsoleError:
            return
        for template in found:
            name = snippet(f"{template.name} {template.language}", 60)
            score = matcher.match(name)
            if score > 0:
                command = partial(screen.action_template, template.content_sid)
                shown = _told(name, _("Send this template"))
                yield Hit(score, shown, command, text=str(name))


class Themes(Provider):
    """Our themes."""

    async def search(self, query: str) -> Hits:
        """Those that fit."""
        matcher = self.matcher(query)
        for theme in themes():
            name = _("Theme {name}").format(name=theme.name)
            score = matcher.match(name)
            if score > 0:
                command = partial(setattr, self.app, "theme", theme.name)
                yield Hit(score, _told(name, _("Change the colours")), command, text=name)


PROVIDERS: Final[set[type[Provider] | Callable[[], type[Provider]]]] = {
    Actions,
    CoachCommand,
    People,
    Templates,
    Themes,
}
"""What the app hands to the palette."""
