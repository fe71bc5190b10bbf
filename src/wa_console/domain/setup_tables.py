"""The tables and keys of a set-up file, and how each is read into its dataclass (CONTRACT).

Each table is checked by itself; whether the names in it exist elsewhere is setup_check's duty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wa_console.domain import setup
from wa_console.domain import setup_values as read
from wa_console.domain.i18n import _
from wa_console.domain.setup_report import Reader, Spot, Wrong, did_you_mean, quoted

TRIGGERS: Final = (
    "greeting",
    "out-of-hours",
    "holiday",
    "representative-assigned",
    "representative-not-assigned",
    "representative-joined",
    "representative-left",
    "representative-disconnected",
    "representative-ended",
    "consult-accepted",
    "consult-ended",
    "transfer-accepted",
    "next-in-line",
    "queue-position",
    "average-wait",
    "session-ended",
    "customer-disconnected",
)
"""When an automated message may be sent (CONTRACT, "Triggers")."""

ROLES: Final = ("representative", "supervisor", "admin")
ASSIGNMENTS: Final = ("highest-capacity", "round-robin", "least-active")
DISTRIBUTIONS: Final = ("push", "pick")
CAPACITY: Final = (0, 100)
"""Conversations at once; 0 for somebody who only watches."""
SKILL: Final = (0, 100)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table: how it is read, and whether a table without it is incomplete."""

    read: Reader
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table.

    Attributes:
        keys: Its keys by name.
        make: The dataclass; takes the keys as arguments.
        blanks: What stands for a needed key that is missing or wrong, so that the rest of the
            file can still be checked. The set-up is never used then.
        many: Whether it is written with two brackets, once for each.
    """

    keys: Mapping[str, Key]
    make: Callable[..., Any]
    blanks: Mapping[str, Any]
    many: bool = True


def read_table(spot: Spot, table: Table) -> Any:
    """Read one table; what is wrong in it is reported, and left out of the result."""
    values: dict[str, Any] = {}
    given = spot.value if isinstance(spot.value, dict) else {}
    if not isinstance(spot.value, dict):
        spot.say(_("needs a table with keys, not {value}.").format(value=quoted(spot.value)))
    for name, value in given.items():
        inner = spot.inner(name, value)
        if name not in table.keys:
            report_unknown(inner, table.keys)
        elif (kept := inner.kept(table.keys[name].read)) is not None:
            values[name] = kept
    for name, key in table.keys.items():
        if key.needed and name not in given and isinstance(spot.value, dict):
            spot.say(_('"{key}" is missing.').format(key=name))
    return table.make(**{**table.blanks, **values})


def report_unknown(spot: Spot, known: Mapping[str, object]) -> None:
    """Complain about a key that is not known, and about every secret that stands below it."""
    name = str(spot.path[-1])
    if read.is_secret_name(name):
        # The value is never repeated: the complaint may end in a ticket.
        spot.say(
            _(
                "a token or secret never stands in this file. Remove it here and set TWILIO_… in "
                "the environment; if the file was shared, make a new one at Twilio."
            )
        )
        return
    spot.say(_("is not known here. {mend}").format(mend=did_you_mean(name, known)))
    _report_secrets(spot)


def _report_secrets(spot: Spot) -> None:
    values = spot.value if isinstance(spot.value, list) else [spot.value]
    for at, value in enumerate(values):
        if isinstance(value, dict):
            place = spot.inner(at, value) if isinstance(spot.value, list) else spot
            for name, inner in value.items():
                if read.is_secret_name(name):
                    report_unknown(place.inner(name, inner), {})


def tables(table: Table) -> Reader:
    """Return a reader for ``[[name]]``: a list of tables, also one that is written inline."""

    def read_all(spot: Spot) -> tuple[Any, ...]:
        if isinstance(spot.value, dict):
            raise Wrong(
                _("write [[{name}]] with two brackets: there may be several.").format(
                    name=spot.path[-1]
                )
            )
        return read.items(lambda inner: read_table(inner, table))(spot)  # type: ignore[no-any-return]

    return read_all


def single(table: Table) -> Reader:
    """Return a reader for ``[name]``, which may stand only once."""

    def read_one(spot: Spot) -> Any:
        if isinstance(spot.value, list):
            raise Wrong(
                _("write [{name}] with one bracket: there is only one.").format(name=spot.path[-1])
            )
        return read_table(spot, table)

    return read_one


def _workstream(**values: Any) -> setup.Workstream:
    return setup.Workstream(rules=values.pop("rule", ()), **values)


_TEXT: Final = Key(read.text)
_NAME: Final = Key(read.filled, needed=True)

WHEN: Final = {
    "text_matches": read.pattern,
    "language": read.language,
    "number": read.filled,
    "label": read.filled,
    "hours": read.filled,
    "new_customer": read.flag,
    "referral": read.flag_or_text,
}
"""The conditions of a routing rule (CONTRACT)."""


def _when(spot: Spot) -> Mapping[str, Any]:
    if not isinstance(spot.value, dict):
        raise Wrong(_('needs a table in braces, such as { language = "da" }.'))
    found = {}
    for name, value in spot.value.items():
        inner = spot.inner(name, value)
        if name not in WHEN:
            report_unknown(inner, WHEN)
        elif (kept := inner.kept(WHEN[name])) is not None:
            found[name] = kept
    return found


_ATTACHMENTS: Final = Table(
    keys={"customers": Key(read.flag), "representatives": Key(read.flag)},
    make=setup.Attachments,
    blanks={},
    many=False,
)
_RULE: Final = Table(
    keys={"when": Key(_when), "queue": _NAME},
    make=setup.Rule,
    blanks={"when": {}, "queue": ""},
)

TABLES: Final[Mapping[str, Table]] = {
    "account": Table(
        keys={"name": _TEXT, "account_sid": Key(read.account_sid, needed=True)},
        make=setup.Account,
        blanks={"account_sid": ""},
        many=False,
    ),
    "number": Table(
        keys={
            "name": _TEXT,
            "address": Key(read.phone, needed=True),
            "sandbox": Key(read.flag),
            "join_phrase": _TEXT,
            "paused": Key(read.flag),
        },
        make=setup.Number,
        blanks={"address": ""},
    ),
    "queue": Table(
        keys={
            "name": _NAME,
            "members": Key(read.items(read.filled)),
            "assignment": Key(read.choice(*ASSIGNMENTS)),
            "hours": _TEXT,
        },
        make=setup.Queue,
        blanks={"name": ""},
    ),
    "representative": Table(
        keys={
            "login": _NAME,
            "name": _TEXT,
            "role": Key(read.choice(*ROLES)),
            "capacity": Key(read.whole(*CAPACITY)),
            "skills": Key(read.mapping(read.whole(*SKILL))),
        },
        make=setup.Representative,
        blanks={"login": ""},
    ),
    "workstream": Table(
        keys={
            "name": _NAME,
            "numbers": Key(read.items(read.filled), needed=True),
            "language": Key(read.language),
            "distribution": Key(read.choice(*DISTRIBUTIONS)),
            "fallback_queue": _TEXT,
            "attachments": Key(single(_ATTACHMENTS)),
            "rule": Key(tables(_RULE)),
        },
        make=_workstream,
        blanks={"name": "", "numbers": ()},
    ),
    "template": Table(
        keys={
            "content_sid": Key(read.content_sid, needed=True),
            "language": Key(read.needed_language, needed=True),
            "text": _NAME,
            "workstream": _TEXT,
        },
        make=setup.TemplateEntry,
        blanks={"content_sid": "", "language": "", "text": ""},
    ),
    "quick_reply": Table(
        keys={
            "key": _NAME,
            "text": _NAME,
            "language": Key(read.language),
            "workstream": _TEXT,
        },
        make=setup.QuickReply,
        blanks={"key": "", "text": ""},
    ),
    "hours": Table(
        keys={
            "name": _NAME,
            "open": Key(read.mapping(read.opening, keys=read.WEEKDAYS), needed=True),
            "timezone": Key(read.timezone),
            "holidays": Key(read.items(read.day)),
        },
        make=setup.Hours,
        blanks={"name": "", "open": {}},
    ),
    "automated_message": Table(
        keys={
            "trigger": Key(read.choice(*TRIGGERS), needed=True),
            "text": _NAME,
            "language": Key(read.language),
            "workstream": _TEXT,
            "queue": _TEXT,
        },
        make=setup.AutomatedMessage,
        blanks={"trigger": "", "text": ""},
    ),
}
"""Every table of the file by its name, in the order in which a file is written."""
