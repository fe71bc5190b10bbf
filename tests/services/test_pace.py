"""How long the sender pauses."""

from __future__ import annotations

from collections.abc import Iterator

from wa_console.services.pace import Pace


def dice() -> Iterator[float]:
    yield from (0.0, 0.5, 0.999)


def test_pauses_grow_and_are_spread() -> None:
    plain = Pace(jitter=0.0)
    assert [plain.pause_s(n) for n in (1, 2, 3, 6, 7, 8, 10_000)] == [
        0.5,
        1.0,
        2.0,
        16.0,
        30.0,
        30.0,
        30.0,
    ]
    thrown = dice()
    spread = Pace(jitter=0.25, chance=lambda: next(thrown))
    pauses = [spread.pause_s(1) for _ in range(3)]
    assert pauses == sorted(pauses, reverse=True)
    assert pauses[0] == 0.5
    assert 0.375 < pauses[2] < pauses[1]
