"""WhatsApp templates: how one is filled in, and everything that forbids sending it so.

A template may be sent outside the 24-hour window, once Meta has approved it (FACTS 10, 15.2). All
that can be known before the request is found here, so that the agent reads a sentence instead of
an error code later (FACTS 0.12). This module may not fetch or send.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never

from wa_console.domain.i18n import _
from wa_console.domain.text import snippet

BODY_LIMIT: Final = 1600
"""Characters of a free text (FACTS 5; 21617 above)."""
TEMPLATE_LIMIT: Final = 1024
"""Characters of a template's text after substitution (FACTS 6; 63021 above)."""
VALUE_LIMIT: Final = 1600
"""Characters of one variable's value (FACTS 6)."""
KEY_LIMIT: Final = 16
"""Characters of one variable's name (FACTS 6)."""

APPROVAL_FIELD: Final = "approval"
TYPE_FIELD: Final = "type"
TEXT_FIELD: Final = "text"

_CONTENT_SID: Final = re.compile(r"HX[0-9a-fA-F]{32}")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^\s{}]+)\s*\}\}")
_LINE_OR_TAB: Final = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_MANY_SPACES: Final = " " * 4
_NEVER_OUTSIDE: Final = frozenset({"twilio/list-picker", "twilio/location"})
# May be sent in an open window without approval (FACTS 10).
_SESSION_KINDS: Final = frozenset(
    {
        "twilio/text",
        "twilio/media",
        "twilio/quick-reply",
        "twilio/catalog",
        "twilio/list-picker",
        "twilio/location",
    }
)


class Approval(StrEnum):
    """Meta's decision on a template (FACTS 10, "Status")."""

    UNSUBMITTED = "unsubmitted"
    RECEIVED = "received"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"
    UNKNOWN = "unknown"
    """Twilio was never asked, or answered with a word we do not know."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a template.

    Attributes:
        title: what stands on it.
        kind: ``quick_reply``, ``url``, ``phone``, ``copy_code``, ``item`` (an entry of a list,
            shown after the list is opened) or ``other``.
        target: the address, number or code behind it; may hold placeholders.
        detail: a list entry's second line.
    """

    title: str
    kind: str
    target: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A template as Twilio's Content API holds it, and where it is offered.

    Attributes:
        content_sid: ``HX`` and 32 hex digits.
        name: its friendly name.
        language: ``da``, ``en`` or a locale form.
        kind: Twilio's content type, such as ``twilio/quick-reply``.
        text: all its words in reading order with ``{{1}}`` placeholders, header and footer too.
        variables: placeholder to sample value; samples are never sent to a customer.
        category: Meta's: UTILITY, MARKETING, AUTHENTICATION, or an old one; may be empty.
        approval: Meta's decision.
        reason: why it was rejected, paused or disabled; may be empty.
        buttons: in order.
        workstreams: ids of the workstreams it is offered in; empty for all.
        header: the part of ``text`` that stands first and bold; may be empty.
        footer: the part of ``text`` that stands last and grey; may be empty.
        media: addresses of its picture, film or document; may hold placeholders.
        list_button: what opens the list of a list-picker.
    """

    content_sid: str
    name: str
    language: str
    kind: str
    text: str
    variables: Mapping[str, str] = field(default_factory=dict)
    category: str = ""
    approval: Approval = Approval.UNKNOWN
    reason: str = ""
    buttons: tuple[Button, ...] = ()
    workstreams: tuple[str, ...] = ()
    header: str = ""
    footer: str = ""
    media: tuple[str, ...] = ()
    list_button: str = ""

    @property
    def body(self) -> str:
        """The text without header and footer."""
        body = self.text
        if self.header:
            body = body.removeprefix(self.header).removeprefix("\n")
        if self.footer:
            body = body.removesuffix(self.footer).removesuffix("\n")
        return body

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The variables to fill in, each once.

        In order of first appearance: text, buttons, then those Twilio lists that stand in a part
        we do not show (header, media address). All must be sent (63028).
        """
        parts = [self.text]
        for button in self.buttons:
            parts += (button.title, button.target, button.detail)
        shown = (key for part in parts for key in _PLACEHOLDER.findall(part))
        return tuple(dict.fromkeys((*shown, *self.variables)))

    @property
    def sendable(self) -> bool:
        """Whether Meta has approved it, so that it may be sent outside the window."""
        return self.approval is Approval.APPROVED


@dataclass(frozen=True, slots=True)
class TemplateProblemItem:
    """One thing to mend before a template can be sent.

    Attributes:
        field: the variable's name, or `APPROVAL_FIELD`, `TYPE_FIELD`, `TEXT_FIELD`.
        text: a sentence for the screen and the command line.
    """

    field: str
    text: str


