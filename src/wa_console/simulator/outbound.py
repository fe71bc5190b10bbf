"""Accepting an outbound message, and its cancellation.

Duty: turn a draft that no rule refuses into a message resource and put it on its way (now, or
when the simulated clock says so).
"""

from __future__ import annotations

from datetime import datetime

from wa_console.simulator.callbacks import Progress
from wa_console.simulator.records import Message
from wa_console.simulator.render import read_variables, rendered
from wa_console.simulator.rules import Draft, parse_time
from wa_console.simulator.site import Site


def accept(site: Site, draft: Draft) -> Message:
    """Makes and logs the message of a draft; the caller puts it on its way with `dispatch`."""
    world, now = site.world, site.clock.now()
    content = world.contents.get(draft.content_sid)
    text = None
    if content is not None:
        text = rendered(content, read_variables(draft.content_variables))
    send_at = parse_time(draft.send_at) if draft.send_at else None
    message = world.add_message(
        Message(
            sid=world.mint.sid("MM" if draft.media_urls else "SM"),
            seq=world.next_seq(),
            direction="outbound-api",
            from_=draft.from_ or None,
            to=draft.to,
            body=draft.body if text is None else text,
            status=_first_status(draft),
            created_at=now,
            updated_at=now,
            service_sid=draft.service_sid or None,
            status_callback=draft.status_callback or None,
            content_sid=draft.content_sid or None,
            content_variables=draft.content_variables,
            media_urls=draft.media_urls,
            send_at=send_at,
            rendered=text,
        )
    )
    site.truth.add_accepted(message)
    return message


def _first_status(draft: Draft) -> str:
    """The status of the create answer (FACTS 2)."""
    if draft.send_at:
        return "scheduled"
    return "accepted" if draft.service_sid else "queued"


def dispatch(site: Site, progress: Progress, message: Message) -> None:
    """Puts a message on its way: at once, or at its ``SendAt`` by the simulated clock."""
    if message.send_at is None:
        progress.begin(message)
    else:
        site.crew.start(_send_later(site, progress, message, message.send_at))


async def _send_later(site: Site, progress: Progress, message: Message, when: datetime) -> None:
    await site.clock.sleep_until(when)
    if message.status == "scheduled":
        progress.begin(message)


def cancel(site: Site, progress: Progress, message: Message) -> bool:
    """Cancels a scheduled message and tells so by callback; False if it is too late."""
    if message.status != "scheduled":
        return False
    message.status = "canceled"
    message.updated_at = site.clock.now()
    if message.from_ is None and message.service_sid is not None:
        message.from_ = site.world.services[message.service_sid][0]
    site.crew.start(progress.call_back(message, "canceled"))
    return True
