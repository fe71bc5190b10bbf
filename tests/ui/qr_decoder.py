"""Reads a QR code off the screen's text: versions 1 to 5, least correction, byte mode.

A small decoder of our own: it knows the standard (ISO 18004), not the library that draws. Errors
are not corrected: on a screen there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

_MODULES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
_MASKS: Sequence[Callable[[int, int], int]] = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)
_FORMAT_MASK = 0b101010000010010
_LEAST, _BYTES = 0b01, 0b0100


def find_code(rows: Sequence[str]) -> list[str]:
    """Cut the code out of a screen: the rectangle in which half blocks stand, border included."""
    cells = [(y, x) for y, row in enumerate(rows) for x, char in enumerate(row) if char in "▀▄█"]
    top, bottom = min(y for y, _x in cells), max(y for y, _x in cells)
    left, right = min(x for _y, x in cells), max(x for _y, x in cells)
    return [row.ljust(right + 1)[left : right + 1] for row in rows[top : bottom + 1]]


def decode(rows: Sequence[str]) -> str:
    """Return the text of a code in half blocks; blank modules around it are cut off."""
    grid = [line for row in rows for line in zip(*(_MODULES[char] for char in row), strict=True)]
    dark = [y for y, line in enumerate(grid) if any(line)]
    grid = grid[dark[0] : dark[-1] + 1]
    left = min(line.index(1) for line in grid if any(line))
    size = len(grid)
    assert size % 4 == 1, size
    matrix = [list(line[left : left + size]) for line in grid]
    level, mask = _format(matrix)
    assert level == _LEAST
    bits = _bits(matrix, _MASKS[mask])
    mode = _number(bits, 4)
    assert mode == _BYTES, mode
    count = _number(bits, 8)
    return bytes(_number(bits, 8) for _at in range(count)).decode("utf-8")


def _format(matrix: list[list[int]]) -> tuple[int, int]:
    """Return correction level and mask; both copies must tell the same."""
    size = len(matrix)
    one = [matrix[8][c] for c in (0, 1, 2, 3, 4, 5, 7, 8)]
    one += [matrix[r][8] for r in (7, 5, 4, 3, 2, 1, 0)]
    two = [matrix[size - 1 - r][8] for r in range(7)] + [
        matrix[8][c] for c in range(size - 8, size)
    ]
    assert one == two
    word = int("".join(map(str, one)), 2) ^ _FORMAT_MASK
    return word >> 13, word >> 10 & 7


def _bits(matrix: list[list[int]], mask: Callable[[int, int], int]) -> Iterator[int]:
    size, upwards = len(matrix), True
    column = size - 1
    while column > 0:
        if column == 6:
            column -= 1
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for c in (column, column - 1):
                if not _is_pattern(row, c, size):
                    yield matrix[row][c] ^ (mask(row, c) == 0)
        upwards = not upwards
        column -= 2


def _is_pattern(row: int, column: int, size: int) -> bool:
    """Whether a module belongs to finders, timing, alignment or format."""
    if row == 6 or column == 6:
        return True
    if row < 9 and (column < 9 or column >= size - 8):
        return True
    if row >= size - 8 and column < 9:
        return True
    centre = size - 7
    return size > 21 and abs(row - centre) <= 2 and abs(column - centre) <= 2


def _number(bits: Iterator[int], count: int) -> int:
    return int("".join(str(int(next(bits))) for _at in range(count)), 2)
