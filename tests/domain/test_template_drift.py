"""What differs between the text entered here and Twilio's."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import Approval, Template
from wa_console.domain.template_drift import Piece, Side, compared, drift, same_text

TEXT = "Hej {{1}}, din pakke er på vej."
OURS = TemplateEntry("HX1", "da", TEXT)
THEIRS = Template("HX1", "x", "da", "twilio/text", TEXT, approval=Approval.APPROVED)


def test_pieces_name_who_has_them() -> None:
    assert compared("Hej Mette, din", "Hej {{1}}, din") == (
        Piece("Hej ", Side.BOTH),
        Piece("Mette,", Side.OURS),
        Piece("{{1}},", Side.TWILIO),
        Piece(" din", Side.BOTH),
    )


def test_equal_texts_have_no_drift() -> None:
    assert drift(THEIRS, [OURS]) is None
    assert drift(THEIRS, [replace(OURS, text=f" {TEXT}\r\n")]) is None
    assert drift(replace(THEIRS, language="pt_BR"), [replace(OURS, language="pt-br")]) is None


def test_without_two_texts_there_is_nothing_to_compare() -> None:
    assert drift(THEIRS, []) is None
    assert drift(THEIRS, [replace(OURS, content_sid="HX2", text="other")]) is None
    unasked = replace(THEIRS, approval=Approval.UNKNOWN)
    assert drift(unasked, [replace(OURS, text="other")]) is None


def test_another_text_or_language_is_a_drift() -> None:
    found = drift(THEIRS, [OURS, replace(OURS, text="Hej")])
    assert found is not None
    assert found.language is None
    assert Piece("Hej", Side.BOTH) in found.pieces
    found = drift(THEIRS, [replace(OURS, language="en")])
    assert found is not None
    assert found.language == ("en", "da")
    assert {piece.side for piece in found.pieces} == {Side.BOTH}


@given(st.text(alphabet="ab \n{}1", max_size=30), st.text(alphabet="ab \n{}1", max_size=30))
def test_both_texts_can_be_read_from_the_pieces(one: str, other: str) -> None:
    pieces = compared(one, other)
    ours = "".join(p.text for p in pieces if p.side is not Side.TWILIO)
    theirs = "".join(p.text for p in pieces if p.side is not Side.OURS)
    assert same_text(ours, one)
    assert same_text(theirs, other)
    assert same_text(one, other) == all(p.side is Side.BOTH for p in pieces)
