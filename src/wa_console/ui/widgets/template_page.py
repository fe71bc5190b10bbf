"""One template in words: what it is, whether it may be sent, how it looks, how it differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content

from wa_console.domain.i18n import _
from wa_console.domain.template import Template
from wa_console.domain.template_drift import Drift, Side
from wa_console.domain.text import safe_text, snippet
from wa_console.ui.present_matrix import kind_words, state_words, window_words
from wa_console.ui.present_templates import approval_sign

_NAME: Final = 60
_PIECE: Final = 1200


def head(template: Template) -> Content:
    """Return what a template is and whether it may be sent."""
    sign, tone = approval_sign(template.approval)
    facts = (template.language, kind_words(template.kind), template.category.lower())
    parts = [
        Content.assemble(
            (snippet(template.name or template.content_sid, _NAME), "bold $wa-strong"),
            (f"\n{snippet(' · '.join(filter(None, facts)), 90)}", "$wa-muted"),
        ),
        Content.assemble(
            (f"{sign} {snippet(state_words(template), 260)}", f"$wa-{tone}"),
            (f"\n{window_words(template)}", "$wa-muted"),
        ),
        Content.styled(_("As the customer sees it"), "bold"),
    ]
    return Content("\n\n").join(parts)


def drift_words(drift: Drift) -> Content:
    """Return both texts laid over each other: ours struck out, Twilio's marked."""
    parts: list[tuple[str, str]] = [
        (_("! The text entered here is not the one Twilio has."), "$wa-warn")
    ]
    if drift.language is not None:
        ours, theirs = drift.language
        words = _("Language here {ours}, at Twilio {theirs}.")
        told = words.format(ours=snippet(ours or "?", 12), theirs=snippet(theirs or "?", 12))
        parts.append((f"\n{told}", "$wa-warn"))
    parts.append(("\n", ""))
    for piece in drift.pieces:
        text = safe_text(piece.text, limit=_PIECE)
        match piece.side:
            case Side.BOTH:
                parts.append((text, ""))
            case Side.OURS:
                parts += [("[−", "$wa-urgent"), (text, "$wa-urgent strike"), ("]", "$wa-urgent")]
            case Side.TWILIO:
                parts += [("[+", "$wa-calm"), (text, "$wa-calm"), ("]", "$wa-calm")]
    parts.append((f"\n{_('[− here ]  [+ at Twilio, what is sent ]')}", "$wa-muted"))
    return Content.assemble(*parts)


def particulars_words(lines: Sequence[tuple[str, str]]) -> Content:
    """Return labels and values under each other."""
    width = max((cell_len(label) for label, _value in lines), default=0) + 2
    return Content("\n").join(
        Content.assemble((label + " " * (width - cell_len(label)), "$wa-muted"), value)
        for label, value in lines
    )


def samples_words(template: Template) -> Content:
    """Return the placeholders with Twilio's examples, which are never sent."""
    rows = [
        (snippet("{{" + key + "}}", 24), snippet(template.variables.get(key, ""), 80) or "–")
        for key in template.placeholders
    ]
    head = Content.styled(_("Placeholders, with the reviewer's examples"), "bold")
    return Content("\n").join([head, particulars_words(rows)])
