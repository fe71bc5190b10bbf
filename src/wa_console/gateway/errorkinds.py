"""The shape of an explained error code: what happened, why, what to do, when to try again.

Types only; the entries are in ``errortable_api`` and ``errortable_whatsapp``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from wa_console.domain.i18n import _


class Retry(StrEnum):
    """When the same message may be tried again (FACTS 7, column "again?")."""

    NO = "no"
    LATER = "later"
    AFTER_EDIT = "after-edit"
    AFTER_JOIN = "after-join"
    AFTER_LOOK = "after-look"
    AS_TEMPLATE = "as-template"


class Action(StrEnum):
    """What the person can do at once; the UI maps each to a key."""

    TEMPLATE = "template"
    RETRY = "retry"
    SHORTEN = "shorten"
    JOIN = "join"
    ADMIN = "admin"
    WAIT = "wait"
    EDIT = "edit"
    MEDIA = "media"
    CALL = "call"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One code explained.

    Attributes:
        code: Twilio's number, 0 when there was none.
        title: What happened, in a few words.
        cause: Why, in a sentence.
        advice: What to do, in a sentence.
        action: The step that advice names, one of :class:`Action`.
        retry: When the same message may be tried again.
    """

    code: int
    title: str
    cause: str
    advice: str
    action: Action
    retry: Retry

    def translated(self) -> ErrorCode:
        """Return the entry with its texts in the chosen language."""
        return replace(self, title=_(self.title), cause=_(self.cause), advice=_(self.advice))
