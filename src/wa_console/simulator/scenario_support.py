"""The scenario "support": a parcel carrier's desk on a weekday, in Danish and English.

Duty: texts and times. All persons, numbers and parcels are invented.
"""

from __future__ import annotations

from wa_console.simulator.records import Button, Location
from wa_console.simulator.scenario_parts import (
    CustomerSays,
    Event,
    Scenario,
    StaffKind,
    StaffSays,
    Template,
)

_MINUTE, _HOUR = 60.0, 3600.0
_DAY = 24 * _HOUR

METTE, JONAS, LARS, OSKAR = "+4531226410", "+4528441092", "+4540817755", "+4551093368"
EMMA, FREJA, KIM, INGRID = "+4522716049", "+4561348820", "+4553770916", "+4542605137"
AISHA, PRIYA, TOM, YUSUF = "+447700900318", "+447700900427", "+447700900561", "+447700900684"
BENT, GRACE, SIGNE = "+4527159983", "+447700900735", "DK.1A2B3C4D5E6F7G8H9I0J"

_NAME_AND_PARCEL_DA = ("Mette", "DK-4471-20")
_NAME_AND_PARCEL_EN = ("Priya", "GB-2086-14")

_TEMPLATES = (
    Template(
        key="order_update.da",
        name="order_update",
        language="da",
        body=(
            "Hej {{1}}, vi har fået din ordre {{2}} og pakker den nu. "
            "Du hører fra os, så snart den er på vej."
        ),
        examples=("Mette", "70412"),
        buttons=(("Se status", "order:status"), ("Ret adressen", "order:address")),
    ),
    Template(
        key="order_update.en",
        name="order_update",
        language="en",
        body=(
            "Hi {{1}}, we have your order {{2}} and are packing it now. "
            "You will hear from us as soon as it is on its way."
        ),
        examples=("Priya", "70413"),
        buttons=(("See status", "order:status"), ("Change address", "order:address")),
    ),
    Template(
        key="delivery_update.da",
        name="delivery_update",
        language="da",
        body="Hej {{1}}, din pakke {{2}} er på vej. Svar her, hvis du vil ændre leveringen.",
        examples=_NAME_AND_PARCEL_DA,
        buttons=(("Følg pakken", "parcel:track"), ("Skift levering", "parcel:change")),
    ),
    Template(
        key="delivery_update.en",
        name="delivery_update",
        language="en",
        body="Hi {{1}}, your parcel {{2}} is on its way. Reply here to change the delivery.",
        examples=_NAME_AND_PARCEL_EN,
        buttons=(("Track parcel", "parcel:track"), ("Change delivery", "parcel:change")),
    ),
    Template(
        key="delivery_delay.da",
        name="delivery_delay",
        language="da",
        body=(
            "Hej {{1}}, vi beklager, at {{2}} kommer en dag senere end lovet. "
            "Skriv her, hvis dagen ikke passer dig."
        ),
        examples=_NAME_AND_PARCEL_DA,
    ),
    Template(
        key="delivery_delay.en",
        name="delivery_delay",
        language="en",
        body=(
            "Hi {{1}}, we are sorry that {{2}} will reach you a day later than promised. "
            "Write to us here if that day does not suit you."
        ),
        examples=_NAME_AND_PARCEL_EN,
    ),
    Template(
        key="delivery_feedback.da",
        name="delivery_feedback",
        language="da",
        body=(
            "Hvordan var leveringen, {{1}}? Fortæl os det her, "
            "så får du 10 % af på din næste forsendelse."
        ),
        examples=("Oskar",),
        buttons=(("Helt fin", "feedback:good"), ("Kunne være bedre", "feedback:poor")),
        category="MARKETING",
    ),
    Template(
        key="delivery_return.en",
        name="delivery_return",
        language="en",
        body=(
            "Hi {{1}}, the return label for {{2}} is ready. "
            "Hand the parcel in at any drop point within 14 days."
        ),
        examples=_NAME_AND_PARCEL_EN,
        status="pending",
    ),
    Template(
        key="winter_offer.da",
        name="winter_offer",
        language="da",
        body="{{1}}, send fem pakker i december og betal for fire.",
        examples=("Mette",),
        category="MARKETING",
        status="rejected",
        reason="Variables can't be at the start or end of the template.",
    ),
    Template(
        key="address_check.da",
        name="address_check",
        language="da",
        body="Hej {{1}}, adressen på pakke {{2}} mangler et husnummer. Skriv det til os her.",
        examples=_NAME_AND_PARCEL_DA,
        status="paused",
    ),
    Template(
        key="appointment.en",
        name="appointment_reminders",
        language="en",
        body="Your appointment is coming up on {{1}} at {{2}}",
        examples=("12/1", "3pm"),
        # The one ContentSid of the sandbox's three templates that is public (FACTS 12).
        sid="HXb5b62575e6e4ff6129ad7c8efe1f983e",
    ),
)


