"""What the parts of the simulator share: world, clock, faults, truth, courier, tasks.

Duty: one object that is handed about instead of globals, and the keeper of background tasks. It
does nothing by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from aiohttp import web

from wa_console.simulator.clock import SimClock
from wa_console.simulator.courier import Courier
from wa_console.simulator.faults import FaultBook
from wa_console.simulator.records import Message
from wa_console.simulator.truth import Truth
from wa_console.simulator.world import World


class Crew:
    """Background tasks that end with the simulator, none of them forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Runs ``work`` until it ends or the simulator stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def dismiss(self) -> None:
        """Cancels all tasks and waits until they have ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _nobody(_message: Message) -> None:
    """Stands for the customers until there are any."""


@dataclass(slots=True)
class Site:
    """The parts, and the hook by which customers learn of a delivered message.

    ``base_url`` is known once the server listens; ``closing`` is set when it is about to stop.
    """

    world: World
    clock: SimClock
    courier: Courier
    faults: FaultBook = field(default_factory=FaultBook)
    truth: Truth = field(default_factory=Truth)
    crew: Crew = field(default_factory=Crew)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    on_delivered: Callable[[Message], None] = _nobody
    base_url: str = ""


SITE: web.AppKey[Site] = web.AppKey("site", Site)
"""Where the web application keeps its site."""
