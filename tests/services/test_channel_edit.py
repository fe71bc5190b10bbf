"""What editing, pausing and detaching a number make of the set-up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.rig import NUMBER, SETUP
from wa_console.cli.setup_format import write_setup
from wa_console.domain.errors import NotAllowed, NotFound
from wa_console.domain.setup import Number, Rule, Workstream
from wa_console.domain.setup_check import read_setup
from wa_console.services.channel_edit import edited, paused, without

OTHER = Number("+4570203041", name="Sales")
BOTH = replace(
    SETUP,
    numbers=(*SETUP.numbers, OTHER),
    workstreams=(
        Workstream(
            "WhatsApp",
            ("Support Denmark", "Sales"),
            rules=(Rule({"number": "Support Denmark"}, "Delivery"), Rule({}, "Delivery")),
        ),
        Workstream("Second", ()),
    ),
)


def test_a_new_name_is_followed_by_workstream_and_rules() -> None:
    after = edited(BOTH, NUMBER, name=" Support ", workstream="WhatsApp")
    assert after.numbers[0].name == "Support"
    assert after.workstreams[0].numbers == (NUMBER, "Sales")
    assert after.workstreams[0].rules[0].when == {"number": NUMBER}
    serving = after.workstream_of(NUMBER)
    assert serving is not None
    assert serving.name == "WhatsApp"


def test_a_number_moves_to_one_workstream() -> None:
    after = edited(BOTH, NUMBER, name="Support Denmark", workstream="Second")
    assert after.workstreams[0].numbers == ("Sales",)
    assert after.workstreams[1].numbers == (NUMBER,)
    nowhere = edited(after, NUMBER, name="", workstream="")
    assert nowhere.workstream_of(NUMBER) is None


def test_what_an_edit_refuses() -> None:
    with pytest.raises(NotAllowed, match="Sales"):
        edited(BOTH, NUMBER, name="Sales", workstream="WhatsApp")
    with pytest.raises(NotAllowed):
        edited(BOTH, NUMBER, name=OTHER.address, workstream="WhatsApp")
    with pytest.raises(NotFound, match="nowhere"):
        edited(BOTH, NUMBER, name="x", workstream="nowhere")
    with pytest.raises(NotFound, match="none of the numbers"):
        edited(BOTH, "+4500000000", name="x", workstream="")


def test_paused_and_resumed_is_as_before() -> None:
    asleep = paused(BOTH, NUMBER, pause=True)
    assert [number.paused for number in asleep.numbers] == [True, False]
    assert paused(asleep, NUMBER, pause=False) == BOTH


def test_without_a_number_nothing_names_it() -> None:
    after = without(BOTH, NUMBER)
    assert after.numbers == (OTHER,)
    assert after.workstreams[0].numbers == ("Sales",)
    assert [rule.when for rule in after.workstreams[0].rules] == [{}]
    assert after.workstreams[1] == BOTH.workstreams[1]


def test_what_is_left_can_be_dumped_and_applied() -> None:
    """Detached and paused numbers survive version control (CONTRACT, ``apply`` and ``dump``)."""
    for setup in (
        without(without(BOTH, NUMBER), OTHER.address),
        paused(BOTH, NUMBER, pause=True),
        edited(BOTH, NUMBER, name="Support", workstream="Second"),
    ):
        once = read_setup(write_setup(setup))
        assert [n.paused for n in once.numbers] == [n.paused for n in setup.numbers]
        assert [len(w.numbers) for w in once.workstreams] == [
            len(w.numbers) for w in setup.workstreams
        ]
        assert read_setup(write_setup(once)) == once
