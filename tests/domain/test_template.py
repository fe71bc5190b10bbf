"""Templates: filled in once, and every reason against sending is named beforehand."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.template import (
    APPROVAL_FIELD,
    TEMPLATE_LIMIT,
    TEXT_FIELD,
    TYPE_FIELD,
    Approval,
    Button,
    Template,
    is_content_sid,
    problems,
    render,
)
from wa_console.domain.text import safe_text

SID = "HX" + "0a" * 16
PARCEL = Template(
    content_sid=SID,
    name="parcel",
    language="da",
    kind="twilio/text",
    text="Hej {{1}}, din pakke {{2}} er på vej, {{1}}.",
    variables={"1": "Ærø", "2": "123"},
    approval=Approval.APPROVED,
)
FILLED = {"1": "Bo", "2": "77"}


def fields(template: Template, values: dict[str, str | None], **options: bool) -> list[str]:
    found = problems(template, values, **options)
    for item in found:
        assert item.text.endswith((".", "ugly"))
        assert safe_text(item.text, multiline=False) == item.text
    return [item.field for item in found]


def test_a_good_template_has_no_problems() -> None:
    assert problems(PARCEL, dict(FILLED)) == []
    assert render(PARCEL.text, FILLED) == "Hej Bo, din pakke 77 er på vej, Bo."


def test_placeholders_come_in_order_of_appearance_each_once() -> None:
    template = replace(
        PARCEL,
        text="{{b}} {{ a }} {{b}}",
        variables={"header": "x", "a": "y"},
        buttons=(Button("See {{c}}", "url", "https://shop.example/{{d}}?x={{a}}"),),
    )
    assert template.placeholders == ("b", "a", "c", "d", "header")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{1}}", "Bo"),
        ("{{ 1 }}", "Bo"),
        ("{{3}}", "{{3}}"),
        ("{{0}}", "{{0}}"),
        ("{1} {{1} {{}} {{ }}", "{1} {{1} {{}} {{ }}"),
        ("{{{1}}}", "{Bo}"),
        ("\\g<0> {{2}}", "\\g<0> {{1}} \\1"),
    ],
)
def test_rendering(text: str, shown: str) -> None:
    assert render(text, {"1": "Bo", "2": "{{1}} \\1", "0": None}) == shown


@given(st.dictionaries(st.sampled_from("123"), st.text()), st.text())
def test_values_are_put_in_as_they_are(values: dict[str, str], around: str) -> None:
    text = around.replace("{", "").replace("}", "")
    whole = "|".join(f"{text}{{{{{key}}}}}" for key in values)
    assert render(whole, values) == "|".join(f"{text}{value}" for value in values.values())


@pytest.mark.parametrize("value", [None, "", "  ", "\xa0"])
def test_a_value_left_out_is_a_problem(value: str | None) -> None:
    assert fields(PARCEL, {"1": "Bo", "2": value}) == ["2"]
    assert fields(PARCEL, {"1": "Bo"}) == ["2"]
    assert fields(PARCEL, {}) == ["1", "2"]


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\tb", "a\u2028b", "a    b", "a" * 1601])
def test_a_value_whatsapp_refuses_is_a_problem(value: str) -> None:
    wide = replace(PARCEL, text="{{1}}", variables={})
    found = fields(wide, {"1": value})
    assert found[0] == "1"
    assert found[1:] == ([TEXT_FIELD] if len(value) > TEMPLATE_LIMIT else [])


@pytest.mark.parametrize("value", ["a   b", "a" * 900, "{{9}}", "[b]", "Ærø 🎉"])
def test_other_values_are_fine(value: str) -> None:
    assert fields(PARCEL, {"1": "Bo", "2": value}) == []


def test_a_long_value_is_allowed_where_the_text_does_not_show_it() -> None:
    template = replace(PARCEL, text="Hej", variables={"header": "x"})
    assert fields(template, {"header": "a" * 1600}) == []
    assert fields(template, {"header": "a" * 1601}) == ["header"]


def test_the_filled_in_text_has_a_limit() -> None:
    template = replace(PARCEL, text="{{1}}!", variables={})
    assert fields(template, {"1": "a" * (TEMPLATE_LIMIT - 1)}) == []
    assert fields(template, {"1": "a" * TEMPLATE_LIMIT}) == [TEXT_FIELD]


def test_names_of_variables() -> None:
    assert fields(PARCEL, {**FILLED, "3": "x", "\x1b[2J": "y"}) == ["3", "\x1b[2J"]
    long = replace(PARCEL, text="{{" + "k" * 17 + "}} {{" + "k" * 16 + "}}", variables={})
    assert fields(long, {"k" * 17: "x", "k" * 16: "y"}) == ["k" * 17]


@pytest.mark.parametrize("approval", Approval)
def test_only_an_approved_template_is_sendable(approval: Approval) -> None:
    template = replace(PARCEL, approval=approval, reason="bad\x1b[2J\nugly")
    assert template.sendable == (approval is Approval.APPROVED)
    assert fields(template, dict(FILLED)) == ([] if template.sendable else [APPROVAL_FIELD])
    assert fields(template, dict(FILLED), in_window=True) == []


def test_every_state_has_its_own_reason() -> None:
    states = [state for state in Approval if state is not Approval.APPROVED]
    sentences = [
        problems(replace(PARCEL, approval=state), dict(FILLED))[0].text for state in states
    ]
    # received and pending mean the same to an agent
    assert len(set(sentences)) == len(states) - 1


@pytest.mark.parametrize("kind", ["twilio/list-picker", "twilio/location"])
def test_some_types_are_for_an_open_window_only(kind: str) -> None:
    template = replace(PARCEL, kind=kind)
    assert fields(template, dict(FILLED)) == [TYPE_FIELD]
    assert fields(template, dict(FILLED), in_window=True) == []


@pytest.mark.parametrize("kind", ["twilio/carousel", "twilio/flows", "whatsapp/authentication"])
def test_some_types_need_approval_always(kind: str) -> None:
    template = replace(PARCEL, kind=kind, approval=Approval.PENDING)
    assert fields(template, dict(FILLED), in_window=True) == [APPROVAL_FIELD]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (SID, True),
        (SID.replace("a", "A"), True),
        (SID.lower(), False),
        (SID[:-1], False),
        (SID + "0", False),
        (SID + "\n", False),
        ("HX" + "g" * 32, False),
        ("HX" + "٣" * 32, False),
        ("", False),
    ],
)
def test_content_sid(text: str, right: bool) -> None:
    assert is_content_sid(text) is right


def test_a_template_becomes_plain_data() -> None:
    assert asdict(replace(PARCEL, buttons=(Button("Ja", "quick_reply"),)))["buttons"] == (
        {"title": "Ja", "kind": "quick_reply", "target": "", "detail": ""},
    )
