"""A desk over a real store: what the tests of services share. Nothing in here is a fake."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from wa_console.domain.changes import Change
from wa_console.domain.clock import Clock, FixedClock
from wa_console.domain.conversation import Conversation
from wa_console.domain.message import ChatMessage
from wa_console.domain.setup import Account, Number, Queue, Representative, Setup, Workstream
from wa_console.gateway import errorcodes, forms
from wa_console.services.conversations import Conversations
from wa_console.services.inbox import Inbox
from wa_console.services.journal import Receiver
from wa_console.services.outbox import Outbox
from wa_console.services.projector import Projector
from wa_console.services.rules import Rules
from wa_console.services.setup import SetupService
from wa_console.services.templates import Templates
from wa_console.store.port import JournalEntry, JournalKind, OutboxRow, Store
from wa_console.store.sqlite import open_sqlite

T = TypeVar("T")

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT = "AC5ca1ab1e5ca1ab1e5ca1ab1e5ca1ab1e"
NUMBER = "+4571993000"
CUSTOMER = "whatsapp:+4520123456"
SETUP = Setup(
    account=Account(ACCOUNT, name="Support"),
    numbers=(Number(NUMBER, name="Support Denmark"),),
    queues=(Queue("Delivery", members=("anna", "bo")),),
    representatives=(Representative("anna", capacity=3), Representative("bo")),
    workstreams=(Workstream("WhatsApp", numbers=("Support Denmark",), language="da"),),
)

_numbers = itertools.count(1)


def sid(prefix: str = "SM") -> str:
    """A SID that no other test row has."""
    return f"{prefix}{next(_numbers):032x}"


def inbound_form(body: str = "Hej", **more: str) -> list[tuple[str, str]]:
    """The fields of a customer's message; ``more`` adds fields or replaces them."""
    number = sid()
    form = {
        "SmsMessageSid": number,
        "NumMedia": "0",
        "ProfileName": "Kunde Æøå",
        "WaId": "4520123456",
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{NUMBER}",
        "MessageSid": number,
        "AccountSid": ACCOUNT,
        "From": CUSTOMER,
        "ApiVersion": "2010-04-01",
    }
    return list((form | more).items())


def status_form(
    message_sid: str, word: str, *, code: int | None = None, **more: str
) -> list[tuple[str, str]]:
    """The fields of a status callback."""
    form = {
        "MessageStatus": word,
        "SmsStatus": word,
        "MessageSid": message_sid,
        "AccountSid": ACCOUNT,
        "From": f"whatsapp:{NUMBER}",
        "To": CUSTOMER,
    }
    if code is not None:
        form["ErrorCode"] = str(code)
    return list((form | more).items())


def sample(name: str) -> dict[str, Any]:
    """One of the shared samples, such as ``inbound/text``."""
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))
    return loaded


def sample_names(folder: str) -> list[str]:
    """The names of all samples in a folder."""
    return sorted(f"{folder}/{path.stem}" for path in (SAMPLES / folder).glob("*.json"))


@dataclass
class Wall:
    """A wall clock that a test moves."""

    now: float = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Rig:
    """Services over one store and one clock."""

    store: Store
    clock: Clock
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self.receiver = Receiver(store=self.store, clock=self.clock)
        self.projector = Projector(
            store=self.store, clock=self.clock, forms=forms, explain=errorcodes
        )
        self.outbox = Outbox(
            store=self.store, clock=self.clock, rules=self.rules, explain=errorcodes
        )
        self.conversations = Conversations(store=self.store, clock=self.clock, rules=self.rules)
        self.inbox = Inbox(store=self.store, clock=self.clock, rules=self.rules, explain=errorcodes)
        self.templates = Templates(store=self.store, clock=self.clock, gateway=None)
        self.setup = SetupService(store=self.store, clock=self.clock)

    @property
    def fixed(self) -> FixedClock:
        """The clock, where it is one that stands still."""
        assert isinstance(self.clock, FixedClock)
        return self.clock

    async def hear(self, body: str = "Hej", **more: str) -> Conversation:
        """A customer's message comes in and is projected; returns its conversation."""
        form = inbound_form(body, **more)
        await self.receiver.inbound(form, query="")
        await self.projector.drain()
        message = await self.message_of(dict(form)["MessageSid"])
        return await self.conversations.get(message.conversation_id)

    async def report(
        self, message_sid: str, word: str, *, code: int | None = None, query: str = ""
    ) -> None:
        """A status callback comes in and is projected."""
        await self.receiver.status(status_form(message_sid, word, code=code), query=query)
        await self.projector.drain()

    async def journal(self, fields: Sequence[tuple[str, str]], *, at: datetime | None) -> None:
        """A message is found later, with the provider's time, and projected."""
        key = f"in:{dict(fields)['AccountSid']}:{dict(fields)['MessageSid']}"
        entry = JournalEntry(
            kind=JournalKind.INBOUND,
            key=key,
            fields=tuple(fields),
            received_at=self.clock.now(),
            source="catch-up",
            occurred_at=at,
        )
        await self.store.journal.append(entry)
        await self.projector.drain()

    async def message_of(self, message_sid: str) -> ChatMessage:
        """The message with a SID."""
        found = await self.store.read(lambda s: s.messages.by_sid(message_sid))
        assert found is not None, f"no message {message_sid}"
        return await self.message(found.id)

    async def message(self, message_id: str) -> ChatMessage:
        """The message with an id, with its history."""
        return await self.inbox.message(message_id)

    async def thread(self, conversation_id: str) -> list[ChatMessage]:
        """All messages of a conversation, oldest first."""
        return list(
            await self.store.read(
                lambda s: s.messages.page(conversation_id, before=None, limit=10_000)
            )
        )

    async def row(self, message_id: str) -> OutboxRow:
        """The outbox row of a message."""
        found = await self.store.read(lambda s: s.outbox.get(message_id))
        assert found is not None, f"no outbox row {message_id}"
        return found

    async def changes(self, since: int = 0) -> list[Change]:
        """The change feed."""
        return list(await self.store.read(lambda s: s.changes.since(since, limit=10_000)))

    async def last_change(self) -> int:
        """Position of the newest change."""
        return await self.store.read(lambda s: s.changes.last_seq())


@asynccontextmanager
async def opened(folder: Path, clock: Clock, *, setup: Setup = SETUP) -> AsyncIterator[Rig]:
    """A rig over a fresh store in ``folder``."""
    store = await open_sqlite(folder / "store.db")
    try:
        rig = Rig(store, clock)
        await rig.setup.apply(setup)
        yield rig
    finally:
        await store.close()
