"""The console on a terminal: what a newcomer sees, what the keys do, how it ends."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.demo import Demo
from tests.e2e.harness import Place, until
from tests.terminal.conftest import attached, find, foreign, on_terminal
from tests.terminal.driver import Terminal, terminal

pytestmark = pytest.mark.terminal

SIZES = [(80, 24), (150, 40)]
COUNTDOWN = re.compile(r"\b\d{1,2}:\d\d\b")
RESTORED = ("?1049l", "?1000l", "?1003l", "?1006l", "?1015l", "?1004l", "?2004l", "?25h", "?7h")
"""What a terminal must be told last: no other screen, no mouse, no paste marks; a cursor, wrap."""
WRITER, CLOSER = "+4530117700", "+4530117701"


def restored(console: Terminal) -> list[str]:
    """Return the modes that the terminal was left in a mess with: not told off, or on again."""
    record = console.record.decode("utf-8", "replace")
    return [
        mode
        for mode in RESTORED
        if record.rfind(f"\x1b[{mode}") <= record.rfind(f"\x1b[{mode[:-1]}{_other(mode[-1])}")
    ]


def _other(end: str) -> str:
    return "h" if end == "l" else "l"


def usable(console: Terminal) -> str:
    """Wait for what a newcomer needs: who waits, how long it lasts, what to press."""
    return console.until(
        lambda text: (
            all(word in text for word in ("Mette Holm", "closed", "Open", "Help", "Available"))
            and COUNTDOWN.search(text)
        ),
        within=40,
        what="a usable console",
    )


@pytest.mark.parametrize("size", SIZES)
def test_the_demo_is_usable_and_leaves_nothing(tmp_path: Path, size: tuple[int, int]) -> None:
    place = Place.in_folder(tmp_path).with_env(COLORTERM="truecolor")
    with on_terminal(place, "demo", size=size) as console:
        usable(console)
        console.press("ctrl+q")
        assert console.ended() == 0
        assert restored(console) == []
        assert foreign(console) == []
    assert list(place.temporary.iterdir()) == []


@pytest.mark.parametrize("size", SIZES)
def test_keys_move_open_write_and_help(demo: Demo, size: tuple[int, int]) -> None:
    with attached(demo, size=size) as console:
        usable(console)
        console.press("?")
        console.shows("Keys that work here")
        console.press("escape")
        console.until(lambda text: "Keys that work here" not in text, what="the console again")
        console.press("j", "k", "j", "enter")
        console.shows("Reply to ")
        console.type("see you? [b]")
        console.shows("see you? [b]", "12 / 1600")
        console.press("ctrl+t")
        console.shows("delivery_delay", "approved")
        console.press("escape")
        console.until(lambda text: "As the customer" not in text, what="the composer again")
        console.shows("see you? [b]", "Reply to ")
        console.press(*["ctrl+h"] * 12)
        console.until(lambda text: "see you?" not in text, what="an empty composer")
        console.press("escape")
        console.shows("⏎ Open")
        console.press("ctrl+q")
        assert console.ended() == 0
        assert restored(console) == []
        assert foreign(console) == []


def test_keys_typed_ahead_go_where_the_person_means(demo: Demo) -> None:
    """Over ssh a burst of keys comes in one piece: none of it may run as a command instead."""
    with attached(demo, size=(100, 30)) as console:
        usable(console)
        before = demo.lines("list")
        console.send(b"/xxRU")
        console.shows("xxRU", within=5)
        assert [c["state"] for c in demo.lines("list")] == [c["state"] for c in before]


def test_text_after_enter_and_after_ctrl_t_reaches_its_box(demo: Demo) -> None:
    """Both read the store before the box is there; the letters wait for it."""
    with attached(demo, size=(150, 40)) as console:
        usable(console)
        before = demo.lines("list")
        console.send(b"\rxaNRU 1")
        console.shows("Reply to Mette Holm", "xaNRU 1", "7 / 1600")
        console.send(b"\x14feedb")
        console.shows("As the customer sees it", "delivery_feedback")
        console.until(lambda text: "delivery_delay" not in text, what="the one that fits")
        console.press("escape")
        console.shows("Reply to Mette Holm", "xaNRU 1", "7 / 1600")
        console.send(b"\x7f" * 7 + b"\x1b")
        console.shows("0 / 1600", "Open")
        after = demo.lines("list")
        assert [(c["state"], c["assignee"]) for c in after] == [
            (c["state"], c["assignee"]) for c in before
        ]


def test_a_reply_reaches_the_customer(demo: Demo) -> None:
    demo.heard(
        WRITER, demo.say(WRITER, "hello from outside", extra={"ProfileName": "Wanda"})["sid"]
    )
    with attached(demo, size=(150, 40)) as console:
        usable(console)
        find(console, "Wanda", header="+45 30 11 77 00")
        console.shows("hello from outside")
        console.type("good day to you")
        console.press("enter")
        console.until(lambda text: "good day to you" in text and "✓✓ read" in text, what="a tick")
    assert [a["body"] for a in demo.truth()["accepted"]].count("good day to you") == 1


def test_a_window_passes_its_end_on_screen(demo: Demo) -> None:
    """Ticking, warning, closed, the draft kept; it opens again when the customer writes."""
    cleo = {"ProfileName": "Cleo"}
    demo.heard(CLOSER, demo.say(CLOSER, "the first word", extra=cleo)["sid"])
    closes = demo.conversation(CLOSER)["window"]["closes_at"]
    now = demo.clock()
    with attached(demo, size=(150, 40)) as console:
        try:
            usable(console)
            find(console, "Cleo", header="+45 30 11 77 01")
            console.type("half a thought")
            console.shows("half a thought", "left to reply freely")
            demo.clock(now=closes, jump_s=-9 * 60)
            console.shows("0:08:", "ask something now", "half a thought")
            demo.clock(now=closes, jump_s=-2)
            bar = console.until(lambda text: "Window closed since" in text, what="template bar")
            assert "half a thought" in bar
            assert "Reply to Cleo" not in bar
            # Enter does not send any more: it opens the picker.
            before = len(demo.truth()["accepted"])
            console.press("enter")
            console.shows("delivery_delay", "As the customer sees it")
            console.press("escape")
            console.until(lambda text: "As the customer" not in text, what="the bar again")
            console.shows("Window closed since", "half a thought")
            assert len(demo.truth()["accepted"]) == before
            demo.say(CLOSER, "the second word", extra=cleo)
            console.shows("Reply to Cleo", "half a thought", "the second word")
            console.press("enter")
            console.shows("half a thought", "0 / 1600")
            sent = demo.message(CLOSER, lambda m: m["direction"] == "outbound")
            assert sent["body"] == "half a thought"
        finally:
            demo.clock(now=now.isoformat())


def test_at_speed_3600_windows_close_before_ones_eyes(tmp_path: Path) -> None:
    """With an hour a second, the 22 h that the demo's Priya has left are over in half a minute."""
    place = Place.in_folder(tmp_path)
    left = re.compile(r"(\d+) h +Priya")
    with on_terminal(place, "demo", "--speed", "3600", size=(100, 30)) as console:
        # A countdown of minutes stands there for a second only: `usable` might wait for long.
        found = left.search(console.until(left.search, within=40, what="Priya"))
        assert found
        first = int(found[1])

        def ticked(text: str) -> bool:
            now = left.search(text)
            return bool(now and int(now[1]) <= first - 2)

        console.until(ticked, what="hours to pass")
        console.signal(signal.SIGTERM)
        assert console.ended() == 143


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_restores_the_terminal(demo: Demo, number: signal.Signals, code: int) -> None:
    with attached(demo) as console:
        usable(console)
        console.signal(number)
        assert console.ended(within=5) == code
        assert restored(console) == []


