"""Keeps the status line true: presence and load, the line to Twilio, what ends soon."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wa_console.domain.address import parse_twilio
from wa_console.domain.i18n import _
from wa_console.domain.text import snippet
from wa_console.services.facts import Gap
from wa_console.services.health import ABSENT, OK, RUNNING, HealthReport
from wa_console.ui.present import StatusFacts, StatusView, status_line
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.status_line import StatusLine

_GAP_SHOWN = timedelta(minutes=15)
"""So long it is said that a catch-up found something: time to look at who wrote meanwhile."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was last read; ages are made from it every second."""

    facts: StatusFacts
    last_webhook_at: datetime | None
    last_look_at: datetime | None
    gap: Gap | None


class StatusFlow:
    """The status line of one console."""

    def __init__(self, seat: Seat, *, line: StatusLine) -> None:
        self._seat = seat
        self._line = line
        self._known = _Known(StatusFacts(), None, None, None)
        self._shown: StatusView | None = None

    async def refresh(self, *, closing_soon: int) -> None:
        """Read everything again."""
        desk = self._seat.desk
        report = await desk.health.report()
        active, capacity = await desk.presences.load(self._seat.login)
        presence = await desk.presences.get(self._seat.login)
        setup = await desk.setup.current()
        facts = StatusFacts(
            number=_number_words([(n.name, n.address) for n in setup.numbers]),
            presence=presence.value,
            active=active,
            capacity=capacity,
            problem=self._problem(report),
            problem_key="F9" if self._seat.admin else "",
            closing_soon=closing_soon,
        )
        self._known = _Known(facts, report.last_webhook_at, report.last_look_at, report.last_gap)
        self.tick()

    def tick(self) -> None:
        """Paint the ages of this second; nothing when they read the same."""
        known, gap = self._known, self._known.gap
        fresh = gap is not None and self._seat.now() - gap.until < _GAP_SHOWN
        facts = replace(
            known.facts,
            last_webhook=self._age(known.last_webhook_at),
            last_look=self._age(known.last_look_at),
            away=(gap.since, gap.until) if gap is not None and fresh else None,
            fetched=gap.count if gap is not None and fresh else 0,
        )
        view = status_line(facts, look=self._seat.look)
        if view != self._shown:
            self._shown = view
            self._line.show(view)

    def _age(self, at: datetime | None) -> timedelta | None:
        return None if at is None else max(self._seat.now() - at, timedelta(0))

    def _problem(self, report: HealthReport) -> str:
        if self._seat.pulse.failing or report.store != OK:
            return _("the store fails")
        if report.engine == ABSENT:
            return _("no engine runs")
        if report.engine != RUNNING:
            return snippet(report.engine, 60)
        if report.quarantined:
            return _("{n} held back").format(n=report.quarantined)
        return ""


def _number_words(numbers: list[tuple[str, str]]) -> str:
    """Return ``Support · +45 70 20 30 40``, or how many numbers there are."""
    if not numbers:
        return _("no number yet")
    if len(numbers) > 1:
        return _("{n} numbers").format(n=len(numbers))
    name, address = numbers[0]
    shown = parse_twilio(address).display
    return f"{snippet(name, 24)} · {shown}" if name and name != address else shown
