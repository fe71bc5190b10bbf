"""Our numbers: what serves them, how they are, and the three ways to stop using one.

Pause keeps all and holds back what comes; detach takes the number out of the set-up and keeps its
history; erase deletes both. Nothing is changed at Twilio by any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from wa_console.domain.address import WHATSAPP
from wa_console.domain.changes import ChangeKind
from wa_console.domain.clock import Clock, from_ms
from wa_console.domain.conversation import Conversation
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.errors import NotAllowed
from wa_console.domain.i18n import _
from wa_console.domain.setup import Account, Number, Setup, Workstream
from wa_console.gateway.port import Gateway
from wa_console.services import facts
from wa_console.services.arrivals import HELD, PAUSED
from wa_console.services.channel_edit import edited, paused, require_number, without
from wa_console.services.channel_export import export_channel
from wa_console.services.checks import Check
from wa_console.services.doctor_twilio import check_sender
from wa_console.services.receipts import keep_as_draft, save_outcome
from wa_console.store.channel_port import ChannelCounts
from wa_console.store.port import OutboxState, Session, Store

Connect = Callable[[], AbstractAsyncContextManager[Gateway]]
"""Opens Twilio for a moment. Entering raises SetupProblem when there are no credentials."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One of our numbers with what there is at it."""

    number: Number
    workstream: Workstream | None
    counts: ChannelCounts


@dataclass(frozen=True, slots=True)
class Overview:
    """The account with its numbers.

    Attributes:
        workstreams: Names of all there are, for choosing one.
        last_webhook_at: When anything last came from Twilio by itself, at any number.
    """

    account: Account | None
    channels: tuple[Channel, ...]
    workstreams: tuple[str, ...]
    last_webhook_at: datetime | None


