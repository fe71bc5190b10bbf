"""Templates: synced, entered, offered and filled in beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.rig import SETUP, START, Rig
from tests.services.twilio_rig import TwilioRig
from wa_console.domain.address import parse_twilio
from wa_console.domain.changes import ChangeKind
from wa_console.domain.conversation import Customer
from wa_console.domain.errors import NotFound, SetupProblem, TwilioProblem
from wa_console.domain.setup import TemplateEntry, Workstream
from wa_console.domain.template import Approval, Template
from wa_console.services.suggestion import first_name, suggest
from wa_console.store.port import Session

HX = "HX" + "1" * 32
HY = "HX" + "2" * 32
HZ = "HX" + "3" * 32
GREETING = Template(
    content_sid=HX,
    name="delivery_update",
    language="da",
    kind="twilio/text",
    text="Hej {{1}}, din pakke {{2}} kommer {{3}}. {{4}}",
    variables={"1": "Mette", "2": "4711", "3": "på fredag", "4": "Skriv hvis du har spørgsmål."},
    approval=Approval.APPROVED,
)


def person(name: str = "", profile_name: str = "") -> Customer:
    return Customer(
        id="01",
        addresses=(parse_twilio("whatsapp:+4520123456"),),
        first_seen_at=START,
        name=name,
        profile_name=profile_name,
    )


async def keep(rig: Rig, *templates: Template) -> None:
    async def work(session: Session) -> None:
        for template in templates:
            await session.templates.save(template, synced_at=None)

    await rig.store.write(work)


async def test_a_sync_brings_everything_twilio_has(live: TwilioRig) -> None:
    assert await live.templates.stale()
    synced = await live.templates.sync()
    assert synced.found == synced.changed == len(await live.templates.all())
    assert {t.approval for t in await live.templates.all()} >= {
        Approval.APPROVED,
        Approval.PENDING,
        Approval.REJECTED,
        Approval.PAUSED,
    }
    assert not await live.templates.stale()
    live.twilio.clock.jump(601)
    assert await live.templates.stale()
    assert not await live.templates.stale(minutes=20)
    assert (await live.templates.sync()).changed == 0


async def test_a_sync_keeps_what_is_ours_and_disables_what_is_gone(live: TwilioRig) -> None:
    await live.templates.sync()
    every = await live.templates.all()
    scoped = next(t for t in every if t.approval is Approval.APPROVED)
    byhand = replace(GREETING, approval=Approval.UNKNOWN)
    await keep(live.desk, replace(scoped, workstreams=("WhatsApp",)), byhand)
    gone = next(t for t in every if t.content_sid != scoped.content_sid)
    del live.twilio.world.contents[gone.content_sid]
    seen = await live.desk.last_change()
    synced = await live.templates.sync()
    assert (synced.found, synced.changed) == (len(every) - 1, 1)
    assert (await live.templates.get(scoped.content_sid)).workstreams == ("WhatsApp",)
    assert (await live.templates.get(gone.content_sid)).approval is Approval.DISABLED
    assert await live.templates.get(HX) == byhand
    kinds = [c.kind for c in await live.desk.changes(seen)]
    assert kinds == [ChangeKind.TEMPLATES_UPDATED]
    assert (await live.templates.sync()).changed == 0


async def test_a_sync_that_fails_changes_nothing(live: TwilioRig) -> None:
    await live.templates.sync()
    before = await live.templates.all()
    await live.fault("error_500_before", match="Content", times=9)
    with pytest.raises(TwilioProblem):
        await live.templates.sync()
    assert await live.templates.all() == before


async def test_a_console_without_credentials_does_not_sync(rig: Rig) -> None:
    with pytest.raises(SetupProblem):
        await rig.templates.sync()


async def test_what_is_offered_in_a_conversation(rig: Rig) -> None:
    streams = (*SETUP.workstreams, Workstream("Andet", numbers=()))
    await rig.setup.apply(replace(SETUP, workstreams=streams))
    conversation = await rig.hear()
    await keep(
        rig,
        replace(GREETING, content_sid=HX, name="b", language="en"),
        replace(GREETING, content_sid=HY, name="a", approval=Approval.PENDING),
        replace(GREETING, content_sid=HZ, name="c", workstreams=("WhatsApp",)),
        replace(GREETING, content_sid="HX" + "4" * 32, name="d", workstreams=("Andet",)),
    )
    offered = await rig.templates.for_conversation(conversation.id)
    assert [t.name for t in offered] == ["c", "b", "a"]
    with pytest.raises(NotFound):
        await rig.templates.for_conversation("nope")


async def test_entered_by_hand_and_forgotten(rig: Rig) -> None:
    template = await rig.templates.add(HX, language="da", text="Hej {{1}}", workstream="WhatsApp")
    assert template.approval is Approval.UNKNOWN
    assert template.workstreams == ("WhatsApp",)
    assert await rig.templates.get(HX) == template
    entry = TemplateEntry(HX, "da", "Hej {{1}}", "WhatsApp")
    assert (await rig.setup.current()).templates == (entry,)
    again = await rig.templates.add(HX, language="da", text="Hej", workstream="WhatsApp")
    assert again.text == "Hej"
    assert len((await rig.setup.current()).templates) == 1
    await rig.templates.remove(HX)
    assert (await rig.setup.current()).templates == ()
    for missing in (HX, "nope"):
        with pytest.raises(NotFound):
            await rig.templates.get(missing)
        with pytest.raises(NotFound):
            await rig.templates.remove(missing)


@pytest.mark.parametrize(
    ("content_sid", "text", "workstream"),
    [("HX1", "Hej", ""), (HX, " ", ""), (HX, "Hej", "Nowhere")],
)
async def test_entries_that_make_no_sense(
    rig: Rig, content_sid: str, text: str, workstream: str
) -> None:
    with pytest.raises(SetupProblem):
        await rig.templates.add(content_sid, language="da", text=text, workstream=workstream)
    assert await rig.templates.all() == []


async def test_what_twilio_told_wins_over_an_entry(rig: Rig) -> None:
    await keep(rig, GREETING)
    template = await rig.templates.add(HX, language="en", text="other", workstream="WhatsApp")
    assert template == replace(GREETING, workstreams=("WhatsApp",))


async def test_suggestions_come_from_customer_last_time_and_sample(rig: Rig) -> None:
    await keep(rig, GREETING)
    conversation = await rig.hear(ProfileName="Kunde Æøå")
    first = await rig.templates.suggest(conversation.id, HX)
    assert first.variables == {"1": "Kunde"} | {k: GREETING.variables[k] for k in "234"}
    assert first.sources == {"1": "customer", "2": "sample", "3": "sample", "4": "sample"}
    used = {"1": "Bo", "2": "42", "3": "i dag", "4": "Hav en god dag."}
    await rig.outbox.queue_template(conversation.id, HX, used, author="anna")
    rig.fixed.advance(timedelta(minutes=1))
    again = await rig.templates.suggest(conversation.id, HX, draft="Vi ringer\n i morgen.")
    assert again.variables["1"] == "Kunde"  # never the one before
    assert (again.variables["2"], again.sources["2"]) == ("42", "last")
    assert again.sources["4"] == "draft"
    assert "\n" not in again.variables["4"]
    with pytest.raises(NotFound):
        await rig.templates.suggest(conversation.id, HY)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        (person(name="Mette Jensen"), "Mette"),
        (person(name="Bo", profile_name="xX"), "Bo"),
        (person(profile_name="  Åse\nLund"), "Åse"),
        (person(profile_name="+45 20 12 34 56"), ""),
        (person(profile_name="👍"), ""),
        (person(), ""),
        (None, ""),
    ],
)
def test_what_to_greet_by(who: Customer | None, name: str) -> None:
    assert first_name(who) == name


def test_an_unknown_name_is_left_to_the_person() -> None:
    made = suggest(GREETING, customer=None, last={"1": "Bo"}, draft="")
    assert made.variables["1"] == ""
    assert "1" not in made.sources


def test_a_draft_has_no_place_where_two_would_do() -> None:
    two = replace(GREETING, variables={**GREETING.variables, "3": "en to tre fire"})
    made = suggest(two, customer=None, last={}, draft="Kom i morgen")
    assert "draft" not in made.sources.values()


def test_a_hostile_name_is_one_safe_word() -> None:
    evil = person(profile_name="\x1b]52;c;aGVq\x07Eve\u202e [red]x[/]")
    made = suggest(GREETING, customer=evil, last={})
    assert "\x1b" not in made.variables["1"]
    assert "\u202e" not in made.variables["1"]
    assert " " not in made.variables["1"]
