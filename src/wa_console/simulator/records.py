"""The things of the simulated world: accounts, senders, customers, messages, contents, media.

Duty: plain records. They are mutable where Twilio's own resources change (a message's status, a
sender's webhook). No rule and no HTTP here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MediaItem:
    """A file that a customer sends: MIME type, bytes, and the name shown for documents."""

    content_type: str
    data: bytes
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A press on a quick-reply button.

    ``reply_to`` is the SID of the message that carried the button; without it the newest message
    to that customer is taken (FACTS 1.3: presses carry ``OriginalRepliedMessageSid`` too).
    """

    text: str
    payload: str = ""
    type: str = "REPLY"
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A shared place: degrees, and the optional label and address (FACTS 1.2)."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class DeliveredMessage:
    """What came of one inbound message: its SID and the webhook's last HTTP status.

    ``status`` is None when nothing was posted (no URL, dropped by a fault) or nobody answered.
    """

    sid: str
    status: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """The one account of the simulator, with both kinds of credentials (FACTS 13)."""

    sid: str
    auth_token: str
    api_key: str
    api_secret: str
    friendly_name: str
    created_at: datetime


@dataclass(slots=True)
class Webhook:
    """A sender's webhook settings, as in the Senders API (FACTS 11)."""

    callback_url: str | None = None
    callback_method: str | None = "POST"
    fallback_url: str | None = None
    fallback_method: str | None = "POST"
    status_callback_url: str | None = None
    status_callback_method: str | None = "POST"


@dataclass(slots=True)
class Sender:
    """A WhatsApp sender of the account, or the shared sandbox number.

    ``join_code`` makes it a sandbox: customers write ``join <code>`` first (FACTS 12).
    """

    sid: str
    address: str
    name: str
    webhook: Webhook = field(default_factory=Webhook)
    status: str = "ONLINE"
    about: str = ""
    join_code: str | None = None


@dataclass(slots=True)
class Customer:
    """A WhatsApp user: what Twilio knows, and how he behaves.

    ``number`` is None for a user whose number is hidden (FACTS 1.4); ``external_id`` is the
    business-scoped id without ``whatsapp:``. ``persona`` names the rules by which he answers by
    himself; empty for one who never does.
    """

    name: str
    number: str | None
    external_id: str
    language: str = "da"
    persona: str = ""
    on_whatsapp: bool = True
    can_receive: bool = True
    read_receipts: bool = True
    opted_out: bool = False
    marketing_ok: bool = True

    @property
    def address(self) -> str:
        """The address Twilio uses: the number if it is visible, else the id."""
        return f"whatsapp:{self.number or self.external_id}"


@dataclass(slots=True)
class Medium:
    """A stored attachment of one message."""

    sid: str
    message_sid: str
    content_type: str
    data: bytes
    filename: str
    created_at: datetime


@dataclass(slots=True)
class Message:
    """A message resource, inbound or outbound (FACTS 5), and what the simulator keeps of it.

    ``seq`` orders messages of the same second. ``rendered`` is a template's text after
    substitution, which is also what the list shows as body (FACTS 8.5).
    """

    sid: str
    seq: int
    direction: str
    from_: str | None
    to: str
    body: str
    status: str
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    error_code: int | None = None
    service_sid: str | None = None
    status_callback: str | None = None
    content_sid: str | None = None
    content_variables: str | None = None
    media_urls: tuple[str, ...] = ()
    media: list[str] = field(default_factory=list)
    send_at: datetime | None = None
    rendered: str | None = None


@dataclass(slots=True)
class Approval:
    """WhatsApp's word on one content (FACTS 10)."""

    name: str
    category: str
    content_type: str
    status: str
    rejection_reason: str = ""
    allow_category_change: bool = True


@dataclass(slots=True)
class Content:
    """A content resource, with its approval or None while unsubmitted (FACTS 10)."""

    sid: str
    friendly_name: str
    language: str
    variables: dict[str, str]
    types: dict[str, dict[str, object]]
    created_at: datetime
    updated_at: datetime
    approval: Approval | None = None
