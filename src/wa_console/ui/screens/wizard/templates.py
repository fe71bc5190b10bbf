"""Templates: take over all that are approved, or add one by its Content SID, compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.template import Approval, Template
from wa_console.domain.text import snippet
from wa_console.services.onboarding_templates import difference, entry
from wa_console.ui.screens.setup_words import pieces_line
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field
from wa_console.ui.wizard_keys import TEMPLATES

_ALL, _NONE = 0, 1


class TemplatesStep(StepView):
    """A choice of two, the account's templates below; `a` opens the form for one."""

    BINDINGS: ClassVar[list[BindingType]] = [*TEMPLATES]

    _found: Sequence[Template] = ()
    _template: Template | None = None
    _agreed = ""

    def heading(self) -> str:
        """The question."""
        return _("Which templates may be sent?")

    def told(self) -> str:
        """What they are for."""
        return _(
            "After 24 hours of silence WhatsApp lets only approved templates through. Those that "
            "are approved later come by themselves."
        )

    def body(self) -> ComposeResult:
        """Choice, list, form."""
        yield OptionList(id="take", compact=True)
        yield Static(id="found")
        yield Field("content_sid", _("Content SID"), hint="HX…")
        yield Field("language", _("Its language"))
        yield Field("text", _("Its text, as WhatsApp approved it"))
        yield Static(id="difference")

    def begin(self) -> None:
        """Ask Twilio for them."""
        self.query_one("#take").focus()
        self.say(_("Asking Twilio for the account's templates …"))
        self._read()

    @work(group="templates", exclusive=True)
    async def _read(self) -> None:
        try:
            self._found = await self.onboarding.twilio_templates()
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent")
        else:
            self.say("")
        self._show()

    def _show(self) -> None:
        approved = sum(each.approval is Approval.APPROVED for each in self._found)
        take = self.query_one("#take", OptionList)
        take.clear_options()
        every = ngettext(
            "Take over the {n} that is approved", "Take over all {n} that are approved", approved
        ).format(n=approved)
        take.add_options([Option(Content(every)), Option(Content(_("None for now")))])
        take.highlighted = _ALL if self.onboarding.draft.import_all else _NONE
        self.query_one("#found", Static).update(self._lines())

    def _lines(self) -> Content:
        lines = [self._line(each) for each in self._found]
        own = {each.content_sid for each in self._found}
        lines += [
            Content.assemble(("✓ ", "$wa-calm"), snippet(f"{e.content_sid} {e.language}", 60))
            for e in self.onboarding.draft.templates
            if e.content_sid not in own
        ]
        return Content("\n").join(lines)

    @staticmethod
    def _line(template: Template) -> Content:
        good = template.approval is Approval.APPROVED
        sign, colour = ("✓", "$wa-calm") if good else ("○", "$wa-warn")
        state = template.approval.value
        if template.reason:
            state = f"{state}: {template.reason}"
        return Content.assemble(
            (f"{sign} ", colour),
            (snippet(f"{template.name} {template.language}", 40), "bold"),
            (f"  {snippet(state, 80)}", "$wa-muted"),
        )

    # --- one by its SID ------------------------------------------------------------------------

    def action_add(self) -> None:
        """Open the form, or close it."""
        self._template = None
        self.toggle_class("-form")
        self.remove_class("-fetched")
        if self.has_class("-form"):
            self.field("content_sid").take_focus()
        else:
            self.query_one("#take").focus()

    @on(Input.Changed, "#field-content_sid Input")
    def _another(self) -> None:
        self._template = None
        self.remove_class("-fetched")

    @on(Input.Changed, "#field-text Input")
    def _compare(self) -> None:
        self._agreed = ""
        self.query_one("#difference", Static).update(self._difference())

    def _difference(self) -> Content:
        if self._template is None:
            return Content("")
        pieces = difference(self.text_of("text"), self._template.text)
        if not pieces:
            return Content.assemble(("✓ ", "$wa-calm"), _("The same as Twilio's."))
        told = (_("− yours  + Twilio's: "), "$wa-muted")
        return Content.assemble(told, pieces_line(pieces))

    async def submit(self) -> None:
        """Take them over; with the form open, fetch and add one."""
        if not self.has_class("-form"):
            take = self.query_one("#take", OptionList).highlighted != _NONE
            await self.onboarding.import_templates(take=take)
            return
        if self._template is None:
            await self._fetch()
            return
        await self._add(self._template)

    async def _fetch(self) -> None:
        self.say(_("Asking Twilio …"))
        self._template = await self.onboarding.fetch_template(self.text_of("content_sid"))
        self.say("")
        self.add_class("-fetched")
        self.field("language").value = self._template.language
        self.field("text").value = " ".join(self._template.text.split())
        self.field("text").take_focus()

    async def _add(self, template: Template) -> None:
        text = self.text_of("text")
        if difference(text, template.text) and self._agreed != text:
            self._check_fields(template, text)
            self._agreed = text
            self.say(_("It differs from Twilio's. Enter again keeps yours."), tone="warn")
            return
        same = not difference(text, template.text)
        await self.onboarding.add_template(
            template,
            language=self.text_of("language"),
            text=template.text if same else text,
        )
        self.field("content_sid").value = ""
        self.action_add()
        self.query_one("#found", Static).update(self._lines())
        self.say(_("Added: {name}.").format(name=snippet(template.name, 60)), tone="calm")

    def _check_fields(self, template: Template, text: str) -> None:
        """Complain about language or variables before asking whether to keep the text.

        Raises:
            FieldProblem: One of them does not fit.
        """
        entry(template, language=self.text_of("language"), text=text)
