"""Words and colours of the wizard's cards and rail. Pure: no store, no clock, no Twilio."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final, assert_never

from textual.content import Content

from wa_console.domain.address import masked, parse_twilio
from wa_console.domain.i18n import N_, _
from wa_console.domain.onboarding_draft import Delivery, Draft, Step
from wa_console.domain.sandbox import Heard
from wa_console.domain.text import snippet
from wa_console.services.checks import Check, Severity, masked_sid
from wa_console.services.onboarding_templates import OURS, SAME, Piece
from wa_console.ui.widgets.wizard_rail import RailRow

TITLES: Final = {
    Step.ACCOUNT: N_("Account"),
    Step.NUMBER: N_("Number"),
    Step.SANDBOX: N_("Sandbox"),
    Step.CALLBACK: N_("Callback"),
    Step.WORKSTREAM: N_("Workstream"),
    Step.LANGUAGE: N_("Language"),
    Step.BEHAVIOUR: N_("Behaviour"),
    Step.TEMPLATES: N_("Templates"),
    Step.ROUTING: N_("Routing"),
    Step.AGENT: N_("AI agent"),
    Step.SUMMARY: N_("Summary"),
    Step.FINISH: N_("Finish"),
}
_MANY: Final = 3
_CLOCK_S: Final = 30.0
_WINDOW: Final = timedelta(hours=24)


def rail_rows(draft: Draft) -> Sequence[RailRow]:
    """Return the rail: done, here, ahead, each with its answer in short."""
    steps = draft.steps
    here = steps.index(draft.step)
    rows = []
    for at, step in enumerate(steps):
        state = "here" if at == here else "done" if at < here else "ahead"
        told = _told(draft, step) if state == "done" else _waiting(draft, step, state)
        rows.append(RailRow(step, _(TITLES[step]), state, told))
    return rows


def _waiting(draft: Draft, step: Step, state: str) -> str:
    if state != "here" or step is not Step.CALLBACK or draft.delivery is Delivery.UNDECIDED:
        return ""
    return _("a message has come") if draft.heard else _("waiting for a message")


def _told(draft: Draft, step: Step) -> str:
    match step:
        case Step.ACCOUNT:
            return _("{sid} · tested").format(sid=masked_sid(draft.account_sid))
        case Step.NUMBER:
            number = parse_twilio(f"whatsapp:{draft.number}").display
            return f"{number} · {draft.sender_told}"
        case Step.SANDBOX:
            return draft.join_phrase
        case Step.CALLBACK:
            return f"{_way(draft)} · {_('proven') if draft.heard else _('not proven yet')}"
        case Step.WORKSTREAM:
            return draft.workstream
        case Step.LANGUAGE:
            return draft.language
        case Step.BEHAVIOUR:
            both = {
                (True, True): _("files both ways"),
                (True, False): _("files from customers"),
                (False, True): _("files from us"),
                (False, False): _("no files"),
            }
            return both[draft.customers, draft.representatives]
        case Step.TEMPLATES:
            return _("{n} taken over").format(n=len(draft.templates))
        case Step.ROUTING:
            return " · ".join(filter(None, (draft.distribution, draft.queue)))
        case Step.AGENT:
            return _("people answer")
        case Step.SUMMARY | Step.FINISH:
            return ""


def _way(draft: Draft) -> str:
    match draft.delivery:
        case Delivery.WEBHOOK:
            return _("webhook")
        case Delivery.TUNNEL:
            return draft.tunnel
        case Delivery.POLL | Delivery.UNDECIDED:
            return _("polling")
        case _:
            assert_never(draft.delivery)


def fact(text: str, *, ok: bool) -> Content:
    """Return one fact with a sign: found as it should be, or not."""
    sign, colour = ("✓", "$wa-calm") if ok else ("✗", "$wa-warn")
    return Content.assemble((f"{sign} ", colour), snippet(text, 200))


def clock_fact(offset_s: float) -> Content:
    """Return how our clock agrees with Twilio's: the window is reckoned by it (faults H3)."""
    words = _("Clock agrees ({s} s)") if abs(offset_s) <= _CLOCK_S else _("Clock is {s} s off")
    return fact(words.format(s=f"{abs(offset_s):.1f}"), ok=abs(offset_s) <= _CLOCK_S)


