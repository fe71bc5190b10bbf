"""The same aiohttp server doing nothing: reads the body, answers empty TwiML."""

from __future__ import annotations

import asyncio

from aiohttp import web

_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def answer(request: web.Request) -> web.Response:
    """Take anything."""
    await request.read()
    return web.Response(text=_TWIML, content_type="text/xml")


async def main() -> None:
    """Listen until ended."""
    app = web.Application()
    app.router.add_post("/twilio/inbound", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"listening on http://{host}:{port}", flush=True)  # noqa: T201 - its one duty
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
