"""The colours: two themes of our own and the terminal's, and the names that styles may use.

TCSS variables do not cross files, theme variables do; so every token lives here. A colour never
speaks alone: a word or a shape says the same. May not know a widget.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.theme import Theme

DARK: Final = "wa-dark"
LIGHT: Final = "wa-light"
ANSI: Final = "wa-ansi"

_DARK_TOKENS: Final = {
    "wa-calm": "#7fd19b",
    "wa-warn": "#f5b955",
    "wa-urgent": "#f07f9c",
    "wa-closed": "#9aa1a9",
    "wa-note": "#f5c26b",
    "wa-note-bg": "#33291a",
    "wa-us-bg": "#0f2b44",
    "wa-them-bg": "#1f2226",
    "wa-us-edge": "#0a84d8",
    "wa-them-edge": "#2f6ea3",
    "wa-muted": "#979ea7",
    "wa-strong": "#f4f6f8",
    "wa-select": "#0f2b42",
    "wa-key": "#f5b955",
    "wa-rule": "#2a2f35",
    "wa-bar": "#222d36",
}

_LIGHT_TOKENS: Final = {
    "wa-calm": "#1c6b3a",
    "wa-warn": "#8a4d00",
    "wa-urgent": "#b01c49",
    "wa-closed": "#59616a",
    "wa-note": "#734600",
    "wa-note-bg": "#fbefd5",
    "wa-us-bg": "#dbeafa",
    "wa-them-bg": "#eceef0",
    "wa-us-edge": "#0b63b0",
    "wa-them-edge": "#8fb2d3",
    "wa-muted": "#565e67",
    "wa-strong": "#0c0f12",
    "wa-select": "#d6e6f7",
    "wa-key": "#8a4d00",
    "wa-rule": "#d3d8dd",
    "wa-bar": "#e2e8ee",
}

# The terminal's own sixteen: no surfaces, since nobody knows what lies under them.
_ANSI_TOKENS: Final = {
    "wa-calm": "ansi_green",
    "wa-warn": "ansi_yellow",
    "wa-urgent": "ansi_red",
    "wa-closed": "ansi_default",
    "wa-note": "ansi_yellow",
    "wa-note-bg": "ansi_default",
    "wa-us-bg": "ansi_default",
    "wa-them-bg": "ansi_default",
    "wa-us-edge": "ansi_blue",
    "wa-them-edge": "ansi_cyan",
    "wa-muted": "ansi_default",
    "wa-strong": "ansi_default",
    "wa-select": "ansi_default",
    "wa-key": "ansi_yellow",
    "wa-rule": "ansi_blue",
    "wa-bar": "ansi_default",
}


def _widgets(tokens: Mapping[str, str], *, primary: str, back: str, text: str) -> dict[str, str]:
    """Return Textual's own variables in our colours, for the widgets that we did not write."""
    return {
        **tokens,
        "border": primary,
        "border-blurred": tokens["wa-rule"],
        "block-cursor-background": tokens["wa-select"],
        "block-cursor-foreground": tokens["wa-strong"],
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": tokens["wa-select"],
        "block-cursor-blurred-foreground": tokens["wa-strong"],
        "block-hover-background": tokens["wa-them-bg"],
        "input-cursor-background": text,
        "input-cursor-foreground": back,
        "input-selection-background": f"{primary} 40%",
        "scrollbar": tokens["wa-rule"],
        "scrollbar-hover": tokens["wa-them-edge"],
        "scrollbar-active": primary,
        "scrollbar-background": back,
        "scrollbar-background-hover": back,
        "scrollbar-background-active": back,
        "scrollbar-corner-color": back,
        "footer-key-foreground": tokens["wa-key"],
    }


def _theme(
    name: str,
    tokens: Mapping[str, str],
    *,
    primary: str,
    background: str,
    surface: str,
    foreground: str,
    dark: bool,
) -> Theme:
    return Theme(
        name=name,
        primary=primary,
        secondary=tokens["wa-them-edge"],
        warning=tokens["wa-warn"],
        error=tokens["wa-urgent"],
        success=tokens["wa-calm"],
        accent=tokens["wa-key"],
        foreground=foreground,
        background=background,
        surface=surface,
        panel=tokens["wa-bar"],
        dark=dark,
        variables=_widgets(tokens, primary=primary, back=background, text=foreground),
    )


def themes() -> tuple[Theme, ...]:
    """Return our themes, the default first."""
    return (
        _theme(
            DARK,
            _DARK_TOKENS,
            primary="#0a84d8",
            background="#111214",
            surface="#191b1e",
            foreground="#e2e5e9",
            dark=True,
        ),
        _theme(
            LIGHT,
            _LIGHT_TOKENS,
            primary="#0b63b0",
            background="#fbfbfa",
            surface="#f3f4f6",
            foreground="#1b1f24",
            dark=False,
        ),
        Theme(
            name=ANSI,
            ansi=True,
            primary="ansi_blue",
            secondary="ansi_cyan",
            warning="ansi_yellow",
            error="ansi_red",
            success="ansi_green",
            accent="ansi_yellow",
            foreground="ansi_default",
            background="ansi_default",
            surface="ansi_default",
            panel="ansi_default",
            boost="ansi_default",
            variables={
                **_ANSI_TOKENS,
                "ansi-background": "ansi_black",
                "ansi-foreground": "ansi_white",
                "border-blurred": "ansi_blue",
                "block-cursor-foreground": "ansi_black",
                "block-cursor-background": "ansi_white",
                "input-cursor-background": "ansi_white",
                "input-cursor-foreground": "ansi_black",
                "input-cursor-text-style": "reverse",
                "input-selection-background": "ansi_blue",
                "input-selection-foreground": "ansi_white",
            },
        ),
    )


def token_defaults() -> dict[str, str]:
    """Return a value for every token of ours, for themes that do not define them."""
    return dict(_DARK_TOKENS)


def other_side(name: str) -> str:
    """Return the theme that F8 switches to: light from any dark one, dark from light."""
    return DARK if name == LIGHT else LIGHT