class Channels:
    """Looks after our numbers.

    Args:
        store: Where they and their history are.
        clock: The product's clock.
        connect: Opens Twilio.
        public_url: Where webhooks are to come in, None without.
        exports: Folder of files written before something is erased.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        connect: Connect,
        public_url: str | None,
        exports: Path,
    ) -> None:
        self._store = store
        self._clock = clock
        self._connect = connect
        self._public_url = public_url
        self._exports = exports

    async def overview(self) -> Overview:
        """Return account, numbers and what is at each."""

        async def work(session: Session) -> Overview:
            setup = await session.facts.setup()
            webhook_ms = await session.facts.number(facts.LAST_WEBHOOK_MS)
            return Overview(
                account=setup.account,
                channels=tuple([await _channel(session, setup, n) for n in setup.numbers]),
                workstreams=tuple(each.name for each in setup.workstreams),
                last_webhook_at=None if webhook_ms is None else from_ms(webhook_ms),
            )

        return await self._store.read(work)

    async def look(self) -> Mapping[str, Sequence[Check]]:
        """Ask Twilio how its senders are; returns the findings by number.

        Raises:
            SetupProblem: There are no credentials.
            TwilioProblem: Twilio did not answer as it should.
        """
        setup = await self._store.read(lambda session: session.facts.setup())
        async with self._connect() as gateway:
            senders = await gateway.senders()
        return {n.address: check_sender(n, senders, self._public_url) for n in setup.numbers}

    async def counts(self, address: str) -> ChannelCounts:
        """Return what pausing, detaching or erasing a number touches.

        Raises:
            NotFound: It is none of ours.
        """

        async def work(session: Session) -> ChannelCounts:
            require_number(await session.facts.setup(), address)
            return await session.channels.counts(address)

        return await self._store.read(work)

    async def edit(self, address: str, *, name: str, workstream: str) -> None:
        """Give a number another name and workstream; threads that are there keep theirs.

        Raises:
            NotFound: The number, or the workstream, is not there.
            NotAllowed: Another number has that name.
        """
        await self._change(lambda setup: edited(setup, address, name=name, workstream=workstream))

    async def pause(self, address: str) -> None:
        """Send nothing from a number, and hold back what comes in, until it is resumed.

        Raises:
            NotFound: It is none of ours.
        """
        await self._change(lambda setup: paused(setup, address, pause=True))

    async def resume(self, address: str) -> int:
        """Take a paused number up again; what was held back goes to the inbox.

        Returns:
            How many conversations were held back.

        Raises:
            NotFound: It is none of ours.
        """
        now = self._clock.now()

        async def work(session: Session) -> int:
            setup = await session.facts.setup()
            await session.facts.save_setup(paused(setup, address, pause=False))
            await session.changes.add(ChangeKind.SETUP_UPDATED, now)
            released = 0
            for conversation in await _all(session, address):
                if conversation.context.get(HELD) == PAUSED:
                    await _release(session, conversation, now)
                    released += 1
            # What was queued before the pause waits up to a minute for the next look: wake it.
            await session.changes.add(ChangeKind.MESSAGE_QUEUED, now)
            return released

        return await self._store.write(work)

    async def detach(self, address: str) -> int:
        """Take a number out of the set-up; its history stays, what is still queued is canceled.

        Returns:
            How many messages were canceled; their texts are their authors' drafts again.

        Raises:
            NotFound: It is none of ours.
        """
        now = self._clock.now()

        async def work(session: Session) -> int:
            setup = await session.facts.setup()
            await session.facts.save_setup(without(setup, address))
            canceled = 0
            for message_id in await session.channels.unsent(address):
                canceled += await _cancel(session, message_id, now)
            await session.changes.add(ChangeKind.SETUP_UPDATED, now)
            return canceled

        return await self._store.write(work)

    async def export(self, address: str) -> Path:
        """Write everything said at a number to a new file of the home; returns the file.

        Raises:
            NotFound: The number is none of ours.
            WaConsoleError: The file cannot be written.
        """
        await self.counts(address)
        return await export_channel(self._store, self._clock, address, self._exports)

    async def erase(self, address: str, *, typed: str) -> ChannelCounts:
        """Delete a number and all that was ever said at it. It cannot be undone.

        The journal goes first: it is a file of its own, and as long as the set-up still has the
        number, an erasure that was cut off can simply be asked for again.

        Args:
            address: Which number.
            typed: The number as the person typed it, to be sure.

        Returns:
            What there was.

        Raises:
            NotFound: It is none of ours.
            NotAllowed: Something else was typed, or a send is under way.
        """
        if _digits(typed) != _digits(address):
            raise NotAllowed(_("Type {number} to erase it.").format(number=address))
        counts = await self.counts(address)
        await self._store.write(lambda session: _check_still(session, address))
        await self._store.journal.erase(f"{WHATSAPP}:{address}")
        now = self._clock.now()

        async def work(session: Session) -> None:
            setup = await session.facts.setup()
            await session.search.forget(address)
            await session.channels.erase(address)
            await session.facts.save_setup(without(setup, address))
            await session.changes.add(ChangeKind.SETUP_UPDATED, now)
            await session.changes.add(ChangeKind.CONVERSATION_UPDATED, now)

        await self._store.write(work)
        return counts

    async def _change(self, change: Callable[[Setup], Setup]) -> None:
        now = self._clock.now()

        async def work(session: Session) -> None:
            await session.facts.save_setup(change(await session.facts.setup()))
            await session.changes.add(ChangeKind.SETUP_UPDATED, now)

        await self._store.write(work)


async def _channel(session: Session, setup: Setup, number: Number) -> Channel:
    counts = await session.channels.counts(number.address)
    return Channel(number, setup.workstream_of(number.address), counts)


async def _all(session: Session, address: str) -> list[Conversation]:
    found: list[Conversation] = []
    while page := await session.channels.conversations(
        address, after=found[-1].id if found else ""
    ):
        found += page
    return found


async def _release(session: Session, conversation: Conversation, now: datetime) -> None:
    context = {key: value for key, value in conversation.context.items() if key != HELD}
    await session.conversations.save(replace(conversation, quarantined=False, context=context))
    await session.changes.add(ChangeKind.CONVERSATION_UPDATED, now, conversation_id=conversation.id)


async def _cancel(session: Session, message_id: str, now: datetime) -> int:
    row, message = await session.outbox.get(message_id), await session.messages.get(message_id)
    if row is None or message is None:
        return 0
    await session.outbox.update(
        replace(row, state=OutboxState.DONE, leased_by="", leased_until_ms=0)
    )
    canceled = replace(message, status=DeliveryStatus.CANCELED)
    await save_outcome(session, before=message, after=canceled, at=now)
    await keep_as_draft(session, message, now)
    return 1


async def _check_still(session: Session, address: str) -> None:
    """Refuse while a send is in the engine's hands: its outcome would come back as a stranger."""
    for state in (OutboxState.SENDING, OutboxState.UNKNOWN):
        rows = await session.outbox.in_state(state)
        if any(row.sender == f"{WHATSAPP}:{address}" for row in rows):
            raise NotAllowed(_("A message is just being sent there. Try again in a moment."))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
