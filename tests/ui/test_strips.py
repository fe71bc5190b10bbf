"""Cutting and wrapping by cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from wa_console.domain.text import safe_text
from wa_console.ui.widgets.strips import cut, strip_of, wrap

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
PIECES = ["a", "ø", " ", "\n", "語", "📦", "👍🏽", FAMILY, "é", "ก็", "…", "-"]
LETTERS = st.lists(st.sampled_from(PIECES), max_size=80).map("".join)


@pytest.mark.parametrize(
    ("text", "width", "result"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hel…"),
        ("hello", 1, "…"),
        ("hello", 0, ""),
        ("a b c", 3, "a…"),
        ("語語語", 5, "語語…"),
        ("語語語", 4, "語…"),
        (f"{FAMILY}{FAMILY}", 3, f"{FAMILY}…"),
        ("", 3, ""),
    ],
)
def test_cut(text: str, width: int, result: str) -> None:
    assert cut(text, width) == result


@given(LETTERS, st.integers(min_value=0, max_value=30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cell_len(cut(text.replace("\n", " "), width)) <= width


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("one  two", 4, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a\n\nb", 5, ["a", "", "b"]),
        ("  indented words here", 10, ["  indented", "words here"]),
        ("語語 語語", 5, ["語語", "語語"]),
        ("x abcdefgh", 4, ["x", "abcd", "efgh"]),
        ("", 4, [""]),
    ],
)
def test_wrap(text: str, width: int, rows: list[str]) -> None:
    assert wrap(text, width) == rows


@given(LETTERS, st.integers(min_value=2, max_value=30))
def test_wrapped_rows_fit_and_lose_only_blanks(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert all(cell_len(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())


@given(st.text(max_size=100), st.integers(min_value=2, max_value=30))
def test_wrapped_safe_text_fits(raw: str, width: int) -> None:
    assert all(cell_len(row) <= width for row in wrap(safe_text(raw), width))


@given(st.lists(LETTERS, max_size=5), st.integers(min_value=1, max_value=40))
def test_strips_have_their_width(texts: list[str], width: int) -> None:
    parts = [(text.replace("\n", " "), Style()) for text in texts]
    strip = strip_of(parts, width, Style())
    assert strip.cell_length == width
    assert sum(cell_len(segment.text) for segment in strip) == width
