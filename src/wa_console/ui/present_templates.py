"""Templates as the picker shows them: one entry a name, its languages behind it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from wa_console.domain.i18n import N_, _
from wa_console.domain.template import (
    APPROVAL_FIELD,
    TEMPLATE_LIMIT,
    TYPE_FIELD,
    Approval,
    Template,
    problems,
    render,
)
from wa_console.domain.text import SafeText, safe_text, snippet

_NAME_LIMIT: Final = 48
_SOURCES: Final = {
    "customer": N_("from the customer"),
    "last": N_("as last time"),
    "draft": N_("from your draft"),
    "sample": N_("not known yet"),
}
_APPROVALS: Final = {
    Approval.UNSUBMITTED: N_("not submitted"),
    Approval.RECEIVED: N_("pending"),
    Approval.PENDING: N_("pending"),
    Approval.APPROVED: N_("approved"),
    Approval.REJECTED: N_("rejected"),
    Approval.PAUSED: N_("paused"),
    Approval.DISABLED: N_("disabled"),
    Approval.UNKNOWN: N_("approval not known"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A template in all its languages, the one to offer first in front."""

    name: str
    variants: tuple[Template, ...]

    def variant(self, language: str) -> Template:
        """Return the template in a language, the first one when there is none in it."""
        return next((t for t in self.variants if t.language == language), self.variants[0])

    def after(self, language: str) -> Template:
        """Return the next language's template, round the corner."""
        here = self.variants.index(self.variant(language))
        return self.variants[(here + 1) % len(self.variants)]


@dataclass(frozen=True, slots=True)
class EntryView:
    """Two lines of the list. ``tone`` is calm, warn, urgent or muted."""

    sign: str
    tone: str
    name: SafeText
    facts: SafeText
    line: SafeText


def entries(templates: Sequence[Template], text: str = "") -> tuple[Entry, ...]:
    """Group templates by name in their order, those that hold every word of ``text``."""
    words = text.casefold().split()
    groups: dict[str, list[Template]] = {}
    for template in templates:
        groups.setdefault(template.name or template.content_sid, []).append(template)
    found = []
    for name, variants in groups.items():
        hay = " ".join((name, *(f"{t.text} {t.language} {t.category}" for t in variants)))
        if all(word in hay.casefold() for word in words):
            found.append(Entry(name, tuple(variants)))
    return tuple(found)


def approval_sign(approval: Approval) -> tuple[str, str]:
    """Return the sign and tone of an approval."""
    match approval:
        case Approval.APPROVED:
            return "✓", "calm"
        case Approval.UNSUBMITTED | Approval.RECEIVED | Approval.PENDING | Approval.PAUSED:
            return "…", "warn"
        case Approval.REJECTED | Approval.DISABLED:
            return "✗", "urgent"
        case Approval.UNKNOWN:
            return "?", "muted"
        case _:
            assert_never(approval)


def approval_words(approval: Approval) -> str:
    """Return an approval as a word."""
    return _(_APPROVALS[approval])


def source_words(source: str) -> str:
    """Return where a field's value came from; empty for a value nobody found."""
    return _(_SOURCES[source]) if source in _SOURCES else ""


def entry_view(entry: Entry, template: Template) -> EntryView:
    """Return an entry as two lines, in the language that is chosen."""
    sign, tone = approval_sign(template.approval)
    languages = " ".join(
        (template.language, *(t.language for t in entry.variants if t is not template))
    )
    word = (
        template.category.lower() or approval_words(template.approval)
        if template.sendable
        else approval_words(template.approval)
    )
    return EntryView(
        sign=sign,
        tone=tone,
        name=snippet(entry.name, _NAME_LIMIT),
        facts=snippet(f"{languages} · {word}", 60),
        line=snippet(template.text, 120),
    )


def template_facts(template: Template) -> SafeText:
    """Return ``HX9f2c…41 · da · approved · utility``."""
    sid = template.content_sid
    short = f"{sid[:6]}…{sid[-2:]}" if len(sid) > 12 else sid
    parts = (short, template.language, approval_words(template.approval), template.category.lower())
    return snippet(" · ".join(part for part in parts if part), 90)


def blocked(template: Template) -> str:
    """Return why a template cannot be sent whatever is filled in; empty when it can.

    One whose approval nobody has asked about is let through: the sender asks (services.outbox).
    """
    if template.approval is Approval.UNKNOWN:
        return ""
    found = problems(template, dict.fromkeys(template.placeholders, "x"))
    return next((p.text for p in found if p.field in (APPROVAL_FIELD, TYPE_FIELD)), "")


def to_mend(template: Template, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return (field, sentence) for what is wrong with the values."""
    return tuple(
        (p.field, p.text)
        for p in problems(template, dict(values))
        if p.field not in (APPROVAL_FIELD, TYPE_FIELD)
    )


def preview(template: Template, values: Mapping[str, str]) -> SafeText:
    """Return the text as the customer will see it; an empty field keeps its placeholder."""
    filled = {key: value for key, value in values.items() if value.strip()}
    return safe_text(render(template.text, filled), limit=2 * TEMPLATE_LIMIT, max_lines=40)


def length_words(template: Template, values: Mapping[str, str]) -> tuple[str, bool]:
    """Return ``118 / 1024`` and whether that is too long (FACTS 6, 63021)."""
    length = len(render(template.text, dict(values)))
    return f"{length} / {TEMPLATE_LIMIT}", length > TEMPLATE_LIMIT
