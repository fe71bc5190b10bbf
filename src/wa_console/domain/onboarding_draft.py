"""The answers given to the setup wizard so far, and the set-up they amount to.

Pure data. No secret is ever a part of it: it is kept in the store as one text after each answer, so
that quitting or a kill at any step resumes there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final, TypeVar

from wa_console.domain.sandbox import SANDBOX_NUMBER, TEMPLATES
from wa_console.domain.setup import (
    Account,
    Attachments,
    Number,
    Queue,
    Representative,
    Setup,
    TemplateEntry,
    Workstream,
)

T = TypeVar("T")


class Step(StrEnum):
    """The wizard's steps; their order is the order of proof."""

    ACCOUNT = "account"
    NUMBER = "number"
    SANDBOX = "sandbox"
    CALLBACK = "callback"
    WORKSTREAM = "workstream"
    LANGUAGE = "language"
    BEHAVIOUR = "behaviour"
    TEMPLATES = "templates"
    ROUTING = "routing"
    AGENT = "agent"
    SUMMARY = "summary"
    FINISH = "finish"


class Path(StrEnum):
    """Which of the two ways the first question chose."""

    NUMBER = "number"
    SANDBOX = "sandbox"


class Delivery(StrEnum):
    """How messages come in."""

    UNDECIDED = ""
    WEBHOOK = "webhook"
    POLL = "poll"
    TUNNEL = "tunnel"


QUICK_TUNNELS: Final = frozenset({"cloudflared", "ngrok"})
"""As we start them they get another address each time (faults H4); tailscale keeps its own."""


_NUMBER_STEPS: Final = tuple(step for step in Step if step is not Step.SANDBOX)
_SANDBOX_STEPS: Final = tuple(
    step for step in Step if step not in (Step.NUMBER, Step.TEMPLATES, Step.CALLBACK)
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Every answer but the secrets. Defaults are what the wizard proposes.

    Attributes:
        step: Where to resume.
        sender_sid: Of the chosen number, empty for the sandbox or one Twilio did not list.
        sender_told: Status, quality and limit as they were when it was chosen.
        tunnel: The program that makes us reachable. Its URL is no answer: it may differ each time.
        tunnel_sets_webhook: Twilio's webhook follows the tunnel's URL.
        heard: A test message has arrived.
        import_all: Take over every approved template.
        templates: Those that were taken over or added by SID.
    """

    path: Path = Path.NUMBER
    step: Step = Step.ACCOUNT
    account_sid: str = ""
    account_name: str = ""
    api_key: str = ""
    number: str = ""
    number_name: str = ""
    sender_sid: str = ""
    sender_told: str = ""
    join_phrase: str = ""
    public_url: str = ""
    delivery: Delivery = Delivery.UNDECIDED
    tunnel: str = ""
    tunnel_sets_webhook: bool = False
    heard: bool = False
    workstream: str = "WhatsApp"
    language: str = ""
    customers: bool = True
    representatives: bool = True
    import_all: bool = True
    templates: tuple[TemplateEntry, ...] = ()
    distribution: str = "pick"
    queue: str = ""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of the chosen way."""
        return _SANDBOX_STEPS if self.path is Path.SANDBOX else _NUMBER_STEPS

    def reached(self, step: Step) -> bool:
        """Whether a step has been come to already."""
        return step in self.steps and self.steps.index(step) <= self.steps.index(self.step)


def write_draft(draft: Draft) -> str:
    """Return the draft as the text that is kept."""
    return json.dumps(asdict(draft), ensure_ascii=False)


def read_draft(text: str) -> Draft | None:
    """Return the draft that is kept, None where there is none or of another make."""
    try:
        told = json.loads(text)
        if not isinstance(told, dict):
            return None
        known = {field.name for field in fields(Draft)}
        values: dict[str, Any] = {name: told[name] for name in known & set(told)}
        values |= {
            "path": Path(values.get("path", Path.NUMBER)),
            "step": Step(values.get("step", Step.ACCOUNT)),
            "delivery": Delivery(values.get("delivery", "")),
            "templates": tuple(TemplateEntry(**each) for each in values.get("templates", ())),
        }
        draft = Draft(**values)
    except (ValueError, TypeError):
        return None
    return draft if draft.step in draft.steps else replace(draft, step=Step.ACCOUNT)


def wanted_setup(current: Setup, draft: Draft, *, login: str) -> Setup:
    """Return the set-up with the draft's answers in it; what else is there stays.

    Args:
        current: As it is, empty on a first run.
        draft: Complete answers.
        login: Who sits here: becomes the first representative, and a member of a new queue.
    """
    number = _number(draft, current)
    named = number.name or number.address
    before = next((w for w in current.workstreams if w.name == draft.workstream), None)
    stream = before or Workstream(draft.workstream, ())
    spellings = {named, number.address}
    others = tuple(each for each in stream.numbers if each not in spellings)
    stream = replace(
        stream,
        numbers=(*others, named),
        language=draft.language,
        distribution=draft.distribution,
        fallback_queue=draft.queue,
        attachments=Attachments(draft.customers, draft.representatives),
    )
    elsewhere = tuple(_without(w, spellings, keep=stream.name) for w in current.workstreams)
    people = current.representatives or (Representative(login, role="admin"),)
    return replace(
        current,
        account=Account(draft.account_sid, draft.account_name),
        numbers=_put(current.numbers, number, "address"),
        representatives=people,
        queues=_queues(current.queues, draft.queue, people, login),
        workstreams=_put(elsewhere, stream, "name"),
        templates=_templates(current.templates, draft),
    )


def _number(draft: Draft, current: Setup) -> Number:
    """Return the number; what was set elsewhere about one that is there stays."""
    sandbox = draft.path is Path.SANDBOX
    address = SANDBOX_NUMBER if sandbox else draft.number
    known = current.number(address) or Number(address)
    name = known.name or ("Sandbox" if sandbox else draft.number_name)
    phrase = draft.join_phrase if sandbox else ""
    return replace(known, name=name, sandbox=sandbox, join_phrase=phrase)


def _without(stream: Workstream, spellings: set[str], *, keep: str) -> Workstream:
    """Take a number out of the other workstreams: one serves it (CONTRACT)."""
    if stream.name == keep:
        return stream
    return replace(stream, numbers=tuple(n for n in stream.numbers if n not in spellings))


def _put(entries: Sequence[T], entry: T, key: str) -> tuple[T, ...]:
    """Replace the entry of the same name in its place, or add it at the end."""
    name = getattr(entry, key)
    if any(getattr(each, key) == name for each in entries):
        return tuple(entry if getattr(each, key) == name else each for each in entries)
    return (*entries, entry)


def _queues(
    queues: tuple[Queue, ...], name: str, people: Sequence[Representative], login: str
) -> tuple[Queue, ...]:
    if not name or any(queue.name == name for queue in queues):
        return queues
    member = login if any(each.login == login for each in people) else people[0].login
    return (*queues, Queue(name, (member,)))


def _templates(before: tuple[TemplateEntry, ...], draft: Draft) -> tuple[TemplateEntry, ...]:
    added = draft.templates
    if draft.path is Path.SANDBOX:
        added = tuple(
            TemplateEntry(each.content_sid, "en", each.text)
            for each in TEMPLATES
            if each.content_sid
        )
    sids = {entry.content_sid for entry in added}
    kept = tuple(entry for entry in before if entry.content_sid not in sids)
    return (*kept, *added)