def waiting_card(number: str, *, before: bool) -> Content:
    """Return the wait for a test message; ``before``: one has come in an earlier session."""
    lines = [Content.styled(_("Now send any WhatsApp message to {n}").format(n=number), "bold")]
    if before:
        lines.append(Content.assemble(("● ", "$wa-calm"), _("One has arrived before.")))
    waiting = _("waiting for a test message …")
    lines.append(Content.assemble(("○ ", "$wa-muted"), (waiting, "$wa-muted")))
    return Content("\n").join(lines)


def heard_card(heard: Heard, *, number: str, zone: tzinfo | None) -> Content:
    """Return the proof: when, what, from whom, which way, and what it opened."""
    at = heard.at.astimezone(zone)
    ends = (heard.at + _WINDOW).astimezone(zone)
    way = _("found in Twilio's list") if heard.polled else _("signature genuine · stored")
    window = _("a 24-hour window is open until tomorrow {time}").format(time=f"{ends:%H:%M}")
    return Content.assemble(
        (_("A message to {n} was received").format(n=number), "bold"),
        "\n",
        ("● ", "$wa-calm"),
        f"{at:%H:%M:%S}  “",
        snippet(heard.body or _("(no text)"), 60),
        "”  ",
        _("from {who}").format(who=parse_twilio(heard.who).display),
        "\n  ",
        (f"{way} · {window}", "$wa-muted"),
    )


def who(wire: str) -> str:
    """Return a participant's number, its middle hidden: the coach may stand on a projector."""
    return masked(parse_twilio(wire))


def left_words(left: timedelta) -> str:
    """Return time left in days and hours: ``2 d 23 h``, ``58 min``."""
    minutes = int(left.total_seconds()) // 60
    if minutes >= 24 * 60:
        return _("{d} d {h} h").format(d=minutes // 1440, h=minutes % 1440 // 60)
    if minutes >= 60:
        return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)
    return _("{m} min").format(m=minutes)


def pieces_line(pieces: Sequence[Piece]) -> Content:
    """Return two texts as one: what only we have crossed out, what only Twilio has underlined."""
    parts: list[Content] = []
    for piece in pieces:
        text = snippet(piece.text, 400)
        match piece.kind:
            case kind if kind == SAME:
                parts.append(Content(text))
            case kind if kind == OURS:
                parts.append(Content.styled(f"−{text}", "strike $wa-urgent"))
            case _:
                parts.append(Content.styled(f"+{text}", "underline $wa-calm"))
    return Content(" ").join(parts)


def change_line(change: str) -> Content:
    """Return a line of the diff in its colour; the sign says the same."""
    colours = {"+": "$wa-calm", "-": "$wa-urgent", "~": "$wa-warn"}
    sign, rest = change[:1], change[1:]
    colour = f"bold {colours.get(sign, '$foreground')}"
    return Content.assemble((f"{sign} ", colour), snippet(rest.strip(), 200))


def check_lines(check: Check) -> Content:
    """Return a finding of the doctor: sign, name, sentence, and what mends it."""
    signs = {
        Severity.INFO: ("✓", "$wa-calm"),
        Severity.WARNING: ("!", "$wa-warn"),
        Severity.ERROR: ("✗", "$wa-urgent"),
    }
    sign, colour = signs[check.severity]
    line = Content.assemble(
        (f"{sign} ", f"bold {colour}"),
        (f"{check.check:<13} ", "$wa-muted"),
        snippet(check.text, 300),
    )
    if not check.mend or check.severity is Severity.INFO:
        return line
    return Content.assemble(line, "\n", ("  → ", "$wa-muted"), snippet(check.mend, 300))


def folded(checks: Sequence[Check]) -> Sequence[Check]:
    """Return the findings with many good ones of a kind as one: what is wrong must be seen."""
    good = Counter(check.check for check in checks if check.severity is Severity.INFO)
    shown: dict[int | str, Check] = {}
    for at, check in enumerate(checks):
        count = good[check.check]
        if check.severity is Severity.INFO and count >= _MANY:
            text = _("{n} are as they should be.").format(n=count)
            shown.setdefault(check.check, Check(check.check, Severity.INFO, text))
        else:
            shown[at] = check
    return list(shown.values())
