"""The matrix of templates: nothing is lost, names lose only their own language."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.template import Template
from wa_console.domain.template_matrix import matching, matrix, stem

ONE = Template("HX1", "delivery_update", "da", "twilio/text", "Hej {{1}}")


@pytest.mark.parametrize(
    ("name", "language", "wanted"),
    [
        ("delivery_update_da", "da", "delivery_update"),
        ("delivery_update-DA", "da", "delivery_update"),
        ("delivery_update", "da", "delivery_update"),
        ("welcome_pt_BR", "pt_BR", "welcome"),
        ("welcome_pt-br", "pt_BR", "welcome"),
        ("welcome_pt", "pt_BR", "welcome"),
        ("welcome_en", "da", "welcome_en"),
        ("go_to_it", "en", "go_to_it"),
        ("go_to_it", "it", "go_to"),
        ("da", "da", "da"),
        ("_da", "da", "_da"),
    ],
)
def test_a_name_loses_only_its_own_language(name: str, language: str, wanted: str) -> None:
    assert stem(name, language) == wanted


def test_languages_of_one_template_stand_in_one_row_with_a_hole() -> None:
    danish = replace(ONE, name="delivery_update_da")
    english = replace(ONE, content_sid="HX2", name="delivery_update", language="en")
    other = replace(ONE, content_sid="HX3", name="old", language="en")
    whole = matrix([english, other, danish], also=("de", "", "da"))
    assert whole.languages == ("da", "de", "en")
    assert [row.stem for row in whole.rows] == ["delivery_update", "old"]
    assert whole.rows[0].cells == ((danish,), (), (english,))
    assert [row.holes for row in whole.rows] == [1, 2]


def test_words_find_rows_and_keep_the_columns() -> None:
    whole = matrix([ONE, replace(ONE, content_sid="HX9", name="old", language="en", text="Bye")])
    assert [r.stem for r in matching(whole, "HEJ upd").rows] == ["delivery_update"]
    assert [r.stem for r in matching(whole, "hx9").rows] == ["old"]
    assert matching(whole, "nowhere").rows == ()
    assert matching(whole, "old").languages == ("da", "en")


names = st.sampled_from(["a", "a_da", "a-en", "b_pt_BR", "da", "B_da", ""])
templates = st.lists(
    st.builds(
        lambda number, name, language: replace(
            ONE, content_sid=f"HX{number}", name=name, language=language
        ),
        st.integers(0, 9999),
        names,
        st.sampled_from(["da", "en", "pt_BR", ""]),
    ),
    max_size=12,
    unique_by=lambda t: t.content_sid,
)


@given(templates)
def test_every_template_stands_in_exactly_one_cell_of_its_language(found: list[Template]) -> None:
    whole = matrix(found)
    assert sorted(t.content_sid for row in whole.rows for t in row.templates) == sorted(
        t.content_sid for t in found
    )
    for row in whole.rows:
        assert len(row.cells) == len(whole.languages)
        for language, cell in zip(whole.languages, row.cells, strict=True):
            assert all(template.language == language for template in cell)
