"""Three canary secrets through a whole run: found nowhere but in the store they were put into.

Looked through (faults I2): every file of the home, all output, the log, a crash report, the
command lines of all processes, the environment of the children that we start.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.cli.live import free_port
from tests.e2e.harness import Place, until
from wa_console.secretstore.sealed import seal
from wa_console.secretstore.secret import Secret
from wa_console.simulator.server import Simulator, SimulatorConfig

CANARIES = ("canary0token0000aaaabbbbccccdddd", "canary1key11110000aaaabbbbcccc", "canary2-shared")
TOKEN, KEY_SECRET, SHARED = CANARIES
WHO = "+4531226410"
SPY = """
import os, sys
seen = sys.argv[1]
with open(seen, 'a') as file:
    print(dict(os.environ), open('/proc/self/cmdline').read(), file=file)
shared = ''.join(map(chr, map(int, open(sys.argv[2]).read().split())))
print('TWILIO_SHARED_KEY_ID=KS1')
print('TWILIO_SHARED_KEY_SECRET=' + shared)
"""
CRASH = """
import sys
from wa_console.cli import main
from wa_console.cli.context import Invocation

def settings_that_fail(self):
    from wa_console import config, credentials
    from wa_console.cli.context import keep_records
    settings = config.load(home=self.home)
    keep_records(settings)
    found = credentials.find(settings)
    token = found.auth_token.reveal()
    import logging
    logging.getLogger('wa_console').warning('token: %s', token)
    logging.getLogger('wa_console').warning('of %s', found)
    raise RuntimeError(token)

Invocation.settings = property(settings_that_fail)
sys.exit(main.run(sys.argv[1:]))
"""


@dataclass
class Run:
    """A home with its secrets, a Twilio, and everything that was printed."""

    place: Place
    home: Path
    twilio: Simulator
    url: str
    spied: Path
    printed: list[str] = field(default_factory=list)

    async def __call__(self, *args: str, code: int = 0) -> None:
        """Run a command and keep what it prints."""
        done = await asyncio.to_thread(self.place.run, *args, home=self.home)
        self.printed += [done.out, done.err]
        assert done.code == code, f"{args} ended with {done.code}: {done.out} {done.err}"


@pytest.fixture
async def canary(tmp_path: Path) -> AsyncIterator[Run]:
    """The token in the environment, the key's secret encrypted, the shared key by a command."""
    home, url = tmp_path / "home", f"http://127.0.0.1:{free_port()}"
    home.mkdir(mode=0o700)
    spied, kept = tmp_path / "spied", tmp_path / "kept"
    kept.write_text(" ".join(str(ord(char)) for char in SHARED))
    (tmp_path / "spy.py").write_text(SPY)
    config = SimulatorConfig(
        auth_token=TOKEN, api_secret=KEY_SECRET, lively=False, inbound_url=f"{url}/twilio/inbound"
    )
    async with Simulator(config) as twilio:
        seal(
            home / "secrets.enc",
            Secret("open sesame"),
            {"TWILIO_API_KEY": twilio.config.api_key, "TWILIO_API_SECRET": KEY_SECRET},
            work=16,
        )
        command = shlex.join([sys.executable, str(tmp_path / "spy.py"), str(spied), str(kept)])
        (home / "config.toml").write_text(
            f'public_url = "{url}"\nport = {url.rpartition(":")[2]}\n'
            f'twilio_base_url = "{twilio.base_url}"\n'
            f"credential_command = {json.dumps(command)}\n"
        )
        place = Place.in_folder(tmp_path).with_env(
            TWILIO_ACCOUNT_SID=twilio.account_sid,
            TWILIO_AUTH_TOKEN=TOKEN,
            WA_CONSOLE_PASSPHRASE="open sesame",
            WA_CONSOLE_REPRESENTATIVE="anna",
        )
        yield Run(place, home, twilio, url, spied)


async def test_no_canary_leaves_its_cage(canary: Run, tmp_path: Path) -> None:
    setup = tmp_path / "setup.toml"
    setup.write_text(
        f'[account]\naccount_sid = "{canary.twilio.account_sid}"\n'
        f'[[number]]\nname = "Main"\naddress = "{canary.twilio.number}"\n'
        '[[workstream]]\nname = "W"\nnumbers = ["Main"]\n'
    )
    await canary("apply", str(setup))
    with canary.place.started("engine", home=canary.home) as engine:
        await asyncio.to_thread(engine.line, lambda text: text.startswith("listening on "))
        assert (await canary.twilio.say(WHO, body="Hej")).status == 200
        async with httpx.AsyncClient(trust_env=False) as client:
            forged = await client.post(
                f"{canary.url}/twilio/inbound",
                data={"Body": "x"},
                headers={"X-Twilio-Signature": "AAAA"},
            )
            assert forged.status_code == 403
            canary.printed.append((await client.get(f"{canary.url}/healthz")).text)
        await asyncio.to_thread(
            until, lambda: canary.place.run("show", WHO, home=canary.home).code == 0
        )
        await _every_command(canary)
        assert _hits_in_command_lines() == []
        assert await asyncio.to_thread(engine.end) == 143
        canary.printed += engine.out + engine.err
    await _crash(canary)
    await canary("logs", "--json")
    assert "token" in canary.printed[-2], "what the crash logged is there, redacted"
    assert [c for c in CANARIES if c in "\n".join(canary.printed)] == []
    assert _hits_in_files(canary.home) + _hits_in_files(canary.place.temporary) == []
    spied = canary.spied.read_text()
    assert spied.count("spy.py") > 3, "the command was run by engine and doctor"
    assert [c for c in (*CANARIES, "open sesame") if c in spied] == []


async def _every_command(canary: Run) -> None:
    """Run what prints something of the set-up, or speaks with Twilio."""
    for args in (
        ("--help",),
        ("secrets", "--help"),
        ("secrets", "list"),
        ("secrets", "list", "--json"),
        ("config", "check", "--json"),
        ("dump",),
        ("list", "--json"),
        ("send", "--to", WHO, "--body", "Hej", "--wait", "10", "--json"),
        ("templates", "sync", "--json"),
        ("doctor", "--json"),
        ("doctor",),
    ):
        await canary(*args)


async def _crash(canary: Run) -> None:
    """Have a command end with an error that holds a secret in its text and its locals."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CRASH,
        *("--home", str(canary.home), "list"),
        env={**canary.place.env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 1
    assert b"RuntimeError" in err, err
    assert list(canary.place.folder.rglob("crash-*.txt"))
    canary.printed += [out.decode(), err.decode()]


def _hits_in_files(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [
        f"{canary} in {path.name}"
        for path in files
        for canary in CANARIES
        if canary.encode() in path.read_bytes()
    ]


def _hits_in_command_lines() -> list[str]:
    hits = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        if process.name != str(os.getpid()):
            hits += [canary for canary in CANARIES if canary.encode() in line]
    return hits
