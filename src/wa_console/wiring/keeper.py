"""Keeps an engine running beside a screen: starts one when nobody holds the lease, else waits.

When the holder leaves, the next console takes over within two seconds (ARCHITECTURE section 2).
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from wa_console import credentials
from wa_console.domain.errors import WaConsoleError
from wa_console.wiring.engine import running_engine
from wa_console.wiring.store import OpenStore

_LOOK_S = 1.0
_AFTER_PROBLEM_S = 5.0
_log = logging.getLogger(__name__)


async def keep_engine(
    opened: OpenStore, *, passphrase: credentials.Passphrase | None = None
) -> None:
    """Run an engine whenever nobody else does, until cancelled.

    What prevents it (no credentials, a taken port) is kept as the store's engine problem, where
    the status line and the doctor find it; it is tried again, so that mending it is enough.

    Args:
        opened: The store.
        passphrase: Opens the encrypted file of secrets; asked for before the screen opened.
    """
    find = partial(credentials.find, opened.settings, passphrase=passphrase)
    while True:
        pause = _LOOK_S
        if opened.store.lease.acquire():
            try:
                # In a thread: a command or a keyring may take seconds, and a screen is painted.
                found = await asyncio.to_thread(find)
                async with running_engine(opened, found, renew=find) as running:
                    await opened.desk.health.engine_problem("")
                    await running.loops
            except WaConsoleError as error:
                await opened.desk.health.engine_problem(str(error))
                pause = _AFTER_PROBLEM_S
            except Exception:
                _log.exception("engine ended")
                pause = _AFTER_PROBLEM_S
            finally:
                opened.store.lease.release()
        await asyncio.sleep(pause)
