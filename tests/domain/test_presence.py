"""Presence words are those of the contract."""

from wa_console.domain.presence import Presence


def test_words_and_who_gets_new_work() -> None:
    assert [each.value for each in Presence] == ["available", "busy", "dnd", "away", "offline"]
    assert [each for each in Presence if each.takes_work] == [Presence.AVAILABLE]
