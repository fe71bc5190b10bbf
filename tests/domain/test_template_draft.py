"""What WhatsApp would refuse a new template for, before it is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wa_console.domain.template_draft import (
    CATEGORY,
    EXAMPLES,
    LANGUAGE,
    NAME,
    TEXT,
    TemplateDraft,
    draft_problems,
)

GOOD = TemplateDraft(
    "delivery_update",
    "da",
    "Hej {{1}}, din pakke {{2}} er på vej.",
    examples={"1": "Anna", "2": "DK-1"},
)


def fields(draft: TemplateDraft) -> list[str]:
    return [problem.field for problem in draft_problems(draft)]


def test_a_good_one_has_no_problem() -> None:
    assert draft_problems(GOOD) == []
    assert draft_problems(replace(GOOD, language="pt_BR", category="MARKETING")) == []
    assert draft_problems(TemplateDraft("a1_", "en", "Hello.")) == []


@pytest.mark.parametrize("name", ["", "Delivery", "levering_æ", "a b", "a-b", "a" * 65, "a\n"])
def test_names(name: str) -> None:
    assert fields(replace(GOOD, name=name)) == [NAME]


@pytest.mark.parametrize("language", ["", "DA", "dansk", "pt_br", "pt-BR", "d1"])
def test_languages(language: str) -> None:
    assert fields(replace(GOOD, language=language)) == [LANGUAGE]


def test_categories() -> None:
    assert fields(replace(GOOD, category="TRANSACTIONAL")) == [CATEGORY]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("  ", "Write"),
        ("x" * 1025, "1024"),
        ("Hej {{1}}, din pakke {{2} er på vej.", "braces"),
        ("Hej {{2}}, din pakke {{1}} er på vej.", "Number"),
        ("Hej {{navn}}, din pakke er på vej nu.", "Number"),
        ("{{1}}, din pakke er på vej nu.", "beginning or end"),
        ("Din pakke er på vej nu, {{1}}", "beginning or end"),
        ("Hej du {{1}} {{2}} her er din pakke nu.", "side by side"),
        ("Hej {{1}} du.", "too few"),
    ],
)
def test_texts(text: str, word: str) -> None:
    draft = replace(GOOD, text=text)
    every = dict.fromkeys(draft.placeholders, "x")
    found = draft_problems(replace(draft, examples=every))
    assert {problem.field for problem in found} == {TEXT}
    assert any(word in problem.text for problem in found)


def test_each_placeholder_wants_an_example() -> None:
    found = draft_problems(replace(GOOD, examples={"1": "Anna", "2": " "}))
    assert [(p.field, "{{2}}" in p.text) for p in found] == [(EXAMPLES, True)]
