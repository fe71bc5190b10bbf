"""What services may ask of the world between Twilio and us: a look from outside, a tunnel.

Names and shapes only, like ``gateway.port``; httpx and programs are behind it (gateway.reach,
gateway.tunnels).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class FetchFailure(StrEnum):
    """Why a URL gave no answer at all."""

    NO_NAME = "no-name"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its status and the beginning of its text."""

    status: int
    text: str = ""


class Outside(Protocol):
    """Fetches as a stranger on the internet would."""

    async def get(self, url: str) -> Fetched | FetchFailure:
        """Fetch a URL once, following nothing; never raises."""
        ...


Opened = Callable[[str], Awaitable[None]]
"""Is told the public URL as soon as it is known, and again if it changes."""


class Tunnel(Protocol):
    """A way in from the internet that is kept open by somebody else's program."""

    async def run(self, port: int, opened: Opened) -> None:
        """Open a way to ``port`` of this computer and keep it until cancelled.

        Raises:
            SetupProblem: The program or library is not there.
            TwilioProblem: It did not open, or it ended.
        """
        ...
