"""What the command palette is made of, by name: it is imported when it is opened, not before.

Textual's palette and its tree of files cost a tenth of the time to the first frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.command import Provider


def _actions() -> type[Provider]:
    from wa_console.ui.commands import Actions

    return Actions


def _people() -> type[Provider]:
    from wa_console.ui.commands import People

    return People


def _templates() -> type[Provider]:
    from wa_console.ui.commands import Templates

    return Templates


def _themes() -> type[Provider]:
    from wa_console.ui.commands import Themes

    return Themes


def _coach() -> type[Provider]:
    from wa_console.ui.coach_command import CoachCommand

    return CoachCommand


PROVIDERS: Final[set[type[Provider] | Callable[[], type[Provider]]]] = {
    _actions,
    _coach,
    _people,
    _templates,
    _themes,
}
"""What the app hands to the palette."""
