"""The words and lights of the administrator's screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from textual.content import Content

from wa_console.domain.setup import Number
from wa_console.domain.template import Approval, Button, Template
from wa_console.domain.template_matrix import matrix
from wa_console.ui import admin_keys, keys
from wa_console.ui.present_channels import (
    Amounts,
    amount_lines,
    channel_light,
    detach_words,
    erase_words,
    number_name,
    pause_words,
)
from wa_console.ui.present_doctor import (
    Finding,
    by_gravity,
    light,
    masked_text,
    mend_key,
    report,
    verdict,
)
from wa_console.ui.present_matrix import (
    HOLE,
    cell_of,
    column_widths,
    kind_words,
    particulars,
    window_words,
)
from wa_console.ui.widgets.template_card import template_card

ONE = Template("HX1", "update", "da", "twilio/text", "Hej {{1}}", approval=Approval.APPROVED)
OK = Finding("space", "info", "fine")
ODD = Finding("template", "warning", "odd", "mend it")
BAD = Finding("webhook", "error", "bad", "mend it")
AMOUNTS = Amounts(conversations=3, live=2, messages=9, unsent=1, customers=2, held=1)


# --- doctor --------------------------------------------------------------------------------------


def test_a_light_has_a_shape_and_a_word_in_both_glyph_sets() -> None:
    for ascii_only in (False, True):
        lights = [light(each, ascii_only=ascii_only) for each in ("info", "warning", "error")]
        for part in zip(*lights, strict=True):
            assert len(set(part)) == 3
    assert all(light(each, ascii_only=True)[0].isascii() for each in ("info", "warning", "error"))


def test_broken_comes_first_and_is_counted() -> None:
    found = [OK, ODD, BAD, OK]
    assert by_gravity(found) == [BAD, ODD, OK, OK]
    assert verdict(found) == "1 broken · 1 to look at · 2 in order"
    assert verdict([OK]) == "1 in order"


def test_a_key_is_named_only_where_something_is_to_be_mended() -> None:
    assert (mend_key(ODD), mend_key(BAD), mend_key(OK)) == ("F5", "F6", "")
    assert mend_key(replace(ODD, severity="info")) == ""


def test_a_report_is_plain_and_masked() -> None:
    leaky = Finding("x", "error", f"AC{'0a' * 16}\x1b[2J of +45 31 22 64 10", "call +4531226410")
    text = report([OK, leaky])
    assert text.splitlines()[1].startswith("[broken] x: AC0a…0a")
    assert "-> call +45…10" in text
    assert "\x1b" not in text
    assert "31226410" not in text.replace(" ", "")
    assert masked_text("version 3.40.1, 48210 MB") == "version 3.40.1, 48210 MB"


# --- channels ------------------------------------------------------------------------------------


def test_a_numbers_light() -> None:
    number = Number("+4570203040", "Support")
    assert channel_light(number, None, ascii_only=False)[1] == "not asked yet"
    assert channel_light(number, [], ascii_only=False)[1] == "ok"
    assert channel_light(number, [OK, BAD, ODD], ascii_only=False)[1] == "broken"
    paused = replace(number, paused=True)
    assert channel_light(paused, [BAD], ascii_only=True)[:2] == ("=", "paused")
    assert number_name(number) == "Support"
    assert number_name(replace(number, name="")) == "+45 70 20 30 40"


def test_what_stopping_touches_is_counted() -> None:
    assert "2 conversations" in pause_words(AMOUNTS)
    assert "not sent yet (1) wait" in pause_words(AMOUNTS)
    assert "3 conversations" in detach_words(AMOUNTS)
    assert "canceled" in detach_words(AMOUNTS)
    assert "canceled" not in detach_words(replace(AMOUNTS, unsent=0))
    for count in ("3 conversations", "9 messages", "2 customers"):
        assert count in erase_words(AMOUNTS)
    labels = dict(amount_lines(AMOUNTS, last_inbound=timedelta(hours=2)))
    assert labels["Conversations"] == "3, 2 of them in the inbox"
    assert labels["Held back"] == "1"
    quiet = dict(amount_lines(replace(AMOUNTS, unsent=0, held=0), last_inbound=None))
    assert quiet["Customer wrote"] == "never yet"
    assert "Held back" not in quiet


# --- templates -----------------------------------------------------------------------------------


def test_a_cell_shows_the_best_of_what_stands_there() -> None:
    rejected = replace(ONE, content_sid="HX2", approval=Approval.REJECTED)
    assert cell_of([]).text == HOLE
    assert (cell_of([ONE]).text, cell_of([ONE]).tone) == ("✓", "calm")
    assert cell_of([rejected, ONE]).text == "✓+"
    assert cell_of([rejected]).tone == "urgent"


def test_the_chosen_column_is_always_among_those_that_fit() -> None:
    codes = ("cs", "da", "de", "en", "pt_BR", "sv")
    whole = matrix([replace(ONE, content_sid=code, language=code) for code in codes])
    for room in (4, 9, 14, 80):
        for chosen in range(len(codes)):
            shown = column_widths(whole, room, chosen)
            assert chosen in [at for at, _width in shown]
            assert len(shown) == 1 or sum(width for _at, width in shown) <= room


@pytest.mark.parametrize(
    ("kind", "approval", "words"),
    [
        ("twilio/list-picker", Approval.APPROVED, "never to begin"),
        ("twilio/location", Approval.UNSUBMITTED, "never to begin"),
        ("twilio/text", Approval.APPROVED, "at any time"),
        ("twilio/text", Approval.PENDING, "inside it now too"),
        ("twilio/card", Approval.PENDING, "before WhatsApp approves"),
        ("twilio/text", Approval.PAUSED, "as long as"),
    ],
)
def test_when_a_type_may_be_sent(kind: str, approval: Approval, words: str) -> None:
    assert words in window_words(replace(ONE, kind=kind, approval=approval))


def test_particulars_leave_out_what_is_empty_and_keep_strange_types() -> None:
    lines = dict(particulars(replace(ONE, reason="bad words", approval=Approval.REJECTED)))
    assert lines["WhatsApp"] == "rejected: bad words"
    assert "Category" not in lines
    assert kind_words("twilio/new") == "twilio/new"


CARDS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["Hej {{1}}"]),
    ({"kind": "twilio/media", "media": ("https://x/y/a%20b.pdf?k=v",)},
     ["▤ a%20b.pdf", "Hej {{1}}"]),
    ({"text": "H\nB\nF", "header": "H", "footer": "F", "kind": "whatsapp/card"}, ["H", "B", "F"]),
    ({"text": "T\nS", "header": "T", "footer": "S", "kind": "twilio/card",
      "buttons": (Button("Web", "url", "https://x"), Button("Ring", "phone"))},
     ["T", "S", "", "⟨ Web ↗ ⟩  ⟨ Ring ☏ ⟩"]),
    ({"kind": "twilio/list-picker", "list_button": "Tider",
      "buttons": (Button("I dag", "item", "t", "kl. 9"), Button("I morgen", "item"))},
     ["Hej {{1}}", "", "⟨ ≡ Tider ⟩", "  · I dag  kl. 9", "  · I morgen"]),
    ({"buttons": (Button("Ja", "quick_reply"), Button("Kopi", "copy_code"))},
     ["Hej {{1}}", "", "⟨ Ja ⟩  ⟨ Kopi ⧉ ⟩"]),
]  # fmt: skip


@pytest.mark.parametrize(("more", "lines"), CARDS)
def test_every_type_is_drawn(more: dict[str, Any], lines: list[str]) -> None:
    drawn = template_card(replace(ONE, **more), {"1": "  "}).plain.split("\n")
    assert [line.rstrip() for line in drawn] == lines


def test_a_card_is_filled_in_and_never_markup() -> None:
    card = template_card(replace(ONE, text="[b]{{1}}[/b]\x1b[2J"), {"1": "[red]Anna"})
    assert isinstance(card, Content)
    assert card.plain.startswith("[b][red]Anna[/b]")
    assert "\x1b" not in card.plain


# --- keys ----------------------------------------------------------------------------------------

TABLES = (
    admin_keys.APP,
    admin_keys.FRAME,
    admin_keys.TEMPLATES,
    admin_keys.CHANNELS,
    admin_keys.DOCTOR,
    admin_keys.FORM,
)


def test_the_keys_have_ids_and_words_and_take_nobody_elses() -> None:
    ours = list(chain.from_iterable(TABLES))
    every = [*ours, *keys.APP, *keys.CONSOLE, *keys.BROWSE]
    ids = [binding.id for binding in every]
    assert len(ids) == len(set(ids))
    assert all(binding.description and binding.tooltip for binding in ours)
    taken = {binding.key for binding in (*keys.APP, *keys.CONSOLE)}
    assert not taken & {binding.key for binding in admin_keys.APP}
