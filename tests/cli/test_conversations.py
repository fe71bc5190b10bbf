"""Reading conversations and working on them: CONTRACT's JSON, exit codes, states."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell
from tests.services.rig import CUSTOMER, NUMBER, inbound_form

CONVERSATION_KEYS = [
    "id",
    "customer",
    "number",
    "workstream",
    "queue",
    "assignee",
    "state",
    "labels",
    "unread",
    "last_inbound_at",
    "window",
    "quarantined",
    "context",
    "last_message",
    "created_at",
]
MESSAGE_KEYS = [
    "id",
    "sid",
    "conversation",
    "direction",
    "kind",
    "body",
    "raw",
    "media",
    "template",
    "quoted",
    "button",
    "location",
    "status",
    "error",
    "author",
    "created_at",
    "statuses",
]
OTHER = "whatsapp:+4520999999"


def test_an_empty_home_lists_nothing(shell: Shell) -> None:
    done = shell("list")
    assert (done.out, done.err) == ("", "No conversations here.\n")
    assert shell("list", "--json").lines == []


def test_a_conversation_has_every_key_of_the_contract(shell: Shell) -> None:
    found = shell.told("  Hej\r\nder ")
    conversation = shell("list", "--json").one
    assert list(conversation) == CONVERSATION_KEYS
    assert conversation["id"] == found
    assert conversation["customer"]["name"] == "Kunde Æøå"
    assert conversation["customer"]["addresses"] == [CUSTOMER.removeprefix("whatsapp:")]
    assert conversation["number"] == NUMBER
    assert conversation["workstream"] == "WhatsApp"
    assert (conversation["queue"], conversation["assignee"]) == (None, None)
    assert (conversation["state"], conversation["unread"]) == ("open", 1)
    assert conversation["window"]["state"] == "open"
    assert 86_000 < conversation["window"]["remaining_s"] < 86_400
    assert conversation["window"]["closes_at"].endswith("Z")
    assert list(conversation["last_message"]) == MESSAGE_KEYS


def test_a_message_is_told_byte_for_byte(shell: Shell) -> None:
    body = "  Hej\r\n\x1b[31mrød\x07 \u202ebagfra\u200b "
    found = shell.told(body)
    message = shell("show", found, "--json").one
    assert list(message) == MESSAGE_KEYS
    assert message["body"] == body
    assert message["raw"]["Body"] == body
    assert (message["direction"], message["kind"], message["status"]) == (
        "inbound",
        "session",
        "received",
    )
    none = ("template", "quoted", "button", "location", "error", "author")
    assert [message[key] for key in none] == [None] * len(none)
    assert message["media"] == []


def test_what_else_a_message_carries(shell: Shell) -> None:
    found = shell.told(
        "",
        NumMedia="1",
        MediaUrl0="https://api.twilio.com/x",
        MediaContentType0="image/jpeg",
        Latitude="55.67",
        Longitude="12.56",
        Label="Butik",
        ButtonText="Ja",
        ButtonPayload="yes",
        OriginalRepliedMessageSid="SM" + "1" * 32,
    )
    message = shell("show", found, "--json").one
    assert message["media"] == [
        {"type": "image/jpeg", "size": None, "path": None, "status": "pending"}
    ]
    assert message["quoted"]["sid"] == "SM" + "1" * 32
    assert (message["button"]["text"], message["button"]["payload"]) == ("Ja", "yes")
    assert (message["location"]["latitude"], message["location"]["label"]) == (55.67, "Butik")
    assert "[image/jpeg, pending]" in shell("show", found).out


def test_show_takes_id_or_address_and_shows_the_newest_last(shell: Shell) -> None:
    shell.set_up()
    (found,) = shell.receive(inbound_form("en"), inbound_form("to"), inbound_form("tre"))
    for name in (found, CUSTOMER, "+45 20 12 34 56", "0045 20123456"):
        bodies = [line["body"] for line in shell("show", name, "--json", "--limit", "2").lines]
        assert bodies == ["to", "tre"]
    done = shell("show", found, "--limit", "2")
    assert done.out.index("    to\n") < done.out.index("    tre\n")
    assert "older messages" in done.err
    assert "with nobody" in done.out


@pytest.mark.parametrize("name", ["nobody", "+4511111111", "01" + "0" * 24])
def test_a_conversation_that_is_not_there_ends_with_1(shell: Shell, name: str) -> None:
    shell.told()
    for command in ("show", "close", "reopen", "release", "discard"):
        assert shell(command, name, code=1).err.startswith("wa-console: ")
    shell("note", name, "x", code=1)
    shell("assign", name, "anna", code=1)
    shell("label", name, "x", code=1)


@pytest.mark.parametrize("limit", ["0", "-1", "100001", "many"])
def test_a_limit_out_of_bounds_is_wrong_usage(shell: Shell, limit: str) -> None:
    shell("list", "--limit", limit, code=2)


def test_views_and_limit(shell: Shell) -> None:
    shell.set_up()
    shell.receive(inbound_form("a"), inbound_form("b", From=OTHER, WaId="4520999999"))
    shell("assign", CUSTOMER, "anna")
    sizes = {
        view: len(shell("list", "--view", view, "--json").lines)
        for view in ("mine", "unassigned", "waiting", "closed", "quarantine", "all")
    }
    assert sizes == {
        "mine": 1,
        "unassigned": 1,
        "waiting": 2,
        "closed": 0,
        "quarantine": 0,
        "all": 2,
    }
    assert len(shell("list", "--limit", "1", "--json").lines) == 1
    shell("list", "--view", "none", code=2)


def test_the_list_for_people_fits_80_columns(shell: Shell) -> None:
    found = shell.told(ProfileName="Æ" * 200)
    head, row = shell("list").out.splitlines()
    assert head.startswith("conversation ")
    assert row.startswith(found)
    assert "+45 20 12 34 56" in row
    assert len(head) <= 80
    assert len(row) == 80
    assert row.endswith("…")


def test_assigning_makes_it_active(shell: Shell) -> None:
    found = shell.told()
    done = shell("assign", found, "bo", "--json").one
    assert (done["assignee"], done["state"]) == ("bo", "active")
    done = shell("assign", found, "--queue", "Delivery", "--json").one
    assert done["queue"] == "Delivery"
    shell("assign", found, code=2)
    shell("assign", found, "bo", "--queue", "Delivery", code=2)
    assert shell("assign", found, "anna").err == "Assigned to anna.\n"


def test_a_note_a_label_and_the_end(shell: Shell) -> None:
    found = shell.told()
    note = shell("note", found, "ring i morgen", "--json").one
    assert list(note) == MESSAGE_KEYS
    assert (note["kind"], note["author"], note["body"]) == ("note", "anna", "ring i morgen")
    assert "note by anna, only for the team" in shell("show", found).out
    assert shell("label", found, "vip", "--json").one["labels"] == ["vip"]
    assert shell("label", found, "vip", "--remove", "--json").one["labels"] == []
    assert shell("close", found, "--json").one["state"] == "closed"
    assert [line["id"] for line in shell("list", "--view", "closed", "--json").lines] == [found]
    assert shell("reopen", found, "--json").one["state"] in ("open", "active")


def test_strange_traffic_waits_in_quarantine(shell: Shell) -> None:
    shell.set_up()
    shell.receive(inbound_form("hej", AccountSid="AC" + "0" * 32))
    (strange,) = shell("list", "--view", "quarantine", "--json").lines
    assert strange["quarantined"] is True
    assert "quarantined" in shell("show", strange["id"]).out
    assert shell("release", strange["id"], "--json").one["quarantined"] is False
    assert shell("list", "--view", "quarantine", "--json").lines == []


def test_discarded_is_closed_and_kept(shell: Shell) -> None:
    shell.set_up()
    shell.receive(inbound_form("hej", AccountSid="AC" + "0" * 32))
    (strange,) = shell("list", "--view", "quarantine", "--json").lines
    done = shell("discard", strange["id"], "--json").one
    assert (done["state"], done["quarantined"]) == ("closed", True)
    assert shell("show", strange["id"], "--json").one["body"] == "hej"
