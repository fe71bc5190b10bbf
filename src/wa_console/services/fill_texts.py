"""The words of an invented history: names and sentences in Danish and English. Data only."""

from __future__ import annotations

from typing import Final

_FIRST: Final = """
Anna Emma Ida Freja Sofie Alma Karla Clara Maja Laura Mette Hanne Kirsten Lone Birgit Søren Lars
Niels Jørgen Åge Bjørn Mads Emil Oscar Victor Noah William Oliver Magnus Rasmus Olivia Grace Amelia
Jack Harry George Aisha Omar Fatima Priya José Zoë
"""
_LAST: Final = """
Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Madsen
Kristensen Olsen Thomsen Møller Østergaard Ågård Smith Jones Taylor Brown Khan Patel
"""
FIRST_NAMES: Final = tuple(_FIRST.split())
LAST_NAMES: Final = tuple(_LAST.split())
FLOURISHES: Final = ("", "", "", "", "", "", " 🌸", " ⚽", " 🐶", " ✨")
"""What some people put behind their name at WhatsApp; empty ones make it rare."""

CUSTOMER: Final = {
    "da": (
        "Hej, hvor er min pakke {order}?",
        "Godmorgen. Jeg har ventet siden {time}, kommer den snart?",
        "Kan jeg ændre leveringsadressen på {order}?",
        "Tak for hjælpen 👍",
        "Perfekt, tak!",
        "Den er desværre gået i stykker. Hvad gør jeg nu?",
        "Har I åbent på lørdag?",
        "Jeg er hjemme efter kl. {time}.",
        "Kan I ringe til mig?",
        "Hvornår får jeg pengene tilbage for {order}?",
        "Jeg kan ikke finde følgesedlen.\nDer står kun {order} på kassen.",
        "Super 😊",
        "Nej, det var den forkerte farve. Jeg bestilte blå, ikke grøn.",
        "Må jeg hente den selv i Ålborg?",
    ),
    "en": (
        "Hi, where is my parcel {order}?",
        "Good morning, I have been waiting since {time}. Is it on its way?",
        "Can I change the delivery address of {order}?",
        "Thank you so much!",
        "Great, thanks 🙏",
        "It arrived broken, what do I do now?",
        "Are you open on Saturday?",
        "I'm home after {time}.",
        "Could somebody call me please?",
        "When do I get my money back for {order}?",
        "I cannot find the return label.\nThe box only says {order}.",
        "ok",
        "No, that is the wrong colour: I ordered blue.",
        "Can I pick it up myself?",
    ),
}
STAFF: Final = {
    "da": (
        "Hej! Jeg kigger på {order} med det samme.",
        "Den er hos dig i dag kl. {time}.",
        "Det er jeg ked af at høre. Vi sender en ny i dag.",
        "Adressen er ændret.",
        "Ja, vi har åbent 9-16 på lørdag.",
        "Pengene er tilbage på din konto om 3-5 dage.",
        "Selv tak, hav en god dag!",
        "Kan du sende et billede af skaden?",
    ),
    "en": (
        "Hi! Let me look into {order} right away.",
        "It will be with you today at {time}.",
        "I am sorry to hear that. We will send a new one today.",
        "The address has been changed.",
        "Yes, we are open 9-16 on Saturday.",
        "The money will be back in your account in 3-5 days.",
        "You're welcome, have a nice day!",
        "Could you send a picture of the damage?",
    ),
}
TEMPLATE: Final = {
    "da": "Hej {{1}}, vi har nyt om din ordre {{2}}. Svar her, så hjælper vi.",
    "en": "Hi {{1}}, there is news about your order {{2}}. Reply here and we will help.",
}
LABELS: Final = ("vip", "return", "refund", "address", "damaged")
