"""The right half of the template picker: fields, and the message as the customer sees it.

Holds what is typed for one template; sends and stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from wa_console.domain.i18n import _
from wa_console.domain.template import Template
from wa_console.domain.text import safe_text, snippet
from wa_console.ui.present_templates import (
    approval_sign,
    blocked,
    length_words,
    source_words,
    template_facts,
    to_mend,
)
from wa_console.ui.widgets.template_card import template_card


class TemplateForm(VerticalScroll, can_focus=False):
    """A form for one template, and its live preview."""

    @dataclass
    class Sent(Message):
        """The person wants it sent as filled in."""

        form: TemplateForm

        @property
        def control(self) -> TemplateForm:
            """The form it came from."""
            return self.form

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._template: Template | None = None
        self._sources: Mapping[str, str] = {}
        self._values: dict[str, str] = {}
        self._said = ""

    @property
    def template(self) -> Template | None:
        """What is being filled in, None before the first."""
        return self._template

    @property
    def values(self) -> Mapping[str, str]:
        """What stands in the fields, by variable."""
        return dict(self._values)

    async def show(
        self, template: Template, *, values: Mapping[str, str], sources: Mapping[str, str]
    ) -> None:
        """Take up a template with what is known for its fields."""
        self._template = template
        self._sources = sources
        # A sample is Twilio's example for the reviewer: it is never sent to a customer.
        self._values = {
            key: values.get(key, "") if sources.get(key) != "sample" else ""
            for key in template.placeholders
        }
        self._said = ""
        await self.recompose()

    def say(self, text: str) -> None:
        """Show why it was refused."""
        self._said = text
        self._repaint()

    def compose(self) -> ComposeResult:
        """Name and facts, a field each, the preview, the button."""
        template = self._template
        if template is None:
            yield Static(Content.styled(_("No template fits."), "$wa-muted"), classes="quiet")
            return
        sign, tone = approval_sign(template.approval)
        yield Static(
            Content.assemble(
                (snippet(template.name or template.content_sid, 48), "bold $wa-strong"),
                "  ",
                (f"{sign} ", f"$wa-{tone}"),
                (template_facts(template), "$wa-muted"),
            ),
            classes="head",
        )
        for number, key in enumerate(template.placeholders):
            yield from self._field(template, number, key)
        with Vertical(classes="preview"):
            yield Static(Content.styled(_("As the customer sees it"), "bold"), classes="lead")
            yield Static(id="preview-text")
        yield Static(id="verdict")
        with Vertical(classes="send-row"):
            yield Button(Content(_("Send")), id="send", classes="go", compact=True)

    def _field(self, template: Template, number: int, key: str) -> ComposeResult:
        source = source_words(self._sources.get(key, ""))
        yield Static(
            Content.assemble(
                (snippet("{{" + key + "}}", 24), "bold"),
                (f"  {source}" if source else "", "$wa-muted"),
            ),
            classes="label",
        )
        yield Input(
            value=str(safe_text(self._values[key], multiline=False, limit=1600)),
            placeholder=_("for example {sample}").format(
                sample=snippet(template.variables.get(key, ""), 40)
            )
            if template.variables.get(key)
            else "",
            id=f"field-{number}",
            classes="field",
            name=key,
            compact=True,
        )

    async def recompose(self) -> None:
        """Lay the new template out and paint its preview."""
        await super().recompose()
        self._repaint()

    def first_open(self) -> Widget | None:
        """Return the first field that still needs something, None when all will do."""
        if self._template is None:
            return None
        wrong = {field for field, _text in to_mend(self._template, self._values)}
        fields = list(self.query(Input))
        return next((field for field in fields if field.name in wrong), None)

    @on(Input.Changed, ".field")
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input.name is not None:
            self._values[event.input.name] = event.value
            self._said = ""
            self._repaint()

    @on(Input.Submitted, ".field")
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Sent(self))

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Sent(self))

    def _repaint(self) -> None:
        template = self._template
        if template is None or not self.query("#preview-text"):
            return
        card = template_card(template, self._values)
        self.query_one("#preview-text", Static).update(Content.assemble(card))
        self.query_one("#verdict", Static).update(self._verdict(template))
        self.query_one("#send", Button).disabled = bool(blocked(template))

    def _verdict(self, template: Template) -> Content:
        """Length, and what forbids or should give pause; the gravest first."""
        length, over = length_words(template, self._values)
        parts = [Content.styled(length, "$wa-urgent" if over else "$wa-muted")]
        if self._said:
            parts.append(Content.styled(safe_text(self._said), "$wa-urgent"))
        elif why := blocked(template):
            parts.append(Content.styled(f"✗ {safe_text(why)}", "$wa-warn"))
        elif wrong := to_mend(template, self._values):
            parts.append(Content.styled(safe_text(wrong[0][1]), "$wa-warn"))
        if template.category.upper() == "MARKETING":
            words = _("! Marketing: only for customers who agreed; WhatsApp may hold it back.")
            parts.append(Content.styled(words, "$wa-warn"))
        return Content("\n").join(parts)
