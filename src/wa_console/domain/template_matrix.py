"""Templates as a matrix: one row a logical template, one column a language, holes visible.

A content template holds one language (FACTS 10), so a text in three languages is three templates
that belong together only by their names. May not judge whether one can be sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wa_console.domain.template import Template

_TAIL: Final = re.compile(r"[_\-. ]+([a-z]{2}(?:[_\-][a-z]{2})?)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One logical template.

    Attributes:
        stem: Its name without the language.
        cells: For each column of the matrix the templates there; empty is a hole, more than one
            are templates that differ in nothing but their Content SID.
    """

    stem: str
    cells: tuple[tuple[Template, ...], ...]

    @property
    def holes(self) -> int:
        """In how many languages it is missing."""
        return sum(not cell for cell in self.cells)

    @property
    def templates(self) -> tuple[Template, ...]:
        """All its templates, in the order of the columns."""
        return tuple(template for cell in self.cells for template in cell)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by stem, columns by language; each row has as many cells as there are languages."""

    languages: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


def stem(name: str, language: str) -> str:
    """Return a template's name without the language it ends in.

    ``delivery_update_da`` in ``da`` is ``delivery_update``. Only the template's own language is
    taken off, in either spelling (``pt_BR``, ``pt-br``, ``pt``): ``go_to_it`` in ``en`` stays.
    """
    found = _TAIL.search(name)
    while found is not None:
        tail = _plain(found[1])
        if found.start() and tail in (_plain(language), _plain(language)[:2]):
            return name[: found.start()]
        # "pt_BR" may also be read as a word and its last two letters: try the shorter tail.
        found = _TAIL.search(name, found.start() + 1)
    return name


def matrix(templates: Sequence[Template], *, also: Sequence[str] = ()) -> Matrix:
    """Group templates into a matrix.

    Args:
        templates: In any order.
        also: Languages that get a column even if nothing is written in them: the workstreams'.

    Returns:
        Rows by stem and columns by language code, both in alphabetical order. Every template is
        in exactly one cell.
    """
    languages = tuple(sorted({t.language for t in templates} | {each for each in also if each}))
    groups: dict[str, list[Template]] = {}
    for template in templates:
        name = template.name or template.content_sid
        groups.setdefault(stem(name, template.language), []).append(template)
    rows = (
        MatrixRow(name, tuple(tuple(t for t in found if t.language == code) for code in languages))
        for name, found in sorted(groups.items(), key=lambda item: (item[0].casefold(), item[0]))
    )
    return Matrix(languages, tuple(rows))


def matching(whole: Matrix, text: str) -> Matrix:
    """Return the rows that hold every word of ``text`` somewhere; columns stay as they are."""
    words = text.casefold().split()
    rows = (r for r in whole.rows if all(word in _hay(r) for word in words))
    return Matrix(whole.languages, tuple(rows))


def _hay(row: MatrixRow) -> str:
    return "\n".join(_words(row)).casefold()


def _words(row: MatrixRow) -> Iterator[str]:
    yield row.stem
    for t in row.templates:
        yield f"{t.name} {t.language} {t.text} {t.category} {t.approval} {t.content_sid} {t.kind}"


def _plain(code: str) -> str:
    return code.replace("-", "_").casefold()
