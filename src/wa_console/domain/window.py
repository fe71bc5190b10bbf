"""The 24-hour rule as one pure function; badge, outbox and sender all ask it.

A customer's message opens the window for free text or restarts it; 24 hours later it closes, and
only an approved template may be sent (FACTS 15.1, 15.2). There is no clock in here and nothing is
counted down: the caller brings `now`, and paints from wall time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wa_console.domain.clock import as_utc

WINDOW = timedelta(hours=24)
"""How long after a customer's last message free text is allowed (FACTS 15.1)."""

CLOSED_CODE = 63016
"""Twilio's code for free text outside the window (FACTS 7); the cure is a template, not a retry."""

_ZERO = timedelta(0)
_SECOND = timedelta(seconds=1)


class WindowState(StrEnum):
    """Where a conversation stands in the 24-hour rule (CONTRACT, `window.state`)."""

    NEVER = "never"
    """The customer has never written: only a template may open the conversation."""
    OPEN = "open"
    CLOSING = "closing"
    """Free text is allowed, but not for long."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The answer of `reply_window` for one moment.

    Attributes:
        state: where it stands.
        closes_at: the end we promise (margin taken off), or when it ended; UTC; None for never.
        remaining: time left for free text; zero when closed or never, else above zero.
    """

    state: WindowState
    closes_at: datetime | None
    remaining: timedelta

    @property
    def allows_free_text(self) -> bool:
        """Whether free text and media may be sent now."""
        return self.state in (WindowState.OPEN, WindowState.CLOSING)

    @property
    def remaining_s(self) -> int | None:
        """Whole seconds left, rounded up: 0 exactly when closed, None when never (CONTRACT)."""
        if self.state is WindowState.NEVER:
            return None
        return -(-self.remaining // _SECOND)


def reply_window(
    last_inbound_at: datetime | None,
    now: datetime,
    *,
    margin: timedelta = timedelta(seconds=60),
    closing: timedelta = timedelta(minutes=60),
    closed_by_channel_at: datetime | None = None,
) -> Window:
    """Tell whether free text may be sent to a customer at a moment.

    Half-open and in elapsed time: open while now < last inbound + 24 h - margin. Zones are turned
    into UTC first, since "+24 h" on a zoned time is 23 h or 25 h across a change of summer time.

    A last inbound *ahead* of now (the provider's clock before ours) counts as now: never is more
    than 24 h - margin promised.

    Args:
        last_inbound_at: the customer's newest message; None if there was none.
        now: the moment asked about.
        margin: how much earlier we take it to close than WhatsApp does, since the clock that
            counts is WhatsApp's (FACTS 15.1). At least 0, below 24 h.
        closing: how long before the promised end the state is `closing`. At least 0.
        closed_by_channel_at: when Twilio answered 63016. It closes the window at once, unless
            the customer wrote after that.

    Raises:
        ValueError: a datetime is naive, or margin or closing is out of range.
    """
    if not _ZERO <= margin < WINDOW:
        raise ValueError(f"the margin must be at least 0 and below 24 hours, not {margin}")
    if closing < _ZERO:
        raise ValueError(f"the closing time must not be negative, not {closing}")
    now = as_utc(now)
    refused = None if closed_by_channel_at is None else as_utc(closed_by_channel_at)
    if last_inbound_at is None:
        return Window(WindowState.NEVER, None, _ZERO)
    last = as_utc(last_inbound_at)
    closes_at = min(last, now) + (WINDOW - margin)
    if refused is not None and last <= refused:
        # `now` is in the minimum because a refusal may carry a time ahead of our clock.
        return Window(WindowState.CLOSED, min(closes_at, refused, now), _ZERO)
    remaining = closes_at - now
    if remaining <= _ZERO:
        return Window(WindowState.CLOSED, closes_at, _ZERO)
    state = WindowState.CLOSING if remaining <= closing else WindowState.OPEN
    return Window(state, closes_at, remaining)
