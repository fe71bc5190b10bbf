"""The wizard's fields: each reads what a person typed and returns what is understood.

One function a field; it returns the value to keep or raises `SetupProblem` with a sentence that
says what is wrong and what to type. No value is repeated where it might be a secret. Nothing here
asks Twilio: what has the right shape may still be wrong (services.onboarding).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from wa_console.domain import setup_values
from wa_console.domain.address import AddressKind, parse_typed
from wa_console.domain.errors import InvalidAddress, SetupProblem
from wa_console.domain.i18n import _
from wa_console.domain.sandbox import SANDBOX_NUMBER
from wa_console.domain.setup_lines import LineIndex
from wa_console.domain.setup_report import Report, Spot, Wrong
from wa_console.domain.template import Template
from wa_console.domain.text import snippet

NAME_LIMIT: Final = 60
_TAIL: Final = "/twilio/inbound"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SID: Final = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_HEX: Final = re.compile(r"[0-9a-fA-F]{32}")
_HOST: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(?:\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([^\s{}]+)\s*\}\}")
_LANGUAGES: Final = {
    "danish": "da", "dansk": "da", "english": "en", "engelsk": "en", "german": "de",
    "deutsch": "de", "swedish": "sv", "svenska": "sv", "norwegian": "nb", "norsk": "nb",
    "french": "fr", "français": "fr", "spanish": "es", "español": "es", "dutch": "nl",
    "nederlands": "nl", "italian": "it", "italiano": "it", "portuguese": "pt", "polish": "pl",
}  # fmt: skip
"""Names people type for a code; anything else must be the code."""


def _by(read: Callable[[Spot], Any], text: str) -> Any:
    """Read with the reader of the set-up file: one rule for a field, wherever it is filled in."""
    try:
        return read(Spot(text, ("field",), Report(LineIndex({}))))
    except Wrong as wrong:
        sentence = str(wrong)
        raise SetupProblem(sentence[:1].upper() + sentence[1:]) from None


def account_sid(text: str) -> str:
    """Read the account's SID, ``AC…`` (FACTS 13.1)."""
    typed = "".join(text.split())
    if not typed:
        raise SetupProblem(_("Paste the Account SID: AC and 32 digits, from Twilio's console."))
    if typed[:2].upper() in ("AC", "SK"):
        typed = typed[:2].upper() + typed[2:]
    if typed.startswith("AC") and len(typed) != 34:
        raise SetupProblem(
            _("An Account SID has 34 characters; this one has {n}. Copy all of it.").format(
                n=len(typed)
            )
        )
    found: str = _by(setup_values.account_sid, typed)
    return found


def auth_token(text: str) -> str:
    """Read the account's Auth Token; never repeated in a sentence."""
    typed = "".join(text.split())
    if not typed:
        raise SetupProblem(_("Paste the Auth Token: it stands right below the Account SID."))
    if _SID.fullmatch(typed):
        kinds = {"AC": _("the Account SID"), "SK": _("the SID of an API key")}
        kind = kinds.get(typed[:2], _("a SID"))
        raise SetupProblem(_("This is {kind}, not the Auth Token.").format(kind=kind))
    if not _HEX.fullmatch(typed):
        raise SetupProblem(
            _("An Auth Token is 32 digits 0-9, a-f; this has {n} characters or others.").format(
                n=len(typed)
            )
        )
    return typed


def api_key(text: str) -> str:
    """Read the SID of an API key, ``SK…``; empty for none."""
    typed = "".join(text.split())
    if not typed or (typed.startswith("SK") and _SID.fullmatch(typed)):
        return typed
    raise SetupProblem(_("An API key's SID is SK and 32 digits. Leave it empty for none."))


def api_secret(text: str) -> str:
    """Read an API key's secret."""
    typed = text.strip()
    if not typed or len(typed.split()) != 1:
        raise SetupProblem(_("Paste the key's secret: Twilio showed it once, when it was made."))
    if _SID.fullmatch(typed):
        raise SetupProblem(_("This is a SID, not the key's secret."))
    return typed


def passphrase(text: str, again: str) -> str:
    """Read a new passphrase that was typed twice."""
    if len(text) < 8:
        raise SetupProblem(_("Eight characters or more, please: it protects the Auth Token."))
    if text != again:
        raise SetupProblem(_("The two differ. Type the same passphrase in both fields."))
    return text


def number(text: str) -> str:
    """Read one of our numbers in any spelling; kept as Twilio writes it."""
    try:
        address = parse_typed(text)
    except InvalidAddress as problem:
        raise SetupProblem(str(problem)) from None
    if address.kind is not AddressKind.PHONE:
        raise SetupProblem(_("This is a customer's user id. Type our own phone number."))
    if address.value == SANDBOX_NUMBER:
        raise SetupProblem(
            _("This is Twilio's sandbox. Go back to the first question and choose it there.")
        )
    return address.value


