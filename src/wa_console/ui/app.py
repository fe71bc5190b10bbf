"""The Textual application: themes, styles, keys that work everywhere, and how it begins and ends.

Runs no engine and opens no store (wiring does); what a key does on a screen is that screen's.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from rich.text import Text
from textual.binding import BindingType
from textual.screen import Screen

from wa_console.crash import write_report
from wa_console.domain.clock import Clock
from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _, ngettext
from wa_console.services.admin import Admin
from wa_console.services.desk import Desk
from wa_console.ui import admin_keys, keys
from wa_console.ui.assets import style_sheets
from wa_console.ui.coach_command import Coaching
from wa_console.ui.commands import PROVIDERS
from wa_console.ui.options import ConsoleOptions
from wa_console.ui.present_look import ASCII, UNICODE, Look
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.console import ConsoleScreen
from wa_console.ui.screens.help import HelpScreen
from wa_console.ui.screens.pulse import Pulse
from wa_console.ui.screens.seat import Seat
from wa_console.ui.theme import DARK, other_side, themes, token_defaults
from wa_console.ui.typeahead import PatientApp

__all__ = ["ConsoleApp", "ConsoleOptions"]

_SIGNALS: Final = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}
"""Exit codes of CONTRACT: 128 and the signal's number."""
_TWICE_S: Final = 3.0


class ConsoleApp(PatientApp):
    """The console over a desk.

    Attributes:
        painted: Set once the first rows are on the screen; what is slow may be imported then.
        seat: What the screens work with.
    """

    CSS_PATH = style_sheets()  # type: ignore[assignment]  # Textual takes a list of paths
    COMMANDS = PROVIDERS
    BINDINGS: ClassVar[list[BindingType]] = [*keys.APP, *admin_keys.APP]
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's
        (0, "-tiny"),
        (60, "-narrow"),
        (100, "-middle"),
        (130, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    def __init__(
        self,
        desk: Desk,
        *,
        clock: Clock,
        login: str,
        options: ConsoleOptions | None = None,
        admin: Admin | None = None,
        coaching: Coaching | None = None,
    ) -> None:
        super().__init__()
        self.coaching = coaching
        options = options or ConsoleOptions()
        self.title = options.title
        self.painted = asyncio.Event()
        self.seat = Seat(
            desk=desk,
            clock=clock,
            login=login,
            options=options,
            look=Look(
                glyphs=ASCII if options.glyphs == "ascii" else UNICODE,
                zone=options.zone,
                login=login,
            ),
            pulse=Pulse(self, desk.feed),
            admin=admin,
        )
        self._asked_to_quit_at = 0.0
        for theme in themes():
            self.register_theme(theme)
        known = options.theme in self.available_themes
        self.theme = options.theme if known else DARK

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give our tokens a value under themes that do not know them."""
        return token_defaults()

    def refresh_css(self, animate: bool = True) -> None:
        """Apply the theme's tokens; before there is a screen, without reading the styles twice.

        Textual parses them for the theme and again with the first screen's own: 30 ms each.
        """
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """The console itself."""
        return ConsoleScreen(self.seat, painted=self.painted)

    def on_mount(self) -> None:
        """Take over the person's keys and wake up properly after Ctrl+Z."""
        if self.seat.options.keymap:
            self.set_keymap(dict(self.seat.options.keymap))
        # Without it the screen stays blank after `fg` (libraries.md 5, measured in tmux).
        self.app_resume_signal.subscribe(self, lambda _app: self.refresh(layout=True))

    async def run_console(self) -> int:
        """Run until the person leaves or a signal ends it; returns the exit code (CONTRACT)."""
        with self.ending_signals():
            await self.run_async()
        return self.return_code or 0

    async def leave(self, code: int) -> None:
        """End in order: the draft is saved first, the terminal restored after."""
        console = self._console()
        if console is not None:
            await console.save_draft()
        self.exit(return_code=code)

    async def action_quit(self) -> None:
        """Leave; ask first while messages wait to be sent."""
        if isinstance(self.screen, AskScreen):
            return
        try:
            waiting = (await self.seat.desk.health.report()).outbox
        except WaConsoleError:
            waiting = 0  # a store that fails must not keep anyone in
        if not waiting:
            await self.leave(0)
            return
        question = ngettext(
            "{n} message waits to be sent. Leave all the same?",
            "{n} messages wait to be sent. Leave all the same?",
            waiting,
        ).format(n=waiting)
        detail = _("They stay in the outbox and go out when an engine runs.")

        async def answered(yes: bool | None) -> None:
            if yes:
                await self.leave(0)

        self.push_screen(AskScreen(question, detail=detail, yes=_("Leave")), answered)

    def action_help_quit(self) -> None:
        """Ctrl+C: say how to leave; the second one within three seconds leaves (130)."""
        now = time.monotonic()
        if now - self._asked_to_quit_at < _TWICE_S:
            self.run_worker(self.leave(130), name="leave")
            return
        self._asked_to_quit_at = now
        self.notify(_("Ctrl+Q leaves. Ctrl+C again leaves at once."), markup=False, timeout=3)

    def action_toggle_dark(self) -> None:
        """Switch between the light and the dark theme."""
        self.theme = other_side(self.theme)

    def action_repaint(self) -> None:
        """Draw every cell again, after something else has written on the terminal (F5)."""
        self.refresh(repaint=True, layout=True)
        self.screen.refresh(repaint=True, layout=True)

    def action_help(self) -> None:
        """Show the keys that work here and now."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of(self.screen))

    def action_admin(self, place: str) -> None:
        """Open one of the administrator's screens: templates, channels or doctor."""
        # Imported when asked for: the first frame does not wait for them (ARCHITECTURE 9).
        from wa_console.ui.screens.admin import open_admin

        open_admin(self, self.seat, place)

    def _console(self) -> ConsoleScreen | None:
        return next((s for s in self.screen_stack if isinstance(s, ConsoleScreen)), None)

    @contextmanager
    def ending_signals(self) -> Iterator[None]:
        """Let SIGTERM, SIGHUP and SIGINT end the app in order, while inside (faults F10)."""
        loop = asyncio.get_running_loop()
        endings: set[asyncio.Task[None]] = set()

        def end(code: int) -> None:
            endings.add(asyncio.create_task(self.leave(code), name="leave"))

        for number, code in _SIGNALS.items():
            loop.add_signal_handler(number, end, code)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def _fatal_error(self) -> None:
        """Say a sentence and write a report without values, in place of Textual's (faults F11)."""
        error = self._exception or RuntimeError()
        path = write_report(error, at=self.seat.now(), folder=self.seat.options.report_dir)
        sentence = _("wa-console stopped on a fault of its own. Nothing that was sent is lost.")
        where = _("Report without customer data: {path}").format(path=path) if path else ""
        self._exit_renderables.append(Text("\n".join(part for part in (sentence, where) if part)))
        self._close_messages_no_wait()
