"""``engine``: listener, sender and the rest without a screen; ``replay`` projects it all again."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from wa_console.cli.context import Invocation
from wa_console.domain.errors import StoreBusy
from wa_console.domain.i18n import _

if TYPE_CHECKING:
    from wa_console.credentials import Credentials
    from wa_console.wiring.store import OpenStore

_STAND_BY_S = 0.5
_SIGNALS = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGHUP: 129}


@click.command("engine")
@click.option("--host", metavar="H", help=_("Address to listen at."))
@click.option("--port", type=click.IntRange(0, 65_535), metavar="P", help=_("0 picks one."))
@click.option("--no-wait", is_flag=True, help=_("Leave (4) if another engine holds the store."))
@click.pass_obj
def engine_command(
    invocation: Invocation, host: str | None, port: int | None, no_wait: bool
) -> int:
    """Receive and send without a screen, for a server.

    Prints `listening on http://H:P` when it is ready. SIGTERM ends it in order.
    """
    invocation.listen_at(host, port)
    found = invocation.credentials()
    renew = invocation.credentials
    return invocation.with_store(
        lambda opened: _serve(opened, found, renew=renew, wait=not no_wait)
    )


async def _serve(
    opened: OpenStore, found: Credentials, *, renew: Callable[[], Credentials], wait: bool
) -> int:
    from wa_console.wiring.engine import running_engine

    leaving = leave_on_signals()
    if not await _take_lease(opened, leaving, wait=wait):
        return leaving.result()
    try:
        async with running_engine(opened, found, renew=renew) as running:
            click.echo(f"listening on {running.url}")
            ends: set[asyncio.Future[Any]] = {leaving, running.loops}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not leaving.done():
                await running.loops  # raises what ended it
            return leaving.result()
    finally:
        opened.store.lease.release()


async def _take_lease(opened: OpenStore, leaving: asyncio.Future[int], *, wait: bool) -> bool:
    """Wait for the right to run the engine; False when told to leave first.

    Raises:
        StoreBusy: Another engine has it and we were told not to wait.
    """
    told = False
    while not opened.store.lease.acquire():
        holder = opened.store.lease.holder()
        if not wait:
            raise StoreBusy(
                _(
                    "another engine holds this store ({holder}); end it or leave out --no-wait."
                ).format(holder=holder)
            )
        if not told:
            told = True
            click.echo(
                _("standing by: another engine holds this store ({holder}).").format(holder=holder),
                err=True,
            )
        await asyncio.wait({leaving}, timeout=_STAND_BY_S)
        if leaving.done():
            return False
    return True


def leave_on_signals() -> asyncio.Future[int]:
    """Return a future that gets the exit code when the process is asked to end."""
    loop = asyncio.get_running_loop()
    leaving: asyncio.Future[int] = loop.create_future()

    def leave(code: int) -> None:
        if not leaving.done():
            leaving.set_result(code)

    for number, code in _SIGNALS.items():
        loop.add_signal_handler(number, leave, code)
    return leaving


@click.command("replay")
@click.option("--json", "as_json", is_flag=True, help=_("Print JSON."))
@click.pass_obj
def replay_command(invocation: Invocation, as_json: bool) -> int:
    """Project the whole journal again. If all is well, nothing changes."""
    from wa_console.wiring.store import build_projector

    async def work(opened: OpenStore) -> int:
        result = await build_projector(opened).replay()
        if as_json:
            click.echo(json.dumps({"rows": result.rows, "changed": result.changed}))
        else:
            click.echo(
                _("{rows} journal rows projected again, {changed} changed something.").format(
                    rows=result.rows, changed=result.changed
                )
            )
        return 0 if result.changed == 0 else 1

    return invocation.with_store(work)
