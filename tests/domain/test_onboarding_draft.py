"""The draft: kept and read back, without secrets; the set-up it amounts to."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from wa_console.cli.setup_format import write_setup
from wa_console.domain.onboarding_draft import (
    Delivery,
    Draft,
    Path,
    Step,
    read_draft,
    wanted_setup,
    write_draft,
)
from wa_console.domain.sandbox import SANDBOX_NUMBER
from wa_console.domain.setup import Number, Queue, Rule, Setup, TemplateEntry, Workstream
from wa_console.domain.setup_check import read_setup

FULL = Draft(
    step=Step.SUMMARY,
    account_sid="AC" + "a" * 32,
    account_name="Support",
    number="+4570203040",
    number_name="Support Denmark",
    sender_sid="XE" + "1" * 32,
    public_url="https://chat.example.dk",
    delivery=Delivery.WEBHOOK,
    heard=True,
    language="da",
    customers=False,
    templates=(TemplateEntry("HX" + "1" * 32, "da", "Hej {{1}}, din pakke er her."),),
    distribution="push",
    queue="Delivery",
)


@pytest.mark.parametrize("step", Step)
def test_it_is_read_back_as_it_was_written(step: Step) -> None:
    path = Path.SANDBOX if step is Step.SANDBOX else Path.NUMBER
    draft = replace(FULL, step=step, path=path)
    assert read_draft(write_draft(draft)) == draft


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{", '{"step": "elsewhere"}', '{"templates": [{"x": 1}]}', '{"path": 3}'],
)
def test_what_is_no_draft_is_none(text: str) -> None:
    assert read_draft(text) is None


def test_a_field_of_another_version_is_passed_over() -> None:
    assert read_draft('{"number": "+4570203040", "colour": "red"}') == Draft(number="+4570203040")


def test_a_step_that_is_not_on_the_way_begins_anew() -> None:
    draft = replace(FULL, path=Path.SANDBOX, step=Step.CALLBACK)
    found = read_draft(write_draft(draft))
    assert found is not None
    assert found.step is Step.ACCOUNT


def test_no_field_could_hold_a_secret() -> None:
    names = {field.name for field in fields(Draft)}
    assert not {n for n in names if any(w in n for w in ("token", "secret", "pass"))}


@pytest.mark.parametrize("draft", [FULL, replace(FULL, path=Path.SANDBOX, join_phrase="a-b")])
def test_what_it_amounts_to_passes_the_check_of_apply(draft: Draft) -> None:
    wanted = wanted_setup(Setup(), draft, login="anna")
    assert read_setup(write_setup(wanted)) == wanted
    assert wanted.workstream_of(wanted.numbers[0].address) == wanted.workstreams[0]


def test_the_sandbox_is_a_number_with_its_phrase_and_its_one_template() -> None:
    draft = replace(FULL, path=Path.SANDBOX, join_phrase="silver-otter", templates=())
    wanted = wanted_setup(Setup(), draft, login="anna")
    (number,) = wanted.numbers
    assert (number.address, number.sandbox) == (SANDBOX_NUMBER, True)
    assert number.join_phrase == "silver-otter"
    assert len(wanted.templates) == 1


def test_what_is_there_stays() -> None:
    rule = Rule({"language": "da"}, "Night")
    before = Setup(
        numbers=(Number("+4571993000", "Other"), Number("+4570203040", "Ours")),
        queues=(Queue("Night"),),
        workstreams=(
            Workstream("WhatsApp", ("Other",), rules=(rule,)),
            Workstream("Old", ("Ours", "+4571993000")),
        ),
    )
    after = wanted_setup(before, FULL, login="anna")
    assert [n.name for n in after.numbers] == ["Other", "Ours"]
    assert [q.name for q in after.queues] == ["Night", "Delivery"]
    stream, old = after.workstreams
    assert stream.rules == (rule,)
    assert stream.numbers == ("Other", "Ours")
    assert old.numbers == ("+4571993000",), "one workstream serves a number"


def test_applying_twice_changes_nothing() -> None:
    once = wanted_setup(Setup(), FULL, login="anna")
    assert wanted_setup(once, FULL, login="anna") == once
