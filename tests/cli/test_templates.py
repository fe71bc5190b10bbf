"""``templates``: added by hand, listed, removed; without credentials nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.live import live
from tests.cli.shell import Shell
from tests.services.rig import ACCOUNT
from tests.setup_texts import CONTENT_SID

KEYS = [
    "content_sid",
    "name",
    "language",
    "type",
    "text",
    "variables",
    "category",
    "approval",
    "reason",
    "workstreams",
]


def test_added_listed_removed(shell: Shell) -> None:
    shell.set_up()
    assert "templates sync" in shell("templates", "list").err
    text = "Hej {{1}},\ndin pakke {{2}} er på vej."
    args = ("templates", "add", CONTENT_SID, "--language", "da", "--text", text)
    added = shell(*args, "--workstream", "WhatsApp", "--json").one
    assert list(added) == KEYS
    assert added == shell("templates", "list", "--json").one
    assert (added["variables"], added["workstreams"]) == (["1", "2"], ["WhatsApp"])
    assert (added["approval"], added["reason"]) == ("unknown", None)
    assert "    din pakke {{2}} er på vej.\n" in shell("templates", "list").out
    assert CONTENT_SID in shell("dump").out
    shell("templates", "remove", CONTENT_SID)
    assert shell("templates", "list", "--json").lines == []
    shell("templates", "remove", CONTENT_SID, code=1)


def test_what_cannot_be_added(shell: Shell) -> None:
    shell.set_up()
    shell("templates", "add", "HX12", "--language", "da", "--text", "x", code=3)
    shell("templates", "add", CONTENT_SID, "--language", "da", code=2)
    args = ("templates", "add", CONTENT_SID, "--language", "da", "--text", "x")
    shell(*args, "--workstream", "nowhere", code=3)


def test_a_sync_needs_credentials(shell: Shell) -> None:
    assert "TWILIO_ACCOUNT_SID" in shell("templates", "sync", code=3).err


def test_what_whatsapp_would_refuse_is_said_before_twilio_is_asked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.set_up()
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "0" * 32)
    args = ("templates", "new", "Nej", "--language", "dansk", "--text", "Hej {{1}}")
    refused = shell(*args, "--submit", code=6).err
    assert "small letters" in refused
    assert "pt_BR" in refused
    assert "beginning or end" in refused
    shell(*args, "--example", "Anna", code=2)
    shell(*args, "--category", "OTP", code=2)


def test_a_new_one_needs_credentials(shell: Shell) -> None:
    args = ("templates", "new", "hej", "--language", "da", "--text", "Hej.")
    assert "TWILIO_ACCOUNT_SID" in shell(*args, code=3).err


async def test_a_template_is_made_submitted_and_listed(tmp_path: Path) -> None:
    async with live(tmp_path) as here:
        args = ("templates", "new", "pickup_ready", "--language", "da", "--category", "marketing")
        text = ("--text", "Hej {{1}}, din pakke kan hentes nu.", "--example", "1=Anna")
        made = (await here(*args, *text, "--submit", "--json")).one
        assert list(made) == KEYS
        assert made["approval"] in ("received", "pending")
        assert made["category"] == "MARKETING"
        listed = (await here("templates", "list", "--json")).lines
        assert made["content_sid"] in [line["content_sid"] for line in listed]
        again = await here(*args, *text, code=6)
        assert "pickup_ready" in again.err
