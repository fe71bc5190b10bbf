"""``presence``, ``logs``, ``config``, ``completion`` and what all commands share."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import Shell
from wa_console.cli.main import COMMANDS


def test_presence_is_shown_and_set(shell: Shell) -> None:
    shell.set_up()
    everybody = shell("presence", "--json").lines
    assert everybody == [
        {"login": "anna", "presence": "offline", "active": 0, "capacity": 3},
        {"login": "bo", "presence": "offline", "active": 0, "capacity": 5},
    ]
    assert shell("presence", "busy").err == "anna is now busy.\n"
    assert shell("presence", "bo", "dnd", "--json").one["presence"] == "dnd"
    assert [each["presence"] for each in shell("presence", "--json").lines] == ["busy", "dnd"]
    assert shell("presence", "bo", "--json").one["presence"] == "dnd"
    assert shell("presence").out.splitlines()[1].split() == ["busy", "0/3", "anna"]
    shell("presence", "bo", "asleep", code=2)


def test_presence_without_a_setup_is_ones_own(shell: Shell) -> None:
    assert shell("presence", "--json").one["login"] == "anna"


def test_logs_are_shown_newest_last(shell: Shell) -> None:
    folder = shell.home / "logs"
    folder.mkdir(parents=True)
    lines = [{"at": "t", "level": "info", "event": f"e{n}", "extra": n} for n in range(5)]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / "wa-console.log.1").write_text('{"event": "older"}\n', encoding="utf-8")
    (folder / "wa-console.log").write_text(text + '{"event": "cut of', encoding="utf-8")
    done = shell("logs", "--json")
    assert [line["event"] for line in done.lines] == [
        "older",
        *(f"e{n}" for n in range(5)),
        '{"event": "cut of',
    ]
    assert str(folder) in done.err
    assert shell("logs", "--limit", "2").out == 't info e4 extra=4\n{"event": "cut of\n'


def test_config_path_and_check(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell("config", "path").out == f"{shell.home / 'config.toml'}\n"
    monkeypatch.setenv("WA_CONSOLE_STORE", "postgresql://anna:s3cret@db.example/x")
    lines = {line["key"]: line for line in shell("config", "check", "--json").lines}
    assert lines["store"]["value"] == "postgresql://***@db.example/x"
    assert lines["store"]["environment"] is True
    assert lines["window_margin"]["value"] == "60"
    assert lines["public_url"]["value"] is None
    monkeypatch.setenv("WA_CONSOLE_POLL", "soon")
    assert "WA_CONSOLE_POLL" in shell("config", "check", code=3).err


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion_scripts_name_the_program(shell: Shell, name: str) -> None:
    out = shell("completion", name).out
    assert "wa-console" in out
    assert f"{name}_complete" in out


def test_completion_of_an_unknown_shell(shell: Shell) -> None:
    shell("completion", "tcsh", code=2)


OURS = [
    *("apply", "dump", "doctor", "templates", "send", "list", "show", "search", "tail", "note"),
    *("assign", "label", "close", "reopen", "release", "discard", "presence", "fill", "logs"),
    *("config", "completion"),
]


@pytest.mark.parametrize("name", OURS)
def test_every_command_explains_itself(shell: Shell, name: str) -> None:
    assert name in COMMANDS
    out = shell(name, "--help").out
    assert out.startswith(f"Usage: wa-console {name}")
    assert "Raises:" not in out
    assert not shell.home.exists(), "help touches nothing"


@pytest.mark.parametrize("name", ["dump", "list", "presence"])
def test_a_foreign_store_ends_with_4(shell: Shell, name: str) -> None:
    shell.home.mkdir()
    (shell.home / "store.db").write_text("not a store " * 500)
    assert shell(name, code=4).err.startswith("wa-console: ")
