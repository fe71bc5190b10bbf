"""A wizard without a screen: real store and files, a simulated Twilio over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wa_console import config
from wa_console.config import Settings
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding import Onboarding
from wa_console.services.onboarding_account import Typed
from wa_console.services.onboarding_outside import FieldProblem
from wa_console.services.onboarding_progress import DRAFT
from wa_console.simulator.server import Simulator
from wa_console.wiring.onboarding import HomeVault, build_onboarding
from wa_console.wiring.store import OpenStore, open_store

PASSPHRASE = "korrekt hest batteri"
SID = "HX" + "0123456789abcdef" * 2


def settings_of(home: Path, base_url: str, **more: str) -> Settings:
    """Return the settings of a home beside a simulated Twilio."""
    return config.load(
        {
            "WA_CONSOLE_HOME": str(home),
            "WA_CONSOLE_TWILIO_BASE_URL": base_url,
            "WA_CONSOLE_PORT": "0",
            "WA_CONSOLE_REPRESENTATIVE": "anna",
            "WA_CONSOLE_LANG": "en",
            **more,
        }
    )


@dataclass
class Begun:
    """A wizard that has been opened once."""

    opened: OpenStore
    vault: HomeVault
    wizard: Onboarding


@asynccontextmanager
async def begun(
    settings: Settings, *, environ: Mapping[str, str] | None = None, like: HomeVault | None = None
) -> AsyncIterator[Begun]:
    """Open store and wizard, as a start of the program does; the draft is loaded.

    Args:
        settings: Of the home.
        environ: Where credentials may stand.
        like: A vault whose passphrase was typed before the screen opened.
    """
    async with open_store(settings) as opened:
        passphrase = like.passphrase if like else None
        vault = HomeVault(settings, passphrase=passphrase, environ=environ or {})
        wizard = build_onboarding(opened, vault)
        try:
            await wizard.load()
            yield Begun(opened, vault, wizard)
        finally:
            await wizard.close()


def typed(twilio: Simulator, **more: str) -> Typed:
    """Return the account step as filled in rightly, or with other texts in its fields."""
    fields = {
        "account_sid": twilio.account_sid,
        "token": twilio.auth_token,
        "passphrase": PASSPHRASE,
        "again": PASSPHRASE,
        **more,
    }
    return Typed(
        account_sid=fields["account_sid"],
        token=Secret(fields["token"]),
        api_key=fields.get("api_key", ""),
        api_secret=Secret(fields.get("api_secret", "")),
        passphrase=Secret(fields["passphrase"]),
        again=Secret(fields["again"]),
    )


async def kept(made: Begun) -> str:
    """Return the draft as the store has it."""
    return await made.opened.store.read(lambda session: session.facts.text(DRAFT))


async def wrong(made: Begun, step: Awaitable[Any]) -> FieldProblem:
    """Run a step that must fail; nothing may be different afterwards but a sentence."""
    draft, text = made.wizard.draft, await kept(made)
    with pytest.raises(FieldProblem) as caught:
        await step
    assert str(caught.value).endswith((".", "?"))
    assert made.wizard.draft == draft
    assert await kept(made) == text
    assert await made.opened.desk.setup.empty()
    return caught.value


async def at_callback(made: Begun, twilio: Simulator) -> None:
    """Answer the steps before the callback; the credentials are in the environment."""
    await made.wizard.prove_account(typed(twilio, token=""))
    await made.wizard.choose_number(twilio.number)
