"""The scenes that goldens and `make screens` show: what to press to get there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from textual.pilot import Pilot

from tests.ui.desk import Bench, opened, ready, until
from tests.ui.screen import screen_text
from wa_console.ui.screens.biography import BiographyScreen
from wa_console.ui.screens.help import HelpScreen
from wa_console.ui.screens.presence import PresenceScreen
from wa_console.ui.screens.search import SearchScreen
from wa_console.ui.screens.template_picker import TemplatePicker
from wa_console.ui.widgets.template_form import TemplateForm

Scene = Callable[[Pilot[Any], Bench], Awaitable[None]]
SIZES: Final = ((80, 24), (150, 40))


async def start(pilot: Pilot[Any], bench: Bench) -> None:
    """As it opens: the inbox, and no conversation yet."""
    await ready(pilot)


async def closing(pilot: Pilot[Any], bench: Bench) -> None:
    """Four minutes left, a reply half written."""
    screen = await opened(pilot, "mette")
    screen.composer.insert("Pakken er på vej, Mette.")
    await pilot.pause()


async def window_open(pilot: Pilot[Any], bench: Bench) -> None:
    """A long window, the cursor in the conversation."""
    screen = await opened(pilot, "aisha")
    screen.timeline.focus()
    await pilot.press("k")
    await pilot.pause()


async def closed(pilot: Pilot[Any], bench: Bench) -> None:
    """The window closed while a reply was being written."""
    screen = await opened(pilot, "mette")
    screen.composer.insert("Pakken er på vej, Mette.")
    bench.clock.advance(timedelta(minutes=42))
    screen.tick()
    # Mette's window is no longer one of two that close within the hour: it is counted anew.
    await until(pilot, lambda: screen.inbox.closing_soon == 1)
    await until(pilot, lambda: any("1 close" in row or "1 window" in row for row in shown(pilot)))


def shown(pilot: Pilot[Any]) -> list[str]:
    """What stands on the screen."""
    return screen_text(pilot.app)


async def note(pilot: Pilot[Any], bench: Bench) -> None:
    """A note being written."""
    await opened(pilot, "jonas")
    await pilot.press("ctrl+n")
    await pilot.press(*"Lid")
    await pilot.pause()


async def picker(pilot: Pilot[Any], bench: Bench) -> None:
    """A template being filled in."""
    await opened(pilot, "oskar")
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))
    form = pilot.app.screen.query_one(TemplateForm)
    await until(pilot, lambda: form.template is not None)
    await pilot.press(*"deliv")
    await pilot.press("down", "down")
    await until(
        pilot, lambda: form.template is not None and form.template.name == "delivery_update"
    )


async def help_page(pilot: Pilot[Any], bench: Bench) -> None:
    """The keys of the inbox."""
    await ready(pilot)
    await pilot.press("question_mark")
    await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))


async def search(pilot: Pilot[Any], bench: Bench) -> None:
    """Words found."""
    await bench.desk.search.index_once()
    await ready(pilot)
    await pilot.press("ctrl+f")
    await until(pilot, lambda: isinstance(pilot.app.screen, SearchScreen))
    await pilot.press(*"pakke")
    page = pilot.app.screen
    await until(pilot, lambda: isinstance(page, SearchScreen) and page.answered == "pakke")


async def biography(pilot: Pilot[Any], bench: Bench) -> None:
    """The life of a message."""
    screen = await opened(pilot, "mette")
    screen.timeline.focus()
    screen.timeline.scroll_to_message("mette-002")
    await pilot.press("i")
    await until(pilot, lambda: isinstance(pilot.app.screen, BiographyScreen))


async def presence(pilot: Pilot[Any], bench: Bench) -> None:
    """Can you take work?"""
    await opened(pilot, "mette")
    await pilot.press("f2")
    await until(pilot, lambda: isinstance(pilot.app.screen, PresenceScreen))


async def empty(pilot: Pilot[Any], bench: Bench) -> None:
    """Nothing is set up."""
    await ready(pilot)


SCENES: Final[dict[str, Scene]] = {
    "start": start,
    "closing": closing,
    "open": window_open,
    "closed": closed,
    "note": note,
    "picker": picker,
    "help": help_page,
    "search": search,
    "biography": biography,
    "presence": presence,
    "empty": empty,
}
"""By the name of the golden."""
