"""A loop goes on whatever happens in it, and says so."""

from __future__ import annotations

import asyncio
import logging

import pytest

from wa_console.domain.errors import TwilioProblem
from wa_console.services.supervision import Supervisor

BRISK = {"first_s": 0.001, "longest_s": 0.004}


async def test_a_step_that_fails_is_tried_again() -> None:
    supervisor = Supervisor(**BRISK)
    seen: list[str] = []
    done = asyncio.Event()

    async def step() -> None:
        seen.append(supervisor.troubles.get("loop", ""))
        match len(seen):
            case 1:
                raise TwilioProblem("Twilio is away.")
            case 2:
                raise ValueError("secret words of a customer")
            case 4:
                done.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(supervisor.keep("loop", step))
    await asyncio.wait_for(done.wait(), 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen[:2] == ["", "Twilio is away."]
    assert "ValueError" in seen[2]
    assert "secret" not in seen[2]
    assert seen[3] == ""


async def test_until_done_ends_with_the_first_success() -> None:
    supervisor = Supervisor(**BRISK)
    left = [3]

    async def step() -> None:
        left[0] -= 1
        if left[0]:
            raise TwilioProblem("not yet")

    await asyncio.wait_for(supervisor.until_done("start", step), 5)
    assert left == [0]
    assert supervisor.troubles == {}


async def test_the_log_gets_a_traceback_of_our_own_mistakes_only(
    caplog: pytest.LogCaptureFixture,
) -> None:
    supervisor = Supervisor(**BRISK)
    errors: list[Exception] = [ValueError("x"), TwilioProblem("y")]

    async def step() -> None:
        if errors:
            raise errors.pop()

    with caplog.at_level(logging.ERROR):
        await supervisor.until_done("loop", step)
    assert [bool(record.exc_info) for record in caplog.records] == [False, True]
