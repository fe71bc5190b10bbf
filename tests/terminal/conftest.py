"""A headless demo a file, and consoles on pseudo-terminals over its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.e2e.demo import Demo, demo_running
from tests.e2e.harness import PROGRAM, Place
from tests.terminal.driver import Terminal, terminal
from tests.terminal.grammar import foreign_on_screen


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder and an environment with nothing of ours in it."""
    return Place.in_folder(tmp_path_factory.mktemp("place")).with_env(COLORTERM="truecolor")


@pytest.fixture(scope="module")
def demo(place: Place) -> Iterator[Demo]:
    """A headless demo, shared by the tests of a file."""
    with demo_running(place) as running:
        yield running


def on_terminal(
    place: Place, *words: str, size: tuple[int, int] = (80, 24)
) -> AbstractContextManager[Terminal]:
    """Run wa-console with these words on a terminal."""
    return terminal([*PROGRAM, *words], env=place.env, cwd=place.folder, size=size)


def attached(demo: Demo, *, size: tuple[int, int] = (80, 24)) -> AbstractContextManager[Terminal]:
    """Open a console that shows the demo's store and runs no engine."""
    return on_terminal(demo.place, "--home", str(demo.home), "--attach", size=size)


def find(console: Terminal, words: str, *, header: str) -> None:
    """Open the conversation of somebody, whichever view they are in.

    Args:
        words: A name or number that fits only them.
        header: What stands above their conversation and no other.
    """
    if "▐All" not in console.text:
        console.press("]", "]", "]")
        console.shows("▐All")
    console.press("/", "ctrl+u")
    console.shows("Name or number")
    console.type(words)
    console.until(lambda text: _rows(text) == 1, what=f"the one row of {words}")
    console.press("enter", "enter")  # the second one waits until the cursor is back in the list
    console.shows("Reply to", header, "Own editor")  # the composer has the focus


def _rows(text: str) -> int:
    """Return how many conversations the inbox shows: lines with a time left or its end."""
    return sum(1 for line in text.splitlines() if line[1:2] in "●◑◔○" and line[:1] in " ▌")


def foreign(console: Terminal) -> list[str]:
    """Return what the program on a screen wrote and Textual did not."""
    return foreign_on_screen(bytes(console.record), ended=not console.running)
