"""Contract of port.CustomerRows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.store.makers import NOW, ago, customer, put
from wa_console.domain.address import parse_twilio
from wa_console.store.port import Store

PHONE = "whatsapp:+4531226410"
USER_ID = "whatsapp:DK.13C0F9A2B4701F"


async def test_a_customer_comes_back_as_it_was_saved(store: Store) -> None:
    given = customer("c1", PHONE, USER_ID, name="Åse", profile_name="‮Åse [bold]\0", language="da")
    await put(store, given)
    assert await store.read(lambda s: s.customers.get("c1")) == given


async def test_an_unknown_customer_is_none(store: Store) -> None:
    assert await store.read(lambda s: s.customers.get("nobody")) is None


async def test_a_customer_without_any_address_is_kept(store: Store) -> None:
    given = customer("c1")
    bare = type(given)(id="c2", addresses=(), first_seen_at=NOW)
    await put(store, bare)
    assert await store.read(lambda s: s.customers.get("c2")) == bare


async def test_addresses_are_added_and_never_taken_away(store: Store) -> None:
    await put(store, customer("c1", PHONE))
    await put(store, customer("c1", USER_ID))
    found = await store.read(lambda s: s.customers.get("c1"))
    assert found is not None
    assert [address.wire for address in found.addresses] == [USER_ID, PHONE]


async def test_saving_changes_names_and_the_address_to_answer_to(store: Store) -> None:
    await put(store, customer("c1", PHONE, USER_ID, name="Old"))
    await put(store, customer("c1", USER_ID, PHONE, name="New"))
    found = await store.read(lambda s: s.customers.get("c1"))
    assert found == customer("c1", USER_ID, PHONE, name="New")


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        (PHONE, PHONE),
        (USER_ID, USER_ID),
        # One line under two spellings (features 139): Brazil's ninth digit, Mexico's 1.
        ("whatsapp:+5511987654321", "whatsapp:+551187654321"),
        ("whatsapp:+525512345678", "whatsapp:+5215512345678"),
    ],
)
async def test_found_by_an_identifier_or_a_variant_of_it(
    store: Store, stored: str, asked: str
) -> None:
    given = customer("c1", stored)
    await put(store, given, customer("c2", "whatsapp:+4599999999"))
    found = await store.read(lambda s: s.customers.by_identities([parse_twilio(asked)]))
    assert list(found) == [given]


async def test_everybody_is_found_once_and_oldest_first(store: Store) -> None:
    young = customer("a", PHONE, USER_ID, first_seen_at=NOW)
    old = customer("b", PHONE, first_seen_at=NOW - timedelta(days=1))
    await put(store, young, old)
    asked = [parse_twilio(USER_ID), parse_twilio(PHONE)]
    found = await store.read(lambda s: s.customers.by_identities(asked))
    assert [one.id for one in found] == ["b", "a"]


async def test_nobody_is_found_by_no_identifier(store: Store) -> None:
    await put(store, customer("c1", PHONE, first_seen_at=ago(days=2)))
    assert await store.read(lambda s: s.customers.by_identities([])) == []


async def test_half_a_surrogate_pair_in_a_name_does_not_cost_the_customer(store: Store) -> None:
    await put(store, customer("c1", PHONE, profile_name="a\ud83db"))
    found = await store.read(lambda s: s.customers.get("c1"))
    assert found is not None
    assert found.profile_name == "a\ufffdb"
