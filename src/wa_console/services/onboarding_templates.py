"""The wizard's templates: all that Twilio has approved, or one by its Content SID, compared.

Reads from Twilio and returns what the draft is to hold; it saves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from wa_console.domain import onboarding_values as read
from wa_console.domain.errors import SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import APPROVAL_FIELD, Approval, Template, problems
from wa_console.gateway.port import Gateway
from wa_console.services.onboarding_outside import FieldProblem

SAME, OURS, THEIRS = "same", "ours", "theirs"
_ANY: Final = "x"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of two texts: in both, only in the typed one, or only in Twilio's."""

    kind: str
    text: str


def importable(found: Sequence[Template]) -> tuple[TemplateEntry, ...]:
    """Return entries for everything that is approved and has a text.

    What is not approved yet, or has no text (a carousel), comes by itself with the engine's sync.
    """
    return tuple(
        TemplateEntry(each.content_sid, each.language, each.text)
        for each in found
        if each.approval is Approval.APPROVED and each.text.strip() and each.language
    )


async def fetched(gateway: Gateway, text: str) -> Template:
    """Return the template behind a typed SID, if it may be added.

    Raises:
        FieldProblem: Not a SID, not of this account, not approved, or Twilio cannot be asked.
    """
    try:
        sid = read.content_sid(text)
    except SetupProblem as problem:
        raise FieldProblem("content_sid", str(problem)) from None
    template = await gateway.template(sid)
    if template is None:
        raise FieldProblem(
            "content_sid", _("This account has no such template. Was it made in another one?")
        )
    if template.approval is not Approval.APPROVED:
        values = dict.fromkeys(template.placeholders, _ANY)
        sentence = next(
            (p.text for p in problems(template, values) if p.field == APPROVAL_FIELD),
            _("WhatsApp has not approved it."),
        )
        raise FieldProblem("content_sid", sentence)
    return template


def entry(template: Template, *, language: str, text: str) -> TemplateEntry:
    """Return the entry of a fetched template with the typed language and text.

    Raises:
        FieldProblem: Another language than Twilio's, no text, or other variables.
    """
    try:
        code = read.template_language(language, template)
    except SetupProblem as problem:
        raise FieldProblem("language", str(problem)) from None
    try:
        typed = read.template_text(text, template)
    except SetupProblem as problem:
        raise FieldProblem("text", str(problem)) from None
    return TemplateEntry(template.content_sid, code, typed)


def difference(typed: str, twilio: str) -> Sequence[Piece]:
    """Return how the typed text differs from Twilio's, word by word; empty when it does not."""
    ours, theirs = typed.split(), twilio.split()
    if ours == theirs:
        return ()
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, " ".join(ours[a:b])))
            continue
        pieces += [Piece(OURS, " ".join(ours[a:b]))] if b > a else []
        pieces += [Piece(THEIRS, " ".join(theirs[c:d]))] if d > c else []
    return pieces
