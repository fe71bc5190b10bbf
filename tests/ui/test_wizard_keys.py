"""The wizard's keys keep the rules of all tables: ids, sentences, nothing that tmux needs."""

from __future__ import annotations

from itertools import chain

from tests.ui.test_keys import ALL as OTHERS
from wa_console.ui import wizard_keys as keys

TABLES = (keys.WIZARD, keys.ACCOUNT, keys.CALLBACK, keys.TEMPLATES, keys.TOGGLES, keys.COACH)
ALL = list(chain.from_iterable(TABLES))


def test_ids_are_unique_and_each_key_says_what_it_does() -> None:
    ids = [binding.id for binding in ALL]
    assert None not in ids
    assert len({*ids, *(b.id for b in OTHERS)}) == len(ids) + len(OTHERS)
    for binding in ALL:
        assert binding.tooltip, binding.key


def test_no_key_fights_tmux_or_the_line_editor() -> None:
    taken = {"ctrl+b", "ctrl+a", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+i", "ctrl+m", "ctrl+h"}
    assert not taken & {binding.key for binding in ALL}


def test_what_works_while_a_field_is_open_is_not_printable() -> None:
    for binding in (*keys.WIZARD, *keys.ACCOUNT):
        assert len(binding.key) > 1, binding.key
