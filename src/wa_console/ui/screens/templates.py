"""All templates: a matrix of names and languages, and the chosen one as the customer sees it.

Templates are sent from the console's picker, never from here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from wa_console.domain.changes import ChangeKind
from wa_console.domain.i18n import _, ngettext
from wa_console.domain.template import Approval, Template
from wa_console.domain.template_drift import drift
from wa_console.domain.template_matrix import Matrix, matching, matrix
from wa_console.services.template_author import Library
from wa_console.ui import admin_keys
from wa_console.ui.present_matrix import hole_words, particulars, window_words
from wa_console.ui.screens.admin_frame import AdminScreen
from wa_console.ui.screens.paper import PaperScreen
from wa_console.ui.screens.pulse import News
from wa_console.ui.screens.template_forms import (
    AddTemplateScreen,
    NewTemplateScreen,
    SubmitTemplateScreen,
)
from wa_console.ui.widgets.matrix_list import MatrixList
from wa_console.ui.widgets.template_card import template_card
from wa_console.ui.widgets.template_page import (
    drift_words,
    head,
    particulars_words,
    samples_words,
)

_EMPTY = Library((), (), (), ())


class TemplatesScreen(AdminScreen):
    """The templates."""

    BINDINGS: ClassVar[list[BindingType]] = [*admin_keys.TEMPLATES]
    AUTO_FOCUS = "#rows"
    place = "templates"

    def compose_list(self) -> ComposeResult:
        """A filter, hidden until it is asked for, and the matrix."""
        yield Input(id="filter", placeholder=_("Words of a template"), compact=True)
        yield MatrixList(id="matrix")

    def compose_detail(self) -> ComposeResult:
        """What the template is, the message itself, how the texts differ."""
        yield Static(id="admin-text")
        yield Static(id="card")
        yield Static(id="differs")

    def on_mount(self) -> None:
        """Read, and follow what the engine's own sync finds."""
        self.library = _EMPTY
        self.text = ""
        self.title_is(_("Templates"))
        self.seat.pulse.signal.subscribe(self, self._hear)
        self.do(self._read(), name="read")

    def _hear(self, news: News) -> None:
        if news.kinds & {ChangeKind.TEMPLATES_UPDATED, ChangeKind.SETUP_UPDATED}:
            self.do(self._read(), name="read")

    async def _read(self) -> None:
        self.library = await self.admin.templates.library()
        self._show()

    # --- what is seen --------------------------------------------------------------------------

    @property
    def matrix(self) -> MatrixList:
        """The list half."""
        return self.query_one(MatrixList)

    @property
    def template(self) -> Template | None:
        """The chosen cell's template; an approved one first where there are several."""
        row = self.matrix.row
        if row is None or self.matrix.column >= len(row.cells):
            return None
        cell = row.cells[self.matrix.column]
        return next((t for t in cell if t.sendable), cell[0] if cell else None)

    def _show(self) -> None:
        whole = matrix(self.library.templates, also=self.library.languages)
        self.matrix.show(matching(whole, self.text) if self.text else whole)
        self.title_is(_("Templates"), self._counted(whole))
        self._tell()

    def _counted(self, whole: Matrix) -> str:
        templates = self.library.templates
        approved = sum(template.sendable for template in templates)
        holes = sum(row.holes for row in whole.rows)
        parts = [
            _("{approved} of {all} approved").format(approved=approved, all=len(templates)),
            ngettext("{n} language", "{n} languages", len(whole.languages)).format(
                n=len(whole.languages)
            ),
        ]
        if holes:
            parts.append(ngettext("{n} hole", "{n} holes", holes).format(n=holes))
        return " · ".join(parts)

    @on(MatrixList.Moved)
    def _moved(self) -> None:
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        row, template = self.matrix.row, self.template
        if row is None:
            self.tell(self._nothing())
        elif template is None:
            self.tell(
                Content.assemble(
                    (hole_words(row, self.matrix.language), "bold $wa-strong"),
                    "\n\n",
                    (_("One content template holds one language. n writes this one."),
                     "$wa-muted"),
                )
            )  # fmt: skip
        else:
            self.tell(head(template))
        self._draw(template)

    def _draw(self, template: Template | None) -> None:
        card, differs = self.query_one("#card", Static), self.query_one("#differs", Static)
        found = drift(template, self.library.entries) if template else None
        card.display, differs.display = template is not None, found is not None
        if template is not None:
            card.update(Content.assemble(template_card(template, {})))
        if found is not None:
            differs.update(Content.assemble(drift_words(found)))

    def _nothing(self) -> Content:
        if self.text:
            return Content.styled(_("No template has these words. Esc shows all."), "$wa-muted")
        lines = (
            _("s fetches all that Twilio has."),
            _("a takes up one by its Content SID, as for the sandbox."),
            _("n writes a new one and submits it to WhatsApp."),
        )
        return Content.assemble(
            (_("No templates yet."), "bold $wa-strong"), "\n\n", "\n".join(lines)
        )

    # --- keys ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to submit only what was not; details only where there is something."""
        if not self.is_mounted or not self.query(MatrixList):
            return True
        if action == "submit":
            found = self.template
            return found is not None and found.approval is Approval.UNSUBMITTED
        if action == "detail":
            return self.template is not None
        return True

    def on_key(self, event: events.Key) -> None:
        """Arrow keys move between languages; in the filter, down goes to the list."""
        if isinstance(self.focused, Input):
            if event.key == "down":
                self.query_one("#rows").focus()
            return
        step = {"left": -1, "right": 1, "h": -1, "l": 1}.get(event.key)
        if step is not None:
            event.stop()
            self.matrix.move_column(step)

    def action_column(self) -> None:
        """Named for the help; `on_key` knows which way."""

    @on(OptionList.OptionSelected)
    def action_detail(self) -> None:
        """Show everything about the chosen template."""
        template = self.template
        if template is None:
            self.action_new()
            return
        found = drift(template, self.library.entries)
        parts = [particulars_words(particulars(template)), Content(window_words(template))]
        parts += [samples_words(template)] if template.variables else []
        parts += [drift_words(found)] if found else []
        self.app.push_screen(PaperScreen(template.name, Content("\n\n").join(parts)))

    def action_new(self) -> None:
        """Write a new text template; a hole gives its name and language."""
        row = self.matrix.row
        hole = row is not None and self.template is None
        first = row.templates[0] if row is not None and row.templates and hole else None
        form = NewTemplateScreen(
            self.admin,
            name=row.stem if row is not None and hole else "",
            language=self.matrix.language or next(iter(self.library.languages), ""),
            like=first,
        )
        self.app.push_screen(form, self._saved(_("Made at Twilio.")))

    def action_add(self) -> None:
        """Take up a template by its Content SID."""
        form = AddTemplateScreen(self.admin, self.seat.desk.templates, self.library)
        self.app.push_screen(form, self._saved(_("Added.")))

    def action_submit(self) -> None:
        """Ask WhatsApp to approve the chosen template."""
        template = self.template
        if template is not None:
            self.app.push_screen(
                SubmitTemplateScreen(self.admin, template),
                self._saved(_("Submitted: WhatsApp answers within 48 hours.")),
            )

    def action_sync(self) -> None:
        """Fetch everything from Twilio."""

        async def work() -> None:
            self.say(_("Asking Twilio …"), seconds=0)
            synced = await self.admin.templates.sync()
            text = _("Twilio has {found} templates; {changed} changed here.")
            self.say(text.format(found=synced.found, changed=synced.changed))
            await self._read()

        self.do(work(), name="sync")

    def action_filter(self) -> None:
        """Write words to look for."""
        box = self.query_one("#filter", Input)
        box.add_class("-shown")
        box.focus()

    @on(Input.Changed, "#filter")
    def _filtered(self, event: Input.Changed) -> None:
        self.text = event.value
        self._show()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one("#rows").focus()

    def action_leave(self) -> None:
        """First out of the filter, then back to the screen before."""
        box = self.query_one("#filter", Input)
        if box.has_class("-shown"):
            box.clear()
            box.remove_class("-shown")
            self.query_one("#rows").focus()
            return
        super().action_leave()

    def _saved(self, words: str) -> Callable[[bool | None], None]:
        def after(saved: bool | None) -> None:
            if saved:
                self.say(words)
                self.do(self._read(), name="read")

        return after
