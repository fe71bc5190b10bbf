"""Strangers at the door: halves of requests, too many of them, and what is no HTTP at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.listener.rig import INBOUND, Door, door
from tests.services.rig import inbound_form
from wa_console.listener import app, gate

HALF_HEADER = b"POST /twilio/inbound HTTP/1.1\r\nHost: x\r\n"
HALF_BODY = HALF_HEADER + b"Content-Length: 1000\r\n\r\nBody=half"

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def strangers(at: Door, count: int, words: bytes) -> AsyncIterator[Sequence[Stream]]:
    """Open connections that say half of something and then nothing."""
    streams = [await asyncio.open_connection("127.0.0.1", at.port) for _ in range(count)]
    for _, writer in streams:
        writer.write(words)
        await writer.drain()
    try:
        yield streams
    finally:
        for _, writer in streams:
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@pytest.mark.parametrize("words", [b"", HALF_HEADER, HALF_BODY])
async def test_half_open_connections_shut_nobody_out(tmp_path: Path, words: bytes) -> None:
    async with door(tmp_path, max_connections=10) as at, strangers(at, 25, words):
        for _ in range(3):
            answer = await asyncio.wait_for(at.post(INBOUND, inbound_form()), 5)
            assert answer.status == 200


async def test_no_more_than_the_limit_stay(tmp_path: Path) -> None:
    async with door(tmp_path, max_connections=4) as at, strangers(at, 12, HALF_BODY) as streams:
        open_still = {asyncio.create_task(reader.read()) for reader, _ in streams}
        async with asyncio.timeout(5):
            while len(open_still) > 4:
                _gone, open_still = await asyncio.wait(
                    open_still, return_when=asyncio.FIRST_COMPLETED
                )
        assert len(open_still) == 4
        for task in open_still:
            task.cancel()
        await asyncio.gather(*open_still, return_exceptions=True)


@pytest.mark.parametrize("words", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"NO HTTP AT ALL\r\n\r\n"])
async def test_what_is_no_http_learns_nothing(
    at: Door, words: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    with caplog.at_level(logging.INFO):
        writer.write(words)
        answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await asyncio.gather(writer.wait_closed(), return_exceptions=True)
    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"aiohttp" not in answer
    assert b"Python" not in answer
    assert caplog.records == []


async def test_a_body_that_never_ends_is_given_up(
    at: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "READ_LIMIT_S", 0.05)
    async with strangers(at, 1, HALF_BODY) as ((reader, _),):
        answer = await asyncio.wait_for(reader.readline(), 5)
    assert b" 408 " in answer
    assert await at.desk.store.journal.last_seq() == 0


@pytest.mark.parametrize("words", [b"", HALF_HEADER])
async def test_who_says_nothing_is_let_go(
    at: Door, words: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "IDLE_S", 0.05)
    async with strangers(at, 1, words) as ((reader, _),):
        assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_stopping_does_not_wait_for_strangers(tmp_path: Path) -> None:
    async with asyncio.timeout(8):
        async with door(tmp_path) as at:
            made = strangers(at, 5, HALF_BODY)
            await made.__aenter__()
        await made.__aexit__(None, None, None)
