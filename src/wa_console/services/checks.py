"""The outcome of one check of the doctor. Pure data and how it is worded when masked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    INFO = "info"
    """As it should be."""
    WARNING = "warning"
    """It works, but somebody should look."""
    ERROR = "error"
    """Something does not work."""


@dataclass(frozen=True, slots=True)
class Check:
    """One link of the chain (CONTRACT, ``doctor --json``). Texts are safe to paste: masked.

    Attributes:
        check: Short name, the same in every language.
        text: What was found, a sentence.
        mend: What to do about it, empty when nothing needs to be done.
    """

    check: str
    severity: Severity
    text: str
    mend: str = ""

    @property
    def ok(self) -> bool:
        """Whether it works. A warning does."""
        return self.severity is not Severity.ERROR


def fine(check: str, text: str) -> Check:
    """Return a check that found what it should."""
    return Check(check, Severity.INFO, text)


def warning(check: str, text: str, mend: str) -> Check:
    """Return a check after which somebody should look."""
    return Check(check, Severity.WARNING, text, mend)


def error(check: str, text: str, mend: str) -> Check:
    """Return a check that found something broken."""
    return Check(check, Severity.ERROR, text, mend)


def masked_sid(sid: str) -> str:
    """Return a SID of which only kind, first and last two characters are seen: ``AC41…9c``."""
    return f"{sid[:4]}…{sid[-2:]}" if len(sid) > 8 else sid[:2] + "…"
