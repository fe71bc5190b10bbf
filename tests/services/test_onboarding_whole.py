"""The wizard from empty home to set-up: resumed at each step, all or nothing at the end."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.services.onboarding_rig import Begun, at_callback, begun, kept, typed, wrong
from wa_console.config import Settings
from wa_console.domain.errors import SetupProblem
from wa_console.domain.onboarding_draft import Delivery, Draft, Path, Step
from wa_console.domain.sandbox import SANDBOX_NUMBER
from wa_console.domain.setup import Setup
from wa_console.domain.template import Approval
from wa_console.simulator.server import Simulator

WHO = "+4531226410"

Answer = Callable[[Begun], Awaitable[Any]]


def answers(twilio: Simulator) -> list[tuple[Step, Answer]]:
    """Every step of the way with a number, and its answer."""
    return [
        (Step.ACCOUNT, lambda m: m.wizard.prove_account(typed(twilio, token=""))),
        (Step.NUMBER, lambda m: m.wizard.choose_number(twilio.number)),
        (Step.CALLBACK, _poll),
        (Step.WORKSTREAM, lambda m: m.wizard.name_workstream("Support")),
        (Step.LANGUAGE, lambda m: m.wizard.set_language("Danish")),
        (Step.BEHAVIOUR, lambda m: m.wizard.go_on(customers=True, representatives=False)),
        (Step.TEMPLATES, lambda m: m.wizard.import_templates(take=True)),
        (Step.ROUTING, lambda m: m.wizard.route("push", "Delivery")),
        (Step.AGENT, lambda m: m.wizard.go_on()),
        (Step.SUMMARY, lambda m: m.wizard.go_on()),
    ]


async def _poll(made: Begun) -> None:
    await made.wizard.poll_instead()
    await made.wizard.note_heard()
    await made.wizard.go_on()


async def test_it_resumes_at_each_step_in_a_new_process_s_eyes(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    before: Draft | None = None
    for step, answer in answers(twilio):
        async with begun(wizard_settings, environ=known) as made:
            assert made.wizard.draft.step is step
            assert before is None or made.wizard.draft == before
            await answer(made)
            assert await made.opened.desk.setup.empty()
            before = made.wizard.draft
    async with begun(wizard_settings, environ=known) as made:
        assert made.wizard.draft.step is Step.SUMMARY, "nothing is applied unseen"
        changes = await made.wizard.summary()
        assert changes[:2] == [f"+ account {twilio.account_sid}", f"+ number {twilio.number}"]
        checks = await made.wizard.finish()
        assert all(check.ok for check in checks), checks
        setup = await made.opened.desk.setup.current()
        assert await kept(made) == ""
        known_templates = await made.opened.desk.templates.all()
    (stream,) = setup.workstreams
    assert (stream.name, stream.language, stream.distribution) == ("Support", "da", "push")
    assert (stream.attachments.customers, stream.attachments.representatives) == (True, False)
    assert setup.queues[0].members == ("anna",)
    assert any(t.approval is Approval.APPROVED for t in known_templates), "synced at once"


async def test_finish_writes_the_public_url_into_the_settings(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        for step, answer in answers(twilio):
            await answer(made)
            if step is Step.CALLBACK:
                await made.wizard.set_url("https://chat.example.dk/")
        await made.wizard.finish()
    written = tomllib.loads(wizard_settings.paths.config.read_text())
    assert written == {"public_url": "https://chat.example.dk"}


async def test_settings_that_cannot_be_written_leave_the_set_up_alone(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        for _step, answer in answers(twilio):
            await answer(made)
        await made.wizard.set_url("https://chat.example.dk")
        wizard_settings.paths.config.mkdir()
        with pytest.raises(SetupProblem):
            await made.wizard.finish()
        assert await made.opened.desk.setup.current() == Setup()
        assert await kept(made), "Enter tries again"


async def test_without_its_secrets_it_begins_at_the_account_with_all_answers(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
    async with begun(wizard_settings) as made:
        assert made.wizard.draft.step is Step.ACCOUNT
        assert made.wizard.draft.number == twilio.number


async def test_going_back_keeps_the_answers_and_ahead_is_not_allowed(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        await made.wizard.back_to(Step.ACCOUNT)
        await made.wizard.back_to(Step.SUMMARY)
        assert made.wizard.draft.step is Step.ACCOUNT
        assert made.wizard.draft.number == twilio.number


async def test_the_sandbox_from_phrase_to_set_up(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        wizard = made.wizard
        await wizard.begin(Path.SANDBOX)
        await wizard.prove_account(typed(twilio, token=""))
        assert wizard.draft.step is Step.SANDBOX
        assert (await wrong(made, wizard.set_phrase("join"))).field == "join_phrase"
        await wizard.set_phrase("join silver-otter")
        assert wizard.draft.delivery is Delivery.POLL
        watch = wizard.watch()
        await twilio.say(WHO, body="join silver-otter", extra={"To": f"whatsapp:{SANDBOX_NUMBER}"})
        (heard,) = await watch.look(ask_twilio=True)
        assert heard.body == "join silver-otter"
        for _rest in range(6):
            await wizard.go_on(queue="Everybody")
        await wizard.finish()
        setup = await made.opened.desk.setup.current()
    assert setup.numbers[0].sandbox
    assert setup.workstream_of(SANDBOX_NUMBER) is not None
