"""The keys of the administrator's screens; the same rules as for the console's (ui.keys).

F5, F6 and F9 open them from anywhere. Letters work while no field is being written in.
"""

from __future__ import annotations

from typing import Final

from wa_console.domain.i18n import N_
from wa_console.ui.keys import make_key

APP: Final = [
    make_key("f5", "admin('templates')", N_("Templates"), N_("All templates: languages, approvals,"
             " new ones"), id="app.templates"),
    make_key("f6", "admin('channels')", N_("Channels"), N_("Account and numbers: health, edit,"
             " token, pause, erase"), id="app.channels"),
    make_key("f9", "admin('doctor')", N_("Doctor"), N_("Check every link from here to Twilio"),
             id="app.doctor"),
]  # fmt: skip

FRAME: Final = [
    make_key("escape", "leave", N_("Back"), N_("Back to the screen before"), id="frame.leave",
             show=True, display="esc"),
    make_key("question_mark", "app.help", N_("Keys"), N_("The keys of this place"),
             id="frame.help", display="?"),
]  # fmt: skip

TEMPLATES: Final = [
    make_key("left,right", "column", N_("Language"), N_("The same template in another language"),
             id="templates.column", display="← →"),
    make_key("i,enter", "detail", N_("Detail"), N_("Everything about this one"),
             id="templates.detail", show=True, display="enter"),
    make_key("n", "new", N_("New"), N_("Write a text template and submit it to WhatsApp"),
             id="templates.new", show=True),
    make_key("a", "add", N_("Add by SID"), N_("Take up a template that Twilio has"),
             id="templates.add", show=True),
    make_key("u", "submit", N_("Submit"), N_("Ask WhatsApp to approve this one"),
             id="templates.submit", show=True),
    make_key("s", "sync", N_("Sync"), N_("Fetch all templates and approvals from Twilio"),
             id="templates.sync", show=True),
    make_key("slash", "filter", N_("Filter"), N_("Show only templates with these words"),
             id="templates.filter", show=True, display="/"),
]  # fmt: skip

CHANNELS: Final = [
    make_key("e,enter", "edit", N_("Edit"), N_("Name and workstream"), id="channels.edit",
             show=True, display="e"),
    make_key("p", "pause", N_("Pause"), N_("Send nothing, hold back what comes; again resumes"),
             id="channels.pause", show=True),
    make_key("d", "detach", N_("Detach"), N_("Out of the set-up; the history stays"),
             id="channels.detach", show=True),
    make_key("X", "erase", N_("Erase"), N_("Number and history, for ever"), id="channels.erase",
             show=True),
    make_key("t", "rotate", N_("Token"), N_("Change the auth token without a gap"),
             id="channels.rotate", show=True),
    make_key("r", "look", N_("Ask Twilio"), N_("Look at the senders again"), id="channels.look",
             show=True),
    make_key("x", "export", N_("Export"), N_("Write everything said there to a file"),
             id="channels.export"),
]  # fmt: skip

DOCTOR: Final = [
    make_key("r", "again", N_("Again"), N_("Check everything again"), id="doctor.again",
             show=True),
    make_key("c", "copy", N_("Copy report"), N_("Copy the findings, masked, to the clipboard"),
             id="doctor.copy", show=True),
]  # fmt: skip

FORM: Final = [
    make_key("escape", "cancel", N_("Back"), N_("Leave without changing anything"),
             id="form.cancel", show=True, display="esc"),
    make_key("ctrl+s", "save", N_("Save"), N_("Do what the first button says"), id="form.save",
             show=True, priority=True),
]  # fmt: skip
