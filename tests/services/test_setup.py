"""The set-up as a whole: compared, replaced at once, its templates taken over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.rig import ACCOUNT, SETUP, Rig
from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import NotFound
from wa_console.domain.setup import (
    Account,
    AutomatedMessage,
    Hours,
    Number,
    Queue,
    QuickReply,
    Setup,
    TemplateEntry,
)
from wa_console.domain.template import Approval, Template
from wa_console.services.setup import SetupService, diff

HX = "HX" + "1" * 32
HY = "HX" + "2" * 32
WHOLE = replace(
    SETUP,
    templates=(TemplateEntry(HX, "da", "Hej {{1}}", "WhatsApp"), TemplateEntry(HY, "en", "Hi")),
    quick_replies=(QuickReply("eta", "I dag", language="da"),),
    hours=(Hours("Office", {"mon": "09:00-16:00"}, timezone="Europe/Copenhagen"),),
    automated_messages=(AutomatedMessage("out-of-hours", "I morgen", language="da"),),
)


async def test_applied_as_a_whole(empty: Rig) -> None:
    assert await empty.setup.empty()
    seen = await empty.last_change()
    await empty.setup.apply(WHOLE)
    assert await empty.setup.current() == WHOLE
    assert not await empty.setup.empty()
    kinds = [c.kind for c in await empty.changes(seen)]
    assert kinds == [ChangeKind.SETUP_UPDATED, ChangeKind.TEMPLATES_UPDATED]


async def test_templates_of_the_set_up_wait_for_twilio(rig: Rig) -> None:
    await rig.setup.apply(WHOLE)
    one, two = await rig.templates.get(HX), await rig.templates.get(HY)
    assert (one.approval, one.text, one.workstreams) == (
        Approval.UNKNOWN,
        "Hej {{1}}",
        ("WhatsApp",),
    )
    assert two.workstreams == ()


async def test_a_template_named_without_a_workstream_serves_all(rig: Rig) -> None:
    both = (TemplateEntry(HX, "da", "Hej", "WhatsApp"), TemplateEntry(HX, "da", "Hej"))
    await rig.setup.apply(replace(SETUP, templates=both))
    assert (await rig.templates.get(HX)).workstreams == ()


async def test_what_twilio_told_stays_when_the_set_up_changes(rig: Rig) -> None:
    approved = Template(HX, "name", "da", "twilio/text", "Twilios", approval=Approval.APPROVED)
    await rig.store.write(lambda s: s.templates.save(approved, synced_at=None))
    await rig.setup.apply(WHOLE)
    assert await rig.templates.get(HX) == replace(approved, workstreams=("WhatsApp",))
    await rig.setup.apply(SETUP)
    assert (await rig.templates.get(HX)).approval is Approval.APPROVED
    with pytest.raises(NotFound):  # Twilio never named this one
        await rig.templates.get(HY)


def test_nothing_differs_from_itself() -> None:
    assert diff(WHOLE, WHOLE) == []
    assert SetupService.diff(Setup(), Setup()) == []


def test_everything_is_new_in_an_empty_home() -> None:
    assert list(diff(Setup(), WHOLE)) == [
        f"+ account {ACCOUNT}",
        "+ number +4571993000",
        "+ queue Delivery",
        "+ representative anna",
        "+ representative bo",
        "+ workstream WhatsApp",
        f"+ template {HX} WhatsApp",
        f"+ template {HY}",
        "+ quick_reply eta da",
        "+ hours Office",
        "+ automated_message out-of-hours da",
    ]
    assert [line.replace("- ", "+ ", 1) for line in diff(WHOLE, Setup())] == list(
        diff(Setup(), WHOLE)
    )


def test_what_changed_is_named_by_its_fields() -> None:
    wanted = replace(
        SETUP,
        account=Account(ACCOUNT, name="Other"),
        numbers=(Number("+4571993001"),),
        queues=(Queue("Delivery", members=("anna",), assignment="round-robin"),),
    )
    assert list(diff(SETUP, wanted)) == [
        f"~ account {ACCOUNT}: name",
        "+ number +4571993001",
        "- number +4571993000",
        "~ queue Delivery: members, assignment",
    ]
