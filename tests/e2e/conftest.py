"""A computer of its own for each test file; a demo, a stub Twilio, an engine for who asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.demo import Demo, demo_running
from tests.e2e.harness import Place
from tests.e2e.stub import Stub, stub_running


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder and an environment with nothing of ours in it."""
    return Place.in_folder(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def demo(place: Place) -> Iterator[Demo]:
    """A headless demo, shared by the tests of a file."""
    with demo_running(place) as running:
        yield running


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    """A Twilio that says what it is told to."""
    with stub_running() as running:
        yield running
