"""The palette's way to the sandbox coach, in a console whose set-up has a sandbox number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.services.sandbox_coach import SandboxCoach

Coaching = Callable[[], Awaitable["SandboxCoach | None"]]


class CoachCommand(Provider):
    """One entry; where no sandbox is set up it says so."""

    @property
    def _coaching(self) -> Coaching | None:
        found: Coaching | None = getattr(self.app, "coaching", None)
        return found

    @staticmethod
    def _line(name: str) -> Content:
        told = _("QR code to join, who has joined and for how long")
        return Content.assemble(name, (f"\n  {told}", "$wa-muted"))

    def _open(self) -> None:
        self.app.run_worker(self._show(), name="coach")

    async def _show(self) -> None:
        coach = await self._coaching() if self._coaching else None
        if coach is None:
            self.app.notify(_("No sandbox number is set up here."), markup=False)
            return
        from wa_console.ui.screens.coach import CoachScreen  # not before the first frame

        # The screen that asked is the console: its seat is what the coach needs.
        seat = getattr(self.app, "seat")  # noqa: B009 - every app of ours has one
        await self.app.push_screen(CoachScreen(coach, seat))

    async def discover(self) -> Hits:
        """The entry, before anything is typed."""
        if self._coaching:
            name = _("Sandbox coach")
            yield DiscoveryHit(self._line(name), self._open, text=name)

    async def search(self, query: str) -> Hits:
        """The entry, if it fits."""
        name = _("Sandbox coach")
        score = self.matcher(query).match(name)
        if self._coaching and score > 0:
            yield Hit(score, self._line(name), self._open, text=name)