def test_ctrl_c_says_how_to_leave_and_leaves_the_second_time(demo: Demo) -> None:
    with attached(demo) as console:
        usable(console)
        console.press("ctrl+c")
        console.shows("Ctrl+Q")
        console.press("ctrl+c")
        assert console.ended() == 130
        assert restored(console) == []


def test_a_resize_is_followed(demo: Demo) -> None:
    with attached(demo, size=(150, 40)) as console:
        usable(console)
        console.shows("f2 Presence")
        console.resize(80, 24)
        console.until(lambda text: "Mette Holm" in text and "Free" in text, what="a narrow screen")
        console.resize(50, 15)
        console.shows("60 columns")
        console.resize(150, 40)
        console.shows("Mette Holm", "Unassigned", "f2 Presence")
        assert foreign(console) == []


CRASHING = """
import sys
from wa_console.ui.screens.console import ConsoleScreen

def boom(self):
    secret = "canary-of-a-token"
    raise RuntimeError(f"quoting the customer: {secret}")

ConsoleScreen.action_help = ConsoleScreen.action_search = boom
from wa_console.__main__ import main
main()
"""


def test_a_crash_is_a_sentence_on_a_mended_terminal(demo: Demo) -> None:
    place = demo.place
    command = [sys.executable, "-c", CRASHING, "--home", str(demo.home), "--attach"]
    with terminal(command, env=place.env, cwd=place.folder) as console:
        usable(console)
        console.press("ctrl+f")
        assert console.ended() == 1
        assert restored(console) == []
        end = console.record.decode().rpartition("\x1b[?1049l")[2]
        assert "wa-console stopped" in end
        assert b"canary" not in console.record
        assert b"Traceback" not in console.record
    reports = list((demo.home / "logs").glob("crash-*.txt"))
    assert reports
    for report in reports:
        assert "canary" not in report.read_text()
        assert report.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", ["dumb", ""])
