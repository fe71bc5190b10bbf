"""Finds the style sheets: in the wheel beside this package, in the source tree at its top."""

from __future__ import annotations

from pathlib import Path


def styles_dir() -> Path:
    """Return the folder of the TCSS files (ARCHITECTURE 3).

    hatchling puts ``styles/`` into the wheel as ``wa_console/styles``; an editable install runs
    from ``src/wa_console`` with ``styles/`` two levels above.

    Raises:
        FileNotFoundError: neither is there; the installation is broken.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "styles", package.parent.parent / "styles"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no styles beside {package}")


def style_sheets() -> list[Path]:
    """Return every style sheet, by name; one file a region, no order between them matters."""
    return sorted(styles_dir().glob("*.tcss"))
