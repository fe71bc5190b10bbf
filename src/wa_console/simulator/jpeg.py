"""A tiny JPEG writer: one flat colour to each block of 8 x 8 pixels.

Duty: make a valid baseline JPEG (ITU-T T.81) without an imaging library, out of DC coefficients
alone. It reads nothing and knows no message.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

Rgb = tuple[int, int, int]

_QUANT = 8
# A DC table with one code a category 0..11, as in T.81 table K.3; an AC table with two codes, of
# which only "end of block" is ever written.
_DC_COUNTS = bytes([0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
_DC_VALUES = bytes(range(12))
_AC_COUNTS = bytes([1, 1, *[0] * 14])
_AC_VALUES = bytes([0x00, 0x01])
_END_OF_BLOCK = (0b0, 1)


def _codes(counts: bytes, values: bytes) -> dict[int, tuple[int, int]]:
    """Value to (code, length), by the rule of T.81 annex C."""
    table, code, at = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for value in values[at : at + count]:
            table[value] = (code, length)
            code += 1
        at += count
        code <<= 1
    return table


_DC = _codes(_DC_COUNTS, _DC_VALUES)


class _Bits:
    """Bits to bytes, most significant first, with the zero that follows each 0xFF."""

    def __init__(self) -> None:
        self._held, self._count, self.out = 0, 0, bytearray()

    def put(self, value: int, length: int) -> None:
        self._held = self._held << length | value
        self._count += length
        while self._count >= 8:
            self._count -= 8
            byte = self._held >> self._count & 0xFF
            self._held &= (1 << self._count) - 1
            self.out += bytes([byte, 0]) if byte == 0xFF else bytes([byte])

    def finish(self) -> bytes:
        if self._count:
            self.put((1 << 8 - self._count) - 1, 8 - self._count)
        return bytes(self.out)


def encode_blocks(rows: Sequence[Sequence[Rgb]]) -> bytes:
    """A JPEG of ``8 * len(rows[0])`` by ``8 * len(rows)`` pixels.

    Args:
        rows: Colours of the blocks, 0..255 each part, row by row; all rows of one length.
    """
    bits = _Bits()
    before = [0, 0, 0]
    for row in rows:
        for colour in row:
            for part, level in enumerate(_ycc(colour)):
                # The DC coefficient of a flat block is eight times its level above the middle.
                value = round((level - 128) * 8 / _QUANT)
                _put_difference(bits, value - before[part])
                before[part] = value
                bits.put(*_END_OF_BLOCK)
    return _headers(len(rows[0]) * 8, len(rows) * 8) + bits.finish() + b"\xff\xd9"


def _ycc(colour: Rgb) -> tuple[float, float, float]:
    r, g, b = colour
    luma = 0.299 * r + 0.587 * g + 0.114 * b
    return luma, 128 + (b - luma) * 0.564, 128 + (r - luma) * 0.713


def _put_difference(bits: _Bits, difference: int) -> None:
    size = abs(difference).bit_length()
    bits.put(*_DC[size])
    if size:
        bits.put(difference if difference > 0 else difference + (1 << size) - 1, size)


def _headers(width: int, height: int) -> bytes:
    parts = b"".join(bytes([number, 0x11, 0]) for number in (1, 2, 3))
    scan = b"".join(bytes([number, 0x00]) for number in (1, 2, 3))
    return b"".join(
        [
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, bytes([0]) + bytes([_QUANT]) * 64),
            _segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + parts),
            _segment(0xC4, bytes([0x00]) + _DC_COUNTS + _DC_VALUES),
            _segment(0xC4, bytes([0x10]) + _AC_COUNTS + _AC_VALUES),
            _segment(0xDA, bytes([3]) + scan + bytes([0, 63, 0])),
        ]
    )


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
