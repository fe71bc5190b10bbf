"""The dialogs of the templates' screen: write one, add one by SID, submit one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual import on, work
from textual.content import Content
from textual.widgets import Input

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.domain.template import Template, is_content_sid
from wa_console.domain.template_draft import CATEGORIES, TEXT, TemplateDraft, draft_problems
from wa_console.domain.template_drift import Drift, compared, same_text
from wa_console.services.admin import Admin
from wa_console.services.template_author import Library
from wa_console.services.templates import Templates
from wa_console.ui.present_matrix import state_words, window_words
from wa_console.ui.screens.form import Field, FormScreen
from wa_console.ui.widgets.template_page import drift_words

_CATEGORIES: Final = tuple((each, each.lower()) for each in CATEGORIES[:2])
"""A text can be no one-time code: that has a type of its own (FACTS 10)."""
_BETWEEN: Final = ";"


def examples_of(text: str) -> dict[str, str]:
    """Return ``Anna; DK-1`` as ``{"1": "Anna", "2": "DK-1"}``."""
    return {str(n): part.strip() for n, part in enumerate(text.split(_BETWEEN), start=1)}


class NewTemplateScreen(FormScreen):
    """Writes a text template at Twilio and, by the first button, submits it to WhatsApp."""

    def __init__(
        self, admin: Admin, *, name: str = "", language: str = "", like: Template | None = None
    ) -> None:
        super().__init__()
        self._admin = admin
        self._stem = name
        self._language = language
        self._like = like

    def heading(self) -> str:
        """What stands in the frame."""
        return _("A new text template")

    def buttons(self) -> Sequence[tuple[str, str]]:
        """Submitting is what one mostly wants."""
        return (("submit", _("Save and submit")), ("save", _("Save only")))

    def fields(self) -> Sequence[Field]:
        """Name, language, category, text, examples."""
        like = self._like
        category = like.category if like and like.category in CATEGORIES else CATEGORIES[0]
        samples = [like.variables.get(key, "") for key in like.placeholders] if like else []
        return (
            Field("name", _("Name"), self._stem, hint="delivery_update"),
            Field("language", _("Language"), self._language, hint="da"),
            Field("category", _("Category"), category, choices=_CATEGORIES),
            Field("text", _("Text, with {{1}} where something is filled in"),
                  like.text if like else "", lines=5),
            Field("examples", _("Examples for the reviewer, ; between them"),
                  f"{_BETWEEN} ".join(samples), hint="Anna; DK-4471-20"),
        )  # fmt: skip

    def live(self, values: Mapping[str, str]) -> Content:
        """Say the first thing to mend, or that nothing stands against it."""
        if not values["name"] and not values["text"].strip():
            words = _("WhatsApp's review takes up to 48 hours; a rejected name is blocked 30 days.")
            return Content.styled(words, "$wa-muted")
        found = draft_problems(self._draft(values))
        if found:
            return Content.styled(found[0].text, "$wa-warn")
        return Content.styled(_("✓ Nothing WhatsApp is known to refuse."), "$wa-calm")

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Make it."""
        await self._admin.templates.create(self._draft(values), submit=button == "submit")
        return True

    @staticmethod
    def _draft(values: Mapping[str, str]) -> TemplateDraft:
        return TemplateDraft(
            name=values["name"].strip(),
            language=values["language"].strip(),
            text=values[TEXT],
            category=values["category"],
            examples=examples_of(values["examples"]),
        )


class SubmitTemplateScreen(FormScreen):
    """Asks WhatsApp to approve a template that Twilio has."""

    def __init__(self, admin: Admin, template: Template) -> None:
        super().__init__()
        self._admin = admin
        self._template = template

    def heading(self) -> str:
        """What stands in the frame."""
        return _("Submit to WhatsApp?")

    def buttons(self) -> Sequence[tuple[str, str]]:
        """One."""
        return (("submit", _("Submit")),)

    def told(self) -> Content:
        """What it is, and what cannot be taken back."""
        words = _("The text cannot be changed afterwards. The answer takes up to 48 hours.")
        return Content.assemble(
            (self._template.name, "bold"), f" · {self._template.language}\n", (words, "$wa-muted")
        )

    def fields(self) -> Sequence[Field]:
        """The category."""
        return (Field("category", _("Category"), self._template.category, choices=_CATEGORIES),)

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Submit it."""
        await self._admin.templates.submit(self._template.content_sid, category=values["category"])
        return True


class AddTemplateScreen(FormScreen):
    """Takes up a template by its Content SID: fetched, compared, and kept in the set-up."""

    def __init__(self, admin: Admin, templates: Templates, library: Library) -> None:
        super().__init__()
        self._admin = admin
        self._templates = templates
        self._library = library
        self._found: Template | None = None

    def heading(self) -> str:
        """What stands in the frame."""
        return _("Add a template by its Content SID")

    def fields(self) -> Sequence[Field]:
        """SID, language, text, where it is offered."""
        places = (("", _("all")), *((name, name) for name in self._library.workstreams[:4]))
        return (
            Field("sid", _("Content SID"), hint="HX and 32 digits or letters a to f"),
            Field("language", _("Default language"),
                  next(iter(self._library.languages), ""), hint="da"),
            Field("text", _("Text that WhatsApp approved"), lines=4),
            Field("workstream", _("Offered in workstream"), choices=places),
        )  # fmt: skip

    @on(Input.Changed)
    def _sid_typed(self, event: Input.Changed) -> None:
        if event.input.name == "sid" and is_content_sid(event.value.strip()):
            self._fetch(event.value.strip())

    @work(group="fetch", exclusive=True)
    async def _fetch(self, content_sid: str) -> None:
        """Fill the rest in from Twilio; what the person has pasted already stays."""
        try:
            self._found = await self._admin.templates.look_up(content_sid)
        except WaConsoleError as problem:
            self._found = None
            self.refuse(str(problem))
            return
        self.set_value("language", self._found.language)
        if not self.values["text"].strip():
            self.set_value("text", self._found.text)
        self.refresh_live()

    def live(self, values: Mapping[str, str]) -> Content:
        """Compare with what Twilio has."""
        found = self._found
        if found is None or found.content_sid != values["sid"].strip():
            words = _("The SID is in Twilio's Content Template Builder; the rest is fetched.")
            return Content.styled(words, "$wa-muted")
        told = f"{found.name} · {state_words(found)}\n{window_words(found)}"
        if not same_text(values["text"], found.text):
            differs = Drift(compared(values["text"], found.text))
            return Content("\n").join([Content(told), drift_words(differs)])
        return Content.assemble(told, ("\n✓ " + _("The text is Twilio's."), "$wa-calm"))

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Keep it in the set-up, with what Twilio told of it."""
        content_sid = values["sid"].strip()
        await self._templates.add(
            content_sid,
            language=values["language"].strip(),
            text=values["text"].strip(),
            workstream=values["workstream"],
        )
        if self._found is not None and self._found.content_sid == content_sid:
            await self._admin.templates.adopt(self._found)
        return True