def _anna(at_s: float, who: str, body: str, kind: StaffKind = StaffKind.REPLY) -> StaffSays:
    return StaffSays(at_s=at_s, who=who, author="anna", kind=kind, body=body)


def _bo(at_s: float, who: str, body: str, kind: StaffKind = StaffKind.REPLY) -> StaffSays:
    return StaffSays(at_s=at_s, who=who, author="bo", kind=kind, body=body)


def _says(at_s: float, who: str, body: str) -> CustomerSays:
    return CustomerSays(at_s=at_s, who=who, body=body)


def _template(at_s: float, who: str, author: str, key: str, variables: dict[str, str]) -> StaffSays:
    return StaffSays(
        at_s=at_s,
        who=who,
        author=author,
        kind=StaffKind.TEMPLATE,
        template_key=key,
        variables=variables,
    )


# 24 hours are over in 170 s; a console that is a minute careful says 110 s. Nobody has answered.
_METTE = (
    _says(-2 * _DAY - 3 * _HOUR, METTE, "Hej! Min pakke skulle være kommet i går"),
    _anna(-2 * _DAY - 2.9 * _HOUR, METTE, "anna", StaffKind.ASSIGN),
    _anna(-2 * _DAY - 2.8 * _HOUR, METTE, "Hej Mette, jeg kigger på det med det samme."),
    _anna(
        -2 * _DAY - 2.6 * _HOUR,
        METTE,
        "Chaufføren siger terminalen i Aarhus, ventes torsdag",
        StaffKind.NOTE,
    ),
    _anna(-2 * _DAY - 2.5 * _HOUR, METTE, "vip", StaffKind.LABEL),
    _says(-_DAY + 80, METTE, "Hej, hvornår kommer pakken?"),
    _says(-_DAY + 170, METTE, "Det er en gave til i aften, så jeg er lidt nervøs 🙈"),
)

_JONAS = (
    _says(-_DAY + 55 * _MINUTE, JONAS, "Jeg har lige fået min pakke ind ad døren"),
    _anna(-_DAY + 56 * _MINUTE, JONAS, "anna", StaffKind.ASSIGN),
    _bo(-_DAY + 57 * _MINUTE, JONAS, "Dejligt, Jonas. Er alt, som det skal være?"),
    CustomerSays(
        at_s=-_DAY + 58.7 * _MINUTE,
        who=JONAS,
        body="Nej, låget er trykket ind i hjørnet",
        media=("photo",),
    ),
)

_TOM = (
    _says(-19 * _HOUR - 3 * _MINUTE, TOM, "Hello, I am moving house on Friday"),
    _says(-19 * _HOUR, TOM, "Can I change my address for GB-2086-31?"),
)

_AISHA = (
    _says(-13.4 * _HOUR, AISHA, "Good morning. Nobody is in tomorrow, could you come on Thursday?"),
    _bo(-13.3 * _HOUR, AISHA, "bo", StaffKind.ASSIGN),
    _bo(-13.2 * _HOUR, AISHA, "Of course. Before noon or after?"),
    _says(-13 * _HOUR, AISHA, "After two, please. Thank you so much."),
    _bo(-12.9 * _HOUR, AISHA, "I have moved it to Thursday, 14–17. Does a text before suit you?"),
    _bo(-12.8 * _HOUR, AISHA, "waits for customer", StaffKind.LABEL),
)

_LARS = (
    _says(-5.2 * _HOUR, LARS, "Hej igen, det er Lars fra værkstedet"),
    _anna(-5.15 * _HOUR, LARS, "anna", StaffKind.ASSIGN),
    _says(-5.1 * _HOUR, LARS, "Vi mangler stadig to af de fire kolli"),
    CustomerSays(at_s=-5 * _HOUR, who=LARS, media=("voice",)),
)

_PRIYA = (
    _says(-26 * _HOUR, PRIYA, "Hi, is GB-2086-14 on the van today?"),
    _anna(-25.9 * _HOUR, PRIYA, "anna", StaffKind.ASSIGN),
    _anna(-25.8 * _HOUR, PRIYA, "Hi Priya, it is. The driver is with you between 16 and 18."),
    _anna(-25.7 * _HOUR, PRIYA, "parcel", StaffKind.LABEL),
    _says(-1 * _HOUR, PRIYA, "It came at ten to five, thanks!! 🙏"),
)

