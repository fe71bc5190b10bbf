"""Account: SID and Auth Token, tested with Twilio before the step is left."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from wa_console.domain import onboarding_values as read
from wa_console.domain.i18n import _
from wa_console.secretstore.secret import Secret
from wa_console.services.onboarding_account import Typed
from wa_console.services.onboarding_progress import at_field
from wa_console.ui.screens.wizard.step import StepView
from wa_console.ui.widgets.field import Field
from wa_console.ui.wizard_keys import ACCOUNT

_SECRETS: Final = ("token", "api_secret", "passphrase", "again")


class AccountStep(StepView):
    """Two fields; two more for a passphrase where there is no keyring, two for an API key."""

    BINDINGS: ClassVar[list[BindingType]] = [*ACCOUNT]

    def heading(self) -> str:
        """The question."""
        return _("Which Twilio account?")

    def told(self) -> str:
        """Where to find them."""
        return _(
            "Both stand in Twilio's console under Account Dashboard, Account Info (November 2026). "
            "They are tested with Twilio before anything is kept."
        )

    def body(self) -> ComposeResult:
        """The fields."""
        draft, known = self.onboarding.draft, self.onboarding.known
        yield Field(
            "account_sid",
            _("Account SID"),
            value=draft.account_sid or known.account_sid,
            hint="AC…",
        )
        found = ""
        if known.auth_token:
            found = _("Found in {where}; leave it empty to use that one.").format(where=known.where)
        yield Field(
            "token",
            _("Auth Token"),
            told=found or _("Typed masked, kept as a secret, never shown again."),
            secret=True,
        )
        yield Field("api_key", _("API key SID"), value=draft.api_key, hint="SK…")
        yield Field("api_secret", _("API key secret"), secret=True)
        yield Field(
            "passphrase",
            _("New passphrase"),
            told=_("No keyring here: the token goes into an encrypted file, this opens it."),
            secret=True,
        )
        yield Field("again", _("The same again"), secret=True)

    def begin(self) -> None:
        """The first field that is empty."""
        self.set_class(bool(self.onboarding.draft.api_key), "-key")
        name = "token" if self.text_of("account_sid") else "account_sid"
        self.field(name).take_focus()
        self._ask()

    @work(group="passphrase")
    async def _ask(self) -> None:
        self.set_class(await self.onboarding.asks_passphrase(), "-passphrase")

    def action_key_fields(self) -> None:
        """Show or hide the fields for an API key."""
        self.toggle_class("-key")
        if self.has_class("-key"):
            self.field("api_key").take_focus()
        else:
            self.field("api_key").value = ""
            self.field("token").take_focus()

    async def submit(self) -> None:
        """Test them, keep them, go on."""
        at_field("account_sid", lambda: read.account_sid(self.text_of("account_sid")))
        typed = self._typed()
        empty = self._next_empty()
        if empty is None:
            self.say(_("Asking Twilio …"))
            await self.onboarding.prove_account(typed)
            for name in _SECRETS:
                self.field(name).value = ""
            return
        if empty.field_name == "passphrase":
            # Before the token's field is left: a passphrase for a wrong token is of no use.
            self.say(_("Asking Twilio …"))
            await self.onboarding.test_account(typed)
            self.say(_("Twilio accepts them."), tone="calm")
        empty.take_focus()

    def _typed(self) -> Typed:
        return Typed(
            account_sid=self.text_of("account_sid"),
            token=Secret(self.text_of("token")),
            api_key=self.text_of("api_key"),
            api_secret=Secret(self.text_of("api_secret")),
            passphrase=Secret(self.text_of("passphrase")),
            again=Secret(self.text_of("again")),
        )

    def _next_empty(self) -> Field | None:
        """Return the first empty field below the cursor: Enter goes down to it."""
        shown = [field for field in self.query(Field) if field.display]
        at = next((n for n, field in enumerate(shown) if field.has_focus_within), len(shown))
        known = bool(self.onboarding.known.auth_token)
        return next(
            (
                field
                for field in shown[at + 1 :]
                if not field.value and not (known and field.field_name == "token")
            ),
            None,
        )
