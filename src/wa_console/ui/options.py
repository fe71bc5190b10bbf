"""How a console looks and behaves, decided before it opens. Plain data; reads no file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """Choices of the person at the desk.

    Attributes:
        theme: ``wa-dark``, ``wa-light``, or ``wa-ansi`` for the terminal's own sixteen colours.
        glyphs: ``unicode`` or ``ascii`` (fonts without ticks and circles).
        enter_sends: True: Enter sends and Ctrl+J breaks the line; False swaps the two.
        title: Product name in the status line.
        zone: Zone that times are shown in; None is the machine's own.
        keymap: Other keys by binding id, such as ``{"browse.take": "t"}``.
        report_dir: Where a crash report is written; None for the folder of temporary files.
    """

    theme: str = "wa-dark"
    glyphs: str = "unicode"
    enter_sends: bool = True
    title: str = "wa-console"
    zone: tzinfo | None = None
    keymap: Mapping[str, str] = field(default_factory=dict)
    report_dir: Path | None = None
