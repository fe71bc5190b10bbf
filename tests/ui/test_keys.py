"""The tables of keys: no two ids, no key that belongs to tmux or the line editor, help for each."""

from __future__ import annotations

from itertools import chain

from wa_console.ui import keys

TABLES = (keys.APP, keys.CONSOLE, keys.BROWSE, keys.COMPOSER, keys.TEMPLATE_BAR, keys.DIALOG)
ALL = list(chain.from_iterable(TABLES))


def test_ids_are_unique_and_there() -> None:
    ids = [binding.id for binding in ALL]
    assert None not in ids
    assert len(ids) == len(set(ids))


def test_every_key_says_what_it_does() -> None:
    for binding in ALL:
        assert binding.description, binding.key
        assert binding.tooltip, binding.key


def test_no_key_fights_tmux_or_the_line_editor() -> None:
    taken = {"ctrl+b", "ctrl+a", "ctrl+w", "ctrl+u", "ctrl+k", "ctrl+i", "ctrl+m", "ctrl+h"}
    assert not taken & {binding.key for binding in ALL}


def test_the_bar_orders_keys_that_exist() -> None:
    assert set(keys.BAR_ORDER) <= {binding.id for binding in ALL}


def test_what_works_while_writing_is_not_printable() -> None:
    for binding in (*keys.CONSOLE, *keys.COMPOSER, *keys.APP):
        assert len(binding.key) > 1, binding.key
