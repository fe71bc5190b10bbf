"""A labelled field with a line below it for what is wrong, or for how it was understood."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from wa_console.domain.text import safe_text


class Field(Vertical):
    """One field of a form. A secret is typed masked and cannot be copied out.

    Args:
        name: What problems call it.
        label: Above it.
        value: What stands in it at first.
        hint: In the empty field.
        told: Quietly below it, until something is wrong.
        secret: Masked.
    """

    def __init__(
        self,
        name: str,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        told: str = "",
        secret: bool = False,
    ) -> None:
        super().__init__(id=f"field-{name}", classes="field")
        self.field_name = name
        self._label = label
        self._value = value
        self._hint = hint
        self._told = told
        self._secret = secret

    def compose(self) -> ComposeResult:
        """Label, input, line."""
        yield Static(Content(self._label), classes="label")
        yield Input(self._value, placeholder=self._hint, password=self._secret, compact=True)
        yield Static(self._quiet(), classes="sentence")

    def _quiet(self) -> Content:
        return Content.styled(safe_text(self._told), "$wa-muted")

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.query_one(Input).value

    @value.setter
    def value(self, text: str) -> None:
        self.query_one(Input).value = text

    def take_focus(self) -> None:
        """Put the cursor into it."""
        self.query_one(Input).focus()

    def complain(self, sentence: str) -> None:
        """Say what is wrong, in words and a sign, until it is changed."""
        self.add_class("-wrong")
        line = self.query_one(".sentence", Static)
        line.update(Content.assemble(("✗ ", "bold"), safe_text(sentence)))

    def tell(self, content: Content) -> None:
        """Say something else below it."""
        self.remove_class("-wrong")
        self.query_one(".sentence", Static).update(content)

    def relax(self) -> None:
        """Say nothing is wrong."""
        if self.has_class("-wrong"):
            self.tell(self._quiet())

    @on(Input.Changed)
    def _changed(self) -> None:
        self.relax()
