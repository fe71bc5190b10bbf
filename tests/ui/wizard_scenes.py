"""The scenes of wizard, first question and coach, for goldens and `make screens`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from textual.pilot import Pilot

from tests.ui.screen import screen_text
from tests.ui.wizard_bench import (
    PHRASE,
    URL,
    WHO,
    WizardBench,
    reach_always,
    soon,
    step_of,
    tunnel_programs,
)
from wa_console.domain.onboarding_draft import Delivery, Path, Step
from wa_console.domain.setup import TemplateEntry
from wa_console.ui.screens.first_question import FirstQuestionScreen
from wa_console.ui.screens.wizard.account import AccountStep
from wa_console.ui.screens.wizard.callback import CallbackStep
from wa_console.ui.screens.wizard.frame import STEPS

Play = Callable[[Pilot[Any], WizardBench], Awaitable[None]]


@dataclass(frozen=True)
class WizardScene:
    """A state to look at: the answers before, whether it is known who we are, and what to press."""

    step: Step | None
    play: Play
    answers: dict[str, Any]
    known: bool = True


async def shows(pilot: Pilot[Any], *words: str) -> None:
    """Wait until words stand on the screen."""
    await soon(pilot, lambda: all(w in "\n".join(screen_text(pilot.app)) for w in words))


def _just(*words: str) -> Play:
    async def play(pilot: Pilot[Any], bench: WizardBench) -> None:
        await shows(pilot, *words)

    return play


async def _first(pilot: Pilot[Any], bench: WizardBench) -> None:
    await soon(pilot, lambda: isinstance(pilot.app.screen, FirstQuestionScreen))
    await shows(pilot, "A demo")


async def _wrong(pilot: Pilot[Any], bench: WizardBench) -> None:
    view = await step_of(pilot, AccountStep)
    await shows(pilot, "New passphrase")
    view.field("account_sid").value = bench.twilio.account_sid
    view.field("token").value = "0" * 32
    view.field("token").take_focus()
    await pilot.press("enter")
    await shows(pilot, "20003")


async def _poll(pilot: Pilot[Any], bench: WizardBench) -> None:
    await step_of(pilot, CallbackStep)
    await pilot.press("enter")
    await shows(pilot, "waiting for a test message")


async def _heard(pilot: Pilot[Any], bench: WizardBench) -> None:
    await step_of(pilot, CallbackStep)
    await bench.twilio.say(WHO, body="Hej, test")
    await shows(pilot, "was received")


async def _webhook(pilot: Pilot[Any], bench: WizardBench) -> None:
    reach_always(bench)
    view = await step_of(pilot, CallbackStep)
    bench.onboarding.clock_offset_s = 0.2
    view.field("public_url").value = URL
    await pilot.press("enter")
    await shows(pilot, "Twilio has another URL")
    await pilot.press("s")
    await shows(pilot, "Twilio has this URL", "Reaches this computer", "in force")


async def _tunnels(pilot: Pilot[Any], bench: WizardBench) -> None:
    await step_of(pilot, CallbackStep)
    with tunnel_programs(bench.home):
        await pilot.press("enter")
        await shows(pilot, "waiting for a test message")
        await pilot.press("t")
        await shows(pilot, "cloudflared", "tailscale")


async def _tunnel(pilot: Pilot[Any], bench: WizardBench) -> None:
    reach_always(bench)
    bench.onboarding.clock_offset_s = 0.2
    await step_of(pilot, CallbackStep)
    with tunnel_programs(bench.home):
        await pilot.press("enter")
        await shows(pilot, "waiting for a test message")
        await pilot.press("t")
        await shows(pilot, "cloudflared", "tailscale")
        await pilot.press("enter")
        await shows(pilot, "Twilio has another URL", "Reaches this computer")
        await pilot.press("s")
        await shows(pilot, "Twilio has this URL", "in force")


async def _form(pilot: Pilot[Any], bench: WizardBench) -> None:
    await shows(pilot, "Take over all")
    await pilot.press("a")
    view = await step_of(pilot, STEPS[Step.TEMPLATES])
    found = await bench.onboarding.twilio_templates()
    view.field("content_sid").value = found[0].content_sid
    await pilot.press("enter")
    await soon(pilot, lambda: bool(view.text_of("text")))
    view.field("text").value = view.text_of("text").replace("Hej", "Goddag")
    await pilot.pause()


async def _joined(pilot: Pilot[Any], bench: WizardBench) -> None:
    await shows(pilot, "waiting for somebody")
    await bench.joins()
    await shows(pilot, "left")


async def _finish(pilot: Pilot[Any], bench: WizardBench) -> None:
    await shows(pilot, "+ account")
    await pilot.press("enter")
    await shows(pilot, "Set up.")


_TWO: Final = (
    TemplateEntry("HX" + "1" * 32, "da", "Hej {{1}}, din pakke er her."),
    TemplateEntry("HX" + "2" * 32, "en", "Hi {{1}}, your parcel is here."),
)
_SANDBOX: Final = {"path": Path.SANDBOX, "heard": False}

SCENES: Final[dict[str, WizardScene]] = {
    "wizard-first": WizardScene(None, _first, {}),
    "wizard-account": WizardScene(Step.ACCOUNT, _just("New passphrase"), {}, known=False),
    "wizard-account-wrong": WizardScene(Step.ACCOUNT, _wrong, {}, known=False),
    "wizard-number": WizardScene(Step.NUMBER, _just("Support Denmark"), {}),
    "wizard-callback": WizardScene(
        Step.CALLBACK, _just("Public URL"), {"delivery": Delivery.UNDECIDED, "heard": False}
    ),
    "wizard-callback-poll": WizardScene(
        Step.CALLBACK, _poll, {"delivery": Delivery.UNDECIDED, "heard": False}
    ),
    "wizard-callback-heard": WizardScene(Step.CALLBACK, _heard, {"heard": False}),
    "wizard-callback-webhook": WizardScene(
        Step.CALLBACK, _webhook, {"delivery": Delivery.UNDECIDED, "heard": False}
    ),
    "wizard-callback-tunnels": WizardScene(
        Step.CALLBACK, _tunnels, {"delivery": Delivery.UNDECIDED, "heard": False}
    ),
    "wizard-callback-tunnel": WizardScene(
        Step.CALLBACK, _tunnel, {"delivery": Delivery.UNDECIDED, "heard": False}
    ),
    "wizard-workstream": WizardScene(Step.WORKSTREAM, _just("What is this work"), {}),
    "wizard-language": WizardScene(Step.LANGUAGE, _just("Which language"), {}),
    "wizard-behaviour": WizardScene(Step.BEHAVIOUR, _just("Attachments"), {}),
    "wizard-templates": WizardScene(Step.TEMPLATES, _just("Take over all"), {}),
    "wizard-template-form": WizardScene(Step.TEMPLATES, _form, {}),
    "wizard-routing": WizardScene(Step.ROUTING, _just("Push"), {"templates": _TWO}),
    "wizard-agent": WizardScene(Step.AGENT, _just("people answer"), {"templates": _TWO}),
    "wizard-summary": WizardScene(Step.SUMMARY, _just("+ account"), {"templates": _TWO}),
    "wizard-finish": WizardScene(Step.FINISH, _finish, {}),
    "wizard-phrase": WizardScene(Step.SANDBOX, _just("behind join"), _SANDBOX),
    "wizard-coach": WizardScene(Step.SANDBOX, _joined, {**_SANDBOX, "join_phrase": PHRASE}),
}
"""By the name of the golden."""


async def prepare(bench: WizardBench, scene: WizardScene) -> None:
    """Leave the answers that come before a scene in the store."""
    if scene.step is not None and scene.known:
        await bench.keep(bench.answered(scene.step, **scene.answers))
