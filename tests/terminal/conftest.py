"""A headless demo a file, and consoles on pseudo-terminals over its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.e2e.demo import Demo, demo_running
from tests.e2e.harness import PROGRAM, Place
from tests.terminal.driver import Terminal, terminal


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
