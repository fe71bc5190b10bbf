"""The shapes of a scenario: templates and the events of a timeline.

Duty: plain records. Times are seconds relative to the moment the demo begins, negative for the
past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from wa_console.simulator.records import Button, Location


class StaffKind(StrEnum):
    """What a representative did."""

    REPLY = "reply"
    NOTE = "note"
    TEMPLATE = "template"
    LABEL = "label"
    ASSIGN = "assign"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSays:
    """A customer wrote.

    Attributes:
        at_s: When, in seconds from now.
        who: The customer's address, in E.164 or as business-scoped id.
        body: The text.
        media: Kinds of attachments, as `specimens.make` knows them.
        button: A press on a button.
        location: A shared place.
    """

    at_s: float
    who: str
    body: str = ""
    media: tuple[str, ...] = ()
    button: Button | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSays:
    """A representative wrote to a customer or did something to the conversation.

    Attributes:
        at_s: When, in seconds from now.
        who: The customer whose conversation it is.
        author: The representative's login.
        kind: What was done.
        body: The reply or note; for a label its name, for an assignment the login it goes to.
        template_key: For a template, the `Template.key` it was made from.
        variables: For a template, its values.
    """

    at_s: float
    who: str
    author: str
    kind: StaffKind = StaffKind.REPLY
    body: str = ""
    template_key: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


Event: TypeAlias = CustomerSays | StaffSays


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A WhatsApp template of the account.

    Attributes:
        key: Name within the scenario, ``delivery_update.da``.
        name: Name at WhatsApp, the same for all languages.
        language: Two letters.
        body: The text with ``{{1}}``.
        examples: Defaults of the placeholders, in order; WhatsApp wants them for the review.
        buttons: Quick-reply buttons: title and id.
        category: UTILITY, MARKETING or AUTHENTICATION.
        status: WhatsApp's word on it.
        reason: Why it was rejected.
        sid: A fixed ContentSid; empty for one made from the key.
    """

    key: str
    name: str
    language: str
    body: str
    examples: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    category: str = "UTILITY"
    status: str = "approved"
    reason: str = ""
    sid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named beginning.

    Attributes:
        name: As given on the command line.
        title: One line for people.
        templates: The account's templates.
        events: The timeline, in order of time.
    """

    name: str
    title: str
    templates: tuple[Template, ...]
    events: tuple[Event, ...]
