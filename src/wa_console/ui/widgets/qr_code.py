"""A QR code in half blocks: two modules to a cell, dark on light in every theme."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.widgets import Static

_BORDER: Final = 2
"""Modules of light around it. The standard asks four; phones read two, and a row is dear."""
_CELLS: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
_INK: Final = "black on white"


def qr_rows(text: str) -> list[str]:
    """Return the code as rows of half blocks: ink where a module is dark, the light border too.

    Least error correction: a screen is not scratched, and each version is two rows more.
    """
    import segno

    code = segno.make(text, error="l", micro=False, boost_error=False)
    matrix = [tuple(row) for row in code.matrix_iter(border=_BORDER)]
    if len(matrix) % 2:
        matrix.append((0,) * len(matrix[0]))
    return [
        "".join(_CELLS[(min(up, 1), min(down, 1))] for up, down in zip(above, below, strict=True))
        for above, below in zip(matrix[::2], matrix[1::2], strict=True)
    ]


class QrCode(Static):
    """Shows a text as a QR code; nothing for an empty one."""

    def show(self, text: str) -> None:
        """Show the code of a text."""
        self.display = bool(text)
        if text:
            self.update(self._drawn(text))

    def _drawn(self, text: str) -> Content:
        return Content("\n").join(Content.styled(row, _INK) for row in qr_rows(text))
