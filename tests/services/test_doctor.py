"""What the doctor reads from the store: each link that can break, with its mend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.rig import ACCOUNT, Rig, inbound_form
from wa_console.domain.setup import Setup
from wa_console.domain.template import Approval, Template
from wa_console.services import facts
from wa_console.services.checks import Check, Severity, masked_sid
from wa_console.services.doctor import Doctor
from wa_console.store.port import OutboxState, Session

TEMPLATE = Template("HX" + "1" * 32, "order", "da", "twilio/text", "Hej {{1}}")


async def found(rig: Rig, *, account_sid: str = ACCOUNT) -> dict[str, Check]:
    doctor = Doctor(store=rig.store, clock=rig.clock)
    return {check.check: check for check in await doctor.store_checks(account_sid=account_sid)}


async def test_a_quiet_desk_is_well(rig: Rig) -> None:
    checks = await found(rig)
    assert list(checks) == ["set-up", "engine", "webhooks", "journal", "outbox", "templates"]
    assert all(check.ok for check in checks.values())
    assert ACCOUNT not in checks["set-up"].text


async def test_without_a_setup(empty: Rig) -> None:
    assert (await found(empty))["set-up"].severity is Severity.ERROR
    assert await empty.store.read(lambda session: session.facts.setup()) == Setup()


async def test_the_engine_is_told_of(rig: Rig) -> None:
    assert (await found(rig))["engine"].severity is Severity.WARNING
    assert rig.store.lease.acquire()
    assert (await found(rig))["engine"].severity is Severity.INFO
    rig.store.lease.release()


@pytest.mark.parametrize("fact", [facts.ENGINE_TROUBLE, facts.ENGINE_PROBLEM])
async def test_what_keeps_the_engine_from_its_work(rig: Rig, fact: str) -> None:
    assert rig.store.lease.acquire()
    await rig.store.write(lambda session: session.facts.set_text(fact, "disk full"))
    check = (await found(rig))["engine"]
    assert (check.severity, check.text) == (Severity.ERROR, "disk full")
    rig.store.lease.release()


async def test_rejected_requests_are_told_with_their_cause(rig: Rig) -> None:
    await rig.store.write(lambda s: s.facts.set_number(facts.REJECTED, 3))
    await rig.store.write(lambda s: s.facts.set_text(facts.LAST_REJECTION, "wrong token"))
    check = (await found(rig))["webhooks"]
    assert check.severity is Severity.WARNING
    assert "3" in check.text
    assert "wrong token" in check.text


async def test_rows_that_wait_or_are_set_aside(rig: Rig) -> None:
    await rig.receiver.inbound(inbound_form(), query="")
    assert (await found(rig))["journal"].severity is Severity.WARNING
    (row,) = await rig.store.journal.after(0, limit=10)
    await rig.store.journal.failed(row.seq, park=True)
    assert (await found(rig))["journal"].severity is Severity.ERROR


async def test_an_unknown_outcome_is_told(rig: Rig) -> None:
    await rig.receiver.inbound(inbound_form(), query="")
    await rig.projector.drain()
    thread = await rig.conversations.find("+4520123456")
    message = await rig.outbox.queue_reply(thread.id, "Hej", author="anna")
    assert "1" in (await found(rig))["outbox"].text

    async def lose(session: Session) -> None:
        row = await session.outbox.get(message.id)
        assert row is not None
        await session.outbox.update(replace(row, state=OutboxState.UNKNOWN))

    await rig.store.write(lose)
    assert (await found(rig))["outbox"].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("approval", "severity"),
    [
        (Approval.APPROVED, Severity.INFO),
        (Approval.UNKNOWN, Severity.WARNING),
        (Approval.PENDING, Severity.WARNING),
        (Approval.REJECTED, Severity.WARNING),
        (Approval.PAUSED, Severity.WARNING),
    ],
)
async def test_templates(rig: Rig, approval: Approval, severity: Severity) -> None:
    template = replace(TEMPLATE, approval=approval)
    await rig.store.write(lambda s: s.templates.save(template, synced_at=None))
    assert (await found(rig))["templates"].severity is severity


def test_sids_are_masked() -> None:
    assert masked_sid("AC0123456789abcdef0123456789abcdef") == "AC01…ef"
    assert masked_sid("AC12") == "AC…"
