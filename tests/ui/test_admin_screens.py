"""The administrator's screens, driven by keys over a real store and a simulated Twilio."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Button

from tests.ui.admin_bench import HX, open_admin_bench
from tests.ui.admin_scenes import in_channels, in_doctor, in_templates, on_template, top
from tests.ui.desk import open_bench, ready, until
from tests.ui.screen import screen_text
from wa_console.domain.template import Approval
from wa_console.services.checks import fine
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.channels import ChannelsScreen
from wa_console.ui.screens.console import ConsoleScreen
from wa_console.ui.screens.doctor import DoctorScreen
from wa_console.ui.screens.form import FormScreen
from wa_console.ui.screens.paper import PaperScreen
from wa_console.ui.widgets.notice_line import NoticeLine

OURS = "+4570203040"


async def test_each_place_opens_from_anywhere_and_esc_leads_back(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await in_templates(pilot)
        await pilot.press("f6")
        await until(pilot, lambda: top(pilot, ChannelsScreen))
        await pilot.press("f9")
        await until(pilot, lambda: top(pilot, DoctorScreen))
        await pilot.press("f9")
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("escape")
        await until(pilot, lambda: top(pilot, ConsoleScreen))


async def test_without_an_administrator_the_key_says_so(tmp_path: Path) -> None:
    async with open_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("f9")
        await pilot.pause()
        assert top(pilot, ConsoleScreen)


async def test_a_sync_fills_the_matrix(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(150, 40)) as pilot:
        screen = await in_templates(pilot)
        before = len(screen.library.templates)
        await pilot.press("s")
        await until(pilot, lambda: len(screen.library.templates) > before)
        assert "Twilio has" in screen.query_one(NoticeLine).text


async def test_the_filter_narrows_and_esc_clears_it(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_templates(pilot)

        def stem() -> str:
            return screen.matrix.row.stem if screen.matrix.row else ""

        await pilot.press("slash", *"spring", "enter")
        assert stem() == "spring_sale"
        await pilot.press("slash", *"zzz")
        assert stem() == ""
        await pilot.press("escape")
        assert stem() == "delivery_delay"
        await pilot.press("escape")
        assert top(pilot, ConsoleScreen)


async def test_enter_shows_all_of_one_and_opens_the_form_on_a_hole(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await on_template(pilot, "delivery_return", "en")
        await pilot.press("enter")
        await until(pilot, lambda: top(pilot, PaperScreen))
        await pilot.press("escape", "left", "enter")
        await until(pilot, lambda: top(pilot, FormScreen))
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        assert form.values["name"] == "delivery_return"
        assert form.values["language"] == "da"


async def test_a_new_template_is_made_and_submitted(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_templates(pilot)
        await pilot.press("n")
        await until(pilot, lambda: top(pilot, FormScreen))
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        await pilot.press(*"pickup ready", "ctrl+s")
        await until(pilot, lambda: form.query_one("#refused").display)
        assert "small letters" in str(form.query_one("#refused").render())
        form.set_value("name", "pickup_ready")
        form.set_value("text", "Hej {{1}}, din pakke {{2}} kan hentes nu.")
        form.set_value("examples", "Anna; DK-1")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not top(pilot, FormScreen))
        await until(pilot, lambda: any(t.name == "pickup_ready" for t in screen.library.templates))
    made = [c for c in bench.twilio.world.contents.values() if c.friendly_name == "pickup_ready"]
    assert [c.variables for c in made] == [{"1": "Anna", "2": "DK-1"}]
    assert made[0].approval is not None


async def test_added_by_sid_the_rest_is_fetched(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        known = next(iter(bench.twilio.world.contents.values()))
        await in_templates(pilot)
        await pilot.press("a")
        await until(pilot, lambda: top(pilot, FormScreen))
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        form.set_value("sid", known.sid)
        await until(pilot, lambda: bool(form.values["text"]))
        assert form.values["language"] == known.language
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not top(pilot, FormScreen))
        library = await bench.admin.templates.library()
        assert [entry.content_sid for entry in library.entries][-1] == known.sid
        kept = next(t for t in library.templates if t.content_sid == known.sid)
        assert kept.name == known.friendly_name


async def test_submitting_is_offered_only_for_what_was_not(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await on_template(pilot, "pickup_time", "da")
        assert screen.template is not None
        assert screen.template.content_sid == HX
        assert screen.template.approval is Approval.UNSUBMITTED
        assert screen.check_action("submit", ())
        await pilot.press("home")
        assert not screen.check_action("submit", ())


async def test_pausing_asks_counts_and_resumes(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_channels(pilot)
        await pilot.press("p")
        await until(pilot, lambda: top(pilot, AskScreen))
        assert any("8 conversations" in line for line in screen_text(pilot.app))
        await pilot.press("y")
        await until(pilot, lambda: bool(screen.channel and screen.channel.number.paused))
        await pilot.press("p")
        await until(pilot, lambda: bool(screen.channel and not screen.channel.number.paused))


async def test_detaching_asks_and_no_changes_nothing(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_channels(pilot)
        for answer in ("n", "y"):
            await pilot.press("d")
            await until(pilot, lambda: top(pilot, AskScreen))
            assert len((await bench.admin.channels.overview()).channels) == 1
            await pilot.press(answer)
            await until(pilot, lambda: not top(pilot, AskScreen))
        await until(pilot, lambda: not screen.overview.channels)
        assert any("No number is set up" in line for line in screen_text(pilot.app))
        assert len(await bench.bench.messages("mette")) > 0


async def test_erasing_offers_an_export_and_wants_the_number(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await in_channels(pilot)
        await pilot.press("X")
        await until(pilot, lambda: top(pilot, FormScreen))
        form = pilot.app.screen
        assert isinstance(form, FormScreen)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Exported" in str(form.query_one("#live").render()))
        assert len(list((tmp_path / "exports").iterdir())) == 1
        await pilot.click("#do-erase")
        await until(pilot, lambda: form.query_one("#refused").display)
        assert len(await bench.bench.messages("mette")) > 0
        form.set_value("typed", OURS)
        await until(pilot, lambda: not form.query_one("#refused").display)
        form.query_one("#do-erase", Button).press()  # it moves as the sentence goes
        await until(pilot, lambda: not top(pilot, FormScreen))
        assert len(await bench.bench.messages("mette")) == 0


async def test_a_new_name_is_saved(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_channels(pilot)
        await pilot.press("e")
        await until(pilot, lambda: top(pilot, FormScreen))
        await pilot.press("ctrl+u", *"Denmark", "ctrl+s")
        await until(
            pilot, lambda: bool(screen.channel and screen.channel.number.name.endswith("Denmark"))
        )


async def test_a_token_is_refused_taken_and_never_shown(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await in_channels(pilot)
        await pilot.press("t")
        await until(pilot, lambda: top(pilot, FormScreen))
        form = pilot.app.screen
        await pilot.press(*"cafe", "enter")
        await until(pilot, lambda: form.query_one("#refused").display)
        assert not any("cafe" in line for line in screen_text(pilot.app))
        await pilot.press(*("cafe" * 7), "enter")
        await until(pilot, lambda: not top(pilot, FormScreen))
        assert bench.rotation.typed == ["cafe" * 8]
        await pilot.press("t")
        await until(pilot, lambda: top(pilot, FormScreen))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not top(pilot, FormScreen))
        assert bench.rotation.secondary == ""


async def test_the_doctor_looks_again_and_copies_a_masked_report(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        screen = await in_doctor(pilot)
        assert screen.findings[0].check == "settings"
        bench.checks.append(fine("leak", f"AC{'ab' * 16} has +4531226410"))
        await pilot.press("r")
        await until(pilot, lambda: screen.finished.is_set() and len(screen.findings) == 12)
        assert not any("31226410" in line for line in screen_text(pilot.app))
        await pilot.press("c")
        copied = pilot.app.clipboard
        assert "1 broken" in copied.splitlines()[0]
        assert copied.index("webhook") < copied.index("settings")
        assert "+4531226410" not in copied
        assert "ab" * 16 not in copied


async def test_without_credentials_a_sentence_stands_where_twilio_would(tmp_path: Path) -> None:
    async with (
        open_admin_bench(tmp_path, credentials=False) as bench,
        bench.app().run_test(size=(80, 24)) as pilot,
    ):
        screen = await in_channels(pilot)
        assert screen.problem
        assert any("credentials are missing" in line for line in screen_text(pilot.app))
        await pilot.press("f5")
        await pilot.pause()
        await pilot.press("s")
        page = pilot.app.screen
        await until(pilot, lambda: "missing" in page.query_one(NoticeLine).text)


async def test_an_empty_home_teaches(tmp_path: Path) -> None:
    async with (
        open_admin_bench(tmp_path, seeded=False) as bench,
        bench.app().run_test(size=(80, 24)) as pilot,
    ):
        await ready(pilot)
        await pilot.press("f5")
        await until(
            pilot, lambda: any("No templates yet" in line for line in screen_text(pilot.app))
        )
        await pilot.press("f6")
        await until(
            pilot, lambda: any("No number is set up" in line for line in screen_text(pilot.app))
        )


async def test_the_status_line_names_the_doctors_key(tmp_path: Path) -> None:
    async with (
        open_admin_bench(tmp_path, seeded=False) as bench,
        bench.app().run_test(size=(120, 30)) as pilot,
    ):
        await ready(pilot)
        await until(pilot, lambda: "F9" in screen_text(pilot.app)[0])


async def test_the_help_lists_the_keys_of_the_place(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 40)) as pilot:
        await in_templates(pilot)
        await pilot.press("question_mark")
        await until(
            pilot,
            lambda: any("submit it to WhatsApp" in line for line in screen_text(pilot.app)),
        )


async def test_the_palette_finds_each_place(tmp_path: Path) -> None:
    async with open_admin_bench(tmp_path) as bench, bench.app().run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        await pilot.press("ctrl+p", *"every link")
        await until(pilot, lambda: any("Doctor  f9" in line for line in screen_text(pilot.app)))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: top(pilot, DoctorScreen))
