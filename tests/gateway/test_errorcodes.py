"""Every code has a sentence, a step and a rule for trying again (faults C5)."""

from __future__ import annotations

import pytest

from wa_console.gateway import errorcodes
from wa_console.gateway.errorcodes import TABLE, Action, Retry, explain
from wa_console.gateway.errortable_api import ENTRIES as API
from wa_console.gateway.errortable_whatsapp import ENTRIES as WHATSAPP
from wa_console.gateway.port import Explainer

# FACTS 7, all codes of the table.
FACTS = [
    *(20003, 20404, 20429, 20500, 21211, 21408, 21610, 21611, 21612, 21614, 21617, 21620, 21654),
    *(21655, 21656, 92007, 30001, 30016, 63031, 35114, 35115, 35118, 63001, 63003, 63005, 63007),
    *(63008, 63012, 63013, 63015, 63016, 63018, 63019, 63020, 63021, 63024, 63027, 63028, 63030),
    *(63032, 63033, 63036, 63038, 63040, 63041, 63042, 63049, 63051, 63112, 11200, 11205, 11206),
    *(11217, 12300),
]


@pytest.mark.parametrize("code", FACTS)
def test_every_known_code_is_explained(code: int) -> None:
    entry = explain(code)
    assert entry.code == code
    assert entry.cause.endswith(".")
    assert entry.advice.endswith(".")
    assert entry.title
    assert str(code) not in entry.title
    assert len(entry.title) <= 50


def test_the_table_is_large_and_has_no_code_twice() -> None:
    codes = [entry.code for entry in API + WHATSAPP]
    assert len(codes) == len(set(codes)) == len(TABLE)
    assert len(codes) >= 45


def test_the_codes_that_steer_the_screen() -> None:
    assert (explain(63016).action, explain(63016).retry) == (Action.TEMPLATE, Retry.AS_TEMPLATE)
    assert (explain(63015).action, explain(63015).retry) == (Action.JOIN, Retry.AFTER_JOIN)
    assert (explain(21617).action, explain(21617).retry) == (Action.SHORTEN, Retry.AFTER_EDIT)
    assert explain(20429).retry is Retry.LATER
    assert explain(20500).retry is Retry.AFTER_LOOK
    assert explain(63049).retry is Retry.NO
    assert explain(63024).action is Action.CALL


def test_an_unknown_code_names_its_number() -> None:
    entry = explain(64999)
    assert entry.code == 64999
    assert "64999" in entry.title
    assert "64999" in entry.cause


@pytest.mark.parametrize("code", [None, 0])
def test_no_code_is_explained_too(code: int | None) -> None:
    assert explain(code).code == 0
    assert explain(code).advice


def test_english_is_its_own_translation() -> None:
    assert explain(63016).translated() == explain(63016)


def test_the_module_is_the_explainer_of_the_port() -> None:
    explainer: Explainer = errorcodes
    assert explainer.sentence(63016) == (
        "More than 24 hours since the customer last wrote. Send a template."
    )
    assert explainer.action(63016) == "template"
    assert "64999" in explainer.sentence(64999)
    assert explainer.action(None) == "retry"
