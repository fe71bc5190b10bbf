"""Makes text templates at Twilio and submits them to WhatsApp (FACTS 10), in the SDK's words.

Called by the gateway, which translates what goes wrong. Judges no text (domain.template_draft).
"""

from __future__ import annotations

from typing import Any

from twilio.rest.content.v1.content import ContentList  # type: ignore[import-untyped]
from twilio.rest.content.v1.content.approval_create import (  # type: ignore[import-untyped]
    ApprovalCreateList,
)

from wa_console.domain.template import Template
from wa_console.domain.template_draft import TemplateDraft
from wa_console.gateway.content import to_template

_TEXT = "twilio/text"


async def create(client: Any, draft: TemplateDraft) -> Template:
    """Make one text template; it is not submitted yet.

    Raises:
        Exception: Whatever the SDK or httpx raise.
    """
    request = ContentList.ContentCreateRequest(
        {
            "friendly_name": draft.name,
            "language": draft.language,
            "variables": {key: draft.examples.get(key, "") for key in draft.placeholders},
            "types": {_TEXT: {"body": draft.text.strip()}},
        }
    )
    made = await client.content.v1.contents.create_async(content_create_request=request)
    return to_template(made, None)


async def submit(client: Any, content_sid: str, *, name: str, category: str) -> None:
    """Ask WhatsApp to approve a template under a name.

    Raises:
        Exception: Whatever the SDK or httpx raise.
    """
    request = ApprovalCreateList.ContentApprovalRequest({"name": name, "category": category})
    approvals = client.content.v1.contents(content_sid).approval_create
    await approvals.create_async(content_approval_request=request)