def outside_window(kind: str) -> bool:
    """Whether WhatsApp lets an approved template of this type begin a conversation (FACTS 10)."""
    return kind not in _NEVER_OUTSIDE


def without_approval(kind: str) -> bool:
    """Whether a template of this type may be sent in an open window unapproved (FACTS 10)."""
    return kind in _SESSION_KINDS


def is_content_sid(text: str) -> bool:
    """Whether the text has the shape of a ContentSid; it need not exist."""
    return _CONTENT_SID.fullmatch(text) is not None


def render(text: str, variables: Mapping[str, str | None]) -> str:
    """Return the text with values put in; a placeholder without value stays as it is.

    One pass: a value that looks like a placeholder is not filled in again.
    """

    def value_of(found: re.Match[str]) -> str:
        value = variables.get(found[1])
        return found[0] if value is None else value

    return _PLACEHOLDER.sub(value_of, text)


def problems(
    template: Template, variables: Mapping[str, str | None], *, in_window: bool = False
) -> list[TemplateProblemItem]:
    """Return all that forbids sending a template with these values; empty if nothing does.

    `Approval.UNKNOWN` is among them: its item has the field `APPROVAL_FIELD`, for callers that
    would rather let Twilio decide than refuse what nobody asked about.

    Args:
        template: what is to be sent.
        variables: values by variable, as the agent or the command line gave them.
        in_window: the 24-hour window is open; some kinds then need no approval (FACTS 10).
    """
    return list(_problems(template, variables, in_window=in_window))


def _problems(
    template: Template, variables: Mapping[str, str | None], *, in_window: bool
) -> Iterator[TemplateProblemItem]:
    if not (in_window and template.kind in _SESSION_KINDS):
        if template.kind in _NEVER_OUTSIDE:
            sentence = _(
                "WhatsApp does not allow this type of template outside the 24-hour window."
            )
            yield TemplateProblemItem(TYPE_FIELD, sentence)
        if sentence := _approval_problem(template):
            yield TemplateProblemItem(APPROVAL_FIELD, sentence)
    wanted = template.placeholders
    for key in wanted:
        for sentence in _value_problems(key, variables.get(key)):
            yield TemplateProblemItem(key, sentence)
    for key in variables:
        if key not in wanted:
            sentence = _("The template has no variable {name}. Leave it out.")
            yield TemplateProblemItem(key, sentence.format(name=_shown_key(key)))
    length = len(render(template.text, variables))
    if length > TEMPLATE_LIMIT:
        sentence = _("The filled-in text has {count} characters; WhatsApp takes {limit}. Shorten.")
        sentence = sentence.format(count=length, limit=TEMPLATE_LIMIT)
        yield TemplateProblemItem(TEXT_FIELD, sentence)


def _approval_problem(template: Template) -> str:
    """Return why the template may not be sent yet or any more; empty if it may."""
    match template.approval:
        case Approval.APPROVED:
            return ""
        case Approval.UNSUBMITTED:
            text = _("The template was never submitted to WhatsApp for approval.")
        case Approval.RECEIVED | Approval.PENDING:
            text = _("WhatsApp has not approved the template yet; that takes up to 48 hours.")
        case Approval.REJECTED:
            text = _("WhatsApp rejected the template. Choose another.")
        case Approval.PAUSED:
            text = _("WhatsApp paused the template. Choose another for now.")
        case Approval.DISABLED:
            text = _("WhatsApp disabled the template. Choose another.")
        case Approval.UNKNOWN:
            text = _("It is not known whether WhatsApp approved the template. Sync the templates.")
        case _:
            assert_never(template.approval)
    if not template.reason:
        return text
    return _("{sentence} Reason: {reason}").format(
        sentence=text, reason=snippet(template.reason, 200)
    )


def _shown_key(key: str) -> str:
    return snippet("{{" + key + "}}")


def _value_problems(key: str, value: str | None) -> Iterator[str]:
    """Yield what WhatsApp or Twilio refuse in one variable (FACTS 6; 21656, 63013)."""
    name = _shown_key(key)
    if len(key) > KEY_LIMIT:
        text = _("The name of {name} is longer than {limit} characters; change the template.")
        yield text.format(name=name, limit=KEY_LIMIT)
    if value is None or not value.strip():
        yield _("Fill in {name}.").format(name=name)
        return
    if _LINE_OR_TAB.search(value):
        yield _("{name} must be on one line, without tabs.").format(name=name)
    if _MANY_SPACES in value:
        yield _("{name} must not have four or more spaces in a row.").format(name=name)
    if len(value) > VALUE_LIMIT:
        text = _("{name} has {count} characters; at most {limit} are allowed. Shorten it.")
        yield text.format(name=name, count=len(value), limit=VALUE_LIMIT)
