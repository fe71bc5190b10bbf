"""Keeps a loop going: what fails is logged, shown as trouble, and tried again after a pause.

The one place where every error is caught (ARCHITECTURE section 11). A loop never dies but by
cancellation.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _

_log = logging.getLogger(__name__)

Step = Callable[[], Awaitable[None]]


class Supervisor:
    """Runs steps for ever.

    Args:
        first_s: Pause after a first failure; doubled with each further one.
        longest_s: Longest pause.

    Attributes:
        troubles: Name of a loop to the sentence of its last failure, gone once it works again.
    """

    def __init__(self, *, first_s: float = 0.5, longest_s: float = 30.0) -> None:
        self._troubles: dict[str, str] = {}
        self._first_s = first_s
        self._longest_s = longest_s

    @property
    def troubles(self) -> Mapping[str, str]:
        """What fails at present."""
        return dict(self._troubles)

    async def keep(self, name: str, step: Step) -> None:
        """Repeat ``step`` until cancelled. A step waits by itself for something to do."""
        while True:
            await self.until_done(name, step)

    async def until_done(self, name: str, step: Step) -> None:
        """Repeat ``step`` until it has worked once."""
        pause = self._first_s
        while not await self._works(name, step):
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._longest_s)

    async def _works(self, name: str, step: Step) -> bool:
        try:
            await step()
        except Exception as error:  # supervised: see the module's docstring
            # Customer text may stand in an error's message: its kind only (faults I3).
            _log.error("%s failed: %s", name, type(error).__name__, exc_info=_is_ours(error))
            self._troubles[name] = sentence_of(error)
            return False
        self._troubles.pop(name, None)
        return True


def sentence_of(error: Exception) -> str:
    """Return what a person is told about a failure; nothing of an unexpected one's text."""
    if isinstance(error, WaConsoleError):
        return str(error)
    return _("An unexpected error ({kind}); the log says more.").format(kind=type(error).__name__)


def _is_ours(error: Exception) -> bool:
    """Whether the log gets a traceback: for our own mistakes, not for the world's."""
    return not isinstance(error, WaConsoleError)
