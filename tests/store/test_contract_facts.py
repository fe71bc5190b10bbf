"""Contract of port.FactRows and port.TemplateRows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.makers import NOW, ago
from wa_console.domain.setup import (
    Account,
    Attachments,
    AutomatedMessage,
    Hours,
    Number,
    Queue,
    QuickReply,
    Representative,
    Rule,
    Setup,
    TemplateEntry,
    Workstream,
)
from wa_console.domain.template import Approval, Button, Template
from wa_console.store.port import Session, Store
from wa_console.store.setup_codec import setup_from, setup_items

SETUP = Setup(
    account=Account("AC1", "Support"),
    numbers=(Number("+45702", "Danmark", sandbox=True, join_phrase="join æ"), Number("+46")),
    queues=(Queue("Delivery", ("anna", "bo"), "round-robin", "Office"),),
    representatives=(Representative("anna", "Anna", "admin", 3, {"danish": 3}),),
    workstreams=(
        Workstream(
            "WhatsApp",
            ("Danmark",),
            "da",
            "push",
            "Delivery",
            Attachments(customers=False, representatives=False),
            (Rule({"text_matches": "pakke|parcel", "new_customer": True}, "Delivery"),),
        ),
    ),
    templates=(TemplateEntry("HX1", "da", "Hej {{1}}", "WhatsApp"),),
    quick_replies=(QuickReply("eta", "Hej {?}", "da", "WhatsApp"), QuickReply("eta", "Hi", "en")),
    hours=(Hours("Office", {"mon": "09:00-16:00"}, "Europe/Copenhagen", ("2026-12-24",)),),
    automated_messages=(AutomatedMessage("greeting", "Hej", "da", "WhatsApp", "Delivery"),),
)
TEMPLATE = Template(
    content_sid="HX1",
    name="delivery",
    language="da",
    kind="twilio/quick-reply",
    text="Hej {{1}}",
    variables={"1": "Åse", "10": "x"},
    category="UTILITY",
    approval=Approval.REJECTED,
    reason="because",
    buttons=(Button("Ja", "quick_reply"), Button("Se", "url", "https://a/{{1}}")),
    workstreams=("WhatsApp",),
)


async def test_facts_are_numbers_and_texts_side_by_side(store: Store) -> None:
    async def both() -> tuple[int | None, str]:
        return await store.read(lambda s: s.facts.number("x")), await store.read(
            lambda s: s.facts.text("x")
        )

    assert await both() == (None, "")
    await store.write(lambda s: s.facts.set_number("x", 0))
    assert await both() == (0, "")
    await store.write(lambda s: s.facts.set_text("x", "æ"))
    await store.write(lambda s: s.facts.set_number("x", -(2**62)))
    assert await both() == (-(2**62), "æ")
    await store.write(lambda s: s.facts.set_text("x", ""))
    assert await both() == (-(2**62), "")


async def test_presences(store: Store) -> None:
    assert await store.read(lambda s: s.facts.presences()) == {}

    async def work(session: Session) -> None:
        for login, presence in [("anna", "available"), ("bo", "away"), ("anna", "dnd")]:
            await session.facts.set_presence(login, presence, NOW)

    await store.write(work)
    assert await store.read(lambda s: s.facts.presences()) == {"anna": "dnd", "bo": "away"}


async def test_the_setup_comes_back_whole_and_in_order(store: Store) -> None:
    assert await store.read(lambda s: s.facts.setup()) == Setup()
    await store.write(lambda s: s.facts.save_setup(SETUP))
    assert await store.read(lambda s: s.facts.setup()) == SETUP


async def test_saving_a_setup_replaces_all_of_it(store: Store) -> None:
    await store.write(lambda s: s.facts.save_setup(SETUP))
    smaller = replace(SETUP, queues=(), account=None, numbers=SETUP.numbers[1:])
    await store.write(lambda s: s.facts.save_setup(smaller))
    assert await store.read(lambda s: s.facts.setup()) == smaller
    await store.write(lambda s: s.facts.save_setup(Setup()))
    assert await store.read(lambda s: s.facts.setup()) == Setup()


async def test_a_setup_that_is_not_saved_to_the_end_changes_nothing(store: Store) -> None:
    await store.write(lambda s: s.facts.save_setup(SETUP))

    async def half(session: Session) -> None:
        await session.facts.save_setup(Setup())
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(half)
    assert await store.read(lambda s: s.facts.setup()) == SETUP


def test_the_sample_setup_leaves_no_field_at_its_default() -> None:
    """Else a field that the codec forgets would come back right by accident."""
    assert not _at_default(SETUP)


def _at_default(thing: Any) -> list[str]:
    found = []
    for one in fields(thing):
        value = getattr(thing, one.name)
        items = value if isinstance(value, tuple) else (value,)
        if value in ("", ()):
            found.append(f"{type(thing).__name__}.{one.name}")
        found += [name for item in items[:1] if is_dataclass(item) for name in _at_default(item)]
    return found


_WORDS = st.text(max_size=8)
_SETUPS = st.builds(
    Setup,
    account=st.none() | st.builds(Account, _WORDS, _WORDS),
    queues=st.lists(
        st.builds(Queue, _WORDS, st.lists(_WORDS, max_size=2).map(tuple), _WORDS, _WORDS),
        max_size=3,
    ).map(tuple),
    hours=st.lists(
        st.builds(Hours, _WORDS, st.dictionaries(_WORDS, _WORDS, max_size=2), _WORDS), max_size=2
    ).map(tuple),
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(setup=_SETUPS)
def test_any_setup_survives_the_codec(setup: Setup) -> None:
    items = setup_items(setup)
    assert setup_from((str(item["kind"]), str(item["body"])) for item in items) == setup


async def test_a_template_comes_back_as_it_was_saved(store: Store) -> None:
    await store.write(lambda s: s.templates.save(TEMPLATE, synced_at=None))
    assert await store.read(lambda s: s.templates.get("HX1")) == TEMPLATE
    assert await store.read(lambda s: s.templates.get("HX2")) is None


async def test_templates_come_by_name_and_language(store: Store) -> None:
    names = [("b", "da", "HX1"), ("a", "en", "HX2"), ("a", "da", "HX3")]

    async def work(session: Session) -> None:
        for name, language, sid in names:
            one = replace(TEMPLATE, name=name, language=language, content_sid=sid)
            await session.templates.save(one, synced_at=None)

    await store.write(work)
    found = await store.read(lambda s: s.templates.all())
    assert [one.content_sid for one in found] == ["HX3", "HX2", "HX1"]


async def test_removing_a_template_says_whether_there_was_one(store: Store) -> None:
    await store.write(lambda s: s.templates.save(TEMPLATE, synced_at=None))
    assert await store.write(lambda s: s.templates.remove("HX1"))
    assert not await store.write(lambda s: s.templates.remove("HX1"))
    assert await store.read(lambda s: s.templates.all()) == []


async def test_the_last_look_at_twilio_is_kept_by_a_change_by_hand(store: Store) -> None:
    assert await store.read(lambda s: s.templates.synced_at()) is None
    await store.write(lambda s: s.templates.save(TEMPLATE, synced_at=ago(hours=1)))
    await store.write(lambda s: s.templates.save(replace(TEMPLATE, text="x"), synced_at=None))
    assert await store.read(lambda s: s.templates.synced_at()) == ago(hours=1)
    other = replace(TEMPLATE, content_sid="HX2")
    await store.write(lambda s: s.templates.save(other, synced_at=NOW))
    assert await store.read(lambda s: s.templates.synced_at()) == NOW


async def test_the_last_variables_outlive_the_template(store: Store) -> None:
    assert await store.read(lambda s: s.templates.last_variables("HX1")) == {}
    await store.write(lambda s: s.templates.save(TEMPLATE, synced_at=None))
    await store.write(lambda s: s.templates.remember_variables("HX1", {"1": "Bo"}))
    await store.write(lambda s: s.templates.remember_variables("HX1", {"1": "Åse"}))
    await store.write(lambda s: s.templates.remove("HX1"))
    assert await store.read(lambda s: s.templates.last_variables("HX1")) == {"1": "Åse"}
