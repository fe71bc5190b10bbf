"""What every screen needs of the outside: the desk, the clock, who sits there, how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wa_console.domain.clock import Clock
from wa_console.services.admin import Admin
from wa_console.services.desk import Desk
from wa_console.ui.options import ConsoleOptions
from wa_console.ui.present_look import Look
from wa_console.ui.screens.pulse import Pulse


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the desk. Screens get one and know nothing of the app that made it.

    Attributes:
        pulse: Tells which rows changed; ids only (ARCHITECTURE rule 1).
        admin: What needs Twilio's credentials; None where nobody handed it out.
    """

    desk: Desk
    clock: Clock
    login: str
    options: ConsoleOptions
    look: Look
    pulse: Pulse
    admin: Admin | None = None

    def now(self) -> datetime:
        """Return the product's time."""
        return self.clock.now()
