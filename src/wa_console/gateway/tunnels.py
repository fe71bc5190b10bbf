"""Tunnels: other people's programs (or ngrok's library) that make the listener reachable.

One is started in a process group of its own with a clean environment, its output is read for the
public URL and otherwise forgotten: at higher log levels such tools print whole requests (faults
H5), so they run at their info level. Whether and when to start again is the caller's business.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import importlib.util
import os
import re
import shutil
import signal
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wa_console.domain.errors import SetupProblem, TwilioProblem
from wa_console.domain.i18n import _
from wa_console.domain.text import snippet
from wa_console.gateway.outside import Opened, Tunnel

CLOUDFLARED: Final = "cloudflared"
TAILSCALE: Final = "tailscale"
NGROK: Final = "ngrok"

_OPEN_WITHIN_S: Final = 60.0
_END_WITHIN_S: Final = 2.0
_LINE_LIMIT: Final = 64 * 1024
_LAST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Program:
    """A tunnel program.

    Attributes:
        name: What it is called on the PATH.
        arguments: Its arguments for a port of this computer.
        url: Finds the public URL in a line of its output.
    """

    name: str
    arguments: Callable[[int], tuple[str, ...]]
    url: re.Pattern[str]


PROGRAMS: Final[Mapping[str, Program]] = {
    CLOUDFLARED: Program(
        CLOUDFLARED,
        lambda port: ("tunnel", "--url", f"http://127.0.0.1:{port}", "--loglevel", "info"),
        # Its own service is named in error messages, and is no tunnel of ours.
        re.compile(r"https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com(?![\w.-])"),
    ),
    TAILSCALE: Program(
        TAILSCALE,
        lambda port: ("funnel", str(port)),
        re.compile(r"https://[a-z0-9.-]+\.ts\.net(?::\d+)?(?![\w.-])"),
    ),
}


def installed_tunnels(environment: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the tunnels that could be opened here; starts and imports none.

    Args:
        environment: Its PATH is where programs are looked for.
    """
    path = environment.get("PATH", "")
    found = [name for name in PROGRAMS if shutil.which(name, path=path)]
    return [*found, NGROK] if _has_ngrok() else found


def _has_ngrok() -> bool:
    try:
        return importlib.util.find_spec(NGROK) is not None
    except ValueError:  # a module of that name without a spec, or blocked by None
        return False


def open_tunnel(name: str, environment: Mapping[str, str]) -> Tunnel:
    """Return the tunnel of that name, not yet running.

    Args:
        name: ``cloudflared``, ``tailscale`` or ``ngrok``.
        environment: What a program may see; its PATH is where it is looked for.

    Raises:
        SetupProblem: There is no such kind.
    """
    if name == NGROK:
        return NgrokTunnel()
    if name not in PROGRAMS:
        raise SetupProblem(_("There is no tunnel called {name!r}.").format(name=name))
    return ProgramTunnel(PROGRAMS[name], environment)


class ProgramTunnel:
    """A tunnel by an external program (``gateway.outside.Tunnel``).

    Args:
        program: Which one.
        environment: All that it sees.
        open_within_s: Seconds it may take to tell its URL.
    """

    def __init__(
        self,
        program: Program,
        environment: Mapping[str, str],
        *,
        open_within_s: float = _OPEN_WITHIN_S,
    ) -> None:
        self._program = program
        self._environment = dict(environment)
        self._open_within_s = open_within_s

    async def run(self, port: int, opened: Opened) -> None:
        """Start it and keep it until cancelled; it is ended with all that it started.

        Raises:
            SetupProblem: It is not on the PATH.
            TwilioProblem: It told no URL in time, or it ended.
        """
        process = await self._start(port)
        last: deque[str] = deque(maxlen=2)
        try:
            async with asyncio.timeout(self._open_within_s) as limit:
                await self._read(process, last, limit, opened)
        except TimeoutError:
            raise TwilioProblem(
                _("{name} has not opened a tunnel within {s:g} seconds. {said}").format(
                    name=self._program.name, s=self._open_within_s, said=_said(last)
                )
            ) from None
        finally:
            await _end(process)
        raise TwilioProblem(
            _("{name} ended, and the tunnel with it. {said}").format(
                name=self._program.name, said=_said(last)
            )
        )

    async def _start(self, port: int) -> asyncio.subprocess.Process:
        path = shutil.which(self._program.name, path=self._environment.get("PATH", ""))
        if path is None:
            raise SetupProblem(
                _("The tunnel program {name} is not installed (not on the PATH).").format(
                    name=self._program.name
                )
            )
        try:
            return await asyncio.create_subprocess_exec(
                path,
                *self._program.arguments(port),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=self._environment,
                start_new_session=True,
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            raise SetupProblem(
                _("The tunnel program {name} cannot be started: {reason}.").format(
                    name=self._program.name, reason=error.strerror or error
                )
            ) from None

    async def _read(
        self,
        process: asyncio.subprocess.Process,
        last: deque[str],
        limit: asyncio.Timeout,
        opened: Opened,
    ) -> None:
        """Read its output to the end; the time limit counts until the first URL."""
        output = process.stdout
        assert output is not None  # noqa: S101 - asked for above
        url = ""
        while line := await _line(output):
            if line.strip():
                last.append(line)
            found = self._program.url.search(line)
            if found is not None and found[0] != url:
                url = found[0]
                limit.reschedule(None)
                await opened(url)


class NgrokTunnel:
    """A tunnel by ngrok's own library, which keeps it open by itself."""

    async def run(self, port: int, opened: Opened) -> None:
        """Open it and keep it until cancelled; the token is NGROK_AUTHTOKEN's.

        Raises:
            SetupProblem: The library is not installed.
            TwilioProblem: It did not open.
        """
        try:
            # Late: it is an extra, and 10 MB of machine code.
            ngrok: Any = importlib.import_module(NGROK)
        except ImportError:
            raise SetupProblem(
                _("ngrok's library is missing. Run: pip install 'wa-console[tunnel]'")
            ) from None
        try:
            listener = await ngrok.forward(f"127.0.0.1:{port}", authtoken_from_env=True)
        except Exception as error:  # the library raises ValueError, RuntimeError and its own
            raise TwilioProblem(
                _("ngrok has not opened a tunnel: {reason}. Is NGROK_AUTHTOKEN set?").format(
                    reason=snippet(str(error), _LAST_WORDS)
                )
            ) from None
        try:
            await opened(str(listener.url()))
            await asyncio.Event().wait()
        finally:
            with contextlib.suppress(Exception):  # it goes with the process in any case
                await listener.close()


async def _line(output: asyncio.StreamReader) -> str:
    """Return the next line, empty at the end; one without an end is cut into pieces."""
    try:
        data = await output.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        data = error.partial
    except asyncio.LimitOverrunError:
        data = await output.read(_LINE_LIMIT)
    return data.decode("utf-8", errors="replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it and its children, politely first; the group outlives its leader's death."""
    _signal(process.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(_END_WITHIN_S):
            await process.wait()
    except TimeoutError:
        pass
    finally:
        _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _said(last: deque[str]) -> str:
    words = snippet(" ".join(line.strip() for line in last), _LAST_WORDS)
    return _("It said: {words}").format(words=words) if words else ""