@pytest.mark.parametrize("words", [(), ("demo",)])
def test_a_terminal_that_cannot_show_a_screen(
    place: Place, kind: str, words: tuple[str, ...]
) -> None:
    with on_terminal(place.with_env(TERM=kind), *words) as console:
        assert console.ended() == 2
        assert "TERM" in console.text
        assert "Traceback" not in console.text
        assert b"\x1b" not in console.record


def test_reset_terminal_mends_what_a_kill_left(place: Place) -> None:
    with on_terminal(place, "reset-terminal") as console:
        assert console.ended() == 0
        assert all(f"\x1b[{mode}".encode() in console.record for mode in RESTORED if mode != "?7h")


def test_a_console_takes_over_when_the_engine_leaves(tmp_path: Path, demo: Demo) -> None:
    """Beside an engine it only looks; when the engine ends it runs one itself, and sends."""
    place = Place.in_folder(tmp_path).with_env(
        WA_CONSOLE_TWILIO_BASE_URL=demo.simulator,
        WA_CONSOLE_PORT="0",
        TWILIO_ACCOUNT_SID=demo.account_sid,
        TWILIO_AUTH_TOKEN=(demo.home / "token").read_text(),
        WA_CONSOLE_POLL="0",
    )
    home = place.home()
    setup = f'[account]\naccount_sid = "{demo.account_sid}"\n'
    number = f'[[number]]\nname = "Support"\naddress = "{demo.number}"\n'
    place.call("apply", "-", home=home, stdin=setup + number).ok()
    with (
        place.engine(home=home) as (engine, _url),
        on_terminal(place, "--home", str(home), size=(150, 40)) as console,
    ):
        console.shows("No one")
        assert str(engine.pid) in holder(place)
        assert engine.end() == 143
        until(lambda: str(console.pid) in holder(place), what="the console to take over")
        console.press("ctrl+q")
        assert console.ended() == 0
    with place.engine(home=home) as (engine, _url):
        assert engine.end() == 143


def holder(place: Place) -> str:
    """Return what the doctor says of the engine: who runs it."""
    checks = place.call("doctor", "--offline", "--json", home=place.home()).lines
    return next(str(check["text"]) for check in checks if check["check"] == "engine")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_in_tmux_it_is_usable_and_comes_back_after_ctrl_z(demo: Demo, tmp_path: Path) -> None:
    tmux = ["tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null"]
    env = {**demo.place.env, "TMUX_TMPDIR": str(tmp_path), "SHELL": "/bin/sh", "PS1": "$ "}

    def call(*words: str) -> str:
        done = subprocess.run(
            [*tmux, *words], env=env, capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout

    def pane() -> str:
        return call("capture-pane", "-p")

    call("new-session", "-d", "-x", "100", "-y", "30", "/bin/sh")
    try:
        command = f"{sys.executable} -m wa_console --home {demo.home} --attach"
        call("send-keys", command, "Enter")
        until(lambda: "Mette Holm" in pane() and "Open" in pane(), what="the console")
        call("send-keys", "C-z")
        until(lambda: "Mette Holm" not in pane(), what="the shell")
        call("send-keys", "fg", "Enter")
        until(lambda: "Mette Holm" in pane() and "Open" in pane(), what="the console again")
        call("send-keys", "C-q")
        until(lambda: "Mette Holm" not in pane(), what="the shell at the end")
        call("send-keys", "echo code $?", "Enter")
        until(lambda: "code 0" in pane(), what="the exit code")
    finally:
        call("kill-server")


def test_time_is_read_not_counted(demo: Demo) -> None:
    """A jump of the clock shows at once: nothing is decremented (faults H1)."""
    with attached(demo, size=(100, 30)) as console:
        usable(console)
        now = demo.clock()
        demo.clock(now=(now + timedelta(hours=5)).isoformat())
        try:
            console.until(lambda text: "Mette Holm" not in text or "closed" in text, within=5)
            console.until(lambda text: re.search(r"closed +Mette", text), what="Mette's end")
        finally:
            back = now + (demo.clock() - now - timedelta(hours=5))
            demo.clock(now=datetime.isoformat(back))