def public_url(text: str) -> str:
    """Read the base URL at which Twilio reaches us, without ``/twilio/inbound``.

    https with a host name that the internet knows; http for this computer alone (CONTRACT,
    WA_CONSOLE_PUBLIC_URL). No underscore in the host: Twilio refuses it (FACTS 2).
    """
    typed = text.strip()
    if not typed:
        raise SetupProblem(_("Type the address, such as https://chat.example.dk."))
    if any(char.isspace() for char in typed):
        raise SetupProblem(_("A URL has no blanks in it."))
    if "://" not in typed:
        typed = f"https://{typed}"
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SetupProblem(_("This is not a URL such as https://chat.example.dk.")) from None
    if parts.scheme not in ("https", "http"):
        raise SetupProblem(
            _("{scheme}:// is of no use here; it must be https://.").format(
                scheme=snippet(parts.scheme, 20)
            )
        )
    if parts.query:
        raise SetupProblem(_("Leave out the question mark and what stands behind it."))
    if port == 0:
        raise SetupProblem(_("Port 0 is none that Twilio could call."))
    _check_host(parts.scheme, host)
    base = typed.split("#", 1)[0].rstrip("/")
    return base[: -len(_TAIL)] if base.endswith(_TAIL) else base


def _check_host(scheme: str, host: str) -> None:
    if host in _LOOPBACK:
        if scheme == "https":
            raise SetupProblem(_("Twilio cannot reach this computer by that name."))
        return
    if "_" in host:
        raise SetupProblem(_("Twilio refuses host names with an underscore."))
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if not _HOST.fullmatch(host):
            raise SetupProblem(
                _("The host is missing or not one: type it like https://chat.example.dk.")
            ) from None
    else:
        if not address.is_global:
            raise SetupProblem(_("This address is of your own network; Twilio cannot reach it."))
    if scheme == "http":
        raise SetupProblem(_("It must begin with https://: Twilio's messages hold private text."))


def name(text: str) -> str:
    """Read a name for people: one line, not empty, not too long."""
    typed = " ".join(text.split())
    if not typed:
        raise SetupProblem(_("Give it a name."))
    if len(typed) > NAME_LIMIT:
        raise SetupProblem(
            _("{n} characters are too many; {most} at most.").format(n=len(typed), most=NAME_LIMIT)
        )
    if not typed.isprintable() or not any(char.isalnum() for char in typed):
        raise SetupProblem(_("Use letters and digits: it stands in lists and in the set-up file."))
    return typed


def language(text: str) -> str:
    """Read a language by code or by name: ``da``, ``pt-br``, ``Danish``."""
    typed = text.strip()
    if not typed:
        raise SetupProblem(_("Type a language, such as da or en."))
    code = _LANGUAGES.get(typed.casefold(), typed)
    found: str = _by(setup_values.needed_language, code)
    head, *rest = re.split("[-_]", found)
    if len(rest) > 1 or any(not part.isalpha() or len(part) != 2 for part in rest):
        raise SetupProblem(_("A language is two or three letters, with a country at most: pt_BR."))
    return "_".join((head.lower(), *(part.upper() for part in rest)))


def distribution(text: str) -> str:
    """Read how work reaches people."""
    found: str = _by(setup_values.choice("push", "pick"), text.strip().lower())
    return found


def queue(text: str, *, distribution: str) -> str:
    """Read the queue that catches what no rule does; only picking can do without."""
    if text.strip():
        return name(text)
    if distribution == "push":
        raise SetupProblem(_("To push work there must be a queue to push it to: name one."))
    return ""


def content_sid(text: str) -> str:
    """Read a template's SID, ``HX…``."""
    typed = "".join(text.split())
    if not typed:
        raise SetupProblem(_("Paste the Content SID: HX and 32 digits."))
    if not typed.startswith("HX") and _SID.fullmatch(typed):
        raise SetupProblem(
            _("{kind} is the SID of something else; a template's begins with HX.").format(
                kind=typed[:2]
            )
        )
    found: str = _by(setup_values.content_sid, typed)
    return found


def template_language(text: str, template: Template) -> str:
    """Read a template's language; it has one, and Twilio knows it (FACTS 10)."""
    code = language(text)
    if template.language and code.lower()[:2] != template.language.lower()[:2]:
        raise SetupProblem(
            _("At Twilio this template is in {language}; each language has one of its own.").format(
                language=snippet(template.language, 10)
            )
        )
    return template.language or code


def template_text(text: str, template: Template) -> str:
    """Read the approved text; its variables must be those that Twilio has."""
    typed = text.strip()
    if not typed:
        raise SetupProblem(_("Paste the text as WhatsApp approved it."))
    ours, theirs = (set(_PLACEHOLDER.findall(each)) for each in (typed, template.text))
    if template.text and (missing := sorted(theirs - ours)):
        raise SetupProblem(
            _("Twilio's text has {names}, this one has not.").format(names=_variables(missing))
        )
    if template.text and (extra := sorted(ours - theirs)):
        raise SetupProblem(_("Twilio's text has no {names}.").format(names=_variables(extra)))
    return typed


def _variables(names: list[str]) -> str:
    return snippet(", ".join("{{" + each + "}}" for each in names), 80)
