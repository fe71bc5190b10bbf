"""The doctor's checks of what Twilio tells: credentials, clock, senders, webhooks, templates.

It asks and compares with what we have; it mends nothing. Pure functions do the comparing, so that
every finding can be tested without Twilio having it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from wa_console.domain.address import masked, parse_typed
from wa_console.domain.errors import InvalidAddress, TwilioProblem
from wa_console.domain.i18n import N_, _
from wa_console.domain.probe import PATH
from wa_console.domain.setup import Number, Setup, TemplateEntry
from wa_console.domain.template import Approval, Template
from wa_console.domain.template_drift import same_text
from wa_console.domain.text import snippet
from wa_console.gateway.port import Gateway, Health, Probed, Sender
from wa_console.services.checks import Check, error, fine, masked_sid, warning
from wa_console.services.reach import ReachReport

CLOCK_S: Final = 30.0
"""A window is reckoned in minutes; a clock that is off by more eats its margin of 60 s."""

_STATUS_PATH: Final = "/twilio/status"
_LOW: Final = frozenset({"LOW", "RED"})
_MEDIUM: Final = frozenset({"MEDIUM", "YELLOW"})
_SHOWN: Final = 60  # characters of a template's text
_COMPARE: Final = N_("Compare SID and token or key with Twilio's console.")
_MENDS: Final[Mapping[int | None, str]] = {
    None: N_("Check the network, and whether a proxy stands between; then run this again."),
    20003: N_(
        "The account SID, the key or the token is another's, deleted or rotated: compare them with "
        "Twilio's console, then save them with `wa-console secrets set`."
    ),
    20008: N_("These are test credentials; use the live ones of Twilio's console."),
    20404: N_("The account SID is wrong or of another region: compare it with Twilio's console."),
}


async def twilio_checks(
    gateway: Gateway, setup: Setup, *, public_url: str | None
) -> Sequence[Check]:
    """Return what Twilio tells of credentials, clock, senders and templates; never raises."""
    health = await gateway.check()
    checks = [check_access(health), *check_clock(health.clock_offset_s)]
    if not health.ok:
        return checks
    try:
        senders = await gateway.senders()
    except TwilioProblem as problem:
        mend = _("A restricted API key may not list senders; the console works without.")
        checks.append(warning("senders", str(problem), mend))
    else:
        for number in setup.numbers:
            checks += check_sender(number, senders, public_url)
    try:
        templates = await gateway.templates() if setup.templates else []
    except TwilioProblem as problem:
        mend = _("A restricted API key may not read content; closed windows need templates.")
        return [*checks, warning("template", str(problem), mend)]
    known = {template.content_sid: template for template in templates}
    return checks + [
        check_template(entry, known.get(entry.content_sid)) for entry in setup.templates
    ]


async def outside_checks(
    *,
    reach: Callable[[], Awaitable[ReachReport | Probed]],
    probe: Callable[[], Awaitable[Probed]],
) -> Sequence[Check]:
    """Return what comes of requests to our own public URL, made from here.

    Args:
        reach: Fetches our health page through the outside.
        probe: Posts a signed probe the way a webhook comes; left out when nothing is reached.
    """
    reached = await reach()
    checks = [_outside("reach", reached, _("Start the tunnel or proxy, or mend what it names."))]
    if reached.ok:
        mend = _(
            "Compare WA_CONSOLE_PUBLIC_URL with the URL that reaches the listener, and let the "
            "proxy change neither path, fields nor headers. The status line names the cause."
        )
        checks.append(_outside("signature", await probe(), mend))
    return checks


def check_access(health: Health) -> Check:
    """Tell whether the credentials work.

    They were tested with a one-row message list: a Standard API key is good, but gets 401 on the
    account itself (FACTS 13.2).
    """
    if health.ok:
        return fine("twilio", _("Twilio lists our messages: the credentials work."))
    text = health.sentence or _("Twilio refused us.")
    return error("twilio", text, _(_MENDS.get(health.code, _COMPARE)))


def check_clock(offset_s: float | None) -> list[Check]:
    """Compare this computer's clock with Twilio's Date header; nothing when it was not told."""
    if offset_s is None:
        return []
    if abs(offset_s) > CLOCK_S:
        text = _("This computer's clock differs from Twilio's by {s} seconds.")
        mend = _("Switch on time synchronisation (NTP): the 24-hour window depends on it.")
        return [warning("clock", text.format(s=round(offset_s)), mend)]
    return [fine("clock", _("The clock agrees with Twilio's."))]


def check_sender(
    number: Number, senders: Sequence[Sender], public_url: str | None
) -> Sequence[Check]:
    """Compare one of our numbers with the senders that Twilio has (FACTS 11)."""
    name = _number(number)
    if number.sandbox:
        return [_sandbox(name, public_url)]
    wire = f"whatsapp:{number.address}"
    found = next((each for each in senders if each.address == wire), None)
    if found is None:
        text = _("{number} is not a WhatsApp sender of this account.").format(number=name)
        mend = _("Compare the number in the set-up with the senders in Twilio's console.")
        return [error("sender", text, mend)]
    checks = [_state(name, found), *_quality(name, found)]
    return checks + _webhooks(name, found, public_url) if public_url else checks


def check_template(entry: TemplateEntry, found: Template | None) -> Check:
    """Compare a template of the set-up with the one that Twilio has."""
    name = masked_sid(entry.content_sid)
    if found is None:
        text = _("Twilio does not know the template {name} ({language}).").format(
            name=name, language=entry.language
        )
        mend = _("Take it out of the set-up, or correct its content_sid, and apply that.")
        return error("template", text, mend)
    name = found.name or name
    if found.approval is not Approval.APPROVED:
        text = _("{name} is {approval} at WhatsApp. {reason}").format(
            name=name, approval=found.approval.value, reason=found.reason
        )
        mend = _("Submit it, wait for the review, or use another; it cannot be sent now.")
        return warning("template", text.strip(), mend)
    if found.language != entry.language or not same_text(entry.text, found.text):
        text = _("{name} differs from Twilio's: {ours} / {theirs}").format(
            name=name,
            ours=f"{entry.language} “{snippet(entry.text, limit=_SHOWN)}”",
            theirs=f"{found.language} “{snippet(found.text, limit=_SHOWN)}”",
        )
        mend = _("Put Twilio's text into the set-up file (`wa-console dump`) and apply it.")
        return warning("template", text, mend)
    return fine("template", _("{name} is approved, and its text is ours.").format(name=name))


def same_url(one: str, other: str) -> bool:
    """Whether Twilio posts to the same place: ``#rc=…`` overrides and logins do not count."""
    first, second = urlsplit(one.strip()), urlsplit(other.strip())
    host = first.netloc.rpartition("@")[2].lower() == second.netloc.rpartition("@")[2].lower()
    rest = (first.scheme, first.path, first.query) == (second.scheme, second.path, second.query)
    return host and rest


