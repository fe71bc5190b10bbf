"""A dialog with a few fields: what is wrong is said at once, and saving may be refused.

Subclasses say which fields there are and what saving does; nothing is changed by Escape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static, TextArea

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text, snippet
from wa_console.ui import admin_keys
from wa_console.ui.widgets.choice import Choice


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: How the form knows it.
        label: What stands above it.
        value: What stands in it at first.
        hint: An example, shown while it is empty.
        secret: What is typed is not shown.
        choices: One of these is taken, with the arrow keys.
        lines: Rows of a text that may have several; 1 for a single line.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    secret: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    lines: int = 1


class FormScreen(ModalScreen[bool]):
    """Returns True when it was saved."""

    BINDINGS: ClassVar[list[BindingType]] = [*admin_keys.FORM]

    def heading(self) -> str:
        """What stands in the frame."""
        raise NotImplementedError

    def buttons(self) -> Sequence[tuple[str, str]]:
        """(name, words) of the buttons; the first is what Ctrl+S does."""
        return (("save", _("Save")),)

    def told(self) -> Content:
        """What is said above the fields."""
        return Content("")

    def fields(self) -> Sequence[Field]:
        """The fields, from above."""
        return ()

    def live(self, values: Mapping[str, str]) -> Content:
        """What is said of the values as they stand, after every key."""
        return Content("")

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Do it; False keeps the dialog open.

        Raises:
            WaConsoleError: It was refused; the sentence is shown.
        """
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, fields, what is said of them, buttons."""
        with VerticalScroll(classes="dialog form", can_focus=False) as box:
            box.border_title = Content(self.heading())
            first = self.buttons()[0][1]
            keys = _("Tab next field · Ctrl+S {what} · Esc back").format(what=first)
            box.border_subtitle = Content(keys)
            told = Static(self.told(), id="told")
            told.display = bool(self.told().plain)
            yield told
            for field in self.fields():
                yield Static(Content(field.label), classes="label")
                yield self._entry(field)
            yield Static(id="live")
            yield Static(id="refused")
            with Horizontal(classes="buttons"):
                for name, words in self.buttons():
                    yield Button(Content(words), id=f"do-{name}", classes="go", compact=True)

    @staticmethod
    def _entry(field: Field) -> Input | TextArea | Choice:
        if field.choices:
            return Choice(field.choices, value=field.value, name=field.name, classes="entry")
        if field.lines > 1:
            area = TextArea(
                str(safe_text(field.value)), name=field.name, classes="entry", compact=True,
                tab_behavior="focus",
            )  # fmt: skip
            area.styles.height = field.lines
            return area
        return Input(
            value=str(safe_text(field.value, multiline=False)),
            placeholder=snippet(field.hint, 60) if field.hint else "",
            password=field.secret,
            name=field.name,
            classes="entry",
            compact=True,
        )

    def on_mount(self) -> None:
        """Begin in the first field."""
        self.saving = False
        entries = self.query(".entry")
        if entries:
            entries.first().focus()
        self.refuse("")
        self.refresh_live()

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields, by name."""
        found: dict[str, str] = {}
        for entry in self.query(".entry"):
            match entry:
                case Input(value=value) | Choice(value=value):
                    found[entry.name or ""] = value
                case TextArea(text=text):
                    found[entry.name or ""] = text
        return found

    def set_value(self, name: str, value: str) -> None:
        """Write into a field, such as what was fetched."""
        for entry in self.query(".entry"):
            if entry.name != name:
                continue
            match entry:
                case Input():
                    entry.value = str(safe_text(value, multiline=False))
                case TextArea():
                    entry.load_text(str(safe_text(value)))
                case Choice():
                    entry.choose(value)

    def refuse(self, sentence: str) -> None:
        """Say why it was not done; empty for nothing."""
        said = self.query_one("#refused", Static)
        said.display = bool(sentence)
        said.update(Content.styled(safe_text(sentence, limit=600), "$wa-urgent"))

    def refresh_live(self) -> None:
        """Say anew what there is to say of the values."""
        said = self.query_one("#live", Static)
        words = self.live(self.values)
        said.display = bool(words.plain)
        said.update(Content.assemble(words))

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.refuse("")
        self.refresh_live()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        entries = list(self.query(".entry"))
        if entries and event.input is entries[-1]:
            self.action_save()
        else:
            self.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        self._save((event.button.id or "").removeprefix("do-"))

    def action_save(self) -> None:
        """Do what the first button says."""
        self._save(self.buttons()[0][0])

    def action_cancel(self) -> None:
        """Leave without changing anything."""
        self.dismiss(False)

    @work(group="save")
    async def _save(self, button: str) -> None:
        if self.saving:
            return
        self.saving = True
        self.refuse("")
        try:
            if await self.save(self.values, button):
                self.dismiss(True)
        except WaConsoleError as problem:
            self.refuse(str(problem))
        finally:
            self.saving = False
