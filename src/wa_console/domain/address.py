"""Who is at the other end: phone numbers and WhatsApp's business-scoped user ids.

What Twilio sent is never refused and never rewritten (FACTS 0.1, 1.4; features 139); what a person
typed is understood in any spelling or answered with a sentence that helps. Number variants
are for finding a customer, never for sending. phonenumbers is used here only, and imported when
it is first asked: a screen need not wait for it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from wa_console.domain.errors import InvalidAddress
from wa_console.domain.i18n import _
from wa_console.domain.text import snippet

if TYPE_CHECKING:
    import phonenumbers

WHATSAPP: Final = "whatsapp"
SMS: Final = "sms"
"""Twilio writes a number without prefix for SMS."""
OTHER: Final = "other"
"""Anything whose prefix we cannot take off and put back unchanged."""

_E164: Final = re.compile(r"\+[1-9][0-9]{4,14}")
_BSUID: Final = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_PARENT_BSUID: Final = re.compile(r"[A-Z]{2}\.ENT\.[A-Za-z0-9]{1,128}")
_PREFIXED: Final = re.compile(r"([a-z][a-z0-9_-]*):(.*)", re.DOTALL)
_HEAD, _TAIL = 4, 4  # characters of a user id that stay in view
_SEEN_DIGITS = 2  # of a masked number
_HIDDEN: Final = "•"
_TYPED_LIMIT = 300  # more than any address; nothing longer is worth reading
_PREFIX: Final = re.compile(r"(whatsapp|tel) ?: ?|(?:https?://)?(wa\.me)/", re.IGNORECASE)
_TYPED_ID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Z0-9]{1,128}", re.IGNORECASE)
_TYPED_NUMBER: Final = re.compile(r"\(?\+?[0-9 ()./-]*[0-9][ ()./-]*")


class AddressKind(StrEnum):
    """What the value of an address is."""

    PHONE = "phone"
    BSUID = "bsuid"
    """A user of one portfolio who need not show a number (FACTS 1.4)."""
    PARENT_BSUID = "parent_bsuid"
    """The same for linked portfolios, ``CC.ENT.…`` (FACTS 1.4)."""
    UNKNOWN = "unknown"
    """A shape we do not know, kept verbatim."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address of a customer or of ours.

    Attributes:
        channel: ``whatsapp``, ``sms`` or another prefix of Twilio's.
        value: as Twilio writes it, without the prefix: ``+4531226410``, ``DK.13C0F9…``.
        kind: what the value is.
    """

    channel: str
    value: str
    kind: AddressKind

    @property
    def wire(self) -> str:
        """As Twilio writes and takes it: ``whatsapp:+4531226410``."""
        return self.value if self.channel in (SMS, OTHER) else f"{self.channel}:{self.value}"

    @property
    def display(self) -> str:
        """For people: ``+45 31 22 64 10``, ``DK.13C0…701F``; safe to show, whatever it was."""
        match self.kind:
            case AddressKind.PHONE:
                return _spaced(self.value)
            case AddressKind.BSUID | AddressKind.PARENT_BSUID:
                return _shortened(self.value)
            case AddressKind.UNKNOWN:
                return snippet(self.value)

    @property
    def country(self) -> str | None:
        """ISO 3166 code of two letters, None where it cannot be told."""
        match self.kind:
            case AddressKind.PHONE:
                return _region(self.value)
            case AddressKind.BSUID | AddressKind.PARENT_BSUID:
                return self.value[:2]
            case AddressKind.UNKNOWN:
                return None

    @property
    def match_key(self) -> str:
        """The same for all spellings WhatsApp uses of one number; for finding, not for sending."""
        return number_key(self.value) if self.kind is AddressKind.PHONE else self.wire


def parse_twilio(text: str) -> Address:
    """Return the address Twilio wrote; never raises, and `wire` gives the text back unchanged."""
    if ":" not in text:
        return Address(SMS, text, _kind_of(SMS, text))
    found = _PREFIXED.fullmatch(text)
    if found is None or found[1] in (SMS, OTHER):
        return Address(OTHER, text, AddressKind.UNKNOWN)
    return Address(found[1], found[2], _kind_of(found[1], found[2]))


def parse_typed(text: str, *, default_region: str | None = None) -> Address:
    """Return the WhatsApp address a person typed or pasted, in any spelling.

    Understood: ``+45 31 22 64 10``, ``0045…``, ``(31) 22-64-10`` with a region, ``tel:…``,
    ``whatsapp:…``, ``wa.me/…``, digits of other scripts, invisible characters around a pasted
    number, user ids. A number that is possible is accepted, in use or not; one in Twilio's own
    spelling always is.

    Args:
        text: what was typed.
        default_region: ISO code of the country a number without country code belongs to; one
            that does not exist counts as none.

    Raises:
        InvalidAddress: with a sentence that says what is wrong and what to do.
    """
    typed = _tidied(text[:_TYPED_LIMIT])
    named = _PREFIX.match(typed)
    rest = typed[named.end() :] if named else typed
    prefix = (named[1] or named[2]).lower() if named else ""
    if _TYPED_ID.fullmatch(rest):
        value = rest[:2].upper() + rest[2:]
        if value[2:7].upper() == ".ENT.":
            value = f"{value[:2]}.ENT.{value[7:]}"
        return parse_twilio(f"{WHATSAPP}:{value}")
    if prefix == WHATSAPP and _E164.fullmatch(rest):
        return parse_twilio(f"{WHATSAPP}:{rest}")
    if prefix == "tel":
        rest = rest.split(";")[0]
    elif prefix == "wa.me":
        rest = re.split(r"[?/#]", rest)[0]
    if not rest:
        raise InvalidAddress(_("Type a phone number, for example +45 31 22 64 10."))
    if not _TYPED_NUMBER.fullmatch(rest):
        raise InvalidAddress(_not_a_number(rest))
    digits = re.sub(r"[^+0-9]", "", rest)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif prefix in (WHATSAPP, "wa.me") and not digits.startswith(("+", "0")):
        digits = "+" + digits  # these two always carry the country code
    return Address(WHATSAPP, _possible(digits, default_region), AddressKind.PHONE)


def _tidied(text: str) -> str:
    """Return the text with plain digits, signs and blanks, and without invisible characters."""
    out = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        if category == "Nd":
            out.append(str(unicodedata.decimal(char)))
        elif category == "Pd" or char == "\u2212":
            out.append("-")
        elif category not in ("Cf", "Cs"):
            out.append(char)
    return " ".join("".join(out).split())


def _not_a_number(rest: str) -> str:
    shown = snippet(rest, 40)
    if any(char.isalpha() for char in rest):
        return _(
            "“{text}” has letters in it. Type the number in digits, for example +45 31 22 64 10."
        ).format(text=shown)
    return _("“{text}” is not a phone number. Type it like +45 31 22 64 10.").format(text=shown)


def _possible(digits: str, default_region: str | None) -> str:
    """Return the E.164 form of digits if the country's numbers can have that length.

    Raises:
        InvalidAddress: they cannot, or the country is not known.
    """
    import phonenumbers

    region = (default_region or "").upper()
    if not digits.startswith("+") and region not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidAddress(
            _("The country code is missing. Begin with + and the code, like +45 31 22 64 10.")
        )
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException as error:
        raise InvalidAddress(_unparsed(error.error_type)) from error
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
        number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if _E164.fullmatch(number):
            return number
        reason = phonenumbers.ValidationResult.TOO_LONG
    # WhatsApp still uses a spelling that the numbering plan has abolished (+52 1 …).
    if number_key(digits) != digits:
        return digits
    raise InvalidAddress(_impossible(reason, parsed.country_code or 0))


def _unparsed(error_type: int) -> str:
    import phonenumbers

    kinds = phonenumbers.NumberParseException
    match error_type:
        case kinds.INVALID_COUNTRY_CODE:
            return _("No country has this code. Begin with + and the code, such as +45.")
        case kinds.TOO_LONG:
            return _("The number is too long. Check it for digits typed twice.")
        case _other:
            return _("The number is too short. Type all of it, with the country code.")


def _impossible(reason: int, country_code: int) -> str:
    from phonenumbers import ValidationResult

    match reason:
        case ValidationResult.TOO_LONG:
            text = _(
                "The number is too long for +{code}. Check it, or begin with + if it is of"
                " another country."
            )
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            text = _("The area code is missing. Type the whole number after +{code}.")
        case ValidationResult.TOO_SHORT:
            text = _("The number is too short for +{code}. Check that no digit is missing.")
        case _other:
            text = _("No number of +{code} has this many digits. Check what is typed.")
    return text.format(code=country_code)


def _kind_of(channel: str, value: str) -> AddressKind:
    if _E164.fullmatch(value):
        return AddressKind.PHONE
    if channel != WHATSAPP:
        return AddressKind.UNKNOWN
    if _PARENT_BSUID.fullmatch(value):
        return AddressKind.PARENT_BSUID
    return AddressKind.BSUID if _BSUID.fullmatch(value) else AddressKind.UNKNOWN


def number_key(number: str) -> str:
    """Return one E.164 spelling for all that WhatsApp uses of one mobile number (features 139).

    - Brazil: mobiles got a 9 before eight digits; old WhatsApp ids lack it. It is put in before
      6 to 9 only: numbers that begin with 2 to 5 are landlines and stay.
    - Mexico: the 1 of mobiles, abolished in 2019, is taken off.
    - Argentina: the 9 of mobiles called from abroad is taken off; the ten digits behind it name
      one line, fixed or mobile, so a landline keeps its own key.

    Args:
        number: ``+`` and digits; anything else comes back unchanged.
    """
    if found := re.fullmatch(r"\+55([1-9][1-9])([6-9][0-9]{7})", number):
        return f"+55{found[1]}9{found[2]}"
    if found := re.fullmatch(r"\+521([2-9][0-9]{9})", number):
        return f"+52{found[1]}"
    if found := re.fullmatch(r"\+549([1-9][0-9]{9})", number):
        return f"+54{found[1]}"
    return number


def masked(address: Address) -> str:
    """Return a form that shows country and last two characters only: ``+45 •• •• •• 10``.

    For logs on screen, screen sharing and roles that may not see numbers (features 148).
    """
    match address.kind:
        case AddressKind.PHONE:
            return _masked_number(address.value)
        case AddressKind.BSUID | AddressKind.PARENT_BSUID:
            tail = address.value[-_SEEN_DIGITS:] if len(address.value) > _HEAD + _TAIL else ""
            return f"{address.value[:3]}{_HIDDEN * 4}{tail}"
        case AddressKind.UNKNOWN:
            return _HIDDEN * 4


def _masked_number(number: str) -> str:
    shown = _spaced(number)
    parsed = _parsed(number)
    code = 0 if parsed is None else len(str(parsed.country_code or ""))
    digits = sum(char.isdigit() for char in shown)
    out, seen = [], 0
    for char in shown:
        seen += char.isdigit()
        hidden = char.isdigit() and code < seen <= digits - _SEEN_DIGITS
        out.append(_HIDDEN if hidden else char)
    return "".join(out)


def _shortened(user_id: str) -> str:
    country, own = user_id.rsplit(".", 1)
    if len(own) <= _HEAD + _TAIL:
        return user_id
    return f"{country}.{own[:_HEAD]}…{own[-_TAIL:]}"


@lru_cache(maxsize=4096)
def _parsed(number: str) -> phonenumbers.PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=4096)
def _spaced(number: str) -> str:
    """Return the number with the country's own spacing, with exactly the digits Twilio gave."""
    import phonenumbers

    parsed = _parsed(number)
    if parsed is None:
        return number
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # The library repairs some numbers (a trunk 0, Argentina's 15). What is shown must be what is
    # stored, or a person compares two different numbers.
    return shown if re.sub(r"[^0-9]", "", shown) == number[1:] else number


@lru_cache(maxsize=4096)
def _region(number: str) -> str | None:
    import phonenumbers

    parsed = _parsed(number_key(number))
    if parsed is None:
        return None
    if region := phonenumbers.region_code_for_number(parsed):
        return region if region.isalpha() else None
    # Not a number in use as far as the library knows; a code of one country still tells it.
    regions = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    return regions[0] if len(regions) == 1 and regions[0].isalpha() else None
