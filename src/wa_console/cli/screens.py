"""Runs a screen over an open store: the console, or the first question and the wizard."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wa_console.cli.context import Invocation
from wa_console.domain.errors import SetupProblem

if TYPE_CHECKING:
    from wa_console.config import Settings
    from wa_console.credentials import Passphrase
    from wa_console.services.sandbox_coach import SandboxCoach
    from wa_console.ui.options import ConsoleOptions
    from wa_console.ui.setup_app import Next
    from wa_console.wiring.store import OpenStore


def passphrase_before_the_screen(invocation: Invocation) -> Passphrase | None:
    """Have the encrypted file opened while a question can still be asked.

    What is wrong with it does not keep the console closed: the status line tells it, and the
    conversations can be read without Twilio.
    """
    from wa_console.secretstore.sealed import FILE_NAME

    if not (invocation.settings.paths.data / FILE_NAME).exists():
        return None
    with contextlib.suppress(SetupProblem):
        invocation.credentials()
    return invocation.passphrase


async def show_console(
    opened: OpenStore,
    *,
    engine: bool,
    passphrase: Passphrase | None = None,
    environ: Mapping[str, str] | None = None,
    report_dir: Path | None = None,
) -> int:
    """Run the screen over an open store until the person leaves it.

    Args:
        opened: The store and its desk.
        engine: Keep an engine running beside it, begun after the first frame is painted.
        passphrase: Opens the encrypted file of secrets for that engine.
        environ: Where credentials may stand, the process's own when None; a demo's is empty.
        report_dir: Where a crash report goes instead of the logs, which a demo takes with it.
    """
    from wa_console.ui.app import ConsoleApp
    from wa_console.wiring.admin import build_admin

    app = ConsoleApp(
        opened.desk,
        clock=opened.clock,
        login=opened.settings.representative,
        options=options_of(opened.settings, report_dir),
        admin=build_admin(opened, passphrase=passphrase, environ=environ),
        coaching=partial(_coaching, opened),
    )
    after = asyncio.create_task(
        _after_frame(app.painted, opened if engine else None, passphrase), name="keeper"
    )
    try:
        return await app.run_console()
    finally:
        gc.enable()
        after.cancel()
        await asyncio.gather(after, return_exceptions=True)


async def _coaching(opened: OpenStore) -> SandboxCoach | None:
    from wa_console.wiring.onboarding import build_coach

    return await build_coach(opened)


async def _after_frame(
    painted: asyncio.Event, opened: OpenStore | None, passphrase: Passphrase | None
) -> None:
    """Collect garbage again; import and start the engine, if there is to be one."""
    await painted.wait()
    gc.freeze()
    gc.enable()
    if opened is None:
        return
    from wa_console.wiring.keeper import keep_engine

    await keep_engine(opened, passphrase=passphrase)


def options_of(settings: Settings, report_dir: Path | None = None) -> ConsoleOptions:
    """Return how the screen looks, from settings and environment."""
    from wa_console.ui.options import ConsoleOptions

    plain = "UTF-8" not in os.environ.get("LC_ALL", os.environ.get("LANG", "UTF-8")).upper()
    return ConsoleOptions(
        theme=settings.theme or "wa-dark",
        glyphs="ascii" if plain and os.environ.get("LC_ALL") == "C" else "unicode",
        report_dir=report_dir or settings.paths.logs,
    )


async def is_first_run(opened: OpenStore) -> bool:
    """Whether nothing is set up and nobody has ever written."""
    from wa_console.domain.conversation import View

    if not await opened.desk.setup.empty():
        return False
    login = opened.settings.representative
    return await opened.desk.inbox.size(View.ALL, login=login) == 0


async def show_setup(
    invocation: Invocation, opened: OpenStore, *, ask: bool, passphrase: Passphrase | None
) -> Next | int:
    """Run first question or wizard until the person has left it.

    Args:
        invocation: Takes the passphrase that was chosen, for what comes after.
        opened: The store.
        ask: Begin with the first question.
        passphrase: Has opened the encrypted file, where there is one.

    Returns:
        What is wanted next, or an exit code that is not 0.
    """
    from wa_console.ui.setup_app import SetupApp
    from wa_console.wiring.onboarding import HomeVault, build_onboarding

    vault = HomeVault(opened.settings, passphrase=passphrase)
    app = SetupApp(
        opened.desk,
        onboarding=build_onboarding(opened, vault),
        clock=opened.clock,
        login=opened.settings.representative,
        options=options_of(opened.settings),
        ask=ask,
    )
    code = await app.run_console()
    if vault.passphrase.worked:
        invocation.keep_passphrase(vault.passphrase)
    return code or app.next
