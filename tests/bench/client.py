"""Posts signed webhooks as fast as they are answered, over a few connections kept open.

A process of its own: `python -m tests.bench.client URL PUBLIC_URL TOKEN SECONDS MARK`. Everything
is signed before the clock starts. Prints one JSON line: answers with 200, others, seconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from urllib.parse import urlencode, urlsplit

from tests.e2e.web import sign

CONNECTIONS, MOST = 32, 60_000
_TARGET = "/twilio/inbound"


def requests(public_url: str, token: str, mark: int, count: int) -> list[bytes]:
    """Return whole requests, each a message of its own, of a thousand customers."""
    url = public_url + _TARGET
    made = []
    for number in range(count):
        customer = f"+45400{number % 1000:05}"
        form = {
            "MessageSid": f"SM{mark:012x}{number:020x}",
            "AccountSid": "AC" + "5ca1ab1e" * 4,
            "From": f"whatsapp:{customer}",
            "To": "whatsapp:+4571993000",
            "Body": f"message number {number}, with a few words as people write them",
            "ProfileName": f"Customer {number % 1000}",
            "NumMedia": "0",
            "ApiVersion": "2010-04-01",
        }
        body = urlencode(form)
        head = (
            f"POST {_TARGET} HTTP/1.1\r\nHost: bench\r\n"
            f"X-Twilio-Signature: {sign(token, url, form)}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        made.append((head + body).encode())
    return made


async def talk(host: str, port: int, waiting: list[bytes], end: float) -> tuple[int, int]:
    """Post one after the other on one connection; returns (200s, others)."""
    reader, writer = await asyncio.open_connection(host, port)
    good = bad = 0
    try:
        while waiting and time.perf_counter() < end:
            writer.write(waiting.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            )
            await reader.readexactly(length)
            if head.startswith(b"HTTP/1.1 200"):
                good += 1
            else:
                bad += 1
    finally:
        writer.close()
    return good, bad


async def main(base: str, public_url: str, token: str, seconds: float, mark: int) -> None:
    """Post for so many seconds and tell the count."""
    address = urlsplit(base)
    assert address.hostname
    assert address.port
    waiting = requests(public_url, token, mark, min(MOST, int(seconds * 15_000)))
    start = time.perf_counter()
    counts = await asyncio.gather(
        *(
            talk(address.hostname, address.port, waiting, start + seconds)
            for _connection in range(CONNECTIONS)
        )
    )
    told = {
        "good": sum(good for good, _bad in counts),
        "bad": sum(bad for _good, bad in counts),
        "seconds": time.perf_counter() - start,
    }
    print(json.dumps(told))  # noqa: T201 - its one duty


if __name__ == "__main__":
    words = sys.argv[1:]
    asyncio.run(main(words[0], words[1], words[2], float(words[3]), int(words[4])))
