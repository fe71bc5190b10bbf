"""``templates``: added by hand, listed, removed; without credentials nothing is fetched."""

from __future__ import annotations

from tests.cli.shell import Shell
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
