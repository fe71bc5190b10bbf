"""``search`` and ``tail``."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell
from tests.services.rig import inbound_form


def test_search_finds_words_newest_first(shell: Shell) -> None:
    shell.set_up()
    shell.receive(inbound_form("Hvor er PAKKEN?"), inbound_form("pakken kom"), inbound_form("nej"))
    hits = shell("search", "pakken", "--json").lines
    assert [hit["body"] for hit in hits] == ["pakken kom", "Hvor er PAKKEN?"]
    assert all("snippet" in hit and "statuses" in hit for hit in hits)
    assert len(shell("search", "pakken", "--limit", "1", "--json").lines) == 1
    assert "    pakken kom\n" in shell("search", "pakken").out


@pytest.mark.parametrize("text", ["nothing like it", '"', "NEAR(", "*", "", "a AND", "-x"])
def test_any_text_can_be_searched(shell: Shell, text: str) -> None:
    shell.told()
    done = shell("search", "--", text)
    assert (done.out, done.err) == ("", "Nothing found.\n")


async def tail(home: Path, *args: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "wa_console",
        "tail",
        *args,
        env={**os.environ, "WA_CONSOLE_HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def line_of(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    return found


@pytest.fixture
def found(shell: Shell) -> str:
    return shell.told()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
async def test_tail_follows_until_told_to_end(
    shell: Shell, found: str, number: signal.Signals, code: int
) -> None:
    process = await tail(shell.home, "--since", "0", "--json")
    first = await line_of(process)
    assert list(first) == ["seq", "kind", "conversation", "message", "at"]
    assert (first["seq"], first["kind"]) == (1, "setup-updated")
    seen = first["seq"]
    while (line := await line_of(process))["kind"] != "message-received":
        assert line["seq"] > seen
        seen = line["seq"]
    assert line["conversation"] == found
    await asyncio.to_thread(shell, "note", found, "en note")
    while (line := await line_of(process))["kind"] != "note-added":
        assert line["seq"] > seen
    assert line["message"]
    process.send_signal(number)
    _out, err = await process.communicate()
    assert process.returncode == code
    assert b"Traceback" not in err


async def test_tail_since_a_position_leaves_out_what_was_before(shell: Shell, found: str) -> None:
    await asyncio.to_thread(shell, "label", found, "vip")
    process = await tail(shell.home, "--since", "1", "--json")
    assert (await line_of(process))["seq"] == 2
    process.terminate()
    await process.communicate()


async def test_tail_ends_quietly_when_nobody_reads(shell: Shell, found: str) -> None:
    process = await asyncio.create_subprocess_shell(
        f"'{sys.executable}' -m wa_console tail --since 0 | head -n 1",
        env={**os.environ, "WA_CONSOLE_HOME": str(shell.home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    ended = asyncio.create_task(process.communicate())
    # `head` has its line and is gone: the next change finds the pipe closed.
    for number in range(100):
        if ended.done():
            break
        await asyncio.to_thread(shell, "label", found, f"label {number}")
    out, err = await asyncio.wait_for(ended, 20)
    assert out.startswith(b"1  ")
    assert err == b""
