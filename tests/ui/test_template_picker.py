"""The template picker: two keys when all is known, and nothing that WhatsApp would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.desk import TEMPLATES, Bench, opened, until
from tests.ui.screen import screen_text
from wa_console.domain.delivery import DeliveryStatus
from wa_console.domain.message import MessageKind
from wa_console.domain.template import Approval
from wa_console.ui.present_templates import blocked, entries, entry_view
from wa_console.ui.screens.template_picker import TemplatePicker
from wa_console.ui.widgets.template_form import TemplateForm

BOTH = pytest.mark.parametrize("size", [(80, 24), (150, 40)])


async def pick(pilot: Pilot[Any], name: str, *, search: str = "") -> TemplateForm:
    """Open the picker on Oskar and search until a template stands in the form."""
    await opened(pilot, "oskar")
    await pilot.press("ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))
    form = pilot.app.screen.query_one(TemplateForm)
    await until(pilot, lambda: form.template is not None)
    pilot.app.screen.query_one("#find", Input).value = search or name
    await until(pilot, lambda: form.template is not None and form.template.name == name)
    await until(pilot, lambda: len(form.query(Input)) == len(form.values))
    return form


def shows(pilot: Pilot[Any], text: str) -> bool:
    """Whether a text stands on the screen."""
    return any(text in row for row in screen_text(pilot.app))


@BOTH
async def test_enter_sends_when_every_field_is_known(bench: Bench, size: tuple[int, int]) -> None:
    async with bench.app().run_test(size=size) as pilot:
        form = await pick(pilot, "delivery_update", search="update")
        assert form.values == {"1": "Oskar", "2": "DK-4471-20"}
        assert shows(pilot, "As the customer sees it")
        assert shows(pilot, "⟨ Track parcel ⟩")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, TemplatePicker))
        last = (await bench.messages("oskar"))[-1]
        assert last.kind is MessageKind.TEMPLATE
        assert last.status is DeliveryStatus.QUEUED
        assert last.template is not None
        assert last.template.variables == {"1": "Oskar", "2": "DK-4471-20"}


async def test_enter_goes_to_the_field_that_is_empty(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        form = await pick(pilot, "delivery_delay", search="delay")
        assert form.values["2"] == ""
        await pilot.press("enter")
        assert pilot.app.focused is not None
        assert pilot.app.focused.name == "2"
        await pilot.press(*"din pakke")
        await until(pilot, lambda: shows(pilot, "at din pakke er"))
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, TemplatePicker))
        assert (await bench.messages("oskar"))[-1].body.endswith("at din pakke er forsinket.")


async def test_a_sample_is_shown_and_never_sent(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        form = await pick(pilot, "delivery_delay", search="delay")
        assert shows(pilot, "for example din pakke")
        assert form.values["2"] == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [("delivery_return", "not approved the template yet"), ("old_offer", "rejected the template")],
)
async def test_what_is_not_approved_cannot_be_sent(bench: Bench, name: str, why: str) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        before = len(await bench.messages("oskar"))
        await pick(pilot, name)
        assert shows(pilot, why)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TemplatePicker)
        assert len(await bench.messages("oskar")) == before


async def test_marketing_warns(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        await pick(pilot, "delivery_feedback", search="feedback")
        assert shows(pilot, "Marketing: only for customers who agreed")


async def test_another_language(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        form = await pick(pilot, "delivery_delay", search="delay")
        first = form.template
        assert first is not None
        await pilot.press("ctrl+l")
        await until(pilot, lambda: form.template != first)
        assert form.template is not None
        assert {first.language, form.template.language} == {"da", "en"}


async def test_too_long_is_said_and_not_sent(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        form = await pick(pilot, "delivery_delay", search="delay")
        await pilot.press("enter")
        form.query(Input).last().value = "x" * 1100
        await until(pilot, lambda: shows(pilot, "/ 1024"))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, TemplatePicker)


async def test_escape_keeps_the_draft(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        screen = await opened(pilot, "mette")
        await pilot.press(*"half", "ctrl+t")
        await until(pilot, lambda: isinstance(pilot.app.screen, TemplatePicker))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.composer.text == "half"
        assert screen.composer.has_focus


async def test_the_mouse_sends_too(bench: Bench) -> None:
    async with bench.app().run_test(size=(150, 40)) as pilot:
        await pick(pilot, "hello_again")
        await pilot.click("#send")
        await until(pilot, lambda: not isinstance(pilot.app.screen, TemplatePicker))
        assert (await bench.messages("oskar"))[-1].body == "Hej! Må vi fortsætte samtalen her?"


def test_entries_group_languages_and_search_every_word() -> None:
    names = [entry.name for entry in entries(TEMPLATES)]
    assert len(names) == len(set(names)) == len({t.name for t in TEMPLATES})
    assert [entry.name for entry in entries(TEMPLATES, "late parcel DELIVERY")] == []
    assert [entry.name for entry in entries(TEMPLATES, "sorry DELIVERY")] == ["delivery_delay"]


@pytest.mark.parametrize("approval", list(Approval))
def test_every_approval_has_a_sign_and_a_word(approval: Approval) -> None:
    from dataclasses import replace

    template = replace(TEMPLATES[0], approval=approval)
    view = entry_view(entries([template])[0], template)
    assert view.sign
    assert "·" in view.facts
    may = approval in (Approval.APPROVED, Approval.UNKNOWN)
    assert (blocked(template) == "") is may
