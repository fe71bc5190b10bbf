"""The set-up as one document: account, numbers, people, queues, workstreams, texts.

Plain data, the same that ``apply`` reads and ``dump`` writes (CONTRACT, set-up file). Checking a
file is setup_check's duty; keeping it is the store's. The auth token never stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Account:
    """The Twilio account that is served."""

    account_sid: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One of our WhatsApp senders; ``address`` as Twilio writes it, ``+4570203040``.

    Attributes:
        paused: Nothing is sent from it, and what comes in is kept, but held back.
    """

    address: str
    name: str = ""
    sandbox: bool = False
    join_phrase: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A place where work waits for the people in ``members``."""

    name: str
    members: tuple[str, ...] = ()
    assignment: str = "highest-capacity"
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Representative:
    """A person who answers; ``capacity`` is how many conversations at once."""

    login: str
    name: str = ""
    role: str = "representative"
    capacity: int = 5
    skills: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachments:
    """Who may send files in a workstream."""

    customers: bool = True
    representatives: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One routing rule: when all of ``when`` fits, the conversation goes to ``queue``."""

    when: Mapping[str, Any]
    queue: str


@dataclass(frozen=True, slots=True)
class Workstream:
    """How the work of some numbers is treated."""

    name: str
    numbers: tuple[str, ...]
    language: str = "en"
    distribution: str = "pick"
    fallback_queue: str = ""
    attachments: Attachments = Attachments()
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """A template that the team may use, by Content SID, with the text WhatsApp approved."""

    content_sid: str
    language: str
    text: str
    workstream: str = ""


@dataclass(frozen=True, slots=True)
class QuickReply:
    """A text to insert with ``/key``."""

    key: str
    text: str
    language: str = ""
    workstream: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours: ``open`` maps mon..sun to ``HH:MM-HH:MM``; a day left out is closed."""

    name: str
    open: Mapping[str, str]
    timezone: str = "UTC"
    holidays: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AutomatedMessage:
    """A text sent by itself at a trigger."""

    trigger: str
    text: str
    language: str = ""
    workstream: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """The whole set-up. An empty one is a home where nothing has been set up yet."""

    account: Account | None = None
    numbers: tuple[Number, ...] = ()
    queues: tuple[Queue, ...] = ()
    representatives: tuple[Representative, ...] = ()
    workstreams: tuple[Workstream, ...] = ()
    templates: tuple[TemplateEntry, ...] = ()
    quick_replies: tuple[QuickReply, ...] = ()
    hours: tuple[Hours, ...] = ()
    automated_messages: tuple[AutomatedMessage, ...] = ()

    def number(self, address: str) -> Number | None:
        """Return our number with that address, None when it is not ours."""
        return next((n for n in self.numbers if n.address == address), None)

    def workstream_of(self, address: str) -> Workstream | None:
        """Return the workstream that serves one of our numbers (named or by address)."""
        number = self.number(address)
        names = {address} | ({number.name} if number and number.name else set())
        return next((w for w in self.workstreams if names & set(w.numbers)), None)
