"""A terminal without a person: a pseudo-terminal, a screen to look at, and every byte kept.

Duty: start a program on it, press keys, wait for what the screen shows. The screen is pyte's; the
bytes are kept raw beside it, since a terminal emulator forgives what a real terminal obeys.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

WITHIN_S = 20.0
_CHUNK = 65536
_SLICE_S = 0.05
_ESCAPE_S = 0.15

KEYS: Mapping[str, bytes] = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "shift+tab": b"\x1b[Z",
    "pagedown": b"\x1b[6~",
    "end": b"\x1b[F",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "f1": b"\x1bOP",
    "f3": b"\x1bOR",
    **{f"ctrl+{letter}": bytes([ord(letter) & 0x1F]) for letter in "abcdefghjklmnopqrstuvwxyz"},
}


class Terminal:
    """A program on a pseudo-terminal.

    Attributes:
        record: Every byte the program has written.
        screen: What a terminal shows of it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.columns, self.rows = size
        self.record = bytearray()
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._fed = 0
        self._shown: str | None = None
        self._escaped_at = 0.0
        self._master, slave = pty.openpty()
        self._set_size()
        try:
            self._process = subprocess.Popen(
                [*command],
                env=dict(env),
                cwd=cwd,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            )
        finally:
            os.close(slave)

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.pid

    @property
    def text(self) -> str:
        """The screen as text, a line per row."""
        self._feed()
        if self._shown is None:
            self._shown = "\n".join(self.screen.display)
        return self._shown

    def _feed(self) -> None:
        if self._fed == len(self.record):
            return
        self._shown = None
        # Private sequences that pyte does not know (kitty keys) would be shown as text by it.
        fresh = bytes(self.record[self._fed :])
        self._fed = len(self.record)
        self._stream.feed(_for_pyte(fresh))

    def _set_size(self) -> None:
        packed = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, packed)

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller, as a window manager does."""
        self.columns, self.rows = columns, rows
        self._feed()
        self.screen.resize(rows, columns)
        self._shown = None
        self._set_size()
        os.killpg(self._process.pid, signal.SIGWINCH)

    def press(self, *keys: str) -> None:
        """Press keys by name, or by what they print."""
        for key in keys:
            self.send(KEYS.get(key, key.encode()))

    def type(self, text: str) -> None:
        """Type a text, key by key, as a person does."""
        for char in text:
            self.send(char.encode())

    def send(self, data: bytes) -> None:
        """Write bytes to the program's input."""
        if self._escaped_at:
            # What follows an Escape at once is taken for the rest of one key.
            while (left := self._escaped_at + _ESCAPE_S - time.monotonic()) > 0:
                self.pump(left)
        self._escaped_at = time.monotonic() if data == KEYS["escape"] else 0.0
        os.write(self._master, data)

    def pump(self, seconds: float) -> bool:
        """Take up what the program writes, at most for so long; False once it has hung up."""
        ready, _w, _x = select.select([self._master], [], [], max(0.0, seconds))
        if not ready:
            return True
        try:
            data = os.read(self._master, _CHUNK)
        except OSError:  # EIO: the other end is closed
            return False
        self.record += data
        return bool(data)

    def _more(self) -> bool:
        return bool(select.select([self._master], [], [], 0)[0])

    def until(
        self, shows: Callable[[str], object], *, within: float = WITHIN_S, what: str = "it"
    ) -> str:
        """Wait until the screen shows something; returns the screen.

        Raises:
            AssertionError: It did not in time, or the program has ended.
        """
        end = time.monotonic() + within
        while not shows(text := self.text):
            alive = self.pump(_SLICE_S)
            while alive and self._more():
                alive = self.pump(0)
            if shows(text := self.text):
                break
            assert alive, f"the program ended before {what}:\n{text}"
            assert time.monotonic() < end, f"{what} was not shown within {within} s:\n{text}"
        return text

    def shows(self, *words: str, within: float = WITHIN_S) -> str:
        """Wait until all words stand on the screen; returns the screen."""
        return self.until(
            lambda text: all(w in text for w in words), within=within, what=f"{words}"
        )

    def still(self, *, for_s: float = 0.15, within: float = WITHIN_S) -> str:
        """Wait until nothing was written for a moment; returns the screen."""
        end, count = time.monotonic() + within, -1
        while count != len(self.record) and time.monotonic() < end:
            count = len(self.record)
            pause = time.monotonic() + for_s
            while time.monotonic() < pause and self.pump(pause - time.monotonic()):
                pass
        return self.text

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def ended(self, *, within: float = WITHIN_S) -> int:
        """Wait until the program has ended, all it wrote taken up; returns the exit code."""
        end = time.monotonic() + within
        while self._process.poll() is None:
            assert time.monotonic() < end, f"it did not end within {within} s:\n{self.text}"
            if not self.pump(_SLICE_S):
                self._process.wait(max(0.1, end - time.monotonic()))
        while self.pump(0) and select.select([self._master], [], [], 0)[0]:
            pass
        self._feed()
        return self._process.returncode

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(OSError):
            os.close(self._master)


def _for_pyte(data: bytes) -> bytes:
    """Return the bytes without the sequences that pyte takes for text."""
    for known in (b"\x1b[>1u", b"\x1b[>25u", b"\x1b[<u", b"\x1b[?2026$p", b"\x1b[?2048$p"):
        data = data.replace(known, b"")
    return data


@contextmanager
def terminal(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    size: tuple[int, int] = (80, 24),
) -> Iterator[Terminal]:
    """Run a program on a terminal of its own; whatever a test does, it is gone afterwards."""
    opened = Terminal(command, env=env, cwd=cwd, size=size)
    try:
        yield opened
    finally:
        opened.close()
