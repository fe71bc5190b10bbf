"""Customer text on a real pseudo-terminal: no command lets a control byte through (faults F9)."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.cli.shell import Shell
from tests.services.rig import inbound_form
from tests.setup_texts import CONTENT_SID
from wa_console.cli.main import run

# A lone surrogate cannot come over HTTP.
HOSTILE = [
    entry["text"].encode(errors="ignore").decode()
    for entry in json.loads(
        (Path(__file__).parent.parent / "data" / "hostile_texts.json").read_text(encoding="utf-8")
    )
]
TEXT = (
    "hit \x1b]0;owned\x07 \x1b[2J\x9b31m \u202eevil\u2066 \x00 \x7f \r \x08 \x1b]52;c;YQ==\x07 end"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_BAD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def on_a_terminal(home: Path, *args: str, until: str = "", **more: str) -> str:
    """Run a command with a pseudo-terminal for its output and errors; return what it wrote.

    In this process: sixteen starts of Python would cost ten times the commands. Only one that
    would go on for ever (``tail``) has its own, and is ended when it has written ``until``.
    """
    env = {**os.environ, "WA_CONSOLE_HOME": str(home), "TERM": "xterm-256color", **more}
    ours, theirs = pty.openpty()
    if args[0] != "tail":
        return _here(args, env, ours=ours, theirs=theirs)
    process = subprocess.Popen(
        [sys.executable, "-m", "wa_console", *args],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=env,
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65_536):
            parts.append(part)
            if until.encode() in b"".join(parts):
                process.terminate()
    except OSError:
        pass  # Linux says EIO when the other side is closed
    finally:
        os.close(ours)
    assert process.wait(20) in (0, 1, 2, 3, 143)
    return b"".join(parts).decode().replace("\r\n", "\n")


def _here(args: Sequence[str], env: Mapping[str, str], *, ours: int, theirs: int) -> str:
    parts: list[bytes] = []

    def read() -> None:
        # Linux says EIO when the other side is closed.
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65_536):
                parts.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with (
            open(theirs, "w", encoding="utf-8") as stream,
            patch.dict(os.environ, env, clear=True),
            contextlib.redirect_stdout(stream),
            contextlib.redirect_stderr(stream),
        ):
            assert run(args) in (0, 1, 2, 3)
    finally:
        reader.join(20)
        os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.fixture
def hostile(shell: Shell) -> str:
    """A store full of hostile texts; returns the id of a conversation."""
    shell.set_up()
    forms = [
        inbound_form(
            text,
            From=f"whatsapp:+45203{number:05}",
            WaId=f"45203{number:05}",
            ProfileName=text or "x",
        )
        for number, text in enumerate([TEXT, *HOSTILE])
    ]
    shell.receive(*forms)
    shell("templates", "add", CONTENT_SID, "--language", "da", "--text", TEXT)
    shell("note", "+4520300000", TEXT)
    shell("label", "+4520300000", "vip\x1b[5m")
    shell("presence", "bo\x1b]0;x\x07", "busy")
    conversation = shell("show", "+4520300000", "--json").lines[0]["conversation"]
    assert isinstance(conversation, str)
    return conversation


@pytest.mark.parametrize("colour", [True, False])
def test_nothing_a_terminal_would_act_on(shell: Shell, hostile: str, colour: bool) -> None:
    wrong = shell.file('[[queue]]\nname = "Q"\nhours = "\\u001b[2J\\u202e"\n')
    with (shell.home / "logs" / "wa-console.log").open("a") as log:
        log.write(json.dumps({"event": TEXT}) + "\n")
    commands = {
        ("list",): "+45",
        ("show", hostile): "owned",
        ("search", "hit"): "hit",
        ("templates", "list"): "owned",
        ("presence",): "bo",
        ("dump",): "owned",
        ("apply", wrong): "line 3",
        ("doctor", "--offline"): "sqlite",
        ("logs",): "owned",
        ("tail", "--since", "0"): "note-added",
        ("show", "nobody\x1b[2J"): "wa-console: ",
        ("send", "--to", "\x1b[2Jx", "--body", "x"): "wa-console: ",
        ("config", "check"): "store",
        ("list", "--json"): "owned",
        ("show", hostile, "--json"): "owned",
        ("search", "hit", "--json"): "owned",
    }
    more = {} if colour else {"NO_COLOR": "1"}
    for args, expected in commands.items():
        text = on_a_terminal(shell.home, *args, until=expected, **more)
        assert expected in text, args
        shown = _COLOUR.sub("", text) if colour else text
        assert not _BAD.findall(shown), (args, _BAD.findall(shown))


def test_colour_is_there_on_a_terminal_and_can_be_refused(shell: Shell, hostile: str) -> None:
    assert _COLOUR.search(on_a_terminal(shell.home, "list"))
    assert not _COLOUR.search(on_a_terminal(shell.home, "list", NO_COLOR="1"))
    assert not _COLOUR.search(on_a_terminal(shell.home, "list", TERM="dumb"))
    assert not _COLOUR.search(shell("list").out)


def test_the_same_text_is_safe_in_a_pipe_and_raw_in_json(shell: Shell, hostile: str) -> None:
    assert not _BAD.findall(shell("show", hostile).out)
    bodies = [line["body"] for line in shell("show", hostile, "--json").lines]
    assert bodies == [TEXT, TEXT]
