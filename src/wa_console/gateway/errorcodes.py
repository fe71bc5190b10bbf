"""What an error code of Twilio means to the person at the screen, and what to do next.

The entries live in ``errortable_api`` and ``errortable_whatsapp``. Texts are English source
strings, marked there and translated where they are shown. This module may not decide anything:
it explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wa_console.domain.i18n import N_, _
from wa_console.gateway import errortable_api, errortable_whatsapp
from wa_console.gateway.errorkinds import Action, ErrorCode, Retry

__all__ = ["TABLE", "Action", "ErrorCode", "Retry", "action", "explain", "knows", "sentence"]

TABLE: Mapping[int, ErrorCode] = MappingProxyType(
    {entry.code: entry for entry in errortable_api.ENTRIES + errortable_whatsapp.ENTRIES}
)
"""Every known code to its entry."""

_NO_CODE = ErrorCode(
    0,
    N_("Not sent, no code given"),
    N_("Twilio or the network named no reason."),
    N_("Try again; if it fails again, ask your administrator to run the doctor."),
    Action.RETRY,
    Retry.AFTER_LOOK,
)
_UNKNOWN_CAUSE = N_("Twilio reported error {code}, which this version does not know.")


def explain(code: int | None) -> ErrorCode:
    """Explain a code of Twilio.

    Args:
        code: ErrorCode of a callback or of an API answer; None or 0 when there was none.

    Returns:
        The entry of the table in the source language (see ``ErrorCode.translated``). An unknown
        code gets a general entry that names the number, already translated.
    """
    if not code:
        return _NO_CODE
    known = TABLE.get(code)
    if known is not None:
        return known
    return ErrorCode(
        code,
        _(N_("Error {code}")).format(code=code),
        _(_UNKNOWN_CAUSE).format(code=code),
        _(N_("Look it up at twilio.com/docs/api/errors or ask your administrator.")),
        Action.ADMIN,
        Retry.AFTER_LOOK,
    )


def knows(code: int | None) -> bool:
    """Whether the table has the code (gateway.port.Explainer)."""
    return code in TABLE


def sentence(code: int | None) -> str:
    """Return cause and advice in the chosen language (``port.Explainer``)."""
    entry = explain(code).translated()
    return f"{entry.cause} {entry.advice}"


def action(code: int | None) -> str:
    """Return the semantic key that mends it, a value of ``Action`` (``port.Explainer``)."""
    return explain(code).action.value
