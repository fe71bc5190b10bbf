"""Opens the administrator's screens; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from textual.app import App
from textual.screen import ModalScreen

from wa_console.domain.i18n import _
from wa_console.ui.screens.admin_frame import AdminScreen
from wa_console.ui.screens.seat import Seat


def open_admin(app: App[Any], seat: Seat, place: str) -> None:
    """Open one of the administrator's screens, or go back to it where it is open already.

    Args:
        app: Whose screen.
        seat: What the screen works with.
        place: ``templates``, ``channels`` or ``doctor``.
    """
    if seat.admin is None:
        app.notify(_("This console was opened without it."), markup=False)
        return
    if isinstance(app.screen, ModalScreen):
        return  # a question is open: it is answered first
    while isinstance(app.screen, AdminScreen):
        if app.screen.place == place:
            return
        app.pop_screen()
    app.push_screen(_SCREENS[place]()(seat, seat.admin))


def _templates() -> type[AdminScreen]:
    from wa_console.ui.screens.templates import TemplatesScreen

    return TemplatesScreen


def _channels() -> type[AdminScreen]:
    from wa_console.ui.screens.channels import ChannelsScreen

    return ChannelsScreen


def _doctor() -> type[AdminScreen]:
    from wa_console.ui.screens.doctor import DoctorScreen

    return DoctorScreen


_SCREENS: Final[dict[str, Callable[[], type[AdminScreen]]]] = {
    "templates": _templates,
    "channels": _channels,
    "doctor": _doctor,
}
