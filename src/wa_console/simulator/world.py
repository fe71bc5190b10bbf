"""The state of the simulated world and the few look-ups everybody needs.

Duty: hold the records and make their ids from a seeded die. It decides nothing: what is refused
stands in ``rules``, what happens in ``inbound`` and ``outbound``.
"""

from __future__ import annotations

import random
import re
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from wa_console.simulator.records import (
    Account,
    Content,
    Customer,
    Medium,
    Message,
    Sender,
)

SANDBOX_ADDRESS = "whatsapp:+14155238886"

_BSUID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_COUNTRIES = {"45": "DK", "44": "GB", "46": "SE", "47": "NO", "49": "DE", "31": "NL", "1": "US"}


@dataclass(slots=True)
class Switches:
    """What differs between accounts, or is not documented: a test can choose.

    Attributes:
        approvals_keyed: List answers hold ``approval_requests`` keyed by ``whatsapp`` instead of
            flat (FACTS 10, shape trap).
        date_skew_s: Seconds by which the ``Date`` header differs from real time.
        opt_out_late: An opted-out recipient is refused by callback (21610) instead of at once.
        media_redirect: Status of the redirect to the CDN, 302 or 307 (FACTS 14).
        media_base: Scheme and host of ``MediaUrlN`` in webhooks; Twilio's own by default. Empty:
            the simulator's own base URL.
        fetch_media: Outbound media on loopback are fetched as Twilio would (HEAD, GET). Media
            elsewhere are taken on trust: the simulator never talks to the outside.
        sender_limit_per_s: Messages a second from one sender before 63018; None: no limit,
            Twilio queues (FACTS 6).
        max_concurrent: REST requests in flight before 429 with 20429.
    """

    approvals_keyed: bool = False
    date_skew_s: float = 0.0
    opt_out_late: bool = False
    media_redirect: int = 307
    media_base: str = "https://api.twilio.com"
    fetch_media: bool = True
    sender_limit_per_s: int | None = None
    max_concurrent: int = 100


class Mint:
    """Makes ids from a seeded die: the same seed gives the same world."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"ids:{seed}")

    def sid(self, prefix: str) -> str:
        """A SID: two letters and 32 hexadecimal digits."""
        return f"{prefix}{self._dice.getrandbits(128):032x}"

    def token(self) -> str:
        """Thirty-two hexadecimal digits, for tokens and secrets."""
        return f"{self._dice.getrandbits(128):032x}"

    def external_id(self, country: str) -> str:
        """A business-scoped user id such as ``DK.13C0F91AB96D085B6173701F`` (FACTS 1.4)."""
        return f"{country}.{self._dice.getrandbits(96):024X}"


class World:
    """Everything that exists at the simulated Twilio, in plain dictionaries.

    Attributes:
        senders: By address, ``whatsapp:+45…``.
        services: Messaging Services: SID to the addresses of their senders.
        customers: By address. Look them up with `customer`, which knows all spellings.
        messages: By SID, oldest first.
        last_inbound: (sender address, customer address) to the last time that customer wrote;
            opens the 24 hours (FACTS 15.1).
        joined: Customer address to the time he joined the sandbox.
        pace: Sender address to the times of its latest sends, for rate limits.
        lively: Whether scripted customers answer by themselves.
    """

    def __init__(self, account: Account, mint: Mint, *, lively: bool) -> None:
        self.account = account
        self.mint = mint
        self.lively = lively
        self.switches = Switches()
        self.senders: dict[str, Sender] = {}
        self.services: dict[str, tuple[str, ...]] = {}
        self.customers: dict[str, Customer] = {}
        self.messages: dict[str, Message] = {}
        self.media: dict[str, Medium] = {}
        self.contents: dict[str, Content] = {}
        self.last_inbound: dict[tuple[str, str], datetime] = {}
        self.joined: dict[str, datetime] = {}
        self.pace: dict[str, deque[datetime]] = {}
        self._by_external: dict[str, Customer] = {}
        self._seq = 0

    def next_seq(self) -> int:
        """The next number in the order of messages."""
        self._seq += 1
        return self._seq

    def add_customer(self, customer: Customer) -> Customer:
        """Adds a customer and makes him known under every one of his addresses."""
        self.customers[customer.address] = customer
        self._by_external[customer.external_id] = customer
        return customer

    def find_customer(self, address: str) -> Customer | None:
        """The customer behind any spelling of a number or id, or None."""
        bare = bare_address(address)
        return self.customers.get(f"whatsapp:{bare}") or self._by_external.get(bare)

    def customer(self, address: str) -> Customer:
        """The customer behind any spelling; one nobody knew is made on the spot.

        Raises:
            ValueError: If ``address`` is neither a number nor a business-scoped id.
        """
        known = self.find_customer(address)
        if known is not None:
            return known
        bare = bare_address(address)
        if is_external_id(bare):
            return self.add_customer(Customer(name="", number=None, external_id=bare))
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", bare):
            raise ValueError(f"{address!r} is no WhatsApp address")
        country = next((c for p, c in _COUNTRIES.items() if bare[1:].startswith(p)), "US")
        return self.add_customer(
            Customer(
                name=f"Kunde {bare[-4:]}" if country == "DK" else f"Customer {bare[-4:]}",
                number=bare,
                external_id=self.mint.external_id(country),
                language="da" if country == "DK" else "en",
            )
        )

    def add_message(self, message: Message) -> Message:
        """Stores a message under its SID."""
        self.messages[message.sid] = message
        return message

    def newest_to(self, customer: Customer) -> Message | None:
        """The newest outbound message to a customer, or None."""
        return next(
            (
                m
                for m in reversed(self.messages.values())
                if m.direction != "inbound" and self.find_customer(m.to) is customer
            ),
            None,
        )


def bare_address(text: str) -> str:
    """An address without channel, blanks and dashes: ``+4531226410`` or ``DK.…``."""
    bare = text.strip().removeprefix("whatsapp:").strip()
    if is_external_id(bare):
        return bare
    digits = re.sub(r"[\s().\-]", "", bare)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return digits if digits.startswith("+") else f"+{digits}"


def is_external_id(bare: str) -> bool:
    """Whether the text is a business-scoped user id, ``CC.<letters and digits>`` (FACTS 1.4)."""
    return _BSUID.fullmatch(bare) is not None
