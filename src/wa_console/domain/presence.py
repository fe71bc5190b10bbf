"""Whether a representative can take work right now. Pure data, no clock and no store."""

from __future__ import annotations

from enum import StrEnum


class Presence(StrEnum):
    """What a representative says about themselves (CONTRACT ``presence``)."""

    AVAILABLE = "available"
    BUSY = "busy"
    DND = "dnd"
    AWAY = "away"
    OFFLINE = "offline"

    @property
    def takes_work(self) -> bool:
        """Whether new conversations may be pushed to somebody who shows this."""
        return self is Presence.AVAILABLE
