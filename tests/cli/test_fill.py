"""``fill``: for an empty store only, found and listed like anything else."""

from __future__ import annotations

from tests.cli.shell import Shell


def test_filled_listed_and_found(shell: Shell) -> None:
    shell.set_up()
    done = shell("fill", "--conversations", "40", "--messages", "300", "--seed", "7", "--json")
    assert done.one == {"conversations": 40, "messages": 300}
    conversations = shell("list", "--limit", "1000", "--json").lines
    assert len(conversations) == 40
    shown = [shell("show", each["id"], "--limit", "999", "--json") for each in conversations]
    assert sum(len(each.lines) for each in shown) == 300
    assert shell("search", "hej", "--json").lines
    assert shell("replay", "--json").one == {"rows": 0, "changed": 0}


def test_only_an_empty_store_is_filled(shell: Shell) -> None:
    shell.told()
    done = shell("fill", "--conversations", "1", "--messages", "1", code=1)
    assert "empty" in done.err
    assert len(shell("list", "--json").lines) == 1


def test_each_conversation_needs_a_message(shell: Shell) -> None:
    shell("fill", "--conversations", "5", "--messages", "4", code=1)
    shell("fill", "--conversations", "0", "--messages", "4", code=2)
    shell("fill", "--messages", "4", code=2)
