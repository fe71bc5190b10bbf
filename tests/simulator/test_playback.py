"""The history of a scenario can be played through the simulator, by its clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import httpx

from tests.simulator.conftest import SENDER, Recorder, create
from wa_console.simulator import specimens
from wa_console.simulator.rules import window_open
from wa_console.simulator.scenario import (
    SCENARIOS,
    CustomerSays,
    StaffKind,
    StaffSays,
    content_sid,
)
from wa_console.simulator.server import Simulator

NOW = datetime(2026, 11, 23, 16, 40, tzinfo=UTC)
SUPPORT = SCENARIOS["support"]
SIDS = {template.key: content_sid(template) for template in SUPPORT.templates}


async def tell(sim: Simulator, api: httpx.AsyncClient, event: CustomerSays | StaffSays) -> None:
    """Plays one event at its time; notes and the like are the console's own."""
    sim.clock.set(now=NOW + timedelta(seconds=event.at_s), speed=0)
    if isinstance(event, CustomerSays):
        done = await sim.say(
            event.who,
            body=event.body,
            media=[specimens.make(kind) for kind in event.media],
            button=event.button,
            location=event.location,
        )
        assert done.status == 200
        return
    to = sim.world.customer(event.who).address
    if event.kind is StaffKind.REPLY:
        assert (await create(api, sim, To=to, Body=event.body)).status_code == 201
    elif event.kind is StaffKind.TEMPLATE:
        answer = await create(
            api,
            sim,
            To=to,
            ContentSid=SIDS[event.template_key or ""],
            ContentVariables=json.dumps(dict(event.variables)),
        )
        assert answer.status_code == 201
    await sim.settle()


async def test_history_leaves_the_failures_and_windows_it_promises(
    sim: Simulator, api: httpx.AsyncClient, recorder: Recorder
) -> None:
    for event in SUPPORT.events:
        await tell(sim, api, event)
    sim.clock.set(now=NOW)
    sent = [m for m in sim.world.messages.values() if m.direction == "outbound-api"]
    failed = {m.to: m.error_code for m in sent if m.error_code is not None}
    assert failed == {"whatsapp:+4522716049": 63024, "whatsapp:+4542605137": 63003}
    assert {m.status for m in sent} == {"delivered", "read", "undelivered", "failed"}

    def is_open(seconds: float) -> set[str]:
        return {
            customer.name
            for customer in sim.world.customers.values()
            if window_open(
                sim.world,
                sender=sim.world.senders[SENDER],
                customer=customer,
                now=NOW + timedelta(seconds=seconds),
            )
        }

    closing_first = is_open(0) - is_open(170)
    assert closing_first == {"Mette Holm"}
    assert is_open(169) == is_open(0)
    assert is_open(170) - is_open(3600) == {"Jonas Brandt"}
    assert sim.world.customer("+4527159983").opted_out
    page = (
        await api.get(
            f"/2010-04-01/Accounts/{sim.account_sid}/Messages.json?To={SENDER}".replace("+", "%2B")
        )
    ).json()
    assert len(page["messages"]) == len(recorder.calls)
