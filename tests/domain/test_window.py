"""The 24-hour rule, to the millisecond, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.window import WINDOW, Window, WindowState, reply_window

LAST = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MS = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ZERO = timedelta(0)


def strict(now: datetime, last: datetime | None = LAST) -> Window:
    return reply_window(last, now, margin=ZERO)


def test_without_an_inbound_message_it_never_opened() -> None:
    window = reply_window(None, LAST, closed_by_channel_at=LAST)
    assert window == Window(WindowState.NEVER, None, ZERO)
    assert not window.allows_free_text
    assert window.remaining_s is None


@pytest.mark.parametrize(
    ("after", "state", "remaining_s"),
    [
        (ZERO, WindowState.OPEN, 86_400),
        (MS, WindowState.OPEN, 86_400),
        (SECOND, WindowState.OPEN, 86_399),
        (23 * HOUR - MS, WindowState.OPEN, 3_601),
        (23 * HOUR, WindowState.CLOSING, 3_600),
        (24 * HOUR - MS, WindowState.CLOSING, 1),
        (24 * HOUR, WindowState.CLOSED, 0),
        (24 * HOUR + MS, WindowState.CLOSED, 0),
        (400 * 24 * HOUR, WindowState.CLOSED, 0),
    ],
)
def test_the_table_without_margin(after: timedelta, state: WindowState, remaining_s: int) -> None:
    window = strict(LAST + after)
    assert window.state is state
    assert window.remaining_s == remaining_s
    assert window.closes_at == LAST + WINDOW
    assert window.allows_free_text == (state is not WindowState.CLOSED)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (24 * HOUR - MINUTE - MS, WindowState.CLOSING),
        (24 * HOUR - MINUTE, WindowState.CLOSED),
        (23 * HOUR - MINUTE - MS, WindowState.OPEN),
        (23 * HOUR - MINUTE, WindowState.CLOSING),
    ],
)
def test_the_default_margin_is_a_minute(after: timedelta, state: WindowState) -> None:
    assert reply_window(LAST, LAST + after).state is state


def test_closing_of_nothing_is_never_shown() -> None:
    window = reply_window(LAST, LAST + 24 * HOUR - MS, margin=ZERO, closing=ZERO)
    assert window.state is WindowState.OPEN


@pytest.mark.parametrize("ahead", [MS, 90 * SECOND, 48 * HOUR])
def test_an_inbound_from_the_future_promises_no_more_than_a_day_from_now(ahead: timedelta) -> None:
    window = reply_window(LAST + ahead, LAST)
    assert window.closes_at == LAST + WINDOW - MINUTE
    assert window.remaining == WINDOW - MINUTE


def test_that_promise_is_elapsed_time_too() -> None:
    eve_of_summer = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    window = strict(eve_of_summer, eve_of_summer + HOUR)
    assert window.remaining == WINDOW
    assert window.closes_at is not None
    assert window.closes_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("refused", "state"),
    [
        (-MS, WindowState.OPEN),  # the customer wrote after the refusal
        (ZERO, WindowState.CLOSED),
        (HOUR, WindowState.CLOSED),
        (30 * HOUR, WindowState.CLOSED),  # its clock is ahead of ours
    ],
)
def test_the_channel_closes_it_until_the_customer_writes(
    refused: timedelta, state: WindowState
) -> None:
    now = LAST + 2 * HOUR
    window = reply_window(LAST, now, closed_by_channel_at=LAST + refused)
    assert window.state is state
    if state is WindowState.CLOSED:
        assert window.remaining_s == 0
        assert window.closes_at == LAST + min(refused, 2 * HOUR)


def test_a_refusal_does_not_move_the_end_of_a_window_long_closed() -> None:
    now = LAST + 40 * HOUR
    window = reply_window(LAST, now, margin=ZERO, closed_by_channel_at=LAST + 30 * HOUR)
    assert window.closes_at == LAST + WINDOW


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Europe/Copenhagen", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/Copenhagen", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("before", [ZERO, 5 * MINUTE, 12 * HOUR, 24 * HOUR - MS])
def test_a_change_of_summer_time_changes_nothing(
    zone: str, change: datetime, before: timedelta
) -> None:
    local = ZoneInfo(zone)
    offsets = [(change + step).astimezone(local).utcoffset() for step in (-MS, ZERO)]
    assert offsets[0] != offsets[1], "the table names a moment without a change"
    last = (change - before).astimezone(local)
    window = strict((last.astimezone(UTC) + WINDOW - MS).astimezone(local), last)
    assert window.remaining == MS
    assert window.closes_at is not None
    assert window.closes_at.tzinfo is UTC
    assert window.closes_at - last.astimezone(UTC) == WINDOW
    end = (last.astimezone(UTC) + WINDOW).astimezone(local)
    assert strict(end, last).state is WindowState.CLOSED


def test_the_doubled_hour_of_autumn_is_two_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    last = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    an_hour_on = last.replace(fold=1)
    assert strict(an_hour_on, last).remaining == 23 * HOUR


@pytest.mark.parametrize(
    ("last", "now", "refused"),
    [
        (LAST.replace(tzinfo=None), LAST, None),
        (LAST, LAST.replace(tzinfo=None), None),
        (None, LAST.replace(tzinfo=None), None),
        (LAST, LAST, LAST.replace(tzinfo=None)),
    ],
)
def test_naive_times_are_refused(
    last: datetime | None, now: datetime, refused: datetime | None
) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        reply_window(last, now, closed_by_channel_at=refused)


@pytest.mark.parametrize("margin", [-MS, WINDOW, WINDOW + MS])
def test_a_margin_out_of_range_is_refused(margin: timedelta) -> None:
    with pytest.raises(ValueError, match="margin"):
        reply_window(LAST, LAST, margin=margin)
    with pytest.raises(ValueError, match="closing"):
        reply_window(LAST, LAST, closing=-MS)


ZONES = st.one_of(
    st.timezones(),
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(minutes * MINUTE)),
)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=ZONES)  # noqa: DTZ001
AROUND = st.one_of(
    st.timedeltas(-3 * WINDOW, 3 * WINDOW),
    st.sampled_from([WINDOW, WINDOW - MINUTE]).flatmap(
        lambda edge: st.timedeltas(edge - SECOND, edge + SECOND)
    ),
)


@given(
    last=MOMENTS,
    elapsed=AROUND,
    zone=ZONES,
    margin=st.timedeltas(ZERO, WINDOW - timedelta(microseconds=1)),
    closing=st.timedeltas(ZERO, 2 * WINDOW),
    refused=st.none() | st.timedeltas(-2 * WINDOW, 2 * WINDOW),
)
def test_the_rule_holds_for_all_times(
    last: datetime,
    elapsed: timedelta,
    zone: timezone,
    margin: timedelta,
    closing: timedelta,
    refused: timedelta | None,
) -> None:
    start = last.astimezone(UTC)
    refused_at = None if refused is None else start + refused
    window = reply_window(
        last,
        (start + elapsed).astimezone(zone),
        margin=margin,
        closing=closing,
        closed_by_channel_at=refused_at,
    )
    closed_by_channel = refused is not None and refused >= ZERO
    assert window.allows_free_text == (elapsed < WINDOW - margin and not closed_by_channel)
    assert window.remaining <= WINDOW - margin
    assert (window.remaining > ZERO) == window.allows_free_text
    assert (window.remaining_s == 0) == (window.state is WindowState.CLOSED)
    assert window.closes_at is not None
    if window.allows_free_text:
        assert window.closes_at - (start + elapsed) == window.remaining
        assert (window.state is WindowState.CLOSING) == (window.remaining <= closing)
    else:
        assert window.closes_at <= start + elapsed
