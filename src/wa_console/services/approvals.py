"""Asks Twilio again whether a template is still approved, just before it is sent.

An approval can be withdrawn within minutes (faults D10). One fetch serves all sends of a template,
and none waits for long: what cannot be learned in time, the answer to the POST decides. It may not
send or refuse.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock
from wa_console.domain.errors import TwilioProblem
from wa_console.domain.template import Approval, Template
from wa_console.gateway.port import Gateway
from wa_console.store.port import Session, Store

FRESH: Final = timedelta(minutes=10)
"""An approval that Twilio told less long ago is believed."""
_PATIENCE_S: Final = 5.0


class Approvals:
    """Keeps the approvals of what is being sent fresh.

    Args:
        store: Where templates are.
        gateway: Twilio.
        clock: The product's clock.
        patience_s: Seconds that a send waits for an answer.
    """

    def __init__(
        self, *, store: Store, gateway: Gateway, clock: Clock, patience_s: float = _PATIENCE_S
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._patience_s = patience_s
        self._asked_at: dict[str, datetime] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def renew(self, content_sid: str) -> None:
        """Ask about a template whose approval is unknown or older than `FRESH`.

        Silence lets it pass: Twilio's own sandbox templates are not in our account, and a
        restricted key may not read Content.

        Raises:
            StoreProblem: The store failed.
        """
        template = await self._store.read(lambda session: session.templates.get(content_sid))
        if template is None or not await self._is_old(template):
            return
        asking = self._asking.get(content_sid)
        if asking is None:
            asking = asyncio.create_task(self._ask(template), name="approval")
            self._asking[content_sid] = asking
            asking.add_done_callback(lambda _task: self._asking.pop(content_sid, None))
        # Waited for, not awaited: a send that is cancelled or out of patience leaves it to others.
        done, _pending = await asyncio.wait({asking}, timeout=self._patience_s)
        for task in done:
            task.result()

    async def _is_old(self, template: Template) -> bool:
        if template.approval is Approval.UNKNOWN:
            return True
        synced_at = await self._store.read(lambda session: session.templates.synced_at())
        times = [at for at in (synced_at, self._asked_at.get(template.content_sid)) if at]
        return not times or self._clock.now() - max(times) > FRESH

    async def _ask(self, before: Template) -> None:
        # Noted also when it fails: a broken line must not cost every send the same wait.
        self._asked_at[before.content_sid] = now = self._clock.now()
        try:
            found = await self._gateway.template(before.content_sid)
        except TwilioProblem:
            return
        if found is not None:
            await self._store.write(lambda session: _keep(session, found, now))


async def _keep(session: Session, found: Template, now: datetime) -> None:
    """Take over what Twilio told; the workstreams are ours.

    Without the time of a sync: this was one template, the others are as old as they were.
    """
    before = await session.templates.get(found.content_sid)
    if before is None:
        return
    after = replace(found, workstreams=before.workstreams)
    if after != before:
        await session.templates.save(after, synced_at=None)
        await session.changes.add(ChangeKind.TEMPLATES_UPDATED, now)
