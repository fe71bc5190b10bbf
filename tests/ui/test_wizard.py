"""The wizard as a new user meets it, key by key, against a simulated Twilio over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.screen import screen_text
from tests.ui.wizard_bench import PHRASE, WHO, WizardBench, open_wizard, soon, step_of
from tests.ui.wizard_scenes import shows
from wa_console import credentials
from wa_console.domain.conversation import View
from wa_console.domain.onboarding_draft import Delivery, Step
from wa_console.domain.onboarding_draft import Path as Way
from wa_console.ui.screens.first_question import FirstQuestionScreen
from wa_console.ui.screens.wizard.account import AccountStep
from wa_console.ui.screens.wizard.callback import CallbackStep
from wa_console.ui.screens.wizard.frame import STEPS, WizardScreen
from wa_console.ui.screens.wizard.sandbox import SandboxStep
from wa_console.ui.setup_app import Next
from wa_console.wiring.engine import running_engine

PASSPHRASE = "korrekt-hest"


class Person:
    """Types and counts what is filled in or chosen."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self._pilot = pilot
        self.answers = 0

    async def answer(self, text: str = "", *, then: str) -> None:
        """Fill in one field or take one choice; wait for what must be shown."""
        await self._pilot.press(*text, "enter")
        self.answers += 1
        await shows(self._pilot, then)

    async def go_on(self, *, then: str) -> None:
        """Leave a page that asks nothing."""
        await self._pilot.press("enter")
        await shows(self._pilot, then)


async def test_from_an_empty_home_to_a_received_message(tmp_path: Path) -> None:
    async with open_wizard(tmp_path, known=False) as bench:
        app = bench.app(ask=True)
        async with app.run_test(size=(80, 24)) as pilot:
            person = Person(pilot)
            await shows(pilot, "A real number")
            await person.answer(then="Which Twilio account?")
            await shows(pilot, "New passphrase")
            await person.answer(bench.twilio.account_sid, then="Auth Token")
            await person.answer(bench.twilio.auth_token, then="Twilio accepts them")
            await person.answer(PASSPHRASE, then="The same again")
            await person.answer(PASSPHRASE, then="+45 70 20 30 40")
            assert bench.twilio.auth_token not in "\n".join(screen_text(app))
            await person.answer(then="Public URL")
            await person.answer(then="waiting for a test message")
            await bench.twilio.say(WHO, body="Hej, test")
            await shows(pilot, "“Hej, test”", "from +45 31 22 64 10")
            assert person.answers <= 12
            await person.go_on(then="What is this work called?")
            await person.answer(then="Which language")
            await person.answer(then="Who may send files?")
            await person.answer(then="Take over all")
            await person.answer(then="How does work reach people?")
            await person.answer(then="AI agent answer first")
            assert person.answers == 12
            await person.go_on(then="+ account")
            await person.go_on(then="Set up.")
            await pilot.press("enter")
            await soon(pilot, lambda: app.next is Next.CONSOLE)
        await _message_is_in_the_inbox(bench)


async def _message_is_in_the_inbox(bench: WizardBench) -> None:
    """What comes next is the console's engine: it must have the test message as a conversation."""
    opened = bench.opened
    found = credentials.find(opened.settings, {}, passphrase=bench.vault.passphrase)
    desk = opened.desk
    async with asyncio.timeout(20), running_engine(opened, found):
        while not (rows := await desk.inbox.page(View.ALL, login="anna", offset=0, limit=5)):
            await opened.store.changed(0, timeout_s=0.2)
    assert rows[0].last_body == "Hej, test"


async def test_a_wrong_token_stays_at_its_field_and_nothing_is_kept(tmp_path: Path) -> None:
    async with open_wizard(tmp_path, known=False) as bench:
        app = bench.app()
        async with app.run_test(size=(80, 24)) as pilot:
            view = await step_of(pilot, AccountStep)
            await shows(pilot, "New passphrase")
            await pilot.press(*bench.twilio.account_sid, "enter", *("0" * 32), "enter")
            await shows(pilot, "20003")
            assert view.field("token").has_class("-wrong")
            assert view.field("token").has_focus_within
            await pilot.press("1")
            await soon(pilot, lambda: not view.field("token").has_class("-wrong"))
        assert not await bench.onboarding.begun()
        assert await bench.opened.desk.setup.empty()
    assert not (tmp_path / "secrets.enc").exists()


@pytest.mark.parametrize("step", [s for s in Step if s is not Step.FINISH])
async def test_it_resumes_at_each_step(step: Step, tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        path = Way.SANDBOX if step is Step.SANDBOX else Way.NUMBER
        await bench.keep(bench.answered(step, path=path, join_phrase=PHRASE))
        app = bench.app()
        async with app.run_test(size=(80, 24)) as pilot:
            view = await step_of(pilot, STEPS[step])
            assert view.heading() in "\n".join(screen_text(app))
        assert bench.onboarding.draft.step is step
        assert await bench.opened.desk.setup.empty()


async def test_escape_goes_back_to_the_first_question_and_the_rail_back_to_a_step(
    tmp_path: Path,
) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.LANGUAGE))
        app = bench.app()
        async with app.run_test(size=(150, 40)) as pilot:
            await step_of(pilot, STEPS[Step.LANGUAGE])
            await pilot.press("escape")
            await step_of(pilot, STEPS[Step.WORKSTREAM])
            await pilot.click("#rail", offset=(4, 2))
            await step_of(pilot, AccountStep)
            await pilot.press("escape")
            await soon(pilot, lambda: isinstance(app.screen, FirstQuestionScreen))


