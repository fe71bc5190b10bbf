"""The coach in a console: found in the palette, fed by the journal alone."""

from __future__ import annotations

from pathlib import Path

from tests.ui.screen import screen_text
from tests.ui.wizard_bench import PHRASE, WizardBench, open_wizard, soon
from tests.ui.wizard_scenes import shows
from wa_console.domain.onboarding_draft import Path as Way
from wa_console.domain.onboarding_draft import Step, wanted_setup
from wa_console.domain.setup import Setup
from wa_console.store.port import JournalEntry, JournalKind
from wa_console.ui.app import ConsoleApp
from wa_console.ui.screens.coach import CoachScreen
from wa_console.ui.screens.console import ConsoleScreen
from wa_console.wiring.onboarding import build_coach

WHO = "whatsapp:+4531226410"


def console(bench: WizardBench) -> ConsoleApp:
    """Return a console over the bench's store."""
    return ConsoleApp(
        bench.opened.desk,
        clock=bench.opened.clock,
        login="anna",
        coaching=lambda: build_coach(bench.opened),
    )


async def journalled(bench: WizardBench, body: str, *, source: str) -> None:
    """A message to the sandbox is in the journal, as engine or listener leave it."""
    sid = f"SM{abs(hash(body)):032x}"[:34]
    fields = (
        ("MessageSid", sid), ("AccountSid", bench.twilio.account_sid), ("From", WHO),
        ("To", "whatsapp:+14155238886"), ("Body", body), ("NumMedia", "0"),
    )  # fmt: skip
    entry = JournalEntry(
        kind=JournalKind.INBOUND,
        key=f"in:{sid}",
        fields=fields,
        received_at=bench.opened.clock.now(),
        source=source,
    )
    assert await bench.opened.store.journal.append(entry)


async def test_the_palette_opens_it_and_it_sees_the_engine_s_news(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        draft = bench.answered(Step.FINISH, path=Way.SANDBOX, join_phrase=PHRASE)
        await bench.opened.desk.setup.apply(wanted_setup(Setup(), draft, login="anna"))
        app = console(bench)
        async with app.run_test(size=(80, 24)) as pilot:
            await soon(pilot, lambda: isinstance(app.screen, ConsoleScreen))
            await pilot.press("ctrl+p", *"Sandbox")
            await shows(pilot, "QR code to join")
            await pilot.pause(0.2)
            await pilot.press("enter")
            await soon(pilot, lambda: isinstance(app.screen, CoachScreen))
            await shows(pilot, f"join {PHRASE}", "waiting for somebody")
            await journalled(bench, "Hej\x1b[31m", source="poll")
            await shows(pilot, "up to 2 d 23 h")
            await journalled(bench, f"join {PHRASE}", source="webhook")
            await shows(pilot, "Joined", "+45 •• •• •• 10")
            assert "+4531226410" not in "".join(screen_text(app)).replace(" ", "")
            await pilot.press("escape")
            await soon(pilot, lambda: isinstance(app.screen, ConsoleScreen))


async def test_without_a_sandbox_it_says_so(tmp_path: Path) -> None:
    async with open_wizard(tmp_path) as bench:
        assert await build_coach(bench.opened) is None
