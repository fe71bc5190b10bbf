"""The doctor's findings as lights, words and a report that is safe to paste. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from wa_console.domain.i18n import N_, _, ngettext
from wa_console.domain.text import SafeText, snippet

_LIGHTS: Final = {
    "info": ("●", N_("ok"), "calm"),
    "warning": ("▲", N_("look"), "warn"),
    "error": ("✗", N_("broken"), "urgent"),
}
_ASCII: Final = {"info": "o", "warning": "!", "error": "x"}
_ORDER: Final = ("error", "warning", "info")
_MENDS: Final = {
    "template": "F5",
    "templates": "F5",
    "sender": "F6",
    "quality": "F6",
    "webhook": "F6",
    "set-up": "F6",
    "journal": "r",
    "twilio": "r",
    "reach": "r",
    "signature": "r",
}
"""Which key helps with a finding, by the check's name: a screen, or looking again."""
_SID: Final = re.compile(r"\b([A-Z]{2}[0-9a-f]{2})[0-9a-f]{28}([0-9a-f]{2})\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\+\d[\d ]{5,18}\d")
_LONGEST: Final = 600


@dataclass(frozen=True, slots=True)
class Finding:
    """One check as the screen shows it.

    Attributes:
        check: Its short name.
        severity: ``info``, ``warning`` or ``error``.
        text: What was found.
        mend: What to do about it, may be empty.
    """

    check: str
    severity: str
    text: str
    mend: str = ""


def light(severity: str, *, ascii_only: bool) -> tuple[str, str, str]:
    """Return sign, word and tone of a severity: shape and word double the colour."""
    sign, word, tone = _LIGHTS[severity]
    return (_ASCII[severity] if ascii_only else sign), _(word), tone


def by_gravity(findings: Sequence[Finding]) -> list[Finding]:
    """Return what is broken first, then what to look at, then the rest, each in its order."""
    return sorted(findings, key=lambda found: _ORDER.index(found.severity))


def mend_key(found: Finding) -> str:
    """Return the key that helps with a finding, empty when it is done outside this program."""
    return _MENDS.get(found.check, "") if found.severity != "info" else ""


def verdict(findings: Sequence[Finding]) -> str:
    """Return ``1 broken · 2 to look at · 12 in order``."""
    broken = sum(found.severity == "error" for found in findings)
    odd = sum(found.severity == "warning" for found in findings)
    parts = []
    if broken:
        parts.append(ngettext("{n} broken", "{n} broken", broken).format(n=broken))
    if odd:
        parts.append(ngettext("{n} to look at", "{n} to look at", odd).format(n=odd))
    parts.append(_("{n} in order").format(n=len(findings) - broken - odd))
    return " · ".join(parts)


def masked_text(text: str) -> SafeText:
    """Return a text without whole SIDs and phone numbers, whatever wrote it."""
    hidden = _SID.sub(r"\1…\2", text)
    hidden = _NUMBER.sub(lambda found: f"{found[0][:3]}…{found[0][-2:]}", hidden)
    return snippet(hidden, _LONGEST)


def report(findings: Sequence[Finding]) -> str:
    """Return all findings as plain lines, masked: to be pasted into a mail or an issue."""
    lines = [f"wa-console doctor: {verdict(findings)}"]
    for found in by_gravity(findings):
        _sign, word, _tone = light(found.severity, ascii_only=True)
        lines.append(f"[{word}] {found.check}: {masked_text(found.text)}")
        if found.mend and found.severity != "info":
            lines.append(f"    -> {masked_text(found.mend)}")
    return "\n".join(lines) + "\n"
