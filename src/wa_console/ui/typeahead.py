"""Keys typed ahead: each waits until what the key before it set off has come to rest.

Textual hands a key to whatever has the focus at that moment. A burst that comes in one piece (ssh,
a paste, a fast typist) is handed out before its first key has moved the focus, so the letters of
``/xxRU`` ran as commands and one asked to close a conversation. Knows no screen and no command.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from typing import Any, Final

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget
from textual.worker import WorkType

MOVES: Final = frozenset(
    {"begin", "chore", "inbox", "message", "new", "open", "presence", "search", "template"}
)
"""Groups of workers that end with the cursor somewhere else, or with other rows below it."""
_ALWAYS: Final = frozenset({"ctrl+q", "ctrl+c"})
"""What lets a person leave waits for nothing: a disk that hangs would hold it for ever."""
_ROUNDS: Final = 2
"""One for the key on its way up, one for the intent that a widget posted because of it."""
_PAUSE_S: Final = 0.005
_LOST_S: Final = 0.2


class KeysAstray(Message):
    """What was asked for was refused: the keys typed after it were meant for another place."""


class KeyEcho(Message):
    """Follows a key through the same queues: when it is home, the key has been handled."""

    def __init__(self) -> None:
        super().__init__()
        self.home = asyncio.Event()


class PatientApp(App[None]):
    """An app in which typed-ahead keys go where the person means.

    Text into a box passes at once, also while the filter it goes to is being looked up. Any other
    key may move the focus: those that follow it wait until the focus stands still and no worker of
    `MOVES` runs on the screen in front.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[events.Key | events.Paste] = deque()
        self._restless = False

    async def on_event(self, event: events.Event) -> None:
        """Hand a key on, or keep it until its turn."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key in _ALWAYS:
            await self._hand_on(event)
        elif self._restless:
            self._ahead.append(event)
        elif self._moving(MOVES - {"inbox"} if self._is_text(event) else MOVES):
            self._ahead.append(event)
            self._wait()
        elif await self._hand_on(event):
            self._wait()

    def on_key_echo(self, echo: KeyEcho) -> None:
        """Tell who waits for it."""
        echo.home.set()

    def on_keys_astray(self) -> None:
        """Drop what was typed ahead: run where the cursor is now, letters would be commands."""
        self._ahead.clear()

    def _wait(self) -> None:
        self._restless = True
        # Not a coroutine: one that an ending app never starts would be warned about.
        work: WorkType[None] = self._hand_on_rest
        self.run_worker(work, name="typed-ahead", group="typed-ahead")

    def _is_text(self, event: events.Key | events.Paste) -> bool:
        focused = self.focused
        return isinstance(event, events.Paste) or (
            focused is not None and focused.check_consume_key(event.key, event.character)
        )

    async def _hand_on(self, event: events.Key | events.Paste) -> bool:
        """Hand an event on; returns whether it may move the focus."""
        text = self._is_text(event)
        await super().on_event(event)
        return not text

    async def _hand_on_rest(self) -> None:
        """Hand on what is typed ahead, one after another, until there is nothing more."""
        try:
            moving = True
            while moving or self._ahead:
                if moving:
                    await self._rest()
                moving = bool(self._ahead) and await self._hand_on(self._ahead.popleft())
        finally:
            self._restless = False

    async def _rest(self) -> None:
        """Wait until the focus stands still and nothing is on its way to move it."""
        calm = 0
        while calm < _ROUNDS:
            place = self._place
            await self._heard(place)
            if self._moving(MOVES):
                calm = 0
                await asyncio.sleep(_PAUSE_S)
            else:
                calm = calm + 1 if place is self._place else 0

    async def _heard(self, place: Widget) -> None:
        """Wait until a widget and all above it have handled what they were sent before."""
        echo = KeyEcho()
        if not place.post_message(echo):
            await asyncio.sleep(_PAUSE_S)  # it is being taken away
            return
        # A screen that was just pushed does not run yet: its box gets the focus as it is mounted.
        while not echo.home.is_set() and (place.is_running or not place.is_mounted):
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOST_S):
                    await echo.home.wait()

    @property
    def _place(self) -> Widget:
        return self.focused or self.screen

    def _moving(self, groups: Collection[str]) -> bool:
        screen: Any = self.screen
        return any(
            worker.node is screen and worker.group in groups and not worker.is_finished
            for worker in self.workers
        )
