"""Customers and their identifiers (port.CustomerRows). Knows no driver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from wa_console.domain.address import Address, parse_twilio
from wa_console.domain.conversation import Customer
from wa_console.store.executor import Executor
from wa_console.store.rows import customer_from, customer_values


class SqlCustomers:
    """Customers, kept by an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def get(self, customer_id: str) -> Customer | None:
        """Return one customer, None when there is none."""
        rows = await self._executor.rows("customers.get", {"id": customer_id})
        return customer_from(rows) if rows else None

    async def by_identities(self, identities: Sequence[Address]) -> Sequence[Customer]:
        """Return everybody known by one of the identifiers or a variant of it, oldest first."""
        found: dict[str, Customer] = {}
        for key in dict.fromkeys(address.match_key for address in identities):
            rows = await self._executor.rows("customers.known_by", {"match_key": key})
            for customer_id, own in groupby(rows, key=lambda row: str(row["id"])):
                found[customer_id] = customer_from(own)
        return sorted(found.values(), key=lambda one: (one.first_seen_at, one.id))

    async def save(self, customer: Customer) -> None:
        """Insert or replace; identifiers not named any more stay, after those that are."""
        rows = await self._executor.rows("customers.addresses", {"customer_id": customer.id})
        known = [str(row["wire"]) for row in rows]
        wanted = {address.wire: address for address in customer.addresses}
        whole = replace(
            customer,
            addresses=(*wanted.values(), *(parse_twilio(w) for w in known if w not in wanted)),
        )
        await self._executor.rows("customers.save", customer_values(whole))
        if known != [address.wire for address in whole.addresses]:
            await self._save_addresses(whole)

    async def _save_addresses(self, customer: Customer) -> None:
        await self._executor.many(
            "customers.save_address",
            [
                {
                    "customer_id": customer.id,
                    "wire": address.wire,
                    "match_key": address.match_key,
                    "position": position,
                }
                for position, address in enumerate(customer.addresses)
            ],
        )
