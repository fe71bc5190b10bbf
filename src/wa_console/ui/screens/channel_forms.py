"""The dialogs of the channels' screen: edit a number, erase one, change the auth token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from wa_console.domain.i18n import _
from wa_console.domain.text import safe_text
from wa_console.secretstore.secret import Secret
from wa_console.services.admin import Admin, Rotation
from wa_console.services.channels import Channel
from wa_console.ui.present_channels import Amounts, erase_words, number_digits, number_name
from wa_console.ui.screens.form import Field, FormScreen


class EditChannelScreen(FormScreen):
    """Name and workstream of a number."""

    def __init__(self, admin: Admin, channel: Channel, workstreams: Sequence[str]) -> None:
        super().__init__()
        self._admin = admin
        self._channel = channel
        self._workstreams = tuple(workstreams)

    def heading(self) -> str:
        """What stands in the frame."""
        return number_digits(self._channel.number)

    def fields(self) -> Sequence[Field]:
        """Two."""
        stream = self._channel.workstream
        streams = (*((name, name) for name in self._workstreams), ("", _("none")))
        return (
            Field("name", _("Name"), self._channel.number.name, hint=_("Support Denmark")),
            Field("workstream", _("Workstream"), stream.name if stream else "", choices=streams),
        )

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Keep both."""
        await self._admin.channels.edit(
            self._channel.number.address, name=values["name"], workstream=values["workstream"]
        )
        return True


class EraseChannelScreen(FormScreen):
    """Erases a number; first it offers to write everything to a file."""

    def __init__(self, admin: Admin, channel: Channel, amounts: Amounts) -> None:
        super().__init__()
        self._admin = admin
        self._channel = channel
        self._amounts = amounts
        self._written = ""

    def heading(self) -> str:
        """What stands in the frame."""
        return _("Erase {name}?").format(name=number_name(self._channel.number))

    def buttons(self) -> Sequence[tuple[str, str]]:
        """The harmless one first: it is what Ctrl+S and a hasty Enter do."""
        return (("export", _("Export first")), ("erase", _("Erase for ever")))

    def told(self) -> Content:
        """What will be gone."""
        return Content(erase_words(self._amounts))

    def fields(self) -> Sequence[Field]:
        """The number, typed."""
        label = _("Type {number} to be sure").format(number=self._channel.number.address)
        return (Field("typed", label),)

    def live(self, values: Mapping[str, str]) -> Content:
        """Where the export is, or that there is none."""
        if self._written:
            text = _("✓ Exported to {path}").format(path=self._written)
            return Content.styled(safe_text(text), "$wa-calm")
        words = _("Detaching keeps the history. Erasing cannot be undone.")
        return Content.styled(words, "$wa-warn")

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Export and stay, or erase and go."""
        address = self._channel.number.address
        if button == "export":
            self._written = str(await self._admin.channels.export(address))
            self.refresh_live()
            return False
        await self._admin.channels.erase(address, typed=values["typed"])
        return True


class RotateScreen(FormScreen):
    """Takes in a new token beside the present one, or puts it in its place."""

    def __init__(self, admin: Admin, state: Rotation) -> None:
        super().__init__()
        self._admin = admin
        self._state = state

    def heading(self) -> str:
        """What stands in the frame."""
        return _("Change the auth token")

    def buttons(self) -> Sequence[tuple[str, str]]:
        """The step that is next stands first."""
        test = ("begin", _("Test and accept"))
        promote = ("finish", _("Put it in place"))
        return (promote, test) if self._state.secondary else (test,)

    def told(self) -> Content:
        """Where both are, and what is next."""
        state = self._state
        primary = state.primary or _("nowhere yet")
        lines: tuple[str, ...]
        if state.secondary:
            lines = (
                _("2 of 2. Promote the secondary token in Twilio's console, then put it in place."),
                _("Both are accepted now: {one} and {other}.").format(
                    one=primary, other=state.secondary
                ),
            )
        else:
            lines = (
                _("1 of 2. Make a secondary token in Twilio's console (Account, API keys & tokens)"
                  " and type it here."),
                _("The present one stays in use: {one}. Nothing is lost on the way.").format(
                    one=primary
                ),
            )  # fmt: skip
        if not state.writable:
            lines = (*lines, _("The present token stands where only you can change it."))
        return Content("\n\n").join(Content(safe_text(line)) for line in lines)

    def fields(self) -> Sequence[Field]:
        """The token, never shown."""
        return (Field("token", _("New token"), secret=True),)

    async def save(self, values: Mapping[str, str], button: str) -> bool:
        """Test and keep it, or put it in place."""
        if button == "finish" and not values["token"]:
            await self._admin.rotation.finish()
        else:
            await self._admin.rotation.begin(Secret(values["token"]))
        self.set_value("token", "")
        return True