# Closed windows: one was reached by template, one could not be reached.
_OSKAR = (
    _says(-2.6 * _DAY, OSKAR, "Er DK-4471-20 kommet til Odense?"),
    _anna(-2.595 * _DAY, OSKAR, "anna", StaffKind.ASSIGN),
    _anna(-2.59 * _DAY, OSKAR, "Ikke endnu, men jeg giver dig besked, når den er."),
    _template(-1.1 * _DAY, OSKAR, "anna", "delivery_update.da", {"1": "Oskar", "2": "DK-4471-20"}),
)
_EMMA = (
    _says(-30 * _HOUR, EMMA, "Hej, jeg venter på pengene for den pakke, der blev væk"),
    _bo(-29.6 * _HOUR, EMMA, "Hej Emma, er refusionen nået frem til din konto?"),
)

_FREJA = (
    _says(-3.1 * _HOUR, FREJA, "Chaufføren kan ikke finde os, vi bor inde i gården"),
    CustomerSays(
        at_s=-3 * _HOUR,
        who=FREJA,
        location=Location(55.66752, 12.54316, "Porten er her", "Vesterbrogade 112, København"),
    ),
    _says(-14, FREJA, "Nu ringer han på hos naboen 🙈"),
)

_SIGNE = (
    _says(-8.1 * _HOUR, SIGNE, "Hej! Kan jeg hente pakken i pakkeboksen i stedet for?"),
    _anna(-8.05 * _HOUR, SIGNE, "anna", StaffKind.ASSIGN),
    _anna(-8 * _HOUR, SIGNE, "Det kan du, Signe. Jeg sender den til boksen ved Netto."),
    _says(-7.9 * _HOUR, SIGNE, "Perfekt, tusind tak ☺️"),
)

_YUSUF = (
    _says(-6.5 * _HOUR, YUSUF, "مرحبا، أين الطرد رقم GB-2086-77؟ كان من المفترض أن يصل أمس."),
)

# Markup, terminal escapes and a bidi override: customer text is hostile until shown safely.
_KIM = (
    _says(
        -9 * _HOUR,
        KIM,
        "[bold red]Agent:[/] din sag er lukket [@click=app.quit]klik her[/] "
        "\x1b]52;c;aGVq\x07\x1b[2J \u202e.fdp.arutkaf\u202c [/] ✓✓ read",
    ),
)

# Never wrote: no window was ever open, and the number is not on WhatsApp (63003).
_INGRID = (_template(-1.8 * _DAY, INGRID, "bo", "order_update.da", {"1": "Ingrid", "2": "70398"}),)

# Opted out from the first: an answer would be refused with 21610.
_BENT = (
    _says(-2.2 * _DAY, BENT, "Jeg vil ikke have flere beskeder fra jer"),
    _says(-2.199 * _DAY, BENT, "STOP"),
    _anna(-2.18 * _DAY, BENT, "Afmeldt. Ring i stedet, hvis det haster", StaffKind.NOTE),
    _anna(-2.17 * _DAY, BENT, "", StaffKind.CLOSE),
)

_GRACE = (
    _template(-2.5 * _DAY, GRACE, "bo", "delivery_update.en", {"1": "Grace", "2": "GB-2086-52"}),
    CustomerSays(at_s=-2.4 * _DAY, who=GRACE, button=Button("Change delivery", "parcel:change")),
    _bo(-2.39 * _DAY, GRACE, "Hi Grace, where may we leave it?"),
    _says(-2.38 * _DAY, GRACE, "With the neighbour at number 9, please"),
    _bo(-2.37 * _DAY, GRACE, "Done. Have a lovely day!"),
    _bo(-2.36 * _DAY, GRACE, "", StaffKind.CLOSE),
)

_ALL: tuple[Event, ...] = (
    *_METTE,
    *_JONAS,
    *_TOM,
    *_AISHA,
    *_LARS,
    *_PRIYA,
    *_OSKAR,
    *_EMMA,
    *_FREJA,
    *_SIGNE,
    *_YUSUF,
    *_KIM,
    *_INGRID,
    *_BENT,
    *_GRACE,
)

SUPPORT = Scenario(
    name="support",
    title="A parcel carrier's support desk",
    templates=_TEMPLATES,
    events=tuple(sorted(_ALL, key=lambda event: event.at_s)),
)
"""Fifteen conversations of the last three days."""
