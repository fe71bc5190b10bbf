"""Marks and translates the words a person reads.

Every string that reaches a screen or a terminal passes through ``_`` (or ``ngettext``); strings
that live in tables are marked with ``N_`` where they stand and translated where they are shown.
The source language is English. This module may not know what a string is used for.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "wa_console"
_LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"
_translations: gettext.NullTranslations = gettext.NullTranslations()


def use(language: str | None = None) -> None:
    """Choose the language for every later call of ``_``.

    Args:
        language: A language code such as ``en`` or ``da``; ``None`` takes the locale's
            (LC_ALL, LC_MESSAGES, LANG). A language without a catalogue falls back to English.
    """
    global _translations
    wanted = language or next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)),
        "en",
    )
    _translations = gettext.translation(DOMAIN, _LOCALE_DIR, languages=[wanted], fallback=True)


def _(text: str) -> str:
    """Return ``text`` in the chosen language."""
    return _translations.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a counted phrase that fits ``count`` in the chosen language."""
    return _translations.ngettext(one, many, count)


def N_(text: str) -> str:  # noqa: N802 - the name that every gettext tool looks for
    """Mark ``text`` for translation and return it unchanged."""
    return text
