"""Content and approvals in every shape that Twilio or its users have shown (FACTS 10)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.domain.template import Approval, Button
from wa_console.gateway.content import to_template

FLAT = {"name": "order", "status": "approved", "category": "utility", "content_type": "twilio/text"}


def content(types: Any, variables: Any = None) -> Any:
    return SimpleNamespace(
        sid="HX1", friendly_name="order_update", language="da", types=types, variables=variables
    )


TEXT = {"twilio/text": {"body": "Hej {{1}}"}}


@pytest.mark.parametrize("approvals", [FLAT, {"whatsapp": FLAT}, [FLAT], {"whatsapp": [FLAT]}])
def test_flat_and_keyed_approvals(approvals: Any) -> None:
    read = to_template(content(TEXT, {"1": "Ærø", 2: None}), approvals)
    assert (read.content_sid, read.name, read.language) == ("HX1", "order_update", "da")
    assert (read.approval, read.category, read.kind) == (
        Approval.APPROVED,
        "UTILITY",
        "twilio/text",
    )
    assert read.text == "Hej {{1}}"
    assert dict(read.variables) == {"1": "Ærø", "2": ""}
    assert read.workstreams == ()


@pytest.mark.parametrize("approvals", [None, {}, [], {"whatsapp": {}}, {"status": ""}, "x"])
def test_no_approval_is_unsubmitted(approvals: Any) -> None:
    assert to_template(content(TEXT), approvals).approval is Approval.UNSUBMITTED


def test_status_words() -> None:
    rejected = {"status": "Rejected", "rejection_reason": "INVALID_FORMAT"}
    read = to_template(content(TEXT), rejected)
    assert (read.approval, read.reason) == (Approval.REJECTED, "INVALID_FORMAT")
    assert to_template(content(TEXT), {"status": "frozen"}).approval is Approval.UNKNOWN


def test_the_submitted_type_wins() -> None:
    types = {**TEXT, "twilio/quick-reply": {"body": "Q", "actions": []}}
    assert to_template(content(types), FLAT).kind == "twilio/text"
    assert to_template(content(types), None).kind == "twilio/quick-reply"
    assert to_template(content({"twilio/new": {"body": "N"}}), None).text == "N"


def test_buttons() -> None:
    actions = [
        {"type": "QUICK_REPLY", "title": "Ja", "id": "yes"},
        {"title": "Nej", "id": "no"},
        {"type": "URL", "title": "Spor", "url": "https://x/{{1}}"},
        {"type": "PHONE_NUMBER", "title": "Ring", "phone": "+4570203040"},
        {"type": "COPY_CODE", "title": "Kopier", "code": "ABC"},
        {"type": "VOICE_CALL", "title": "Tal"},
        "broken",
    ]
    read = to_template(content({"twilio/card": {"title": "T", "actions": actions}}), None)
    assert read.buttons == (
        Button("Ja", "quick_reply", "yes"),
        Button("Nej", "quick_reply", "no"),
        Button("Spor", "url", "https://x/{{1}}"),
        Button("Ring", "phone", "+4570203040"),
        Button("Kopier", "copy_code", "ABC"),
        Button("Tal", "other", ""),
    )


def test_cards_and_lists_read_in_order() -> None:
    card = {"header_text": "H", "body": "B", "footer": "F", "actions": None}
    assert to_template(content({"whatsapp/card": card}), None).text == "H\nB\nF"
    items = {"body": "Vælg", "button": "Se", "items": [{"item": "I dag", "id": "today"}, 7]}
    read = to_template(content({"twilio/list-picker": items}), None)
    assert (read.text, read.buttons) == ("Vælg", (Button("I dag", "item", "today"),))


def test_the_parts_of_every_type_that_is_shown() -> None:
    card = {"title": "Sale", "subtitle": "Ends Friday", "media": ["https://x/{{1}}.jpg"]}
    read = to_template(content({"twilio/card": card}), None)
    assert (read.header, read.body, read.footer) == ("Sale", "", "Ends Friday")
    assert read.media == ("https://x/{{1}}.jpg",)
    whole = {"header_text": "H", "body": "B", "footer": "F"}
    read = to_template(content({"whatsapp/card": whole}), None)
    assert (read.header, read.body, read.footer, read.text) == ("H", "B", "F", "H\nB\nF")
    media = {"body": "Se her", "media": "https://x/a.pdf"}
    read = to_template(content({"twilio/media": media}), None)
    assert (read.body, read.media) == ("Se her", ("https://x/a.pdf",))
    entry = {"item": "I dag", "id": "today", "description": "kl. 9-16"}
    picker = {"body": "Vælg", "button": "Se tider", "items": [entry]}
    read = to_template(content({"twilio/list-picker": picker}), None)
    assert read.list_button == "Se tider"
    assert read.buttons == (Button("I dag", "item", "today", "kl. 9-16"),)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["whatsapp", "status", "actions", "items", "body", "twilio/text"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(anything, anything, anything)
def test_no_shape_raises(types: Any, variables: Any, approvals: Any) -> None:
    assert to_template(content(types, variables), approvals).content_sid == "HX1"
