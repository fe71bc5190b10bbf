"""A wizard in a process of its own that kills itself at one of its writes: see the test.

Run as ``python -m tests.services.onboarding_victim HOME BASE_URL NUMBER WRITE WHEN``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.services.onboarding_rig import Begun, begun, settings_of
from wa_console.domain.onboarding_draft import Step
from wa_console.services.onboarding_account import Typed


async def answer(made: Begun, number: str) -> None:
    """Give the answer of the step that is open."""
    wizard = made.wizard
    match wizard.draft.step:
        case Step.ACCOUNT:
            await wizard.prove_account(Typed(account_sid=wizard.known.account_sid))
        case Step.NUMBER:
            await wizard.choose_number(number)
        case Step.CALLBACK:
            await wizard.set_url("https://chat.example.dk")
            await wizard.go_on()
        case Step.WORKSTREAM:
            await wizard.name_workstream("Support")
        case Step.LANGUAGE:
            await wizard.set_language("da")
        case Step.BEHAVIOUR:
            await wizard.go_on(customers=False)
        case Step.TEMPLATES:
            await wizard.import_templates(take=True)
        case Step.ROUTING:
            await wizard.route("push", "Delivery")
        case Step.FINISH:
            await wizard.finish()
        case _:
            await wizard.go_on()


def kill_at(made: Begun, write: int, *, before: bool) -> None:
    """Kill this process at its n-th write to the store, before it or once it is committed."""
    store: Any = made.opened.store
    original, count = store.write, 0

    async def counted(work: Any) -> Any:
        nonlocal count
        count += 1
        if count == write and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = await original(work)
        if count == write:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    store.write = counted


async def main(home: str, base_url: str, number: str, write: str, when: str) -> None:
    """Go the whole way, or as far as the kill lets it."""
    async with begun(settings_of(Path(home), base_url), environ=os.environ) as made:
        kill_at(made, int(write), before=when == "before")
        while made.wizard.draft.step is not Step.FINISH:
            await answer(made, number)
        await answer(made, number)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
