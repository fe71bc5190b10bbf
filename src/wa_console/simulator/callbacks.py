"""The life of an outbound message after the create answer: statuses and their callbacks.

Duty: move each message along sent, delivered, read (or to its failure), post the status
callbacks, and do to them what the ordered faults say. It may not refuse anything at create time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from wa_console.simulator import media
from wa_console.simulator.faults import FaultKind
from wa_console.simulator.forms import status_form
from wa_console.simulator.records import Message
from wa_console.simulator.rules import Failure, judge
from wa_console.simulator.site import Site
from wa_console.simulator.truth import Try

_SENT_S, _DELIVERED_S, _READ_S, _FLOOR_S = 0.4, 0.6, 1.8, 0.02
_FINAL = frozenset({"canceled"})


@dataclass(frozen=True, slots=True)
class Step:
    """A status, and the seconds after the one before at which it is reached.

    The seconds are simulated ones while the clock runs faster than real time, else wall seconds:
    a clock that stands still does not hold the post back.
    """

    after_s: float
    status: str


class Progress:
    """Runs one task a message, from accepted to its last status."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._running: set[asyncio.Task[None]] = set()
        self._hurry = asyncio.Event()

    def begin(self, message: Message, *, at_once: bool = False) -> asyncio.Task[None]:
        """Starts a message on its way; ``at_once`` leaves the pauses out."""
        task = self._site.crew.start(self._run(message, at_once=at_once))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def settle(self) -> None:
        """Brings every message on its way to its last status, and waits for the callbacks.

        Messages scheduled for later stay scheduled.
        """
        self._hurry.set()
        try:
            while self._running:
                await asyncio.gather(*self._running)
        finally:
            self._hurry.clear()

    async def _run(self, message: Message, *, at_once: bool) -> None:
        site, world = self._site, self._site.world
        if message.from_ is None and message.service_sid is not None:
            message.from_ = world.services[message.service_sid][0]
        failure = await self._failure(message)
        subjects = ("status", f"/2010-04-01/Accounts/{world.account.sid}/Messages.json")
        reorder = site.faults.strikes(FaultKind.REORDER_CALLBACKS, *subjects)
        held: list[str] = []
        for step in self._plan(message, failure):
            await self._pause(step.after_s, at_once=at_once)
            if message.sid not in world.messages or message.status in _FINAL:
                break
            self._reach(message, step.status, failure)
            if reorder:
                held.append(step.status)
            else:
                await self.call_back(message, step.status)
        for status in reversed(held):
            await self.call_back(message, status)

    async def _failure(self, message: Message) -> Failure | None:
        world, now = self._site.world, self._site.clock.now()
        sends = world.pace.setdefault(message.from_ or "", deque(maxlen=1000))
        failure = judge(message, world, now)
        if failure is None or failure.after_sent:
            sends.append(now)
        return failure or await media.take_outbound(self._site, message)

    def _plan(self, message: Message, failure: Failure | None) -> list[Step]:
        steps = [Step(0.1, "queued")] if message.service_sid is not None else []
        if failure is not None and not failure.after_sent:
            return [*steps, Step(_SENT_S, "failed")]
        steps.append(Step(_SENT_S, "sent"))
        if failure is not None:
            return [*steps, Step(_DELIVERED_S, "undelivered")]
        steps.append(Step(_DELIVERED_S, "delivered"))
        if self._site.world.customer(message.to).read_receipts:
            steps.append(Step(_READ_S, "read"))
        return steps

    async def _pause(self, seconds: float, *, at_once: bool) -> None:
        if at_once:
            return
        # A floor, or at high speeds every callback would overtake its create answer.
        wall = max(_FLOOR_S, seconds / max(1.0, self._site.clock.speed))
        try:
            await asyncio.wait_for(self._hurry.wait(), wall)
        except TimeoutError:
            return

    def _reach(self, message: Message, status: str, failure: Failure | None) -> None:
        now = self._site.clock.now()
        message.status = status
        message.updated_at = now
        if status == "sent":
            message.sent_at = now
        if failure is not None and status in {"failed", "undelivered"}:
            message.error_code = failure.code
        if status == "delivered":
            self._site.on_delivered(message)

    async def call_back(self, message: Message, status: str) -> None:
        """Posts one status callback, if the message or its sender names a URL for it."""
        site, world = self._site, self._site.world
        sender = world.senders[message.from_ or ""]
        url = message.status_callback or sender.webhook.status_callback_url
        if not url:
            return
        subjects = ("status", f"/2010-04-01/Accounts/{world.account.sid}/Messages.json")
        lost = site.faults.strikes(FaultKind.LOST_CALLBACK, *subjects)
        at = site.clock.now()
        tries: list[Try] = []
        if not lost:
            form = status_form(
                message,
                status=status,
                account_sid=world.account.sid,
                sender=sender,
                customer=world.customer(message.to),
            )
            copies = 1 + site.faults.strikes(FaultKind.DUPLICATE_CALLBACK, *subjects)
            tries = await deliver_copies(site, url=url, form=form, kind="status", copies=copies)
        site.truth.add_status(message, status=status, tries=tries, lost=lost, at=at)


async def deliver_copies(
    site: Site,
    *,
    url: str,
    form: dict[str, str],
    kind: str,
    copies: int,
    method: str = "POST",
    fallback_url: str | None = None,
) -> list[Try]:
    """Delivers a form once, or several times at the same moment, after an ordered delay.

    ``kind`` is ``webhook`` or ``status``; only the first wants TwiML for an answer.
    """
    late = site.faults.take(kind, kinds=frozenset({FaultKind.DELAY}))
    if late is not None:
        await asyncio.sleep(2.0 if late.seconds is None else late.seconds)
    token = site.world.mint.token()
    outcomes = await asyncio.gather(
        *(
            site.courier.deliver(
                url,
                form,
                token=token,
                method=method,
                fallback_url=fallback_url,
                wants_twiml=kind == "webhook",
            )
            for _ in range(copies)
        )
    )
    return [attempt for tries in outcomes for attempt in tries]
