"""A whole set-up file, and a strategy for arbitrary right set-ups."""

from __future__ import annotations

from hypothesis import strategies as st

from wa_console.domain.setup import (
    Account,
    Attachments,
    AutomatedMessage,
    Hours,
    Number,
    Queue,
    QuickReply,
    Representative,
    Rule,
    Setup,
    TemplateEntry,
    Workstream,
)
from wa_console.domain.setup_tables import ASSIGNMENTS, DISTRIBUTIONS, ROLES, TRIGGERS

ACCOUNT_SID = "AC" + "0123456789abcdef" * 2
CONTENT_SID = "HX" + "fedcba9876543210" * 2

WHOLE = f"""
[account]
name = "Support"
account_sid = "{ACCOUNT_SID}"

[[number]]
name = "Support Denmark"
address = "+45 70 20 30 40"
sandbox = false

[[queue]]
name = "Delivery"
members = ["anna", "bo"]
assignment = "round-robin"
hours = "Office"

[[representative]]
login = "anna"
name = "Anna"
role = "supervisor"
capacity = 5
skills = {{ danish = 3 }}

[[representative]]
login = "bo"

[[workstream]]
name = "WhatsApp"
numbers = ["Support Denmark"]
language = "da"
distribution = "push"
fallback_queue = "Delivery"
[workstream.attachments]
representatives = false
[[workstream.rule]]
when = {{ text_matches = "pakke|parcel" }}
queue = "Delivery"
[[workstream.rule]]
when = {{ new_customer = true, hours = "Office" }}
queue = "Delivery"

[[template]]
content_sid = "{CONTENT_SID}"
language = "da"
text = "Hej {{{{1}}}}, din pakke {{{{2}}}} er på vej."
workstream = "WhatsApp"

[[quick_reply]]
key = "eta"
language = "da"
text = "Hej {{customer.first_name}}, den er hos dig på {{?}}."

[[hours]]
name = "Office"
timezone = "Europe/Copenhagen"
holidays = ["2026-12-24"]
open = {{ mon = "09:00-16:00", tue = "09:00-16:00" }}

[[automated_message]]
trigger = "out-of-hours"
language = "da"
text = "Vi svarer i morgen fra kl. 9."
"""

_NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1, max_size=8
)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_FILLED = _TEXTS.filter(str.strip)
_LANGUAGES = st.sampled_from(["da", "en", "pt_BR", "fil"])
_NUMBERS = st.integers(10_000_000, 99_999_999).map(lambda tail: f"+45{tail}")


def _distinct(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(names, max_size=3, unique=True)


def _some(draw: st.DrawFn, names: list[str]) -> tuple[str, ...]:
    return tuple(draw(st.lists(st.sampled_from(names), max_size=3))) if names else ()


def _one(draw: st.DrawFn, names: list[str]) -> str:
    return draw(st.sampled_from(["", *names]))


def _workstream(draw: st.DrawFn, name: str, numbers: list[str], queues: list[str]) -> Workstream:
    conditions = st.fixed_dictionaries(
        {},
        optional={
            "text_matches": st.sampled_from(["a|b", r"\bpakke\b", "[æøå]+"]),
            "language": _LANGUAGES,
            "label": _FILLED,
            "new_customer": st.booleans(),
            "referral": st.booleans() | _FILLED,
        },
    )
    rule = st.builds(Rule, when=conditions, queue=st.sampled_from(queues or ["-"]))
    return Workstream(
        name=name,
        numbers=_some(draw, numbers),
        language=draw(_LANGUAGES),
        distribution=draw(st.sampled_from(DISTRIBUTIONS)),
        fallback_queue=_one(draw, queues),
        attachments=draw(st.builds(Attachments, st.booleans(), st.booleans())),
        rules=tuple(draw(st.lists(rule, max_size=2))) if queues else (),
    )


@st.composite
def setups(draw: st.DrawFn) -> Setup:
    """Set-ups that a check accepts: every name that is referred to is there."""
    numbers = draw(st.lists(_NUMBERS, max_size=3, unique=True))
    logins, queues, hours = (
        draw(_distinct(_NAMES)),
        draw(_distinct(_NAMES)),
        draw(_distinct(_NAMES)),
    )
    names = draw(_distinct(_NAMES))
    day = st.sampled_from(["09:00-16:00", "00:00-24:00"])
    keys = draw(_distinct(_NAMES))
    return Setup(
        account=draw(st.none() | st.builds(Account, st.just(ACCOUNT_SID), _TEXTS)),
        numbers=tuple(Number(each, sandbox=draw(st.booleans())) for each in numbers),
        queues=tuple(
            Queue(
                each,
                _some(draw, logins),
                draw(st.sampled_from(ASSIGNMENTS)),
                _one(draw, hours),
            )
            for each in queues
        ),
        representatives=tuple(
            Representative(
                each,
                draw(_TEXTS),
                draw(st.sampled_from(ROLES)),
                draw(st.integers(0, 100)),
                draw(st.dictionaries(_NAMES, st.integers(0, 100), max_size=2)),
            )
            for each in logins
        ),
        workstreams=tuple(_workstream(draw, each, numbers, queues) for each in names),
        templates=tuple(
            TemplateEntry(f"HX{at:032x}", draw(_LANGUAGES), draw(_FILLED), _one(draw, names))
            for at in range(draw(st.integers(0, 2)))
        ),
        quick_replies=tuple(
            QuickReply(each, draw(_FILLED), draw(_LANGUAGES), _one(draw, names)) for each in keys
        ),
        hours=tuple(
            Hours(
                each,
                draw(st.dictionaries(st.sampled_from(["mon", "tue", "sun"]), day, max_size=3)),
                "Europe/Copenhagen",
                tuple(draw(st.lists(st.dates().map(str), max_size=2))),
            )
            for each in hours
        ),
        automated_messages=tuple(
            AutomatedMessage(
                draw(st.sampled_from(TRIGGERS)), draw(_FILLED), "", _one(draw, names), ""
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )
