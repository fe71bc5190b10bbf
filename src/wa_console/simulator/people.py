"""The invented customers, and when they write by themselves.

Duty: the roster, and the timing of lively answers; what they say stands in ``talk``. All persons
and numbers are invented.
"""

from __future__ import annotations

import asyncio
import random

from wa_console.simulator.inbound import Utterance, receive
from wa_console.simulator.records import Customer, Message
from wa_console.simulator.site import Site
from wa_console.simulator.talk import Line, answer
from wa_console.simulator.world import Mint


def roster(mint: Mint) -> list[Customer]:
    """Fourteen customers in every state that a representative meets.

    Business-scoped ids come from ``mint``, but for the one customer who has nothing else.
    """

    def dane(name: str, number: str, persona: str) -> Customer:
        return Customer(name, number, mint.external_id("DK"), "da", persona)

    def briton(name: str, number: str, persona: str) -> Customer:
        return Customer(name, number, mint.external_id("GB"), "en", persona)

    people = [
        dane("Mette Holm", "+4531226410", "worried"),
        dane("Jonas Brandt", "+4528441092", "photographer"),
        briton("Aisha Khan", "+447700900318", "polite"),
        dane("Lars Pedersen", "+4540817755", "talker"),
        briton("Priya Nair", "+447700900427", "cheerful"),
        dane("Oskar Lind", "+4551093368", "brief"),
        dane("Emma Sørensen", "+4522716049", "worried"),
        briton("Tom Whitaker", "+447700900561", "brief"),
        dane("Freja Madsen", "+4561348820", "wanderer"),
        briton("يوسف حداد", "+447700900684", "polite"),
        dane("[red]Kim[/red] Bak", "+4553770916", "brief"),
        dane("Ingrid Dahl", "+4542605137", "polite"),
        dane("Bent Kristoffersen", "+4527159983", "brief"),
        Customer("Signe", None, "DK.1A2B3C4D5E6F7G8H9I0J", "da", "cheerful"),
        briton("Grace Bennett", "+447700900735", "cheerful"),
    ]
    by_name = {person.name: person for person in people}
    by_name["Oskar Lind"].read_receipts = False
    by_name["Emma Sørensen"].can_receive = False
    by_name["Ingrid Dahl"].on_whatsapp = False
    by_name["Bent Kristoffersen"].opted_out = True
    by_name["Oskar Lind"].marketing_ok = False
    return people


class People:
    """Lets scripted customers answer what reaches them.

    Args:
        site: The simulator's parts.
        seed: The same seed and the same messages give the same answers.
        delay_s: Shortest and longest time to an answer, in wall seconds: a watcher can follow
            at any speed of the clock.
    """

    def __init__(self, site: Site, *, seed: int, delay_s: tuple[float, float]) -> None:
        self._site = site
        self._seed = seed
        self._delay_s = delay_s
        self._heard: dict[str, list[str]] = {}
        self._thinking: set[str] = set()

    def hear(self, message: Message) -> None:
        """Takes notice of a delivered message; an answer may follow after a while.

        Nobody answers while one is thinking, nor to words heard before: the console's automated
        messages would otherwise keep two machines talking for ever.
        """
        world = self._site.world
        customer = world.customer(message.to)
        if not world.lively or not customer.persona or customer.address in self._thinking:
            return
        heard = self._heard.setdefault(customer.address, [])
        if message.body and message.body in heard:
            return
        heard.append(message.body)
        dice = random.Random(f"{self._seed}:{customer.address}:{len(heard)}")
        content = world.contents.get(message.content_sid or "")
        lines = answer(customer, message, content, dice=dice, turn=len(heard))
        if lines:
            self._thinking.add(customer.address)
            self._site.crew.start(self._say(customer, message, lines, dice))

    async def _say(
        self, customer: Customer, heard: Message, lines: list[Line], dice: random.Random
    ) -> None:
        try:
            for number, line in enumerate(lines):
                low, high = self._delay_s
                pause = dice.uniform(low, high) if number == 0 else low
                await asyncio.sleep(pause)
                if not self._site.world.lively:
                    return
                said = Utterance(line.body, line.media, line.button, line.location)
                sender = self._site.world.senders[heard.from_ or ""]
                self._thinking.discard(customer.address)
                await receive(self._site, customer=customer, sender=sender, said=said)
        finally:
            self._thinking.discard(customer.address)
