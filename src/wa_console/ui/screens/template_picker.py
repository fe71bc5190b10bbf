"""Chooses, fills in and queues a template: the only thing a closed window lets through.

Enter sends when every field is known, else it goes to the first field that is not; so a template
that needs nothing takes two keys. The draft in the composer is not touched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from wa_console.domain.changes import ChangeKind
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import N_, _
from wa_console.domain.template import Template
from wa_console.domain.text import SafeText
from wa_console.domain.window import Window
from wa_console.ui import keys
from wa_console.ui.phrases import closed_words
from wa_console.ui.present_templates import Entry, blocked, entries, entry_view
from wa_console.ui.screens.pulse import News
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.template_form import TemplateForm

_ROOMY: Final = 30
"""From so many rows on, a blank one stands between the templates."""


class TemplatePicker(ModalScreen[bool]):
    """Returns True when a template was queued."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.DIALOG,
        Binding("ctrl+l", "language", N_("Language"), id="picker.language", priority=True,
                tooltip=N_("The same template in its next language")),
        Binding("ctrl+t", "cancel", N_("Back"), id="picker.back", show=False),
    ]  # fmt: skip
    AUTO_FOCUS = "#find"

    def __init__(
        self,
        seat: Seat,
        *,
        conversation_id: str,
        name: SafeText,
        window: Window,
        draft: str = "",
        content_sid: str = "",
    ) -> None:
        super().__init__()
        self._seat = seat
        self._conversation_id = conversation_id
        self._name = name
        self._window = window
        self._draft = draft
        self._wanted = content_sid
        self._templates: tuple[Template, ...] = ()
        self._entries: tuple[Entry, ...] = ()
        self._languages: dict[str, str] = {}
        self._sending = False

    def compose(self) -> ComposeResult:
        """List on the left, form on the right."""
        box = Vertical(classes="dialog picker")
        told = closed_words(self._window, now=self._seat.now())
        box.border_title = Content.assemble(
            (_("Send a template to {name}").format(name=self._name), "bold"), f" · {told}"
        )
        box.border_subtitle = Content(
            _("Enter send · Tab next field · Ctrl+L language · Esc back, draft kept")
        )
        with box, Horizontal():
            with Vertical(id="choices"):
                yield Input(id="find", placeholder=_("Search templates"), compact=True)
                yield OptionList(id="templates", compact=True)
            yield TemplateForm(id="form")

    def on_mount(self) -> None:
        """The list is moved from the search field; it needs no focus of its own."""
        self.query_one("#templates").can_focus = False
        self._seat.pulse.signal.subscribe(self, self._hear)
        self._read()

    def _hear(self, news: News) -> None:
        if ChangeKind.TEMPLATES_UPDATED in news.kinds:
            self._read()

    @work(group="picker", exclusive=True)
    async def _read(self) -> None:
        try:
            found = await self._seat.desk.templates.for_conversation(self._conversation_id)
        except WaConsoleError as problem:
            self.query_one(TemplateForm).say(str(problem))
            return
        self._templates = tuple(found)
        self._list(self.query_one("#find", Input).value)

    # --- the list ------------------------------------------------------------------------------

    def _list(self, text: str) -> None:
        chosen = self._chosen()
        keep = chosen.content_sid if chosen else self._wanted
        self._entries = entries(self._templates, text)
        options = self.query_one("#templates", OptionList)
        options.clear_options()
        options.add_options([Option(self._line(entry)) for entry in self._entries])
        for entry in self._entries:
            for variant in entry.variants:
                if variant.content_sid == self._wanted:
                    self._languages[entry.name] = variant.language
        place = next(
            (
                index
                for index, entry in enumerate(self._entries)
                if any(t.content_sid == keep for t in entry.variants)
            ),
            0,
        )
        options.highlighted = place if self._entries else None
        self._fill()

    def _line(self, entry: Entry) -> Content:
        view = entry_view(entry, self._variant(entry))
        return Content.assemble(
            (f"{view.sign} ", f"$wa-{view.tone}"),
            (view.name, "bold"),
            (f"  {view.facts}", "$wa-muted"),
            "\n  ",
            (view.line, "$wa-muted"),
            "\n" if self.app.size.height >= _ROOMY else "",
        )

    def _variant(self, entry: Entry) -> Template:
        return entry.variant(self._languages.get(entry.name, entry.variants[0].language))

    def _chosen_entry(self) -> Entry | None:
        index = self.query_one("#templates", OptionList).highlighted
        return self._entries[index] if index is not None and index < len(self._entries) else None

    def _chosen(self) -> Template | None:
        entry = self._chosen_entry()
        return self._variant(entry) if entry else None

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        """Put the chosen template into the form, with what is known for its fields."""
        template = self._chosen()
        form = self.query_one(TemplateForm)
        if template is None:
            return
        if form.template is not None and form.template == template:
            return
        try:
            known = await self._seat.desk.templates.suggest(
                self._conversation_id, template.content_sid, draft=self._draft
            )
        except WaConsoleError as problem:
            form.say(str(problem))
            return
        await form.show(template, values=known.variables, sources=known.sources)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self._fill()

    @on(Input.Changed, "#find")
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    def on_key(self, event: events.Key) -> None:
        """Arrow keys move in the list while the search field keeps the focus."""
        if self.focused is None or self.focused.id != "find":
            return
        options = self.query_one("#templates", OptionList)
        moves: dict[str, Callable[[], None]] = {
            "down": options.action_cursor_down,
            "up": options.action_cursor_up,
        }
        move = moves.get(event.key)
        if move is not None:
            event.stop()
            event.prevent_default()
            move()

    def action_language(self) -> None:
        """Take the same template in its next language."""
        entry, template = self._chosen_entry(), self._chosen()
        if entry is None or template is None:
            return
        if len(entry.variants) == 1:
            self.query_one(TemplateForm).say(
                _("{name} is there in {language} only.").format(
                    name=entry.name, language=template.language
                )
            )
            return
        self._languages[entry.name] = entry.after(template.language).language
        options = self.query_one("#templates", OptionList)
        if options.highlighted is not None:
            options.replace_option_prompt_at_index(options.highlighted, self._line(entry))
        self._fill()

    # --- sending -------------------------------------------------------------------------------

    @on(Input.Submitted, "#find")
    @on(TemplateForm.Sent)
    def _enter(self) -> None:
        form = self.query_one(TemplateForm)
        # The form fills in beside the keys: a fast Enter must not send the template before.
        if form.template is None or form.template != self._chosen() or self._sending:
            return
        if why := blocked(form.template):
            form.say(why)
            return
        open_field = form.first_open()
        if open_field is not None:
            open_field.focus()
            return
        self._sending = True
        self._send(form.template, dict(form.values))

    @work(group="send")
    async def _send(self, template: Template, values: dict[str, str]) -> None:
        try:
            await self._seat.desk.outbox.queue_template(
                self._conversation_id, template.content_sid, values, author=self._seat.login
            )
        except WaConsoleError as problem:
            self._sending = False
            self.query_one(TemplateForm).say(str(problem))
            return
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Back; nothing is sent."""
        self.dismiss(False)
