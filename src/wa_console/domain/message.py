"""What a message is: as it arrived, and as it is kept.

Pure data. Nothing here parses a webhook (gateway.forms), decides on a window (domain.window) or
knows a table (store.rows).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from wa_console.domain.address import Address
from wa_console.domain.delivery import DeliveryStatus


class Direction(StrEnum):
    """Who sent it, seen from our side."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class MessageKind(StrEnum):
    """What role a message plays (CONTRACT, ``kind``)."""

    SESSION = "session"
    TEMPLATE = "template"
    NOTE = "note"
    AUTOMATED = "automated"
    SURVEY = "survey"
    SYSTEM = "system"


class ContentKind(StrEnum):
    """What a message carries; ``UNSUPPORTED`` keeps its raw fields for whoever wants to look."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    LOCATION = "location"
    BUTTON = "button"
    LIST = "list"
    UNSUPPORTED = "unsupported"


class MediaStatus(StrEnum):
    """Where an attachment is on its way to the media folder (CONTRACT)."""

    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Media:
    """One attachment.

    Attributes:
        url: Where Twilio keeps it (inbound) or fetches it (outbound).
        type: MIME type as Twilio stated it.
        size: Bytes, None until stored.
        path: Path below the home, None until stored.
        status: Where it is on its way.
    """

    url: str
    type: str
    size: int | None = None
    path: str | None = None
    status: MediaStatus = MediaStatus.PENDING


@dataclass(frozen=True, slots=True)
class Location:
    """A place: degrees (WGS 84), with the texts WhatsApp added."""

    latitude: float
    longitude: float
    label: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A button or list row that the customer chose. ``kind`` is Twilio's word, or ``LIST``."""

    text: str
    payload: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The message that a customer answered to, by Twilio's SID (FACTS 1.3)."""

    sid: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Referral:
    """The ad that a customer came from (FACTS 1.3, Referral*)."""

    headline: str = ""
    body: str = ""
    source_url: str = ""
    source_type: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """Which template was sent, and with what in its placeholders."""

    content_sid: str
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageError:
    """Why a message failed.

    Attributes:
        code: Twilio's, None when it never reached Twilio.
        text: Why, in words.
        action: The step that mends it (``template``, ``retry``, ``call`` ...); given for reading,
            never stored, since advice may improve.
    """

    code: int | None
    text: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One receipt, as it came. ``word`` is Twilio's own, also when we do not know it."""

    word: str
    at: datetime
    error_code: int | None = None
    source: str = "callback"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A customer's message as the webhook (or Twilio's list) told it.

    Attributes:
        sid: Twilio's id, ``SM…`` or ``MM…``; empty when the form had none.
        sender: The address to answer to, exactly as Twilio wrote it.
        recipient: Our own address.
        identities: Every identifier of the customer in the form, sender first (FACTS 1.4).
        raw: Every field of the form in order, blanks and repeats included.
    """

    sid: str
    account_sid: str
    sender: Address
    recipient: Address
    identities: tuple[Address, ...]
    body: str = ""
    profile_name: str = ""
    content: ContentKind = ContentKind.TEXT
    media: tuple[Media, ...] = ()
    location: Location | None = None
    button: ButtonPress | None = None
    quoted: Quoted | None = None
    referral: Referral | None = None
    forwarded: bool = False
    service_sid: str = ""
    raw: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What Twilio says became of a message of ours.

    Attributes:
        status: Our word for it, None for a word we do not know (kept in ``word``).
        error_code: Twilio's ErrorCode, None without one.
        error_text: ErrorMessage or ChannelStatusMessage, often empty (FACTS 7).
    """

    sid: str
    account_sid: str
    word: str
    status: DeliveryStatus | None
    error_code: int | None = None
    error_text: str = ""
    raw: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message as it is kept and shown.

    Attributes:
        id: Our own sortable id.
        sid: Twilio's id, None until Twilio has it.
        body: Byte for byte what was written; never rendered without SafeText.
        raw: Every field of the webhook; repeated names keep their last value.
        author: Login of the representative who wrote it, empty for a customer.
        created_at: Provider time where known, else the time of receipt; orders the timeline.
        window_state: State of the window when it was written (outbound only).
    """

    id: str
    conversation_id: str
    direction: Direction
    kind: MessageKind
    created_at: datetime
    status: DeliveryStatus
    sid: str | None = None
    content: ContentKind = ContentKind.TEXT
    body: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    media: tuple[Media, ...] = ()
    template: TemplateUse | None = None
    quoted: Quoted | None = None
    button: ButtonPress | None = None
    location: Location | None = None
    referral: Referral | None = None
    forwarded: bool = False
    error: MessageError | None = None
    author: str = ""
    window_state: str = ""
    statuses: tuple[StatusEvent, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether a customer's message was found in Twilio's list, not told by its webhook.

        The list has no profile name, button, place or quoted message (FACTS 1 against 5).
        """
        return self.direction is Direction.INBOUND and any(
            event.word == DeliveryStatus.RECEIVED and event.source != "webhook"
            for event in self.statuses
        )
