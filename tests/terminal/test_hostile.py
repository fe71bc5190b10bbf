"""Customers' worst texts on every screen and in every command: nothing of theirs is obeyed.

What the program writes to the pseudo-terminal is kept byte for byte and read with a grammar of
what Textual writes (grammar.py). Everything else is a leak (faults F1, F2, F3, F9).
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.e2e.demo import Demo
from tests.e2e.harness import until
from tests.e2e.web import get_json
from tests.terminal.conftest import attached, find, foreign, on_terminal
from tests.terminal.driver import Terminal
from tests.terminal.grammar import foreign_in_lines, foreign_on_screen, leaked

pytestmark = pytest.mark.terminal

DATA = Path(__file__).resolve().parent.parent / "data" / "hostile_texts.json"
LONGEST, FORM_BYTES = 10_000, 40_000
"""A form holds 64 KiB; what is longer than that never reaches us."""
NEEDLE = "needle"
TALKERS = 4
"""So many customers write several of the texts, so that a timeline has them side by side."""


def _cut(text: str, times: int) -> str:
    per_text = max(1, len(quote_plus(text, errors="replace")))
    return text * min(times, LONGEST // max(1, len(text)), max(1, FORM_BYTES // per_text))


def _sendable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate has no UTF-8: no form can carry it
        return False
    return True


TEXTS = {
    item["name"]: _cut(item["text"], item.get("times", 1))
    for item in json.loads(DATA.read_text())
    if _sendable(item["text"])
}


def address(number: int) -> str:
    """Return the address of the customer with this number."""
    return f"+45301{number:05}"


@pytest.fixture(scope="module")
def hostile(demo: Demo) -> Demo:
    """The demo after everybody has written."""
    for number, text in enumerate(TEXTS.values()):
        extra = {"ProfileName": text[:2000]} if text else {}
        demo.say(address(number), f"{text} {NEEDLE}", extra=extra)
        demo.say(address(number % TALKERS), text, extra=extra)
    until(
        lambda: get_json(f"{demo.listener}/healthz")["journal_behind"] == 0, what="the projection"
    )
    return demo


def open_(console: Terminal, number: int) -> None:
    """Open the conversation of a hostile customer, from the inbox."""
    digits = address(number).removeprefix("+45")
    spaced = " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    find(console, digits, header=f"+45 {spaced} · ")


def no_leak(record: bytes) -> None:
    """Check that no control sequence of a customer's is in a recording."""
    assert {name: piece for name, text in TEXTS.items() if (piece := leaked(record, text))} == {}


def clean(console: Terminal) -> None:
    """Check that nothing of a customer's reached the screen as a command."""
    assert foreign(console) == []
    no_leak(bytes(console.record))


CONTROLS = {
    name: text
    for name, text in TEXTS.items()
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text)
}


@pytest.mark.parametrize("name", sorted(CONTROLS))
def test_the_check_finds_a_text_that_is_written_raw(name: str) -> None:
    said = f"{CONTROLS[name]} and so on"
    raw = f"\x1b[1;1H{said}\x1b[2;1H".encode()
    assert foreign_on_screen(raw, ended=False) or leaked(raw, said)
    assert foreign_in_lines(said.encode()) or leaked(said.encode(), said)


def test_the_check_knows_what_is_harmless() -> None:
    harmless = "plain text, æøå ✓✓ 👩‍🚀 \r\n"
    assert foreign_on_screen(f"\x1b[1;1H{harmless}\x1b[0m".encode(), ended=False) == []
    assert foreign_in_lines(f"\x1b[1m{harmless}\x1b[0m".encode()) == []


def test_the_inbox(hostile: Demo) -> None:
    with attached(hostile, size=(150, 40)) as console:
        console.shows("wa-console", "⏎ Open")
        console.press("]", "]", "]")
        console.shows("▐All")
        for _page in range(8):
            console.press("pagedown")
            console.still(for_s=0.08)
        console.press("G")
        screen = console.still()
        assert screen.splitlines()[0].lstrip().startswith("wa-console")
        assert "⏎ Open" in screen
        clean(console)


