"""Every link from here to Twilio with a light, a sentence and what mends it.

The checks run beside the keys and appear as they are done; leaving the screen ends them.
"""

from __future__ import annotations

import asyncio
import textwrap
from contextlib import aclosing
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from wa_console.domain.errors import WaConsoleError
from wa_console.domain.i18n import _
from wa_console.services.checks import Check
from wa_console.ui import admin_keys
from wa_console.ui.present_doctor import (
    Finding,
    by_gravity,
    light,
    masked_text,
    mend_key,
    report,
    verdict,
)
from wa_console.ui.present_look import ASCII
from wa_console.ui.screens.admin_frame import AdminScreen
from wa_console.ui.widgets.key_bar import KeyBar
from wa_console.ui.widgets.notice_line import NoticeLine

_NAME_CELLS: Final = 15
_WORD_CELLS: Final = 8


class DoctorScreen(AdminScreen):
    """The doctor."""

    BINDINGS: ClassVar[list[BindingType]] = [*admin_keys.DOCTOR]
    AUTO_FOCUS = "#findings"
    place = "doctor"

    def compose(self) -> ComposeResult:
        """One column: what is broken stands first."""
        yield Static(id="admin-title")
        with VerticalScroll(id="findings"):
            yield Static(id="admin-text")
        yield NoticeLine(id="notice")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Begin to check."""
        self.findings: list[Finding] = []
        self.finished = asyncio.Event()
        self.action_again()

    def action_again(self) -> None:
        """Check everything again; a run under way is ended."""
        self.run_worker(self._examine(), name="examine", group="examine", exclusive=True)

    async def _examine(self) -> None:
        self.findings = []
        self.finished.clear()
        self._show(running=True)
        try:
            async with aclosing(self.admin.examine()) as checks:
                async for check in checks:
                    self.findings.append(_finding(check))
                    self._show(running=True)
        except WaConsoleError as problem:
            self.say(str(problem), tone="urgent", seconds=0)
        self._show(running=False)
        self.finished.set()

    def _show(self, *, running: bool) -> None:
        told = verdict(self.findings) if self.findings else ""
        if running:
            told = f"{told} · {_('checking …')}" if told else _("checking …")
        self.title_is(_("Doctor"), told)
        lines = [self._line(found) for found in by_gravity(self.findings)]
        if not lines:
            words = _("Looking at this computer, the store and Twilio …")
            lines = [Content.styled(words, "$wa-muted")]
        self.tell(Content("\n").join(lines))

    def _line(self, found: Finding) -> Content:
        ascii_only = self.seat.look.glyphs is ASCII
        sign, word, tone = light(found.severity, ascii_only=ascii_only)
        room = max(30, self.size.width - _NAME_CELLS - _WORD_CELLS - 6)
        indent = " " * (_NAME_CELLS + _WORD_CELLS + 2)
        first, *rest = _wrapped(masked_text(found.text), room)
        line = Content.assemble(
            (f"{sign} {word:<{_WORD_CELLS}}", f"bold $wa-{tone}" if tone != "calm" else "$wa-calm"),
            (f"{found.check:<{_NAME_CELLS}}", "bold" if tone != "calm" else "$wa-muted"),
            first,
            *(f"\n{indent}{each}" for each in rest),
        )
        if found.mend and found.severity != "info":
            for at, each in enumerate(_wrapped(masked_text(found.mend), room - 2)):
                lead = "→ " if not at else "  "
                line = Content.assemble(line, (f"\n{indent}{lead}{each}", "$wa-muted"))
            if key := mend_key(found):
                line = Content.assemble(line, (f"  {key}", "bold $wa-key"))
        return line

    def action_copy(self) -> None:
        """Copy the report by OSC 52, which works over ssh too."""
        self.app.copy_to_clipboard(report(self.findings))
        self.say(_("Copied: masked, safe to paste."))

    def on_resize(self) -> None:
        """Wrap anew."""
        if hasattr(self, "findings"):
            self._show(running=not self.finished.is_set())


def _finding(check: Check) -> Finding:
    return Finding(check.check, check.severity.value, check.text, check.mend)


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_long_words=True, break_on_hyphens=False) or [""]
