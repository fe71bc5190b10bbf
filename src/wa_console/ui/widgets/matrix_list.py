"""The list half of the templates' screen: a row a logical template, a sign a language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.i18n import _
from wa_console.domain.template_matrix import Matrix, MatrixRow
from wa_console.domain.text import snippet
from wa_console.ui.present_matrix import cell_of, column_widths
from wa_console.ui.widgets.strips import cut

_NAME_LEAST: Final = 14
_EDGES: Final = 3


class MatrixList(Vertical):
    """Rows and columns with one chosen cell; says when another is chosen."""

    @dataclass
    class Moved(Message):
        """Another cell is chosen."""

        matrix: MatrixList

        @property
        def control(self) -> MatrixList:
            """The list it came from."""
            return self.matrix

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._matrix = Matrix((), ())
        self._column = 0
        self._row = 0

    def compose(self) -> ComposeResult:
        """The languages, and the rows below them."""
        yield Static(id="languages")
        yield OptionList(id="rows", compact=True)

    @property
    def row(self) -> MatrixRow | None:
        """The chosen row, None in an empty matrix."""
        return self._matrix.rows[self._row] if self._row < len(self._matrix.rows) else None

    @property
    def language(self) -> str:
        """The chosen column's language, empty without one."""
        languages = self._matrix.languages
        return languages[self._column] if self._column < len(languages) else ""

    @property
    def column(self) -> int:
        """The chosen column."""
        return self._column

    def show(self, whole: Matrix) -> None:
        """Show a matrix; the chosen cell stays the same one where it is still there."""
        stem, language = self.row.stem if self.row else "", self.language
        first = not self._matrix.rows
        self._matrix = whole
        self._row = next((i for i, r in enumerate(whole.rows) if r.stem == stem), 0)
        self._column = whole.languages.index(language) if language in whole.languages else 0
        if first and self.row is not None:
            self._column = next((i for i, c in enumerate(self.row.cells) if c), 0)
        self._paint()

    def move_column(self, step: int) -> None:
        """Choose the language to the left or right."""
        if self._matrix.languages:
            wanted = self._column + step
            self._column = min(max(wanted, 0), len(self._matrix.languages) - 1)
            self._paint()

    def on_resize(self, event: events.Resize) -> None:
        """Give names and columns their room anew."""
        self._paint()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Follow the cursor."""
        event.stop()
        if event.option_index != self._row:
            before, self._row = self._row, event.option_index
            rows = self.query_one("#rows", OptionList)
            for at in (before, self._row):
                if at < rows.option_count:
                    rows.replace_option_prompt_at_index(at, self._line(at))
        self.post_message(self.Moved(self))

    def _paint(self) -> None:
        rows = self.query_one("#rows", OptionList)
        self.query_one("#languages", Static).update(self._head())
        row = self._row
        with rows.prevent(OptionList.OptionHighlighted):
            rows.clear_options()
            rows.add_options([Option(self._line(at)) for at in range(len(self._matrix.rows))])
            rows.highlighted = row if self._matrix.rows else None
        self._row = row
        self.post_message(self.Moved(self))

    def _layout(self) -> tuple[int, list[tuple[int, int]]]:
        """Return the width of the names and the columns that fit."""
        room = max(self.size.width - _EDGES, _NAME_LEAST)
        longest = max((cell_len(row.stem) for row in self._matrix.rows), default=_NAME_LEAST)
        wanted = sum(max(3, cell_len(code)) + 1 for code in self._matrix.languages)
        name = min(max(longest + 1, _NAME_LEAST), max(_NAME_LEAST, room - min(wanted, room // 2)))
        return name, column_widths(self._matrix, room - name, self._column)

    def _head(self) -> Content:
        name, columns = self._layout()
        parts: list[tuple[str, str]] = [(_("template").ljust(name + 1), "$wa-muted")]
        for at, width in columns:
            style = "bold $primary" if at == self._column else "$wa-muted"
            parts.append((cut(self._matrix.languages[at], width).ljust(width), style))
        return Content.assemble(*parts)

    def _line(self, at: int) -> Content:
        name, columns = self._layout()
        row = self._matrix.rows[at]
        stem = cut(snippet(row.stem, 80), name - 1)
        parts: list[tuple[str, str]] = [(stem + " " * (name - cell_len(stem)), "")]
        for column, width in columns:
            cell = cell_of(row.cells[column])
            chosen = at == self._row and column == self._column
            style = f"$wa-{cell.tone}" + (" reverse" if chosen else "")
            sign = f" {cell.text}".ljust(3)
            parts += [(sign, style), (" " * (width - len(sign)), "")]
        return Content.assemble(*((text, style) for text, style in parts))
