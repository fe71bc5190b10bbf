"""All that came and went by one of our numbers: counted, paged, erased; the others stay."""

from __future__ import annotations

from dataclasses import replace

from tests.store.makers import NOW, OURS, conversation, customer, entry, message, sending
from wa_console.domain.message import StatusEvent
from wa_console.domain.template import Button, Template
from wa_console.store.port import Session, Store

OTHER = "+4570203041"


async def fill(session: Session) -> None:
    """c1 at both numbers, c2 at ours only, c3 at the other only."""
    for name in ("c1", "c2", "c3"):
        await session.customers.save(customer(name))
    for key, who, number in (("v1", "c1", OURS), ("v2", "c2", OURS), ("v3", "c1", OTHER)):
        await session.conversations.save(conversation(key, who, number=number))
        await session.messages.add(message(f"m{key}", key, body=f"pakke {key}", sid=f"SM{key}"))
    held = conversation("v4", "c3", number=OURS, quarantined=True, last_inbound_at=NOW)
    await session.conversations.save(held)
    await session.messages.add_event("mv1", StatusEvent(word="read", at=NOW, source="callback"))
    await session.messages.save_draft("v1", "anna", "Hej", NOW)
    await session.outbox.add(sending("mv2", "v2"))
    await session.search.index(limit=100)


async def test_counts(store: Store) -> None:
    await store.write(fill)
    counts = await store.read(lambda s: s.channels.counts(OURS))
    assert (counts.conversations, counts.live, counts.held) == (3, 2, 1)
    assert (counts.messages, counts.unsent, counts.customers) == (2, 1, 2)
    assert counts.last_inbound_at == NOW
    none = await store.read(lambda s: s.channels.counts("+4500000000"))
    assert (none.conversations, none.messages, none.customers) == (0, 0, 0)
    assert none.last_inbound_at is None


async def test_pages_go_by_id_and_unsent_are_the_queued(store: Store) -> None:
    await store.write(fill)
    first = await store.read(lambda s: s.channels.conversations(OURS, limit=2))
    rest = await store.read(lambda s: s.channels.conversations(OURS, after=first[-1].id))
    assert [c.id for c in (*first, *rest)] == ["v1", "v2", "v4"]
    assert await store.read(lambda s: s.channels.unsent(OURS)) == ["mv2"]
    assert await store.read(lambda s: s.channels.unsent(OTHER)) == []


async def test_erased_rows_and_words_are_gone_and_the_others_stay(store: Store) -> None:
    await store.write(fill)

    async def erase(session: Session) -> None:
        await session.search.forget(OURS)
        await session.channels.erase(OURS)

    await store.write(erase)
    await store.write(erase)  # again is no error

    async def left(session: Session) -> None:
        assert [h.message.id for h in await session.search.find("pakke", limit=9)] == ["mv3"]
        assert await session.conversations.get("v1") is None
        assert await session.messages.by_sid("SMv1") is None
        assert await session.outbox.get("mv2") is None
        assert await session.messages.draft("v1", "anna") == ""
        assert await session.customers.get("c1") is not None
        assert await session.customers.get("c2") is None
        assert await session.customers.get("c3") is None
        assert await session.conversations.get("v3") is not None

    await store.read(left)


async def test_what_comes_after_an_erasure_is_searchable(store: Store) -> None:
    await store.write(fill)
    await store.write(lambda s: s.search.forget(OURS))
    await store.write(lambda s: s.messages.add(message("mx", "v3", body="pakke igen", sid="SMx")))
    await store.write(lambda s: s.search.index(limit=100))
    hits = await store.read(lambda s: s.search.find("pakke", limit=9))
    assert {hit.message.id for hit in hits} == {"mv3", "mx"}


async def test_the_journal_forgets_an_address_both_ways_and_reuses_no_position(
    store: Store,
) -> None:
    ours, other = f"whatsapp:{OURS}", f"whatsapp:{OTHER}"
    for key, fields in (
        ("a", (("To", other), ("Body", ours))),
        ("b", (("To", ours), ("From", "whatsapp:+4531226410"))),
        ("c", (("From", ours), ("To", "whatsapp:+4531226410"))),
    ):
        await store.journal.append(entry(key, fields=fields))
    last = await store.journal.last_seq()
    assert await store.journal.erase(ours) == 2
    assert [row.entry.key for row in await store.journal.after(0, limit=9)] == ["a"]
    assert await store.journal.erase(ours) == 0
    assert await store.journal.append(entry("b"))
    assert await store.journal.last_seq() > last


async def test_what_a_template_shows_is_kept(store: Store) -> None:
    card = Template(
        "HX1", "sale", "da", "twilio/card", "Salg\nSlutter",
        buttons=(Button("Se", "url", "https://x"), Button("I dag", "item", "t", "kl. 9")),
        header="Salg", footer="Slutter", media=("https://x/{{1}}.jpg",), list_button="Tider",
    )  # fmt: skip
    await store.write(lambda s: s.templates.save(card, synced_at=NOW))
    assert await store.read(lambda s: s.templates.get("HX1")) == card
    bare = replace(card, header="", footer="", media=(), list_button="", buttons=())
    await store.write(lambda s: s.templates.save(bare, synced_at=None))
    assert await store.read(lambda s: s.templates.get("HX1")) == bare
