"""Scripted customers: who answers, what, and that the same seed says the same."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from tests.simulator.conftest import METTE, SENDER, Recorder, create
from wa_console.simulator.people import roster
from wa_console.simulator.records import Message
from wa_console.simulator.scenario import SCENARIOS, content_of, content_sid
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.simulator.talk import Topic, answer, topic_of
from wa_console.simulator.world import Mint

UPDATE = next(t for t in SCENARIOS["support"].templates if t.key == "delivery_update.da")


@pytest.fixture
async def lively(recorder: Recorder) -> AsyncIterator[Simulator]:
    config = SimulatorConfig(inbound_url=f"{recorder.base}/in", answer_delay_s=(0, 0))
    async with Simulator(config) as simulator:
        yield simulator


@pytest.fixture
async def console(lively: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=lively.base_url,
        auth=(lively.account_sid, lively.auth_token),
        trust_env=False,
    ) as client:
        yield client


async def test_a_customer_answers_a_reply(
    lively: Simulator, console: httpx.AsyncClient, recorder: Recorder
) -> None:
    await lively.say(METTE, body="Hvor er min pakke?")
    await create(console, lively, Body="Hej Mette, hvornår passer det dig?")
    await lively.settle()
    await recorder.until(2)
    assert recorder.calls[1].form["From"] == METTE
    assert recorder.calls[1].form["Body"]


async def test_a_customer_presses_a_button_of_the_template(
    lively: Simulator, console: httpx.AsyncClient, recorder: Recorder
) -> None:
    made = await create(console, lively, ContentSid=content_sid(UPDATE))
    await lively.settle()
    await recorder.until(1)
    form = recorder.calls[0].form
    assert (form["ButtonText"], form["ButtonPayload"]) in UPDATE.buttons
    assert form["OriginalRepliedMessageSid"] == made.json()["sid"]


async def test_same_words_are_answered_once(
    lively: Simulator, console: httpx.AsyncClient, recorder: Recorder
) -> None:
    await lively.say(METTE, body="Hej")
    for _ in range(3):
        await create(console, lively, Body="Vi har lukket. Skriv igen i morgen kl. 9.")
        await lively.settle()
        await recorder.until(2)
    await create(console, lively, Body="Hvornår passer det?")
    await lively.settle()
    await recorder.until(3)
    assert len(recorder.calls) == 3


@pytest.mark.parametrize("number", ["+4520123456", "+4542605137", "+4522716049"])
async def test_silent_ones(
    lively: Simulator, console: httpx.AsyncClient, recorder: Recorder, number: str
) -> None:
    """A stranger has no script; two others are never reached."""
    await lively.say(number, body="Hej")
    await create(console, lively, To=f"whatsapp:{number}", Body="Hvad er ordrenummeret?")
    await lively.settle()
    await lively.say(METTE, body="end")
    assert [call.form["Body"] for call in recorder.calls] == ["Hej", "end"]


async def test_nobody_answers_in_a_quiet_world(
    lively: Simulator, console: httpx.AsyncClient, recorder: Recorder
) -> None:
    lively.world.lively = False
    await lively.say(METTE, body="Hej")
    await create(console, lively, Body="Hvornår passer det dig?")
    await lively.settle()
    await lively.say(METTE, body="end")
    assert [call.form["Body"] for call in recorder.calls] == ["Hej", "end"]


def message(body: str) -> Message:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Message("SM1", 1, "outbound-api", SENDER, METTE, body, "delivered", now, now)


def test_roster_has_every_kind() -> None:
    people = roster(Mint(1))
    assert len(people) == 15
    assert len({person.address for person in people}) == 15
    assert [p.name for p in people if p.number is None] == ["Signe"]
    for flag in ("on_whatsapp", "can_receive", "read_receipts", "marketing_ok"):
        assert sum(not getattr(person, flag) for person in people) == 1
    assert sum(person.opted_out for person in people) == 1
    assert {person.language for person in people} == {"da", "en"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Hej Mette", Topic.GREETING),
        ("Kan du sende et billede?", Topic.PHOTO),
        ("Could you send me the invoice?", Topic.DOCUMENT),
        ("Hvor bor du?", Topic.PLACE),
        ("Which day suits you?", Topic.TIME),
        ("Er det rigtigt?", Topic.QUESTION),
        ("Have a lovely day!", Topic.FAREWELL),
        ("Mange tak", Topic.THANKS),
        ("Pakken er på lageret", Topic.NEWS),
    ],
)
def test_topics(text: str, topic: Topic) -> None:
    assert topic_of(text) is topic


@pytest.mark.parametrize("seed", range(30))
def test_same_dice_same_answer_in_the_right_language(seed: int) -> None:
    for person in roster(Mint(1)):
        for text in ("Kan du sende et billede?", "Er det rigtigt?", "Den er på vej", "Hej", "Tak"):
            first, second = (
                answer(person, message(text), None, dice=random.Random(seed), turn=seed)
                for _ in range(2)
            )
            assert first == second
            assert len(first) <= 2
            for line in first:
                assert line.body or line.media or line.button or line.location


def test_photo_is_sent_when_asked_for() -> None:
    mette = roster(Mint(1))[0]
    (line,) = answer(mette, message("Send gerne et foto"), None, dice=random.Random(1), turn=1)
    assert line.media[0].content_type == "image/jpeg"


def test_not_every_template_button_is_pressed() -> None:
    mette = roster(Mint(1))[0]
    content = content_of(UPDATE, message("x").created_at)
    pressed = [
        bool(
            (lines := answer(mette, message("x"), content, dice=random.Random(s), turn=1))
            and lines[0].button
        )
        for s in range(100)
    ]
    assert 70 <= sum(pressed) < 100
