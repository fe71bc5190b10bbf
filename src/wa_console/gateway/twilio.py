"""The gateway over Twilio's SDK. Every failure ends here and leaves in the port's words.

It sends each request once and decides nothing: when to send, whether to repeat and what a state
means are the services' business. It may not log bodies, numbers or secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx
from twilio.rest import Client  # type: ignore[import-untyped]
from twilio.rest.messaging.v2.channels_sender import (  # type: ignore[import-untyped]
    ChannelsSenderList,
)

from wa_console.domain.delivery import DeliveryStatus, from_twilio
from wa_console.domain.errors import SetupProblem
from wa_console.domain.template import Template
from wa_console.domain.template_draft import TemplateDraft
from wa_console.gateway import authoring, failures, rows
from wa_console.gateway.content import to_template
from wa_console.gateway.http import HttpxTwilioClient, UnsafeUrlError
from wa_console.gateway.port import (
    Accepted,
    Health,
    ListedMessage,
    OutgoingMessage,
    Sender,
    SendOutcome,
    Unknown,
)

_API = "https://api.twilio.com"
_CHANNEL = "whatsapp"
_PAGE = 1000
_CONTENT_PAGE = 500
# The SDK puts a SID into the path as it stands: "../" must not choose another resource.
_SID = re.compile(r"[A-Za-z]{2}[0-9A-Za-z]{1,64}\Z")
# An empty mapping would make the SDK read TWILIO_* of the real environment (FACTS 9.4).
_HERMETIC = {"WA_CONSOLE": "1"}


class TwilioGateway:
    """``gateway.port.Gateway`` over the twilio SDK.

    Args:
        account_sid: The account that is served, ``AC…``.
        username: The account SID again, or an API key's SID, ``SK…`` (FACTS 13.1).
        password: Auth Token or API key secret; in no repr and no message.
        base_url: Replaces scheme and host of every URL; None talks to Twilio.
        transport: httpx transport, for tests.

    Raises:
        SetupProblem: If ``base_url`` is neither https nor on this machine.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        username: str,
        password: str,
        base_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        try:
            self._http = HttpxTwilioClient(base_url=base_url, transport=transport)
        except UnsafeUrlError as error:
            raise SetupProblem(failures.sentence_of(error)) from None
        self.use(account_sid=account_sid, username=username, password=password)

    def use(self, *, account_sid: str, username: str, password: str) -> None:
        """Authenticate so from now on; requests under way end as they began."""
        self._client: Any = Client(
            username,
            password,
            account_sid,
            http_client=self._http,
            environment=dict(_HERMETIC),
        )

    async def send(self, message: OutgoingMessage) -> SendOutcome:
        """Create one message with exactly one POST; never raises but on cancellation.

        Args:
            message: What to send.

        Returns:
            What became of it (FACTS 8.2). A cancelled call leaves as ``CancelledError`` and its
            outcome is unknown: the caller's row stays ``sending`` until it is settled.
        """
        arguments = _create_arguments(message)
        try:
            created = await self._client.messages.create_async(**arguments)
        except failures.FAILURES as error:
            return failures.outcome_of(error)
        if not isinstance(created.sid, str) or not created.sid:
            return Unknown("answer without a SID")
        status = from_twilio(str(created.status or ""))
        return Accepted(sid=created.sid, status=status or DeliveryStatus.ACCEPTED)

    async def list_messages(
        self,
        *,
        to: str | None = None,
        sender: str | None = None,
        since: datetime | None = None,
        limit: int = _PAGE,
    ) -> Sequence[ListedMessage]:
        """List messages, newest first.

        Args:
            to: Only those to this address, as on the wire.
            sender: Only those from this address.
            since: Only those sent since then, aware. Rows that are still queued have no sending
                time and may be missing with it (FACTS 8.4): leave it out to look for a send.
            limit: Rows at most.

        Returns:
            The rows, all pages.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        filters: dict[str, Any] = {"to": to, "from_": sender, "date_sent_after": since}
        with failures.translated():
            found = await self._client.messages.list_async(
                **{name: value for name, value in filters.items() if value is not None},
                limit=limit,
                page_size=min(limit, _PAGE),
            )
        return [rows.listed(row) for row in found]

    async def fetch_message(self, sid: str) -> ListedMessage | None:
        """Fetch one message, None when Twilio does not know it.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        if not _SID.match(sid):
            return None
        row = await self._fetched(self._client.messages(sid))
        return None if row is None else rows.listed(row)

    async def media_urls(self, sid: str) -> Sequence[tuple[str, str]]:
        """List the attachments of a message as (url of the bytes, MIME type) (FACTS 14).

        The URLs name Twilio's own host, as those of a webhook do, also under another base URL:
        ``HttpxTwilioClient.target`` says where to fetch them.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        if not _SID.match(sid):
            return []
        with failures.translated():
            found = await self._client.messages(sid).media.list_async()
            return [
                (_API + str(item.uri).removesuffix(".json"), str(item.content_type or ""))
                for item in found
                if item.uri
            ]

    async def templates(self) -> Sequence[Template]:
        """List all content with its approvals: v2, or v1 where v2 is not offered.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        content = self._client.content
        with failures.translated():
            try:
                listing = content.v2.content_and_approvals
                found = await listing.list_async(page_size=_CONTENT_PAGE)
            except failures.FAILURES as error:
                if not failures.is_missing(error):
                    raise
                listing = content.v1.content_and_approvals
                found = await listing.list_async(page_size=_CONTENT_PAGE)
        return [to_template(item, item.approval_requests) for item in found]

    async def template(self, content_sid: str) -> Template | None:
        """Fetch one template with its approval, None when unknown.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        if not _SID.match(content_sid):
            return None
        context = self._client.content.v1.contents(content_sid)
        found = await self._fetched(context)
        if found is None:
            return None
        approval = await self._fetched(context.approval_fetch())
        return to_template(found, getattr(approval, "whatsapp", None))

    async def create_template(self, draft: TemplateDraft) -> Template:
        """Make a text template; WhatsApp has not seen it yet.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        with failures.translated():
            return await authoring.create(self._client, draft)

    async def submit_for_approval(self, content_sid: str, *, name: str, category: str) -> None:
        """Ask WhatsApp to approve a template under a name; the answer takes up to 48 hours.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        with failures.translated():
            if not _SID.match(content_sid):
                raise ValueError("not a SID")
            await authoring.submit(self._client, content_sid, name=name, category=category)

    async def senders(self) -> Sequence[Sender]:
        """List the account's WhatsApp senders. The sandbox may be missing (FACTS 12).

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        with failures.translated():
            found = await self._client.messaging.v2.channels_senders.list_async(channel=_CHANNEL)
        return [rows.sender(row) for row in found]

    async def set_webhooks(self, sender_sid: str, *, inbound_url: str, status_url: str) -> None:
        """Point a sender's webhooks at us, keeping the settings that are not ours.

        Whether Twilio keeps fields that are left out is not known (FACTS 11): so read, merge and
        write. The change is in force some moments after the call.

        Args:
            sender_sid: The sender, ``XE…``.
            inbound_url: Where messages go, by POST.
            status_url: Where receipts go, by POST.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        with failures.translated():
            if not _SID.match(sender_sid):
                raise ValueError("not a SID")
            context = self._client.messaging.v2.channels_senders(sender_sid)
            webhook = rows.webhook_of(await context.fetch_async())
            webhook |= {"callback_url": inbound_url, "callback_method": "POST"}
            webhook |= {"status_callback_url": status_url, "status_callback_method": "POST"}
            update = ChannelsSenderList.MessagingV2ChannelsSenderRequestsUpdate
            await context.update_async(update({"webhook": webhook}))

    async def check(self) -> Health:
        """Test the credentials with a one-row message list; never raises.

        Not with the account: a Standard API key may not read it (FACTS 13.2).
        """
        try:
            await self._client.messages.page_async(page_size=1)
        except failures.FAILURES as error:
            answer = failures.answer_of(error)
            return Health(
                ok=False,
                sentence=failures.sentence_of(error),
                code=answer.code if answer else None,
                clock_offset_s=self._http.clock_offset_s,
            )
        return Health(ok=True, clock_offset_s=self._http.clock_offset_s)

    async def show_typing(self, inbound_sid: str) -> None:
        """Show the customer that somebody types, for 25 s; marks the message read (FACTS 16).

        Args:
            inbound_sid: The customer's message that is being answered.

        Raises:
            TwilioProblem: If Twilio or the network did not do it.
        """
        with failures.translated():
            await self._client.messaging.v2.typing_indicator.create_async(
                channel=_CHANNEL, message_id=inbound_sid
            )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.close()

    async def _fetched(self, context: Any) -> Any:
        """Fetch a resource; None for Twilio's 404."""
        with failures.translated():
            try:
                return await context.fetch_async()
            except failures.FAILURES as error:
                if failures.is_missing(error):
                    return None
                raise


def _create_arguments(message: OutgoingMessage) -> dict[str, Any]:
    """The SDK's arguments, empty ones left out: an empty Body beside a template is an error."""
    arguments: dict[str, Any] = {
        "to": message.to,
        "from_": message.sender,
        "body": message.body,
        "media_url": list(message.media_urls),
        "content_sid": message.content_sid,
        "status_callback": message.status_callback,
    }
    if message.content_sid and message.variables:
        # JSON text, never an object (92007); no \\u escapes: the limits count characters.
        variables = json.dumps(dict(message.variables), ensure_ascii=False)
        arguments["content_variables"] = variables
    return {name: value for name, value in arguments.items() if value}
