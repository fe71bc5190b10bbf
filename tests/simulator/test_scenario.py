"""The scenario "support" holds every state that a representative meets."""

from __future__ import annotations

from collections import defaultdict

import pytest

from wa_console.simulator import specimens
from wa_console.simulator.people import roster
from wa_console.simulator.scenario import (
    DEFAULT,
    SCENARIOS,
    CustomerSays,
    Event,
    StaffKind,
    StaffSays,
    content_sid,
)
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.simulator.world import Mint

DAY = 24 * 3600.0
FIRST = 170.0
SUPPORT = SCENARIOS[DEFAULT]


def conversations() -> dict[str, list[Event]]:
    talks: dict[str, list[Event]] = defaultdict(list)
    for event in SUPPORT.events:
        talks[event.who].append(event)
    return talks


def left(events: list[Event]) -> float | None:
    """Seconds until the window closes, negative if it has, None if it never opened."""
    last = [event.at_s for event in events if isinstance(event, CustomerSays)]
    return last[-1] + DAY if last else None


def unread(events: list[Event]) -> int:
    count = 0
    for event in events:
        if isinstance(event, CustomerSays):
            count += 1
        elif event.kind in {StaffKind.REPLY, StaffKind.TEMPLATE, StaffKind.CLOSE}:
            count = 0
    return count


def test_windows_in_every_state() -> None:
    times = [left(events) for events in conversations().values()]
    open_for = sorted(t for t in times if t is not None and t > 0)
    # 110 s once the console's margin of a minute is taken off.
    assert open_for[0] == FIRST
    assert FIRST < open_for[1] < 3600
    hours = [round(t / 3600) for t in open_for]
    assert {5, 11, 19, 23} <= set(hours)
    assert sum(t is not None and t <= 0 for t in times) >= 2
    assert times.count(None) == 1


def test_order_and_span() -> None:
    at = [event.at_s for event in SUPPORT.events]
    assert at == sorted(at)
    assert at[0] > -3 * DAY
    assert at[-1] < 0


def test_unread_counts_from_one_to_three() -> None:
    counts = {unread(events) for events in conversations().values()}
    assert counts >= {0, 1, 2, 3}
    assert max(counts) == 3
    most_urgent = min(conversations().values(), key=lambda e: abs((left(e) or 1e9) - FIRST))
    assert unread(most_urgent) == 2


def test_kinds_of_content() -> None:
    said = [event for event in SUPPORT.events if isinstance(event, CustomerSays)]
    assert {kind for event in said for kind in event.media} == {"photo", "voice"}
    assert any(event.location for event in said)
    assert any(event.button for event in said)
    assert any("الطرد" in event.body for event in said)
    assert any("[@click" in event.body and "\x1b" in event.body for event in said)
    assert any(event.who.startswith("DK.") for event in said)
    for event in said:
        for kind in event.media:
            assert specimens.make(kind).data
    done = {event.kind for event in SUPPORT.events if isinstance(event, StaffSays)}
    assert done == set(StaffKind)


def test_everybody_in_it_exists() -> None:
    people = {person.number or person.external_id: person for person in roster(Mint(1))}
    assert set(conversations()) == set(people)
    by_key = {template.key: template for template in SUPPORT.templates}
    for event in SUPPORT.events:
        if isinstance(event, StaffSays) and event.template_key is not None:
            template = by_key[event.template_key]
            assert template.status == "approved"
            assert list(event.variables) == [str(n + 1) for n in range(len(template.examples))]


def test_templates_in_every_state() -> None:
    states = {template.status for template in SUPPORT.templates}
    assert states == {"approved", "pending", "rejected", "paused"}
    assert len({content_sid(template) for template in SUPPORT.templates}) == len(SUPPORT.templates)
    assert all(t.reason for t in SUPPORT.templates if t.status == "rejected")
    assert {t.language for t in SUPPORT.templates if t.name == "delivery_update"} == {"da", "en"}


@pytest.mark.parametrize("seed", [1, 2])
def test_world_follows_from_the_seed(seed: int) -> None:
    one, other = (Simulator(SimulatorConfig(seed=seed)) for _ in range(2))
    assert one.auth_token == other.auth_token
    assert list(one.world.senders) == list(other.world.senders)
    assert [c.external_id for c in one.world.customers.values()] == [
        c.external_id for c in other.world.customers.values()
    ]
    assert one.auth_token != Simulator(SimulatorConfig(seed=seed + 10)).auth_token
