"""Columns, widths and short times of what commands print."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wa_console.cli.output import Column, Table, cells_of, fit, left_of, short_time
from wa_console.domain.window import Window, WindowState


@given(st.text(max_size=60), st.integers(1, 40), st.booleans())
def test_a_cell_is_exactly_as_wide_as_asked(text: str, cells: int, right: bool) -> None:
    fitted = fit(text, cells, right=right)
    assert "\n" not in fitted
    assert cells_of(fitted) == cells


@pytest.mark.parametrize(
    ("text", "cells", "right", "fitted"),
    [
        ("abc", 5, False, "abc  "),
        ("abc", 5, True, "  abc"),
        ("abcdef", 4, False, "abc…"),
        ("漢字漢字", 5, False, "漢字…"),
        ("漢字漢字", 6, False, "漢字… "),
        ("a\nb", 9, False, "a ⏎ b    "),
        ("é", 2, False, "é "),
    ],
)
def test_fit(text: str, cells: int, right: bool, fitted: str) -> None:
    assert fit(text, cells, right=right) == fitted


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_000, "23 h")],
)
def test_short_times_are_rounded_down(seconds: int, text: str) -> None:
    assert short_time(timedelta(seconds=seconds)) == text


def test_time_left_in_words() -> None:
    none = timedelta(0)
    assert left_of(Window(WindowState.NEVER, None, none)) == "never"
    assert left_of(Window(WindowState.CLOSED, None, none)) == "closed"
    assert left_of(Window(WindowState.CLOSING, None, timedelta(minutes=5))) == "5 min"


def test_a_table_fits_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    table = Table(Column("id", 10), Column("n", 3, right=True), Column("name", 0))
    table.head()
    table.row(["1", "2", "x" * 100])
    head, row = capsys.readouterr().out.splitlines()
    assert head == "id            n  name"
    assert row == "1             2  " + "x" * 42 + "…"