async def test_the_url_is_copied_set_and_heard_by_webhook(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    env_url = f"http://127.0.0.1:{unused_tcp_port}"
    async with open_wizard(tmp_path, port=unused_tcp_port) as bench:
        answered = bench.answered(Step.CALLBACK, delivery=Delivery.UNDECIDED, heard=False)
        await bench.keep(answered)
        app = bench.app()
        async with app.run_test(size=(150, 40)) as pilot:
            await step_of(pilot, CallbackStep)
            await pilot.press(*"http://chat.example.dk", "enter")
            await shows(pilot, "must begin with https")
            await pilot.press(*["backspace"] * 30, *env_url, "enter")
            await shows(pilot, "Reaches this computer", "Twilio has another URL")
            await pilot.press("c")
            assert app.clipboard == f"{env_url}/twilio/inbound"
            await pilot.press("s")
            await shows(pilot, "Twilio has this URL", "Method POST")
            await bench.twilio.say(WHO, body="[b]Hej[/b]\x1b[31m")
            await shows(pilot, "[b]Hej[/b]", "signature genuine", "a message has come")
            assert "\x1b" not in "\n".join(screen_text(app))


async def test_the_sandbox_coach_sees_joining_live(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        app = bench.app(ask=True)
        async with app.run_test(size=(80, 24)) as pilot:
            person = Person(pilot)
            await shows(pilot, "Twilio's sandbox")
            await pilot.press("down")
            await person.answer(then="Found in the environment")
            await person.answer(then="The words behind join")
            await pilot.press(*"join", "enter")
            await shows(pilot, "Type the two words")
            await pilot.press(*["backspace"] * 8)
            await person.answer(f"join {PHRASE}", then="waiting for somebody")
            await pilot.press("c")
            assert app.clipboard == f"join {PHRASE}"
            await bench.joins()
            await shows(pilot, "Joined", "2 d 23 h")
            assert person.answers <= 12
            view = await step_of(pilot, SandboxStep)
            await pilot.press("e")
            await soon(pilot, lambda: view.field("join_phrase").has_focus_within)


async def test_the_demo_is_what_comes_next(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        app = bench.app(ask=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await shows(pilot, "A demo")
            await pilot.press("down", "down", "enter")
            await soon(pilot, lambda: app.next is Next.DEMO)


async def test_help_and_palette_know_the_wizard(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.BEHAVIOUR))
        app = bench.app()
        async with app.run_test(size=(80, 24)) as pilot:
            await step_of(pilot, STEPS[Step.BEHAVIOUR])
            await pilot.press("f1")
            await shows(pilot, "In the wizard", "Switch the line under the cursor")
            await pilot.press("escape")
            await pilot.press("ctrl+p", *"Back")
            await shows(pilot, "To the step before")
            await pilot.press("escape")
            await soon(pilot, lambda: isinstance(app.screen, WizardScreen))


async def test_space_switches_and_enter_keeps(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.BEHAVIOUR))
        app = bench.app()
        async with app.run_test(size=(80, 24)) as pilot:
            await step_of(pilot, STEPS[Step.BEHAVIOUR])
            await pilot.press("down", "space")
            await shows(pilot, "not allowed")
            await pilot.press("enter")
            await step_of(pilot, STEPS[Step.TEMPLATES])
        draft = bench.onboarding.draft
    assert (draft.customers, draft.representatives) == (True, False)


async def test_one_template_by_sid_shows_the_difference_and_asks_twice(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        await bench.keep(bench.answered(Step.TEMPLATES))
        app = bench.app()
        async with app.run_test(size=(80, 24)) as pilot:
            view = await step_of(pilot, STEPS[Step.TEMPLATES])
            await shows(pilot, "Take over all")
            await pilot.press("a", *"MG", "enter")
            await shows(pilot, "Content SID: HX and 32")
            found = await bench.onboarding.twilio_templates()
            view.field("content_sid").value = found[0].content_sid
            await pilot.press("enter")
            await soon(pilot, lambda: bool(view.text_of("text")))
            await shows(pilot, "The same as Twilio's")
            view.field("text").value = view.text_of("text").replace("{{1}}", "du")
            await pilot.press("enter")
            await shows(pilot, "Twilio's text has {{1}}")
            view.field("text").value = found[0].text.replace("Hej", "Goddag")
            await pilot.press("enter")
            await shows(pilot, "−Goddag", "Enter again keeps yours")
            await pilot.press("enter")
            await shows(pilot, "Added")
        (entry,) = bench.onboarding.draft.templates
    assert entry.text.startswith("Goddag")
