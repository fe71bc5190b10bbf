"""The outbox's way to Twilio: claim, ask the window again, POST once, write down what became of it.

One POST for each attempt, and no second one unless Twilio certainly never had the first
(faults.md section 3). It runs in the engine, never in a screen (ARCHITECTURE rule 4).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from wa_console.domain.clock import Clock
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import ChatMessage, MessageError
from wa_console.domain.template import APPROVAL_FIELD, Approval, Template, problems
from wa_console.domain.window import CLOSED_CODE
from wa_console.gateway.port import Accepted, Explainer, Gateway, OutgoingMessage, Throttled
from wa_console.services.approvals import Approvals
from wa_console.services.bell import Bell
from wa_console.services.outbox import closed_sentence
from wa_console.services.pace import Pace
from wa_console.services.receipts import keep_as_draft, save_outcome
from wa_console.services.rules import Rules
from wa_console.services.settling import Settler
from wa_console.store.port import OutboxRow, OutboxState, Session, Store

__all__ = ["Pace", "Sender"]

_log = logging.getLogger(__name__)
_SHORTEST_WAIT_S = 0.02
_LONGEST_WAIT_S = 5.0
_PAUSED_LOOK_S = 60.0


class Sender:
    """Sends what the outbox holds.

    Args:
        store: Where the outbox lives.
        gateway: Twilio.
        clock: The product's clock, for the window.
        rules: The window settings.
        explain: Gives sentences for error codes.
        owner: Names this engine in leases.
        status_url: Where receipts go, None without a public URL (then none are asked for).
        pace: Limits and back-off.

    Attributes:
        bell: Rings when there may be something to send.
    """

    def __init__(
        self,
        *,
        store: Store,
        gateway: Gateway,
        clock: Clock,
        rules: Rules,
        explain: Explainer,
        owner: str,
        status_url: str | None,
        pace: Pace,
    ) -> None:
        self.bell = Bell()
        self.pace = pace
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._rules = rules
        self._explain = explain
        self._owner = owner
        self._status_url = status_url
        self._approvals = Approvals(store=store, gateway=gateway, clock=clock)
        self._settler = Settler(clock=clock, explain=explain, pace=pace)
        self._in_flight: set[str] = set()
        self._hold_until_ms = 0
        self._free_at_ms: dict[str, int] = {}
        self._heard = 0

    async def recover(self) -> int:
        """Take up what a dead engine left: sends under way become ``unknown``, leases end.

        Only the holder of the engine's lease may call this; sends of this very object that are
        under way stay as they are.

        Returns:
            How many sends have become ``unknown``.
        """
        if not await self._store.read(self._left_behind):
            return 0
        now = self._clock.now()

        async def work(session: Session) -> int:
            rows = await self._left_behind(session)
            lost = [row for row in rows if row.state is OutboxState.SENDING]
            for row in lost:
                await self._settler.to_unknown(session, row, now)
            for row in rows:
                if row.state is OutboxState.QUEUED:
                    await session.outbox.update(replace(row, leased_by="", leased_until_ms=0))
            return len(lost)

        return await self._store.write(work)

    async def _left_behind(self, session: Session) -> list[OutboxRow]:
        """Return rows that somebody had in hand, but not this sender."""
        sending = await session.outbox.in_state(OutboxState.SENDING)
        queued = await session.outbox.in_state(OutboxState.QUEUED)
        taken = (*sending, *(row for row in queued if row.leased_by))
        return [row for row in taken if row.message_id not in self._in_flight]

    async def run_once(self, *, limit: int | None = None) -> bool:
        """Send what is due, and wait until it is settled.

        Args:
            limit: At most so many at once; None for the pace's own limit.

        Returns:
            True if there was something to do.

        Raises:
            StoreProblem: The store does not take writes.
        """
        self._heard = self.bell.rings
        now_ms = self.pace.now_ms()
        if now_ms < self._hold_until_ms:
            return False
        rows = await self._store.write(
            lambda session: session.outbox.claim(
                now_ms=now_ms,
                owner=self._owner,
                until_ms=self.pace.after_ms(self.pace.lease_s),
                limit=limit or self.pace.in_flight,
            )
        )
        self._in_flight.update(row.message_id for row in rows)
        try:
            # No TaskGroup: one send that fails must not cancel another in the middle of its POST.
            results = await asyncio.gather(*map(self._send, rows), return_exceptions=True)
        finally:
            self._in_flight.difference_update(row.message_id for row in rows)
        for result in results:
            if result is not None:
                raise result
        return bool(rows)

    async def wait(self, heard: int | None = None) -> None:
        """Wait until something is due or :meth:`wake` is called.

        Args:
            heard: ``bell.rings`` from before the caller looked; None: as of the last ``run_once``.
        """
        due_ms = await self._store.read(lambda session: session.outbox.next_due_ms())
        pause = _LONGEST_WAIT_S
        if due_ms is not None:
            pause = (max(due_ms, self._hold_until_ms) - self.pace.now_ms()) / 1000
        await self.bell.wait(
            self._heard if heard is None else heard,
            timeout_s=min(max(pause, _SHORTEST_WAIT_S), _LONGEST_WAIT_S),
        )

    def receipts_to(self, status_url: str | None) -> None:
        """Ask for receipts there from now on, None for nowhere: a tunnel's URL changes."""
        self._status_url = status_url

    def wake(self) -> None:
        """Make waiting callers look at the outbox now."""
        self.bell.ring()

    async def _send(self, row: OutboxRow) -> None:
        if row.content_sid:
            await self._approvals.renew(row.content_sid)
        started = await self._store.write(lambda session: self._begin(session, row.message_id))
        if started is None:
            return
        posting = asyncio.create_task(self._post(started))
        try:
            await asyncio.shield(posting)
        except asyncio.CancelledError:
            # Cut now, it would be `unknown` after every restart in the middle of a send.
            try:
                await asyncio.wait({posting}, timeout=self.pace.grace_s)
            finally:
                posting.cancel()
            raise

    async def _post(self, row: OutboxRow) -> None:
        """POST once and write down what came of it."""
        outcome = await self._gateway.send(self._request(row))
        if isinstance(outcome, Throttled) and outcome.retry_after_s is not None:
            # Twilio counts requests for the whole account: one told to wait, all wait (faults D5).
            self._hold_until_ms = self.pace.after_ms(outcome.retry_after_s)
        if not isinstance(outcome, Accepted):
            _log.warning("send %s: %s", row.message_id, type(outcome).__name__)
        await self._store.write(lambda session: self._settler.settle(session, row, outcome))

    def _request(self, row: OutboxRow) -> OutgoingMessage:
        callback = f"{self._status_url}?m={row.message_id}" if self._status_url else None
        return OutgoingMessage(
            sender=row.sender,
            to=row.to,
            body=row.body,
            content_sid=row.content_sid,
            variables=row.variables,
            media_urls=row.media_urls,
            status_callback=callback,
        )

    async def _begin(self, session: Session, message_id: str) -> OutboxRow | None:
        """Mark a claimed row ``sending``, unless a rule or somebody else says no.

        Returns:
            The row as sent, None when there is nothing to send now.
        """
        row = await session.outbox.get(message_id)
        message = await session.messages.get(message_id)
        if row is None or message is None or row.state is not OutboxState.QUEUED:
            return None
        now = self._clock.now()
        error = await self._refusal(session, row)
        if error is not None:
            await self._refuse(session, row, message, error)
            return None
        wait_ms = await self._wait_ms(session, row.sender)
        if wait_ms:
            put_back = replace(row, due_ms=wait_ms, leased_by="", leased_until_ms=0)
            await session.outbox.update(put_back)
            return None
        started = replace(row, state=OutboxState.SENDING, attempt=row.attempt + 1, started_at=now)
        await session.outbox.update(started)
        sending = replace(message, status=DeliveryStatus.SENDING)
        await save_outcome(session, before=message, after=sending, at=now)
        return started

    async def _refusal(self, session: Session, row: OutboxRow) -> MessageError | None:
        """Return why it may not be sent any more, None if it may (faults D7, D10)."""
        if row.content_sid:
            template = await session.templates.get(row.content_sid)
            return _template_refusal(template) if template else None
        conversation = await session.conversations.get(row.conversation_id)
        if conversation is None:
            return None
        window = self._rules.window(conversation, self._clock.now())
        if window.allows_free_text:
            return None
        return MessageError(CLOSED_CODE, closed_sentence(window, self._explain))

    async def _refuse(
        self, session: Session, row: OutboxRow, message: ChatMessage, error: MessageError
    ) -> None:
        """End a message that was never posted; its text goes back to its author."""
        now = self._clock.now()
        failed = replace(message, status=DeliveryStatus.FAILED, error=error)
        await session.outbox.update(
            replace(row, state=OutboxState.DONE, leased_by="", leased_until_ms=0)
        )
        await session.messages.update(failed)
        await keep_as_draft(session, message, now)
        await self._settler.tell(session, message, now)

    async def _wait_ms(self, session: Session, sender: str) -> int:
        """Return when the next message from a number may go, 0 for now.

        The sandbox takes one in three seconds (FACTS 12); what was queued before a number was
        paused waits until it is resumed, looked at again each minute.
        """
        setup = await session.facts.setup()
        number = setup.number(sender.partition(":")[2])
        if number is not None and number.paused:
            return self.pace.after_ms(_PAUSED_LOOK_S)
        if number is None or not number.sandbox:
            return 0
        free_at_ms = self._free_at_ms.get(sender, 0)
        if self.pace.now_ms() < free_at_ms:
            return free_at_ms
        self._free_at_ms[sender] = self.pace.after_ms(self.pace.sandbox_gap_s)
        return 0


def _template_refusal(template: Template) -> MessageError | None:
    if template.approval is Approval.UNKNOWN:
        return None
    found = problems(template, dict.fromkeys(template.placeholders, "x"))
    sentence = next((item.text for item in found if item.field == APPROVAL_FIELD), None)
    return MessageError(_APPROVAL_CODES.get(template.approval), sentence) if sentence else None


_APPROVAL_CODES = {
    Approval.REJECTED: 63040,
    Approval.PAUSED: 63041,
    Approval.DISABLED: 63042,
}
