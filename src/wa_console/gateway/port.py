"""What the rest of the program may ask of Twilio, in our words.

No name of the SDK, of HTTP or of a Twilio field passes this line, except SIDs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import InboundMessage, StatusReport
from wa_console.domain.template import Template
from wa_console.domain.template_draft import TemplateDraft


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Everything Twilio is told about one message; one of body, media or content is there.

    Attributes:
        sender: Our address on the wire, ``whatsapp:+45…``.
        to: The customer's address on the wire, exactly as Twilio gave it.
        variables: Values of the template's placeholders.
        status_callback: Where receipts go, None to ask for none.
    """

    sender: str
    to: str
    body: str = ""
    content_sid: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    media_urls: tuple[str, ...] = ()
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Twilio has it."""

    sid: str
    status: DeliveryStatus


@dataclass(frozen=True, slots=True)
class Refused:
    """Twilio answered with an error of the request: certainly not sent."""

    code: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Throttled:
    """HTTP 429: never processed, safe to repeat after ``retry_after_s`` seconds if stated."""

    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request certainly did not reach Twilio: no route, no name, no TLS (FACTS 8.2)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether Twilio has it: time-out, cut line, 5xx (FACTS 8.2)."""

    reason: str


SendOutcome = Accepted | Refused | Throttled | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """A row of Twilio's message list, inbound or outbound.

    Attributes:
        updated_at: When it last changed, so for a message of ours when its status was reached.
    """

    sid: str
    account_sid: str
    direction: str
    sender: str
    to: str
    body: str
    status_word: str
    status: DeliveryStatus | None
    created_at: datetime | None
    sent_at: datetime | None
    error_code: int | None = None
    num_media: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """A WhatsApp number of the account, as the Senders API tells it (FACTS 11)."""

    sid: str
    address: str
    status: str
    name: str = ""
    quality: str = ""
    messaging_limit: str = ""
    callback_url: str = ""
    callback_method: str = ""
    status_callback_url: str = ""
    fallback_url: str = ""
    offline_reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What a probe of the account found.

    Attributes:
        ok: The credentials work.
        code: Twilio's error code when they do not.
        clock_offset_s: Twilio's clock minus ours, in seconds, None when not told.
    """

    ok: bool
    sentence: str = ""
    code: int | None = None
    clock_offset_s: float | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of a signed probe to our own public URL (gateway.probe).

    Attributes:
        ok: Our listener got it, found it genuine, and its answer came back.
        sentence: What was found, translated.
    """

    ok: bool
    sentence: str


class Gateway(Protocol):
    """Twilio, as services see it. Only ``send`` never raises; the rest raise TwilioProblem."""

    async def send(self, message: OutgoingMessage) -> SendOutcome:
        """Create one message with exactly one POST and say what became of it."""
        ...

    async def list_messages(
        self,
        *,
        to: str | None = None,
        sender: str | None = None,
        since: datetime | None = None,
        limit: int = 1000,
    ) -> Sequence[ListedMessage]:
        """List messages, newest first, at most ``limit``."""
        ...

    async def fetch_message(self, sid: str) -> ListedMessage | None:
        """Fetch one message, None when Twilio does not know it."""
        ...

    async def media_urls(self, sid: str) -> Sequence[tuple[str, str]]:
        """List the attachments of a message as (url, MIME type)."""
        ...

    async def templates(self) -> Sequence[Template]:
        """List all content templates with their approvals."""
        ...

    async def template(self, content_sid: str) -> Template | None:
        """Fetch one template with its approval, None when unknown."""
        ...

    async def create_template(self, draft: TemplateDraft) -> Template:
        """Make a text template; WhatsApp has not seen it yet."""
        ...

    async def submit_for_approval(self, content_sid: str, *, name: str, category: str) -> None:
        """Ask WhatsApp to approve a template under a name (FACTS 10)."""
        ...

    async def senders(self) -> Sequence[Sender]:
        """List the account's WhatsApp senders."""
        ...

    async def set_webhooks(self, sender_sid: str, *, inbound_url: str, status_url: str) -> None:
        """Point a sender's webhooks at us: read, merge, write."""
        ...

    async def check(self) -> Health:
        """Test the credentials with a one-row message list (FACTS 13.2). Never raises."""
        ...

    async def show_typing(self, inbound_sid: str) -> None:
        """Show the customer that somebody types; also marks the message as read (FACTS 16)."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


class FormReader(Protocol):
    """Turns the fields of a genuine webhook into our words; never raises (gateway.forms)."""

    def parse_inbound(self, fields: Sequence[tuple[str, str]]) -> InboundMessage:
        """Read a customer's message."""
        ...

    def parse_status(self, fields: Sequence[tuple[str, str]]) -> StatusReport:
        """Read a receipt."""
        ...


class Explainer(Protocol):
    """Knows what Twilio's error codes mean (gateway.errorcodes)."""

    def knows(self, code: int | None) -> bool:
        """Whether there is more to say of a code than its number."""
        ...

    def sentence(self, code: int | None) -> str:
        """Cause and advice in one or two sentences, in the chosen language."""
        ...

    def action(self, code: int | None) -> str:
        """The semantic key that mends it: template, retry, shorten, join, admin, wait, edit..."""
        ...
