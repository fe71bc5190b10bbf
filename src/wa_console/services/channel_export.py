"""Writes everything said at one of our numbers to a file, before it is erased.

One JSON object a line, one conversation an object. Raw texts, readable by the owner alone.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wa_console.domain.clock import Clock, iso, to_ms
from wa_console.domain.conversation import Conversation
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.message import ChatMessage
from wa_console.store.port import Session, Store

_MESSAGES: Final = 200
"""Messages in one read; no snapshot is held for longer."""


async def export_channel(store: Store, clock: Clock, number: str, folder: Path) -> Path:
    """Write all conversations of a number into a new file.

    Args:
        store: Where they are.
        clock: Names the file.
        number: As Twilio writes it, without ``whatsapp:``.
        folder: Made if it is not there.

    Returns:
        The file: JSON lines of ``customer``, ``conversation``, ``messages``.

    Raises:
        WaConsoleError: The file cannot be written.
        StoreProblem: The store failed.
    """
    moment = clock.now().strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"{number.lstrip('+')}-{moment}.jsonl"
    try:
        await asyncio.to_thread(_begin, path)
        async for conversation in _conversations(store, number):
            line = json.dumps(await _whole(store, conversation), default=_plain)
            await asyncio.to_thread(_append, path, line)
    except OSError as problem:
        text = _("The export could not be written to {path}: {reason}.")
        raise WaConsoleError(
            text.format(path=path, reason=problem.strerror or problem)
        ) from problem
    return path


async def _conversations(store: Store, number: str) -> AsyncIterator[Conversation]:
    after = ""
    while found := await store.read(_page_of(number, after)):
        for conversation in found:
            yield conversation
        after = found[-1].id


def _page_of(number: str, after: str) -> Callable[[Session], Awaitable[Sequence[Conversation]]]:
    return lambda session: session.channels.conversations(number, after=after)


async def _whole(store: Store, conversation: Conversation) -> dict[str, Any]:
    customer = await store.read(lambda s: s.customers.get(conversation.customer_id))
    messages: list[ChatMessage] = []
    while found := await store.read(_messages_before(conversation.id, messages)):
        messages = [*found, *messages]
    return {
        "customer": asdict(customer) if customer else None,
        "conversation": asdict(conversation),
        "messages": [asdict(message) for message in messages],
    }


def _messages_before(
    conversation_id: str, later: Sequence[ChatMessage]
) -> Callable[[Session], Awaitable[Sequence[ChatMessage]]]:
    before = (later[0].created_at, later[0].id) if later else None
    return lambda s: s.messages.page(conversation_id, before=before, limit=_MESSAGES)


def _begin(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return iso(to_ms(value))
    return str(value)