def shown_url(url: str) -> str:
    """Return a URL that is safe to paste: without login, query and override."""
    parts = urlsplit(url)
    login = "***@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{login}{parts.netloc.rpartition('@')[2]}{parts.path}"


def _outside(check: str, found: ReachReport | Probed, mend: str) -> Check:
    return fine(check, found.sentence) if found.ok else error(check, found.sentence, mend)


def _sandbox(name: str, public_url: str | None) -> Check:
    if public_url is None:
        return fine("sender", _("{number} is the sandbox.").format(number=name))
    text = _("{number} is the sandbox: only Twilio's console shows and sets its URL: {url}")
    return fine("sender", text.format(number=name, url=shown_url(public_url + PATH)))


def _state(name: str, sender: Sender) -> Check:
    if sender.status.startswith("ONLINE"):
        limit = sender.messaging_limit or _("limit not told")
        text = _("{number} is online ({limit}).").format(number=name, limit=limit)
        return fine("sender", text)
    reasons = "; ".join(sender.offline_reasons) or _("no reason was given")
    text = _("{number} is {status}: {reasons}.").format(
        number=name, status=sender.status, reasons=reasons
    )
    return error("sender", text, _("See the sender in Twilio's console."))


def _quality(name: str, sender: Sender) -> list[Check]:
    word = sender.quality.upper()
    text = _("{number} has quality {quality}.").format(number=name, quality=word)
    if word in _LOW:
        mend = _("Customers block or report it: send fewer templates, or WhatsApp limits it.")
        return [error("quality", text, mend)]
    if word in _MEDIUM:
        mend = _("Customers complain: look at what is sent, before WhatsApp limits it.")
        return [warning("quality", text, mend)]
    return [fine("quality", text)] if word else []


def _webhooks(name: str, sender: Sender, public_url: str) -> list[Check]:
    """Compare the four things Twilio has stored with ours (FACTS 11)."""
    wanted, status = public_url + PATH, public_url + _STATUS_PATH
    mend = _("Run `wa-console setup`, which sets it, or set {url} (POST) in Twilio's console.")
    checks = [_inbound(name, sender, wanted, mend.format(url=shown_url(wanted)))]
    if not same_url(sender.status_callback_url, status):
        # Ours carry their own URL; this one serves what other programs send.
        text = _("Receipts of messages that others send from {number} go to {url}.").format(
            number=name, url=_place(sender.status_callback_url)
        )
        checks.append(fine("webhook-status", text))
    if sender.fallback_url and not same_url(sender.fallback_url, wanted):
        text = _("When we do not answer for {number}, Twilio posts to {url}.").format(
            number=name, url=_place(sender.fallback_url)
        )
        advice = _("See that nobody answers customers there as well, or set it to our URL.")
        checks.append(warning("fallback", text, advice))
    return checks


def _inbound(name: str, sender: Sender, wanted: str, mend: str) -> Check:
    if not same_url(sender.callback_url, wanted):
        text = _("Twilio sends what comes for {number} elsewhere: {url}").format(
            number=name, url=_place(sender.callback_url)
        )
        return error("webhook", text, mend)
    if sender.callback_method not in ("", "POST"):
        text = _("Twilio calls our URL for {number} with {method} instead of POST.").format(
            number=name, method=sender.callback_method
        )
        return error("webhook", text, mend)
    return fine("webhook", _("Twilio posts what comes for {number} to us.").format(number=name))


def _place(url: str) -> str:
    return shown_url(url) if url else _("nowhere")


def _number(number: Number) -> str:
    try:
        return masked(parse_typed(number.address))
    except InvalidAddress:
        return "?"
