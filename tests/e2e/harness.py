"""Runs `python -m wa_console` the way a person or a service manager does: from outside.

Duty: processes, their environment, their ends. It knows the command line and the exit codes of
CONTRACT and nothing of what is inside. A short command may be run in this process instead.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar
from unittest.mock import patch

from wa_console.cli.main import run

T = TypeVar("T")
Json = dict[str, Any]

PROGRAM = (sys.executable, "-m", "wa_console")
WITHIN_S = 20.0
"""Seconds that anything may take on a busy machine before a test gives up on it."""
END_S = 5.0
"""Seconds in which SIGTERM ends a program in order (CONTRACT, ``engine``)."""
_LOOK_S = 0.02
_tick = threading.Event()


def until(look: Callable[[], T | None], *, within: float = WITHIN_S, what: str = "it") -> T:
    """Look at the thing itself again and again; return the first answer that is true.

    Raises:
        AssertionError: It did not come true in time.
    """
    end = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {within} s; last: {found!r}")
        _tick.wait(_LOOK_S)


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    args: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Json]:
        """Its standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def one(self) -> Json:
        """Its standard output as the one JSON object it is."""
        (line,) = self.lines
        return line

    def ok(self, code: int = 0) -> Done:
        """Check the exit code; returns itself."""
        assert self.code == code, f"{self.args} ended with {self.code}, not {code}:\n{self.err}"
        return self


class Program:
    """A program at work; its output is read as it comes, so that it never waits for us.

    Args:
        args: The arguments after ``wa-console``.
        env: Its whole environment.
        cwd: Its folder.
    """

    def __init__(self, args: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> None:
        self.args = tuple(args)
        self._process = subprocess.Popen(
            [*PROGRAM, *args],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._news = threading.Condition()
        self._readers = [
            self._read(self._process.stdout, self.out),
            self._read(self._process.stderr, self.err),
        ]

    def _read(self, pipe: IO[str] | None, lines: list[str]) -> threading.Thread:
        assert pipe is not None

        def work() -> None:
            with pipe:
                for line in pipe:
                    with self._news:
                        lines.append(line.rstrip("\n"))
                        self._news.notify_all()
            with self._news:
                self._news.notify_all()

        reader = threading.Thread(target=work, daemon=True)
        reader.start()
        return reader

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def line(
        self, fits: Callable[[str], bool], *, within: float = WITHIN_S, err: bool = False
    ) -> str:
        """Return the first line of its output (or errors) that fits, once it is there."""
        lines, end = (self.err if err else self.out), time.monotonic() + within
        with self._news:
            while True:
                found = next((line for line in lines if fits(line)), None)
                if found is not None:
                    return found
                left = end - time.monotonic()
                assert left > 0, f"{self.args} printed no such line: {self.out} {self.err}"
                assert self.running or any(r.is_alive() for r in self._readers), (
                    f"{self.args} ended with {self._process.poll()}: {self.out} {self.err}"
                )
                self._news.wait(min(left, 0.2))

    def end(self, number: signal.Signals = signal.SIGTERM, *, within: float = END_S) -> int:
        """Ask it to end, wait for that; returns the exit code.

        Raises:
            AssertionError: It did not end in time, or left a traceback.
        """
        self._process.send_signal(number)
        return self.ended(within=within)

    def ended(self, *, within: float = WITHIN_S) -> int:
        """Wait until it has ended by itself; returns the exit code."""
        try:
            code = self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.args} did not end within {within} s: {self.err}") from None
        self._join()
        assert "Traceback" not in "\n".join(self.err), "\n".join(self.err)
        return code

    def kill(self) -> None:
        """End it without asking, for the end of a test that failed."""
        if self.running:
            self._process.kill()
            self._process.wait(END_S)
        self._join()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(END_S)


class _Bytes(io.BytesIO):
    name = "<stdin>"


class _Text(io.TextIOWrapper):
    """A standard stream of a command that is run in this process."""

    def __init__(self, text: str = "") -> None:
        self._bytes = _Bytes(text.encode())
        super().__init__(self._bytes, encoding="utf-8")

    @property
    def told(self) -> str:
        """All that was written to it."""
        self.flush()
        return self._bytes.getvalue().decode()


@dataclass(frozen=True, slots=True)
class Place:
    """A computer of its own: a folder for homes, an environment with nothing of ours in it."""

    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path) -> Place:
        """Make one below ``folder``."""
        temporary = folder / "tmp"
        temporary.mkdir()
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "USER": "tester",
            "LOGNAME": "tester",
        }
        return cls(folder, env)

    @property
    def temporary(self) -> Path:
        """Where the programs put their temporary folders."""
        return Path(self.env["TMPDIR"])

    def home(self, name: str = "home") -> Path:
        """Return the path of a home; it need not exist."""
        return self.folder / name

    def with_env(self, **more: str) -> Place:
        """Return the same place with more in its environment."""
        return Place(self.folder, {**self.env, **more})

    def run(
        self, *args: str, home: Path | None = None, stdin: str = "", within: float = WITHIN_S
    ) -> Done:
        """Run a command to its end.

        Raises:
            AssertionError: It takes too long, or leaves a traceback.
        """
        words = [*(("--home", str(home)) if home else ()), *args]
        try:
            done = subprocess.run(
                [*PROGRAM, *words],
                env=dict(self.env),
                cwd=self.folder,
                input=stdin,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=within,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{args} did not end within {within} s") from None
        assert "Traceback" not in done.stderr, done.stderr
        return Done(tuple(args), done.returncode, done.stdout, done.stderr)

    def call(self, *args: str, home: Path | None = None, stdin: str = "") -> Done:
        """Run a command to its end in this process, through the entry point of the program.

        For tests in which the process is not the point: a start of Python and of our imports costs
        ten times the command. Only for commands that end by themselves, and from the main thread.
        """
        words = [*(("--home", str(home)) if home else ()), *args]
        out, err = _Text(), _Text()
        with (
            patch.dict(os.environ, self.env, clear=True),
            contextlib.chdir(self.folder),
            patch.object(sys, "stdin", _Text(stdin)),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(words)
        assert "Traceback" not in err.told, err.told
        return Done(tuple(args), code, out.told, err.told)

    @contextmanager
    def started(self, *args: str, home: Path | None = None) -> Iterator[Program]:
        """Start a program; whatever a test does, it is gone afterwards."""
        words = [*(("--home", str(home)) if home else ()), *args]
        program = Program(words, env=self.env, cwd=self.folder)
        try:
            yield program
        finally:
            program.kill()

    @contextmanager
    def engine(self, *args: str, home: Path) -> Iterator[tuple[Program, str]]:
        """Start an engine on a free port; yields it with its URL once it listens."""
        with self.started("engine", "--port", "0", *args, home=home) as program:
            yield program, listening(program)


def listening(program: Program, *, within: float = WITHIN_S) -> str:
    """Return the URL that an engine says it listens at."""
    line = program.line(lambda text: text.startswith("listening on "), within=within)
    return line.removeprefix("listening on ")
