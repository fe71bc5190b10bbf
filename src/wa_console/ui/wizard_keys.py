"""The wizard's keys, in the manner of ui.keys: an id for a keymap, a sentence for the help."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from wa_console.domain.i18n import N_

WIZARD: Final = [
    Binding("enter", "next", N_("Next"), id="wizard.next", priority=True, key_display="⏎",
            tooltip=N_("Check this step, keep it, and go to the next")),
    Binding("escape", "back", N_("Back"), id="wizard.back", key_display="esc",
            tooltip=N_("To the step before; what was answered stays")),
    Binding("f1", "app.help", N_("Help"), id="wizard.help",
            tooltip=N_("The keys of this place")),
    Binding("ctrl+q", "app.quit", N_("Quit, resume later"), id="wizard.quit", key_display="^q",
            priority=True, tooltip=N_("Leave; everything so far is kept")),
    Binding("pagedown", "page(1)", N_("Page down"), show=False, id="wizard.page_down",
            tooltip=N_("See what stands below")),
    Binding("pageup", "page(-1)", N_("Page up"), show=False, id="wizard.page_up",
            tooltip=N_("See what stands above")),
    Binding("down", "app.focus_next", N_("Field down"), show=False, id="wizard.down",
            tooltip=N_("The next field")),
    Binding("up", "app.focus_previous", N_("Field up"), show=False, id="wizard.up",
            tooltip=N_("The field before")),
]  # fmt: skip

ACCOUNT: Final = [
    Binding("f7", "key_fields", N_("With an API key"), id="wizard.api_key",
            tooltip=N_("Show the fields for an API key, used for sending")),
]  # fmt: skip

CALLBACK: Final = [
    Binding("c", "copy", N_("Copy"), id="wizard.copy",
            tooltip=N_("Copy the URL; works over ssh where the terminal knows OSC 52")),
    Binding("s", "set", N_("Set at Twilio"), id="wizard.set",
            tooltip=N_("Have Twilio call this URL, by its Senders API")),
    Binding("p", "poll", N_("Poll"), id="wizard.poll",
            tooltip=N_("Ask Twilio every few seconds; needs no public address")),
    Binding("t", "tunnel", N_("Tunnel"), id="wizard.tunnel",
            tooltip=N_("Choose a program that makes this computer reachable")),
    Binding("u", "url", N_("URL"), id="wizard.url",
            tooltip=N_("Type the address at which Twilio reaches this computer")),
]  # fmt: skip

TEMPLATES: Final = [
    Binding("a", "add", N_("Add by SID"), id="wizard.add",
            tooltip=N_("Add one template by its Content SID")),
]  # fmt: skip

TOGGLES: Final = [
    Binding("space", "switch_line", N_("Switch"), id="wizard.toggle",
            tooltip=N_("Switch the line under the cursor on or off")),
]  # fmt: skip

COACH: Final = [
    Binding("c", "copy", N_("Copy"), id="coach.copy",
            tooltip=N_("Copy what the phone must write")),
    Binding("u", "url", N_("URL"), id="coach.url",
            tooltip=N_("Have messages come by webhook instead of polling")),
    Binding("y", "copy_url", N_("Copy URL"), id="coach.copy_url",
            tooltip=N_("Copy the URL to paste into Twilio's sandbox settings")),
    Binding("e", "phrase", N_("Phrase"), id="coach.phrase",
            tooltip=N_("Type the join phrase again")),
]  # fmt: skip
