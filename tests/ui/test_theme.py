"""Text can be read on what it stands on: 4.5:1 everywhere (WCAG 1.4.3)."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import Theme

from wa_console.ui.theme import ANSI, DARK, LIGHT, other_side, themes, token_defaults

OURS = {theme.name: theme for theme in themes()}
TEXTS = ("wa-calm", "wa-warn", "wa-urgent", "wa-closed", "wa-muted", "wa-strong", "wa-key")
GROUNDS = ("wa-us-bg", "wa-them-bg", "wa-select", "wa-bar")


def color(theme: Theme, name: str) -> Color:
    """Return a token or a base colour of a theme."""
    return Color.parse(theme.variables.get(name) or getattr(theme, name))


def luminance(color: Color) -> float:
    """Return the relative luminance (WCAG 2.1)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure() -> None:
    assert round(contrast(Color.parse("#000"), Color.parse("#fff")), 1) == 21
    assert round(contrast(Color.parse("#777"), Color.parse("#fff")), 2) == 4.48


@pytest.mark.parametrize("name", [DARK, LIGHT])
@pytest.mark.parametrize("text", [*TEXTS, "foreground"])
@pytest.mark.parametrize("ground", [*GROUNDS, "background", "surface"])
def test_text_has_contrast(name: str, text: str, ground: str) -> None:
    theme = OURS[name]
    assert contrast(color(theme, text), color(theme, ground)) >= 4.5


@pytest.mark.parametrize("name", [DARK, LIGHT])
@pytest.mark.parametrize("text", ["wa-note", "wa-muted", "foreground"])
def test_notes_have_contrast(name: str, text: str) -> None:
    theme = OURS[name]
    assert contrast(color(theme, text), color(theme, "wa-note-bg")) >= 4.5


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_a_focused_button_has_contrast(name: str) -> None:
    theme = OURS[name]
    assert contrast(color(theme, "background"), color(theme, "primary")) >= 4.5


def test_every_theme_knows_every_token() -> None:
    for theme in themes():
        assert set(token_defaults()) <= set(theme.variables), theme.name


def test_the_switch_goes_there_and_back() -> None:
    assert other_side(DARK) == LIGHT
    assert other_side(LIGHT) == DARK
    assert other_side(ANSI) == LIGHT
