"""Tunnels, played by small programs that print what the real ones print."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from wa_console.domain.errors import SetupProblem, TwilioProblem
from wa_console.gateway.outside import Tunnel
from wa_console.gateway.tunnels import (
    PROGRAMS,
    NgrokTunnel,
    ProgramTunnel,
    installed_tunnels,
    open_tunnel,
)

CLOUDFLARED = """
2026-11-23T10:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare \
account, is a quick way to experiment (https://www.cloudflare.com/website-terms/).
2026-11-23T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-11-23T10:00:04Z INF +------------------------------------------------------------+
2026-11-23T10:00:04Z INF |  Your quick Tunnel has been created! Visit it at:          |
2026-11-23T10:00:04Z INF |  https://four-small-words-here.trycloudflare.com           |
2026-11-23T10:00:04Z INF +------------------------------------------------------------+
"""
CLOUDFLARED_FAILS = (
    'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: '
    "lookup api.trycloudflare.com: no such host"
)
TAILSCALE = """
Available on the internet:

https://desk.tail1234.ts.net/
|-- proxy http://127.0.0.1:8765

Press Ctrl+C to exit.
"""


def program(
    folder: Path, name: str, says: str, *, then: str = "time.sleep(600)", stream: str = "stderr"
) -> dict[str, str]:
    """Put a program on a PATH of its own; returns the environment."""
    path = folder / name
    path.write_text(
        f"#!{sys.executable} -IS\n"
        "import json, os, signal, subprocess, sys, time\n"
        f"folder = {str(folder)!r}\n"
        "with open(folder + '/told', 'w') as told:\n"
        "    json.dump([sys.argv[1:], dict(os.environ), os.getpid()], told)\n"
        f"print({says!r}, file=sys.{stream}, flush=True)\n"
        f"{then}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return {"PATH": str(folder)}


class Door:
    """Collects URLs."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.open = asyncio.Event()

    async def __call__(self, url: str) -> None:
        self.urls.append(url)
        self.open.set()


async def opened(tunnel: Tunnel, door: Door) -> asyncio.Task[None]:
    """Start a tunnel and wait for its URL, or for its end."""
    task = asyncio.create_task(tunnel.run(8765, door))
    waiting = asyncio.create_task(door.open.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    return task


async def end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def told(folder: Path) -> tuple[list[str], dict[str, str], int]:
    import json

    arguments, environment, pid = json.loads((folder / "told").read_text("utf-8"))
    return arguments, environment, pid


@pytest.mark.parametrize(
    ("name", "says", "stream", "url", "arguments"),
    [
        (
            "cloudflared",
            CLOUDFLARED,
            "stderr",
            "https://four-small-words-here.trycloudflare.com",
            ["tunnel", "--url", "http://127.0.0.1:8765", "--loglevel", "info"],
        ),
        ("tailscale", TAILSCALE, "stdout", "https://desk.tail1234.ts.net", ["funnel", "8765"]),
    ],
)
async def test_the_url_is_read_from_what_the_program_prints(
    tmp_path: Path, name: str, says: str, stream: str, url: str, arguments: list[str]
) -> None:
    environment = program(tmp_path, name, says, stream=stream)
    door = Door()
    task = await opened(open_tunnel(name, environment), door)
    given, seen, pid = told(tmp_path)
    assert door.urls == [url]
    assert given == arguments
    assert set(seen) - {"LC_CTYPE"} == {"PATH"}
    await end(task)
    assert not is_alive(pid)


async def test_what_the_program_started_ends_with_it(tmp_path: Path) -> None:
    """Both hold a pipe open; it ends when the last of them has died."""
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    child = (
        "held = open(folder + '/alive', 'w')\n"
        "os.set_inheritable(held.fileno(), True)\n"
        "sleeper = [sys.executable, '-IS', '-c', 'import time; time.sleep(60)']\n"
        "subprocess.Popen(sleeper, close_fds=False)\n"
        "print('https://a-b.trycloudflare.com', flush=True)\n"
        "time.sleep(60)"
    )
    environment = program(tmp_path, "cloudflared", "", then=child)
    reading = asyncio.create_task(asyncio.to_thread(pipe.read_bytes))
    door = Door()
    task = await opened(open_tunnel("cloudflared", environment), door)
    assert door.urls == ["https://a-b.trycloudflare.com"]
    assert not reading.done()
    await end(task)
    assert await asyncio.wait_for(reading, 20) == b""


async def test_a_url_that_changes_is_told_again(tmp_path: Path) -> None:
    urls = ["https://a-b.trycloudflare.com", "https://c-d.trycloudflare.com"]
    says = "\n".join([urls[0], urls[0], urls[1]])
    environment = program(tmp_path, "cloudflared", says, then="sys.exit(1)")
    door = Door()
    task = await opened(open_tunnel("cloudflared", environment), door)
    with pytest.raises(TwilioProblem):
        await task
    assert door.urls == urls


async def test_one_that_does_not_listen_to_reason_is_killed(tmp_path: Path) -> None:
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('ready')\ntime.sleep(600)"
    environment = program(tmp_path, "tailscale", TAILSCALE, then=stubborn)
    task = await opened(open_tunnel("tailscale", environment), Door())
    pid = told(tmp_path)[2]
    await end(task)
    assert not is_alive(pid)


async def test_an_end_is_told_with_the_programs_own_words(tmp_path: Path) -> None:
    environment = program(tmp_path, "cloudflared", CLOUDFLARED_FAILS, then="sys.exit(1)")
    door = Door()
    task = await opened(open_tunnel("cloudflared", environment), door)
    with pytest.raises(TwilioProblem, match=r"cloudflared ended.*no such host"):
        await task
    assert door.urls == []


async def test_one_that_only_talks_is_given_up(tmp_path: Path) -> None:
    link = "Funnel is not enabled. To enable, visit:\n\n   https://login.tailscale.com/f/funnel"
    environment = program(tmp_path, "tailscale", link)
    tunnel = ProgramTunnel(PROGRAMS["tailscale"], environment, open_within_s=0.5)
    with pytest.raises(TwilioProblem, match=r"within 0\.5 seconds.*login\.tailscale\.com"):
        await tunnel.run(8765, Door())
    assert not is_alive(told(tmp_path)[2])


async def test_its_words_cannot_reach_the_terminal_raw(tmp_path: Path) -> None:
    environment = program(tmp_path, "cloudflared", "\x1b]52;c;aGFja2Vk\x07", then="sys.exit(1)")
    task = await opened(open_tunnel("cloudflared", environment), Door())
    with pytest.raises(TwilioProblem) as problem:
        await task
    assert "\x1b" not in str(problem.value)


async def test_an_endless_line_does_no_harm(tmp_path: Path) -> None:
    long = (
        "print('x' * 300_000)\nprint('https://e-f.trycloudflare.com', flush=True)\ntime.sleep(600)"
    )
    environment = program(tmp_path, "cloudflared", "", then=long)
    door = Door()
    task = await opened(open_tunnel("cloudflared", environment), door)
    await end(task)
    assert door.urls == ["https://e-f.trycloudflare.com"]


async def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupProblem, match="cloudflared is not installed"):
        await open_tunnel("cloudflared", {"PATH": str(tmp_path)}).run(8765, Door())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(SetupProblem, match="pigeon"):
        open_tunnel("pigeon", {})


def test_only_what_is_there_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ngrok", None)
    assert installed_tunnels({}) == []
    environment = program(tmp_path, "tailscale", "")
    (tmp_path / "cloudflared").write_text("not a program")
    assert installed_tunnels(environment) == ["tailscale"]


NGROK = """
class Listener:
    def url(self):
        return "https://1234.ngrok-free.app"
    async def close(self):
        closed.append(True)

closed = []
asked = []

async def forward(address, authtoken_from_env):
    asked.append((address, authtoken_from_env))
    if FAILS:
        raise ValueError("ERR_NGROK_4018: authentication failed")
    return Listener()
"""


@pytest.fixture
def ngrok(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A library of that name, which opens a tunnel or fails."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "ngrok", raising=False)
    (tmp_path / "ngrok.py").write_text(f"FAILS = {request.param}\n{NGROK}")


@pytest.mark.parametrize("ngrok", [False], indirect=True)
@pytest.mark.usefixtures("ngrok")
async def test_ngrok_is_opened_and_closed() -> None:
    door = Door()
    task = await opened(NgrokTunnel(), door)
    module = sys.modules.pop("ngrok")
    assert door.urls == ["https://1234.ngrok-free.app"]
    assert module.asked == [("127.0.0.1:8765", True)]
    await end(task)
    assert module.closed == [True]


@pytest.mark.parametrize("ngrok", [True], indirect=True)
@pytest.mark.usefixtures("ngrok")
async def test_ngrok_says_why_it_does_not_open() -> None:
    with pytest.raises(TwilioProblem, match="ERR_NGROK_4018"):
        await NgrokTunnel().run(8765, Door())
    sys.modules.pop("ngrok")


@pytest.mark.parametrize("ngrok", [False], indirect=True)
@pytest.mark.usefixtures("ngrok")
def test_ngrok_is_listed_without_being_imported() -> None:
    assert installed_tunnels({}) == ["ngrok"]
    assert "ngrok" not in sys.modules


async def test_without_ngroks_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ngrok", None)
    with pytest.raises(SetupProblem, match=r"pip install 'wa-console\[tunnel\]'"):
        await NgrokTunnel().run(8765, Door())
