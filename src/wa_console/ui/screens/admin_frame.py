"""What the administrator's screens share: frame, notices, work beside the keys."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Static

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.services.admin import Admin
from wa_console.ui import admin_keys
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.seat import Seat
from wa_console.ui.widgets.key_bar import KeyBar
from wa_console.ui.widgets.notice_line import NoticeLine


class AdminScreen(Screen[None]):
    """A list on the left, what it is about on the right, keys below."""

    BINDINGS: ClassVar[list[BindingType]] = [*admin_keys.FRAME]
    place: ClassVar[str] = ""
    """Name by which `open_admin` knows it."""

    def __init__(self, seat: Seat, admin: Admin) -> None:
        super().__init__(classes="admin")
        self.seat = seat
        self.admin = admin

    def compose(self) -> ComposeResult:
        """Title, the two halves, notices, keys."""
        yield Static(id="admin-title")
        with Horizontal(id="admin-desk"):
            with Vertical(id="admin-list"):
                yield from self.compose_list()
            with VerticalScroll(id="admin-detail"):
                yield from self.compose_detail()
        yield NoticeLine(id="notice")
        yield KeyBar(id="keys")
        yield Static(
            Content(_("wa-console needs 60 columns and 20 rows. Make this window larger.")),
            id="too-small",
        )

    def compose_list(self) -> ComposeResult:
        """The left half."""
        yield from ()

    def compose_detail(self) -> ComposeResult:
        """The right half."""
        yield Static(id="admin-text")

    def title_is(self, name: str, told: str = "") -> None:
        """Write the top row: where this is, and how things stand in a few words."""
        line = Content.assemble(
            ("wa-console", "bold $wa-strong"), (f"  {name}", "bold"), (f"   {told}", "$wa-muted")
        )
        self.query_one("#admin-title", Static).update(line)

    def tell(self, content: Content) -> None:
        """Write the right half."""
        self.query_one("#admin-text", Static).update(content)

    def say(self, text: str, *, tone: str = "calm", seconds: float = 8.0) -> None:
        """Say in the notice line what has happened."""
        self.query_one(NoticeLine).show(text, tone=tone, seconds=seconds)

    def do(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run work beside the keys; a refusal becomes a notice, a fault of ours ends the app."""

        async def guarded() -> None:
            try:
                await work
            except WaConsoleError as problem:
                if self.is_attached:
                    self.say(str(problem), tone="urgent", seconds=15)
            except NoMatches:
                # The answer came while the screen was being taken down: nobody is left to see it.
                if self in self.app.screen_stack and self.app.is_running and not self.app._exit:
                    raise

        self.run_worker(guarded(), name=name, group=name, exit_on_error=True)

    async def ask(self, question: str, *, detail: str = "", yes: str = "") -> bool:
        """Ask in a dialog; only from inside `do`."""
        answer: bool | None = await self.app.push_screen_wait(
            AskScreen(question, detail=detail, yes=yes)
        )
        return bool(answer)

    def action_leave(self) -> None:
        """Back to the screen before."""
        self.app.pop_screen()
