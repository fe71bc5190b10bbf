"""An invented history hangs together: times, directions, windows, and what conversations tell."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

import pytest

from tests.services.rig import SETUP, START
from wa_console.domain.conversation import ConversationState
from wa_console.domain.ids import is_id
from wa_console.domain.message import ChatMessage, Direction, MessageKind
from wa_console.domain.setup import Setup
from wa_console.domain.window import WINDOW
from wa_console.services.fill_people import History, Invented, made_id

COUNT, MESSAGES = 400, 4_000


def history(seed: int = 1, setup: Setup = SETUP) -> History:
    return History(setup=setup, now=START, conversations=COUNT, messages=MESSAGES, seed=seed)


@pytest.fixture(scope="module")
def made() -> tuple[list[Invented], list[ChatMessage]]:
    source = history()
    return list(source.people()), list(source.messages())


Made = tuple[list[Invented], list[ChatMessage]]


def test_the_same_seed_makes_the_same(made: Made) -> None:
    again = history()
    assert (list(again.people()), list(again.messages())) == made
    other = history(seed=2)
    assert list(other.people()) != made[0]


def test_there_is_as_much_as_asked_and_every_id_once(made: Made) -> None:
    people, messages = made
    ids = [p.customer.id for p in people] + [p.conversation.id for p in people]
    ids += [m.id for m in messages]
    assert len(messages) == MESSAGES
    assert len(ids) == len(set(ids)) == 2 * COUNT + MESSAGES
    assert all(is_id(each) for each in ids)
    assert len({m.sid for m in messages}) == MESSAGES
    assert len({p.customer.addresses[0].match_key for p in people}) == COUNT


def test_messages_come_in_the_order_of_time_and_none_from_the_future(made: Made) -> None:
    times = [message.created_at for message in made[1]]
    assert times == sorted(times)
    assert times[-1] < START


def test_conversations_tell_what_their_messages_say(made: Made) -> None:
    people, messages = made
    by_conversation = defaultdict(list)
    for message in messages:
        by_conversation[message.conversation_id].append(message)
    for person in people:
        conversation = person.conversation
        own = by_conversation[conversation.id]
        inbound = [m for m in own if m.direction is Direction.INBOUND]
        ours = [m for m in own if m.direction is Direction.OUTBOUND]
        assert own[0] is inbound[0]
        assert conversation.last_message_id == own[-1].id
        assert conversation.last_inbound_at == inbound[-1].created_at
        assert conversation.first_reply_at == (ours[0].created_at if ours else None)
        assert conversation.updated_at == own[-1].created_at
        unanswered = [m for m in inbound if not ours or m.created_at > ours[-1].created_at]
        assert conversation.unread <= len(unanswered)
        if conversation.state is ConversationState.CLOSED:
            assert conversation.waiting_since is None
        elif unanswered:
            assert conversation.waiting_since == unanswered[0].created_at


def test_outside_the_window_only_templates_were_sent(made: Made) -> None:
    heard = {}
    kinds = set()
    for message in made[1]:
        if message.direction is Direction.INBOUND:
            heard[message.conversation_id] = message.created_at
        else:
            kinds.add(message.kind)
            within = message.created_at - heard[message.conversation_id] < WINDOW
            assert within or message.kind is MessageKind.TEMPLATE
    assert kinds == {MessageKind.SESSION, MessageKind.TEMPLATE}


def test_windows_of_all_kinds_and_people_of_the_setup(made: Made) -> None:
    people = made[0]
    times = [p.conversation.last_inbound_at for p in people]
    ages = [START - time for time in times if time is not None]
    assert len(ages) == COUNT
    assert 0.15 < sum(age < timedelta(hours=24) for age in ages) / COUNT < 0.5
    logins = {p.conversation.assignee for p in people}
    assert logins == {"", "anna", "bo"}
    assert {p.conversation.number for p in people} == {SETUP.numbers[0].address}
    assert {p.conversation.workstream for p in people} == {"WhatsApp"}
    assert {p.conversation.state for p in people} >= {
        ConversationState.OPEN,
        ConversationState.ACTIVE,
        ConversationState.CLOSED,
    }


def test_without_a_setup_there_is_a_number_all_the_same() -> None:
    people = list(history(setup=Setup()).people())
    assert {p.conversation.number for p in people} == {"+4570203040"}


def test_made_ids_sort_by_time() -> None:
    assert made_id(1, 99) < made_id(2, 0) < made_id(2, 1)
    assert made_id(0, 0) == "0" * 26
