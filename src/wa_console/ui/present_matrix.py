"""The templates' matrix and one template's particulars in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from wa_console.domain.i18n import N_, _
from wa_console.domain.template import Approval, Template, outside_window, without_approval
from wa_console.domain.template_matrix import Matrix, MatrixRow
from wa_console.domain.text import snippet
from wa_console.ui.present_templates import approval_sign, approval_words

HOLE: Final = "–"
_WITHDRAWN: Final = frozenset({Approval.REJECTED, Approval.PAUSED, Approval.DISABLED})
_KINDS: Final = {
    "twilio/text": N_("text"),
    "twilio/media": N_("media"),
    "twilio/quick-reply": N_("quick replies"),
    "twilio/call-to-action": N_("call to action"),
    "twilio/card": N_("card"),
    "whatsapp/card": N_("card"),
    "twilio/list-picker": N_("list"),
    "twilio/location": N_("location"),
    "twilio/catalog": N_("catalogue"),
    "twilio/carousel": N_("carousel"),
    "whatsapp/authentication": N_("one-time code"),
    "twilio/flows": N_("flow"),
    "whatsapp/flows": N_("flow"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell of the matrix: at most two signs, and their tone."""

    text: str
    tone: str


def cell_of(templates: Sequence[Template]) -> Cell:
    """Return how a cell looks: a hole, a state, or a state and that there are several."""
    if not templates:
        return Cell(HOLE, "muted")
    best = next((t for t in templates if t.sendable), templates[0])
    sign, tone = approval_sign(best.approval)
    return Cell(sign + ("+" if len(templates) > 1 else ""), tone)


def column_widths(whole: Matrix, room: int, chosen: int) -> list[tuple[int, int]]:
    """Return (column, width) of the languages that fit, the chosen one among them.

    Args:
        whole: The matrix.
        room: Cells there are for columns.
        chosen: Index of the language that must be seen.
    """
    widths = [max(3, cell_len(code)) + 1 for code in whole.languages]
    first = 0
    while first < chosen and sum(widths[first : chosen + 1]) > room:
        first += 1
    shown: list[tuple[int, int]] = []
    for at in range(first, len(widths)):
        if shown and sum(width for _at, width in shown) + widths[at] > room:
            break
        shown.append((at, widths[at]))
    return shown


def kind_words(kind: str) -> str:
    """Return a type of content as a word; one we do not know keeps Twilio's name."""
    return _(_KINDS[kind]) if kind in _KINDS else snippet(kind or "?", 30)


def window_words(template: Template) -> str:
    """Say in one sentence when a template of this type and state may be sent."""
    if not outside_window(template.kind):
        return _("WhatsApp allows this type only inside the 24-hour window, never to begin.")
    if template.approval is Approval.APPROVED:
        return _("It may be sent at any time, also outside the 24-hour window.")
    if template.approval in _WITHDRAWN:
        return _("It cannot be sent as long as that is so.")
    if without_approval(template.kind):
        return _("Outside the 24-hour window only once it is approved; inside it now too.")
    return _("It cannot be sent before WhatsApp approves it.")


def state_words(template: Template) -> str:
    """Return what WhatsApp says, with its reason."""
    word = approval_words(template.approval)
    if template.reason:
        return _("{state}: {reason}").format(state=word, reason=snippet(template.reason, 200))
    return word


def particulars(template: Template) -> list[tuple[str, str]]:
    """Return (label, value) lines about a template, empty ones left out."""
    lines = [
        (_("WhatsApp"), state_words(template)),
        (_("Type"), kind_words(template.kind)),
        (_("Category"), snippet(template.category.lower(), 30)),
        (_("Language"), snippet(template.language, 12)),
        (_("Content SID"), template.content_sid),
        (_("Offered in"), ", ".join(template.workstreams) or _("all workstreams")),
    ]
    return [(label, snippet(value, 120)) for label, value in lines if value]


def hole_words(row: MatrixRow, language: str) -> str:
    """Say that a template is not there in a language."""
    text = _("{name} is not there in {language}.")
    return text.format(name=snippet(row.stem, 60), language=snippet(language, 12))
