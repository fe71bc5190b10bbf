"""The scenarios a demo can begin with, and their templates as Twilio's content resources.

Duty: name the scenarios. Pure data: nobody is called and no time is read here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from wa_console.simulator.records import Approval, Content
from wa_console.simulator.scenario_parts import (
    CustomerSays,
    Event,
    Scenario,
    StaffKind,
    StaffSays,
    Template,
)
from wa_console.simulator.scenario_support import SUPPORT

__all__ = [
    "DEFAULT",
    "SCENARIOS",
    "CustomerSays",
    "Event",
    "Scenario",
    "StaffKind",
    "StaffSays",
    "Template",
    "content_of",
    "content_sid",
]

SCENARIOS: Mapping[str, Scenario] = MappingProxyType({SUPPORT.name: SUPPORT})
"""All scenarios by name."""

DEFAULT = SUPPORT.name
"""The scenario that is taken when none is named."""


def content_sid(template: Template) -> str:
    """The ContentSid of a template, the same in every run."""
    digest = hashlib.sha256(template.key.encode()).hexdigest()
    return template.sid or f"HX{digest[:32]}"


def content_of(template: Template, now: datetime) -> Content:
    """A template as content with approval, made some weeks ago (FACTS 10)."""
    kind = "twilio/quick-reply" if template.buttons else "twilio/text"
    fields: dict[str, object] = {"body": template.body}
    if template.buttons:
        fields["actions"] = [
            {"type": "QUICK_REPLY", "title": title, "id": payload}
            for title, payload in template.buttons
        ]
    made = now - timedelta(days=40)
    return Content(
        sid=content_sid(template),
        friendly_name=template.name,
        language=template.language,
        variables={str(n): example for n, example in enumerate(template.examples, 1)},
        types={kind: fields},
        created_at=made,
        updated_at=made,
        approval=Approval(
            name=template.name,
            category=template.category,
            content_type=kind,
            status=template.status,
            rejection_reason=template.reason,
            allow_category_change=False,
        ),
    )
