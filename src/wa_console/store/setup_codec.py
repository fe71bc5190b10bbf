"""The set-up as rows: one item of one kind a row, its keys named one by one.

A key that is missing in a stored item raises: an item is written whole or not at all, and a
default read by accident would change how customers are served. Nothing here may run a statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wa_console.domain.setup import (
    Account,
    Attachments,
    AutomatedMessage,
    Hours,
    Number,
    Queue,
    QuickReply,
    Representative,
    Rule,
    Setup,
    TemplateEntry,
    Workstream,
)
from wa_console.store.codec import decode_mapping, encode
from wa_console.store.executor import Values

_Body = Mapping[str, Any]


def setup_items(setup: Setup) -> Sequence[Values]:
    """Return the rows of table ``setup_item``: kind, position within the kind, name, body."""
    account = () if setup.account is None else (setup.account,)
    kinds: Mapping[str, list[tuple[str, _Body]]] = {
        "account": [(one.account_sid, _account(one)) for one in account],
        "number": [(one.address, _number(one)) for one in setup.numbers],
        "queue": [(one.name, _queue(one)) for one in setup.queues],
        "representative": [(one.login, _representative(one)) for one in setup.representatives],
        "workstream": [(one.name, _workstream(one)) for one in setup.workstreams],
        "template": [(one.content_sid, _template(one)) for one in setup.templates],
        "quick_reply": [(one.key, _quick_reply(one)) for one in setup.quick_replies],
        "hours": [(one.name, _hours(one)) for one in setup.hours],
        "automated_message": [(one.trigger, _automated(one)) for one in setup.automated_messages],
    }
    return [
        {"kind": kind, "position": position, "name": name, "body": encode(body)}
        for kind, items in kinds.items()
        for position, (name, body) in enumerate(items)
    ]


def setup_from(items: Iterable[tuple[str, str]]) -> Setup:
    """Return the set-up from (kind, body) of each row, in order within a kind."""
    kinds: dict[str, list[_Body]] = defaultdict(list)
    for kind, body in items:
        kinds[kind].append(decode_mapping(body))
    accounts = [_account_from(body) for body in kinds["account"]]
    return Setup(
        account=accounts[0] if accounts else None,
        numbers=tuple(_number_from(body) for body in kinds["number"]),
        queues=tuple(_queue_from(body) for body in kinds["queue"]),
        representatives=tuple(_representative_from(body) for body in kinds["representative"]),
        workstreams=tuple(_workstream_from(body) for body in kinds["workstream"]),
        templates=tuple(_template_from(body) for body in kinds["template"]),
        quick_replies=tuple(_quick_reply_from(body) for body in kinds["quick_reply"]),
        hours=tuple(_hours_from(body) for body in kinds["hours"]),
        automated_messages=tuple(_automated_from(body) for body in kinds["automated_message"]),
    )


def _account(one: Account) -> _Body:
    return {"account_sid": one.account_sid, "name": one.name}


def _account_from(body: _Body) -> Account:
    return Account(account_sid=body["account_sid"], name=body["name"])


def _number(one: Number) -> _Body:
    return {
        "address": one.address,
        "name": one.name,
        "sandbox": one.sandbox,
        "join_phrase": one.join_phrase,
        "paused": one.paused,
    }


def _number_from(body: _Body) -> Number:
    return Number(
        address=body["address"],
        name=body["name"],
        sandbox=body["sandbox"],
        join_phrase=body["join_phrase"],
        paused=body.get("paused", False),  # written since version 3
    )


def _queue(one: Queue) -> _Body:
    return {
        "name": one.name,
        "members": list(one.members),
        "assignment": one.assignment,
        "hours": one.hours,
    }


def _queue_from(body: _Body) -> Queue:
    return Queue(
        name=body["name"],
        members=tuple(body["members"]),
        assignment=body["assignment"],
        hours=body["hours"],
    )


def _representative(one: Representative) -> _Body:
    return {
        "login": one.login,
        "name": one.name,
        "role": one.role,
        "capacity": one.capacity,
        "skills": dict(one.skills),
    }


def _representative_from(body: _Body) -> Representative:
    return Representative(
        login=body["login"],
        name=body["name"],
        role=body["role"],
        capacity=body["capacity"],
        skills=body["skills"],
    )


def _workstream(one: Workstream) -> _Body:
    return {
        "name": one.name,
        "numbers": list(one.numbers),
        "language": one.language,
        "distribution": one.distribution,
        "fallback_queue": one.fallback_queue,
        "attachments": {
            "customers": one.attachments.customers,
            "representatives": one.attachments.representatives,
        },
        "rules": [{"when": dict(rule.when), "queue": rule.queue} for rule in one.rules],
    }


def _workstream_from(body: _Body) -> Workstream:
    attachments = body["attachments"]
    return Workstream(
        name=body["name"],
        numbers=tuple(body["numbers"]),
        language=body["language"],
        distribution=body["distribution"],
        fallback_queue=body["fallback_queue"],
        attachments=Attachments(
            customers=attachments["customers"], representatives=attachments["representatives"]
        ),
        rules=tuple(Rule(when=rule["when"], queue=rule["queue"]) for rule in body["rules"]),
    )


def _template(one: TemplateEntry) -> _Body:
    return {
        "content_sid": one.content_sid,
        "language": one.language,
        "text": one.text,
        "workstream": one.workstream,
    }


def _template_from(body: _Body) -> TemplateEntry:
    return TemplateEntry(
        content_sid=body["content_sid"],
        language=body["language"],
        text=body["text"],
        workstream=body["workstream"],
    )


def _quick_reply(one: QuickReply) -> _Body:
    return {
        "key": one.key,
        "text": one.text,
        "language": one.language,
        "workstream": one.workstream,
    }


def _quick_reply_from(body: _Body) -> QuickReply:
    return QuickReply(
        key=body["key"],
        text=body["text"],
        language=body["language"],
        workstream=body["workstream"],
    )


def _hours(one: Hours) -> _Body:
    return {
        "name": one.name,
        "open": dict(one.open),
        "timezone": one.timezone,
        "holidays": list(one.holidays),
    }


def _hours_from(body: _Body) -> Hours:
    return Hours(
        name=body["name"],
        open=body["open"],
        timezone=body["timezone"],
        holidays=tuple(body["holidays"]),
    )


def _automated(one: AutomatedMessage) -> _Body:
    return {
        "trigger": one.trigger,
        "text": one.text,
        "language": one.language,
        "workstream": one.workstream,
        "queue": one.queue,
    }


def _automated_from(body: _Body) -> AutomatedMessage:
    return AutomatedMessage(
        trigger=body["trigger"],
        text=body["text"],
        language=body["language"],
        workstream=body["workstream"],
        queue=body["queue"],
    )
