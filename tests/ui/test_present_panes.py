"""Header, customer pane and status line as view models: tables, no Textual."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.ui.samples import LOOK, NOW, conversation, customer, inbound_for
from wa_console.domain.address import parse_twilio
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window, reply_window
from wa_console.ui.present import (
    PaneSection,
    StatusFacts,
    StatusPart,
    Tone,
    customer_view,
    header,
    header_clock,
    status_line,
)


def window(left: timedelta) -> Window:
    return reply_window(inbound_for(left), NOW)


def test_header_puts_ours_before_the_name() -> None:
    view = header(conversation(), customer(), window=window(timedelta(0)), look=LOOK)
    assert view.facts == "+45 31 22 64 10 · da · assigned to you"
    assert view.facts_narrow == "+45 31 22 64 10 · you"
    assert view.name == "Mette Holm"
    assert isinstance(view.name, SafeText)


@pytest.mark.parametrize(
    ("assignee", "words"),
    [("anna", "assigned to you"), ("bo", "assigned to bo"), ("", "assigned to nobody")],
)
def test_header_says_who_holds_it(assignee: str, words: str) -> None:
    held = conversation(assignee=assignee)
    view = header(held, customer(language=""), window=window(timedelta(0)), look=LOOK)
    assert view.facts == f"+45 31 22 64 10 · {words}"


def test_header_shows_the_number_beside_a_chosen_name() -> None:
    """A profile name may claim another number; ours stands left of it (faults F3)."""
    fake = customer(profile_name="Bank +45 11 11 11 11\n· assigned to you")
    view = header(conversation(), fake, window=window(timedelta(0)), look=LOOK)
    assert view.facts.startswith("+45 31 22 64 10")
    assert "\n" not in view.name


@pytest.mark.parametrize(
    ("left", "tone", "lead", "until", "narrow"),
    [
        (
            timedelta(minutes=4, seconds=12),
            Tone.URGENT,
            "0:04:12 left to reply freely",
            "until 15:41 today · after that only approved templates",
            "until 15:41, then templates only",
        ),
        (
            timedelta(hours=20),
            Tone.CALM,
            "20:00:00 left to reply freely",
            "until 11:36 tomorrow · after that only approved templates",
            "until 11:36 tomorrow",
        ),
        (
            timedelta(hours=-3),
            Tone.CLOSED,
            "closed for free text",
            "since 12:36 today · only approved templates until the customer writes",
            "since 12:36, templates only",
        ),
    ],
)
def test_header_clock(left: timedelta, tone: Tone, lead: str, until: str, narrow: str) -> None:
    clock = header_clock(window(left), now=NOW, look=LOOK)
    assert (clock.tone, clock.lead) == (tone, lead)
    assert (clock.until, clock.until_narrow) == (until, narrow)


def test_header_clock_of_somebody_who_never_wrote() -> None:
    clock = header_clock(reply_window(None, NOW), now=NOW, look=LOOK)
    assert (clock.tone, clock.lead, clock.fraction) == (Tone.NEVER, "never wrote to you", 0.0)


def test_header_clock_follows_the_wall() -> None:
    open_window = window(timedelta(minutes=61))
    assert header_clock(open_window, now=NOW, look=LOOK).tone is Tone.CALM
    later = NOW + timedelta(minutes=55)
    assert header_clock(open_window, now=later, look=LOOK).lead_narrow == "0:06:00 left"
    over = header_clock(open_window, now=NOW + timedelta(days=1), look=LOOK)
    assert (over.tone, over.fraction) == (Tone.CLOSED, 0.0)


def test_gauge_fraction_is_of_a_day() -> None:
    assert header_clock(window(timedelta(hours=12)), now=NOW, look=LOOK).fraction == 0.5


def rows(section: PaneSection) -> dict[str, str]:
    return {row.label: row.value for row in section.rows}


def test_customer_pane() -> None:
    view = customer_view(customer(), conversation(), now=NOW, look=LOOK, others=1)
    who, thread = view.sections
    assert rows(who) == {
        "Number": "+45 31 22 64 10",
        "First seen": "3 Mar 2026",
        "Language": "da",
        "Other threads": "1",
        "Labels": "",
    }
    assert next(row.chips for row in who.rows if row.chips) == ("vip", "parcel")
    assert rows(thread) == {
        "State": "Active",
        "Queue": "Delivery",
        "With": "you",
        "First reply": "13:36 today",
        "Waiting": "4 m 48 s",
    }


def test_customer_pane_keeps_the_name_they_chose_beside_ours() -> None:
    named = customer(name="Mette (VIP)")
    view = customer_view(named, conversation(), now=NOW, look=LOOK)
    assert view.name == "Mette (VIP)"
    assert rows(view.sections[0])["Calls themselves"] == "Mette Holm"


def test_customer_pane_shows_few_of_many_addresses_and_what_is_held_back() -> None:
    many = customer(addresses=tuple(parse_twilio(f"whatsapp:+453122641{i}") for i in range(9)))
    view = customer_view(many, conversation(quarantined=True), now=NOW, look=LOOK)
    assert len([row for row in view.sections[0].rows if row.label == "Number"]) == 4
    assert rows(view.sections[1])["Held back"] == "not from a number of yours"


def test_an_id_of_whatsapps_is_not_called_a_number() -> None:
    wires = ("whatsapp:+4531226410", "whatsapp:DK.C2BB13C0F9A1B2C3D4E5F6")
    known = customer(addresses=tuple(map(parse_twilio, wires)))
    found = rows(customer_view(known, conversation(), now=NOW, look=LOOK).sections[0])
    assert found["Number"] == "+45 31 22 64 10"
    assert found["WhatsApp id"] == parse_twilio(wires[1]).display


def texts(groups: tuple[tuple[StatusPart, ...], ...]) -> list[str]:
    return ["".join(part.text for part in group) for group in groups]


FACTS = StatusFacts(
    number="Support · +45 70 20 30 40",
    active=2,
    capacity=5,
    last_webhook=timedelta(seconds=12),
    closing_soon=2,
)


def test_status_line_in_its_widths() -> None:
    view = status_line(FACTS, look=LOOK)
    assert texts(view.wide) == [
        "wa-console  Support · +45 70 20 30 40",
        "● Available 2/5",
        "● Twilio last webhook 12 s ago",
        "2 windows close within the hour",
    ]
    assert texts(view.narrow) == [
        "wa-console",
        "● Available 2/5",
        "● Twilio 12 s",
        "2 close < 1 h",
    ]


@pytest.mark.parametrize(
    ("presence", "words"),
    [("busy", "● Busy"), ("dnd", "● Do not disturb"), ("away", "● Away"), ("offline", "● Offline")],
)
def test_status_line_says_presence_in_words(presence: str, words: str) -> None:
    view = status_line(StatusFacts(presence=presence, capacity=5), look=LOOK)
    assert texts(view.wide)[1] == f"{words} 0/5"


def test_status_line_puts_a_problem_in_words_with_its_key() -> None:
    view = status_line(StatusFacts(problem="webhook is silent", problem_key="F9"), look=LOOK)
    assert "✗ webhook is silent · F9" in texts(view.wide)
    assert view.wide[2][0].tone == "urgent"


def test_status_line_without_any_webhook() -> None:
    view = status_line(StatusFacts(), look=LOOK)
    assert texts(view.wide)[2] == "○ Twilio no webhook yet"
    assert len(view.wide) == 3


def test_status_line_says_what_catch_up_brought() -> None:
    away = (NOW - timedelta(minutes=30), NOW)
    view = status_line(replace(FACTS, away=away, fetched=7), look=LOOK)
    since, until = (f"{moment.astimezone(LOOK.zone):%H:%M}" for moment in away)
    words = f"● Twilio last webhook 12 s ago · away {since}-{until}, 7 fetched"
    assert texts(view.wide)[2] == words
    assert texts(view.narrow)[2] == "● Twilio 12 s · 7 fetched"


def test_status_line_where_only_lists_are_asked() -> None:
    view = status_line(StatusFacts(last_look=timedelta(seconds=5)), look=LOOK)
    assert texts(view.wide)[2] == "● Twilio asked 5 s ago"


def test_one_window_is_one() -> None:
    view = status_line(StatusFacts(closing_soon=1), look=LOOK)
    assert texts(view.wide)[-1] == "1 window closes within the hour"


def test_first_seen_is_a_local_day() -> None:
    late = customer(first_seen_at=datetime(2026, 3, 3, 23, 59, tzinfo=UTC))
    view = customer_view(late, conversation(), now=NOW, look=LOOK)
    assert rows(view.sections[0])["First seen"] == "3 Mar 2026"
