"""Templates made, submitted, looked up and taken over, beside a simulated Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.services.twilio_rig import TwilioRig
from wa_console.domain.errors import (
    NotAllowed,
    NotFound,
    SetupProblem,
    TemplateProblem,
    TwilioProblem,
)
from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import Approval
from wa_console.domain.template_draft import TemplateDraft
from wa_console.gateway.port import Gateway
from wa_console.services.template_author import TemplateAuthor, approval_name

DRAFT = TemplateDraft(
    "pickup_ready",
    "da",
    "Hej {{1}}, din pakke {{2}} kan hentes nu.",
    examples={"1": "Anna", "2": "DK-1"},
)


def author(live: TwilioRig) -> TemplateAuthor:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Gateway]:
        yield live.gateway

    return TemplateAuthor(store=live.desk.store, clock=live.desk.clock, connect=connect)


async def test_made_and_submitted_then_approved_by_a_sync(live: TwilioRig) -> None:
    made = await author(live).create(DRAFT, submit=True)
    assert made.approval in (Approval.RECEIVED, Approval.PENDING)
    at_twilio = live.twilio.world.contents[made.content_sid]
    assert at_twilio.types == {"twilio/text": {"body": DRAFT.text}}
    assert at_twilio.variables == {"1": "Anna", "2": "DK-1"}
    assert at_twilio.approval is not None
    assert (at_twilio.approval.name, at_twilio.approval.category) == ("pickup_ready", "UTILITY")
    assert (await live.templates.get(made.content_sid)).approval is made.approval
    at_twilio.approval.status = "approved"
    await author(live).sync()
    assert (await live.templates.get(made.content_sid)).sendable


async def test_made_only_and_submitted_later(live: TwilioRig) -> None:
    made = await author(live).create(DRAFT, submit=False)
    assert made.approval is Approval.UNSUBMITTED
    after = await author(live).submit(made.content_sid, category="MARKETING")
    assert after.approval in (Approval.RECEIVED, Approval.PENDING)
    assert after.category == "MARKETING"
    with pytest.raises(NotAllowed, match="before"):
        await author(live).submit(made.content_sid, category="MARKETING")


async def test_what_whatsapp_would_refuse_is_never_sent_there(live: TwilioRig) -> None:
    before = len(live.twilio.world.contents)
    with pytest.raises(TemplateProblem) as caught:
        await author(live).create(replace(DRAFT, name="Nej", text="Hej {{1}}"), submit=True)
    assert len(caught.value.problems) >= 2
    await author(live).create(DRAFT, submit=False)
    with pytest.raises(TemplateProblem, match="pickup_ready"):
        await author(live).create(DRAFT, submit=True)
    assert len(live.twilio.world.contents) == before + 1


async def test_a_submission_that_fails_leaves_the_template_unsubmitted(live: TwilioRig) -> None:
    await live.fault("status_429", match="ApprovalRequests", times=9)
    with pytest.raises(TwilioProblem):
        await author(live).create(DRAFT, submit=True)
    (made,) = [t for t in await live.templates.all() if t.name == DRAFT.name]
    assert made.approval is Approval.UNSUBMITTED


async def test_looked_up_and_taken_over_with_its_workstreams(live: TwilioRig) -> None:
    sid = next(iter(live.twilio.world.contents))
    found = await author(live).look_up(sid)
    assert await live.templates.all() == []
    await live.desk.templates.add(sid, language="da", text="andet", workstream="WhatsApp")
    await author(live).adopt(found)
    kept = await live.templates.get(sid)
    assert kept == replace(found, workstreams=("WhatsApp",))
    library = await author(live).library()
    assert library.entries == (TemplateEntry(sid, "da", "andet", "WhatsApp"),)
    assert library.languages == ("da",)
    assert library.workstreams == ("WhatsApp",)


async def test_what_cannot_be_looked_up_or_submitted(live: TwilioRig) -> None:
    with pytest.raises(SetupProblem, match="HX"):
        await author(live).look_up("HX12")
    with pytest.raises(NotFound):
        await author(live).look_up("HX" + "0" * 32)
    with pytest.raises(NotFound):
        await author(live).submit("HX" + "0" * 32, category="UTILITY")
    made = await author(live).create(DRAFT, submit=False)
    with pytest.raises(NotAllowed, match="UTILITY"):
        await author(live).submit(made.content_sid, category="OTP")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Pickup ready!", "pickup_ready"), ("æøå", "template"), ("a_1", "a_1"), ("Ærø 2", "r__2")],
)
def test_names_whatsapp_takes(name: str, wanted: str) -> None:
    assert approval_name(name) == wanted
