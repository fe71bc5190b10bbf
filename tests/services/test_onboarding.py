"""The wizard's use cases against a simulated Twilio: proof, resume, all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.onboarding_rig import (
    SID,
    at_callback,
    begun,
    kept,
    settings_of,
    typed,
    wrong,
)
from wa_console.config import Settings
from wa_console.domain.errors import SetupProblem
from wa_console.domain.onboarding_draft import Step
from wa_console.domain.sandbox import SANDBOX_NUMBER
from wa_console.domain.template import Approval
from wa_console.secretstore.secret import Secret
from wa_console.simulator.server import Simulator

WHO = "+4531226410"


# --- account -----------------------------------------------------------------------------------


async def test_credentials_are_tested_and_kept_but_not_in_the_draft(
    wizard_settings: Settings, twilio: Simulator
) -> None:
    async with begun(wizard_settings) as made:
        assert await made.wizard.asks_passphrase()
        await made.wizard.prove_account(typed(twilio))
        assert made.wizard.draft.step is Step.NUMBER
        assert made.wizard.known.auth_token == Secret(twilio.auth_token)
        text = await kept(made)
    assert twilio.account_sid in text
    assert twilio.auth_token not in text
    home = wizard_settings.paths.data
    assert (home / "secrets.enc").exists()
    raw = twilio.auth_token.encode()
    assert [p for p in home.rglob("*") if p.is_file() and raw in p.read_bytes()] == []


@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({"account_sid": ""}, "account_sid", "Paste"),
        ({"account_sid": "AC123"}, "account_sid", "34"),
        ({"account_sid": "SK" + "0" * 32}, "account_sid", "API key"),
        ({"account_sid": "AC" + "0" * 32}, "token", "20003"),
        ({"token": "f" * 32}, "token", "20003"),
        ({"token": "hunter2"}, "token", "32"),
        ({"token": "AC" + "0" * 32}, "token", "Account SID"),
        ({"token": ""}, "token", "Paste"),
        ({"api_key": "SK1"}, "api_key", "SK"),
        ({"api_key": "SK" + "0" * 32}, "api_secret", "secret"),
        ({"api_key": "SK" + "0" * 32, "api_secret": "wrong"}, "api_secret", "20003"),
        ({"passphrase": "short", "again": "short"}, "passphrase", "Eight"),
        ({"again": "another one"}, "passphrase", "differ"),
    ],
)
async def test_a_wrong_account_gets_a_sentence_and_saves_nothing(
    wizard_settings: Settings, twilio: Simulator, fields: dict[str, str], at: str, says: str
) -> None:
    async with begun(wizard_settings) as made:
        problem = await wrong(made, made.wizard.prove_account(typed(twilio, **fields)))
    assert problem.field == at
    assert says in str(problem)
    assert not (wizard_settings.paths.data / "secrets.enc").exists()


async def test_twilio_that_cannot_be_reached_is_told_as_such(
    tmp_path: Path, twilio: Simulator
) -> None:
    wizard_settings = settings_of(tmp_path, "http://127.0.0.1:9")
    async with begun(wizard_settings) as made:
        problem = await wrong(made, made.wizard.prove_account(typed(twilio)))
    assert "cannot be reached" in str(problem)


async def test_an_api_key_sends_and_the_token_verifies(
    wizard_settings: Settings, twilio: Simulator
) -> None:
    config = twilio.config
    async with begun(wizard_settings) as made:
        await made.wizard.prove_account(
            typed(twilio, api_key=config.api_key, api_secret=config.api_secret)
        )
        assert made.wizard.known.api_key == config.api_key
        assert await made.wizard.twilio_templates()


async def test_a_token_in_the_environment_needs_no_typing(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        assert not await made.wizard.asks_passphrase()
        await made.wizard.prove_account(typed(twilio, token="", passphrase="", again=""))
    assert not (wizard_settings.paths.data / "secrets.enc").exists()


async def test_one_in_the_environment_would_win_over_a_typed_one(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    other = {**known, "TWILIO_AUTH_TOKEN": "f" * 32}
    async with begun(wizard_settings, environ=other) as made:
        problem = await wrong(made, made.wizard.prove_account(typed(twilio)))
    assert "would win" in str(problem)


async def test_testing_keeps_nothing(wizard_settings: Settings, twilio: Simulator) -> None:
    async with begun(wizard_settings) as made:
        await made.wizard.test_account(typed(twilio))
        assert made.wizard.draft.step is Step.ACCOUNT
        assert not made.wizard.known.auth_token


# --- number ------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["+4570203040", "0045 70 20 30 40", "whatsapp:+4570203040"])
async def test_a_sender_is_found_in_any_spelling(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], spelling: str
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        sender = await made.wizard.choose_number(spelling)
        assert (sender.status, sender.quality) == ("ONLINE", "HIGH")
        draft = made.wizard.draft
    assert (draft.number, draft.number_name) == (twilio.number, "Support Denmark")
    assert draft.step is Step.CALLBACK


@pytest.mark.parametrize(
    "text",
    ["", "70203040", "+45", "hello", "+4571993000", "+999 1", "DK.13C0F91AB96D085B6173701F",
     SANDBOX_NUMBER, "+45 70 20 30 40 50 60", "(0)", "+1 415 523 8886", "whatsapp:+4571993000"],
)  # fmt: skip
async def test_twelve_numbers_that_are_not_ours(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], text: str
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        problem = await wrong(made, made.wizard.choose_number(text))
    assert problem.field == "number"


async def test_an_account_without_senders_is_told_where_to_get_one(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    del twilio.world.senders[f"whatsapp:{twilio.number}"]
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        problem = await wrong(made, made.wizard.choose_number(twilio.number))
    assert "no WhatsApp sender yet" in str(problem)


# --- the way in --------------------------------------------------------------------------------


async def test_polling_sees_a_message_and_tells_it_once(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        await made.wizard.poll_instead()
        watch = made.wizard.watch()
        assert await watch.look(ask_twilio=True) == []
        await twilio.say(WHO, body="Hej, test")
        (heard,) = await watch.look(ask_twilio=True)
        assert (heard.body, heard.polled, heard.who) == ("Hej, test", True, f"whatsapp:{WHO}")
        assert await watch.look(ask_twilio=True) == []


async def test_a_webhook_is_set_proven_and_journalled_for_later(
    tmp_path: Path, twilio: Simulator, known: dict[str, str], unused_tcp_port: int
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    wizard_settings = settings_of(tmp_path, twilio.base_url, WA_CONSOLE_PORT=str(unused_tcp_port))
    async with begun(wizard_settings, environ=known) as made:
        wizard = made.wizard
        await at_callback(made, twilio)
        await wizard.set_url(url)
        assert not (await wizard.reach()).ok
        async with wizard.listening():
            probed = await wizard.reach()
            assert probed.ok, probed.sentence
            await wizard.set_webhook()
            sender = await wizard.webhook()
            assert sender is not None
            assert sender.callback_url == f"{url}/twilio/inbound"
            said = await twilio.say(WHO, body="Hej")
            assert said.status == 200
            (heard,) = await wizard.watch().look(ask_twilio=False)
        assert (heard.body, heard.polled) == ("Hej", False)
        assert await made.opened.store.journal.last_seq() == 1


async def test_a_taken_port_is_told(
    tmp_path: Path, twilio: Simulator, known: dict[str, str]
) -> None:
    taken = twilio.base_url.rpartition(":")[2]
    wizard_settings = settings_of(tmp_path, twilio.base_url, WA_CONSOLE_PORT=taken)
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        await made.wizard.set_url("http://127.0.0.1:1")
        with pytest.raises(SetupProblem, match="WA_CONSOLE_PORT"):
            async with made.wizard.listening():
                pass


@pytest.mark.parametrize(
    "url", ["", "http://chat.example.dk", "https://10.0.0.1", "https://a_b.dk"]
)
async def test_a_url_that_twilio_cannot_call(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], url: str
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await at_callback(made, twilio)
        assert (await wrong(made, made.wizard.set_url(url))).field == "public_url"


# --- templates ---------------------------------------------------------------------------------


async def test_every_approved_template_with_a_text_is_taken_over(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        found = await made.wizard.twilio_templates()
        await made.wizard.import_templates(take=True)
        approved = {t.content_sid for t in found if t.approval is Approval.APPROVED}
        assert {e.content_sid for e in made.wizard.draft.templates} == approved
        await made.wizard.import_templates(take=False)
        assert made.wizard.draft.templates == ()


async def test_one_by_its_sid_with_language_and_text(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str]
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        wizard = made.wizard
        await wizard.prove_account(typed(twilio, token=""))
        good = next(t for t in await wizard.twilio_templates() if t.approval is Approval.APPROVED)
        template = await wizard.fetch_template(f" {good.content_sid} ")
        other = "en" if good.language == "da" else "da"
        for language, text, at in (
            (other, good.text, "language"),
            ("", good.text, "language"),
            (good.language, "Hej", "text"),
            (good.language, "", "text"),
            (good.language, good.text + " {{9}}", "text"),
        ):
            adding = wizard.add_template(template, language=language, text=text)
            assert (await wrong(made, adding)).field == at
        await wizard.add_template(template, language=good.language, text=good.text)
        (entry,) = wizard.draft.templates
        assert (entry.content_sid, entry.text) == (good.content_sid, good.text)
        await wizard.import_templates(take=False)
        assert wizard.draft.templates == (), "none for now means none"


@pytest.mark.parametrize("approval", [Approval.PENDING, Approval.REJECTED, Approval.PAUSED])
async def test_one_that_is_not_approved_is_refused_with_the_reason(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], approval: Approval
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        bad = next(t for t in await made.wizard.twilio_templates() if t.approval is approval)
        problem = await wrong(made, made.wizard.fetch_template(bad.content_sid))
    assert problem.field == "content_sid"


@pytest.mark.parametrize("text", ["", "HX1", "order_update", "MG" + "0" * 32, SID])
async def test_one_that_twilio_does_not_have(
    wizard_settings: Settings, twilio: Simulator, known: dict[str, str], text: str
) -> None:
    async with begun(wizard_settings, environ=known) as made:
        await made.wizard.prove_account(typed(twilio, token=""))
        assert (await wrong(made, made.wizard.fetch_template(text))).field == "content_sid"
