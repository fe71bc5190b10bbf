"""What the engine tells about itself, and how it is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.services.rig import START, Rig, Wall, inbound_form, opened
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import FixedClock
from wa_console.services import facts
from wa_console.services.health import HealthReport, HealthService
from wa_console.services.vital_signs import VitalSigns


def both(rig: Rig, wall: Wall) -> tuple[VitalSigns, HealthService]:
    signs = VitalSigns(store=rig.store, clock=rig.clock, receiver=rig.receiver, wall=wall)
    return signs, HealthService(store=rig.store, clock=rig.clock, wall=wall)


async def test_a_fresh_store_has_no_engine(rig: Rig, wall: Wall) -> None:
    _signs, health = both(rig, wall)
    assert await health.report() == HealthReport(
        status="degraded",
        store="ok",
        last_webhook_at=None,
        outbox=0,
        journal_behind=0,
        quarantined=0,
        rejected=0,
        last_rejection="",
        engine="absent",
    )


async def test_a_live_engine_is_ok_until_it_falls_silent(rig: Rig, wall: Wall) -> None:
    signs, health = both(rig, wall)
    await signs.tell({})
    report = await health.report()
    assert (report.status, report.engine) == ("ok", "running")
    wall.now += 13
    assert (await health.report()).engine == "absent"
    await signs.tell({})
    assert (await health.report()).engine == "running"
    await signs.end()
    assert (await health.report()).engine == "absent"


async def test_everything_is_counted(rig: Rig, wall: Wall) -> None:
    signs, health = both(rig, wall)
    conversation = await rig.hear()
    await rig.hear(From="whatsapp:+4520999999", WaId="", To="whatsapp:+4570000000")
    await rig.outbox.queue_reply(conversation.id, "svar", author="anna")
    rig.fixed.advance(timedelta(seconds=9))
    await rig.receiver.inbound(inbound_form(), query="")
    rig.receiver.rejected("another token")
    await signs.tell({})
    report = await health.report()
    assert report.last_webhook_at == START + timedelta(seconds=9)
    assert (report.outbox, report.journal_behind, report.quarantined) == (1, 1, 1)
    assert (report.rejected, report.last_rejection) == (1, "another token")
    assert report.status == "ok"


async def test_rejections_are_counted_over_restarts(rig: Rig, wall: Wall) -> None:
    signs, health = both(rig, wall)
    for _ in range(3):
        rig.receiver.rejected("x")
    await signs.tell({})
    await signs.tell({})
    rig.receiver.rejected("y")
    await signs.tell({})
    fresh = Rig(rig.store, rig.clock)
    fresh.receiver.rejected("z")
    await both(fresh, wall)[0].tell({})
    report = await health.report()
    assert (report.rejected, report.last_rejection) == (5, "z")


async def test_trouble_is_told_once_and_taken_back(rig: Rig, wall: Wall) -> None:
    signs, health = both(rig, wall)
    await signs.tell({})
    seen = await rig.last_change()
    await signs.tell({"templates": "Twilio is away.", "reconciler": "Twilio is away."})
    await signs.tell({"templates": "Twilio is away.", "reconciler": "Twilio is away."})
    report = await health.report()
    assert (report.status, report.engine) == ("degraded", "Twilio is away.")
    await signs.tell({})
    assert (await health.report()).engine == "running"
    kinds = [change.kind for change in await rig.changes(seen)]
    assert kinds == [ChangeKind.HEALTH_UPDATED] * 2


async def test_nothing_new_is_not_written(rig: Rig, wall: Wall) -> None:
    signs, _health = both(rig, wall)
    await signs.tell({})
    await rig.store.write(lambda s: s.facts.set_number(facts.ENGINE_ALIVE_MS, 1))
    wall.now += 4.9
    await signs.tell({})
    assert await rig.store.read(lambda s: s.facts.number(facts.ENGINE_ALIVE_MS)) == 1
    wall.now += 0.2
    await signs.tell({})
    alive_ms = await rig.store.read(lambda s: s.facts.number(facts.ENGINE_ALIVE_MS))
    assert alive_ms == int(wall.now * 1000)


async def test_what_keeps_an_engine_from_starting(rig: Rig, wall: Wall) -> None:
    signs, health = both(rig, wall)
    seen = await rig.last_change()
    await health.engine_problem("The port is taken.")
    await health.engine_problem("The port is taken.")
    assert len(await rig.changes(seen)) == 1
    report = await health.report()
    assert (report.status, report.engine) == ("degraded", "The port is taken.")
    await health.engine_problem("")
    await signs.tell({})
    assert (await health.report()).engine == "running"


async def test_a_store_that_is_gone_is_a_finding(tmp_path: Path, wall: Wall) -> None:
    async with opened(tmp_path, FixedClock(START)) as rig:
        _signs, health = both(rig, wall)
        fresh = await health.report()
        await rig.store.close()
        gone = await health.report()
    assert (gone.status, gone.store) == ("degraded", "read-only")
    assert gone.engine
    assert replace(gone, store="ok", engine="absent") == fresh