def test_timelines_biographies_and_the_customers_pane(hostile: Demo) -> None:
    with attached(hostile, size=(132, 30)) as console:
        console.shows("wa-console", "⏎ Open")
        for number in range(TALKERS):
            open_(console, number)
            console.press("shift+tab", "g")
            console.still(for_s=0.08)
            console.press("i")
            console.shows("MessageSid")
            console.press("end")
            console.still(for_s=0.08)
            console.press("escape")
            console.until(lambda text: "MessageSid" not in text, what="the timeline")
            console.press("G", "i")
            console.shows("MessageSid")
            console.press("escape")
            console.until(lambda text: "MessageSid" not in text, what="the timeline")
            console.press("escape")
            console.shows("⏎ Open")
        assert console.text.splitlines()[0].lstrip().startswith("wa-console")
        clean(console)


def test_picker_search_palette_and_notices(hostile: Demo) -> None:
    with attached(hostile, size=(100, 30)) as console:
        console.shows("wa-console", "⏎ Open")
        for number in (0, 12):
            open_(console, number)
            console.press("ctrl+t")
            console.shows("As the customer sees it")
            console.press("escape")
            console.shows("Reply to ")
            console.press("escape")
            console.shows("⏎ Open")
        console.press("ctrl+f")
        console.shows("Search all messages")
        console.type(NEEDLE)
        console.shows(NEEDLE, "messages")
        console.press(*["down"] * 20)
        console.still()
        console.press("escape")
        console.until(lambda text: "Search all messages" not in text, what="the console")
        console.press("ctrl+p")
        console.shows("Search for commands")
        console.type("+4530100")
        console.still()
        console.press("escape")
        console.until(lambda text: "Search for commands" not in text, what="the console")
        # What is said while one looks: new rows, new bubbles, a notice.
        for number in (0, 1):
            for text in list(TEXTS.values())[11:31]:
                hostile.say(address(number), text)
        console.still()
        console.press("ctrl+q")
        assert console.ended() == 0
        clean(console)


def test_the_notice_near_the_end_of_a_window(hostile: Demo) -> None:
    shown = hostile.conversation(address(2))
    with attached(hostile, size=(150, 40)) as console:
        console.shows("wa-console", "⏎ Open")
        open_(console, 2)
        now = hostile.clock()
        hostile.clock(now=shown["window"]["closes_at"], jump_s=-300)
        try:
            console.shows("ask something now")
            hostile.clock(now=shown["window"]["closes_at"])
            console.shows("Window closed since")
        finally:
            hostile.clock(now=now.isoformat())
        clean(console)


COMMANDS = [
    ("list", "--limit", "1000"),
    ("search", NEEDLE, "--limit", "1000"),
    ("list", "--limit", "1000", "--json"),
    *(("show", address(number), "--limit", "1000") for number in range(0, TALKERS, 2)),
    ("show", address(1), "--limit", "1000", "--json"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_commands_on_a_terminal(hostile: Demo, words: tuple[str, ...]) -> None:
    with on_terminal(hostile.place, "--home", str(hostile.home), *words) as console:
        assert console.ended() == 0
        assert b"Traceback" not in console.record
        assert foreign_in_lines(bytes(console.record)) == []
        no_leak(bytes(console.record))


def test_tail_on_a_terminal(hostile: Demo) -> None:
    words = ("--home", str(hostile.home), "tail", "--since", "0")
    with on_terminal(hostile.place, *words) as console:
        console.until(lambda _text: len(console.record) > 5000, what="changes")
        console.press("ctrl+c")
        assert console.ended() == 130
        record = bytes(console.record).replace(b"^C", b"")
        assert foreign_in_lines(record) == []
