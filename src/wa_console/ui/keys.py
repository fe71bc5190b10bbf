"""The keys: one table a place, each with an id (for a keymap) and a sentence (for the help).

Keys never fight tmux (no Ctrl+B, Ctrl+A) nor the line editor people know (Ctrl+W, Ctrl+U, Ctrl+K).
Descriptions are marked here and translated where they are shown. Knows no widget.
"""

from __future__ import annotations

from typing import Final

from textual.binding import Binding

from wa_console.domain.i18n import N_


def _key(
    keys: str,
    action: str,
    name: str,
    tooltip: str,
    *,
    id: str,  # noqa: A002 - Textual's word
    show: bool = False,
    display: str | None = None,
    priority: bool = False,
) -> Binding:
    return Binding(
        keys,
        action,
        name,
        show=show,
        key_display=display,
        priority=priority,
        tooltip=tooltip,
        id=id,
    )


make_key: Final = _key
"""For the tables that stand elsewhere (ui.admin_keys)."""

APP: Final = [
    _key("ctrl+q", "quit", N_("Quit"), N_("Leave; asks while messages wait to be sent"),
         id="app.quit", priority=True),
    _key("ctrl+p", "command_palette", N_("Palette"), N_("Find any action, conversation, template"),
         id="app.palette", priority=True),
    _key("f1", "help", N_("Help"), N_("The keys of this place"), id="app.help", show=True),
    _key("f8", "toggle_dark", N_("Light or dark"), N_("Switch between light and dark"),
         id="app.dark"),
    _key("ctrl+l", "repaint", N_("Redraw"), N_("Draw the whole screen again"), id="app.repaint"),
    _key("ctrl+z", "suspend_process", N_("Suspend"), N_("Stop here and return to the shell; fg"
         " brings it back"), id="app.suspend"),
]  # fmt: skip

CONSOLE: Final = [
    _key("ctrl+t", "template", N_("Template"), N_("Choose a template to send"),
         id="console.template", show=True),
    _key("ctrl+n", "note", N_("Note"), N_("Write a note that only your team sees"),
         id="console.note", show=True),
    _key("f4", "next_to_expire", N_("Next to expire"), N_("Open the conversation whose window ends"
         " first"), id="console.next_to_expire", show=True),
    _key("ctrl+f", "search", N_("Search"), N_("Find words in all messages"),
         id="console.search", show=True),
    _key("f2", "presence", N_("Presence"), N_("Available, busy, away"),
         id="console.presence", show=True),
    _key("f3", "customer", N_("Customer"), N_("Show or hide the customer"),
         id="console.customer"),
]  # fmt: skip

# Printable keys: the composer and the filter take them as text, so nothing here reaches a customer.
BROWSE: Final = [
    _key("question_mark", "app.help", N_("Keys"), N_("The keys of this place"),
         id="browse.help", display="?"),
    _key("slash", "filter", N_("Filter"), N_("Show only names and numbers that fit"),
         id="browse.filter", display="/"),
    _key("a", "take", N_("Take"), N_("Make the conversation yours"), id="browse.take", show=True),
    _key("x", "close", N_("Close"), N_("End the conversation; U undoes it"),
         id="browse.close", show=True),
    _key("R", "reopen", N_("Reopen"), N_("Open a closed conversation again"), id="browse.reopen"),
    _key("U", "undo", N_("Undo"), N_("Undo the last close"), id="browse.undo"),
    _key("e", "next_to_expire", N_("Next to expire"), N_("Open the conversation whose window ends"
         " first"), id="browse.next_to_expire"),
    _key("u", "next_unread", N_("Next unread"), N_("Open the next conversation with new messages"),
         id="browse.next_unread"),
    _key("N", "new", N_("New"), N_("Write to a number first"), id="browse.new", show=True),
    _key("left_square_bracket", "view(-1)", N_("View before"), N_("The tab to the left"),
         id="browse.view_before", display="["),
    _key("right_square_bracket", "view(1)", N_("View after"), N_("The tab to the right"),
         id="browse.view_after", display="]"),
    *(
        _key(str(number), f"jump({number})", N_("Jump"), N_("Open that row of the inbox"),
             id=f"browse.jump_{number}")
        for number in range(1, 10)
    ),
]  # fmt: skip

COMPOSER: Final = [
    _key("ctrl+e", "editor", N_("Own editor"), N_("Write in $VISUAL or $EDITOR"),
         id="composer.editor", show=True),
    _key("escape", "leave", N_("Inbox"), N_("Back to the inbox; the draft is kept"),
         id="composer.leave", show=True, display="esc"),
]  # fmt: skip

TEMPLATE_BAR: Final = [
    _key("enter", "choose", N_("Choose a template"), N_("Only a template may be sent now"),
         id="template_bar.choose", display="enter"),
    _key("escape", "leave", N_("Inbox"), N_("Back to the inbox; the draft is kept"),
         id="template_bar.leave", show=True, display="esc"),
]  # fmt: skip

DIALOG: Final = [
    _key("escape", "cancel", N_("Back"), N_("Leave without changing anything"),
         id="dialog.cancel", show=True, display="esc"),
]  # fmt: skip

BAR_ORDER: Final = (
    "console.template",
    "console.note",
    "composer.editor",
    "composer.leave",
    "template_bar.leave",
    "browse.take",
    "browse.close",
    "browse.new",
    "app.help",
    "console.next_to_expire",
    "console.search",
    "console.presence",
)
"""Binding ids in the order of the key bar; what stands in no table comes first. At 80 columns the
end falls off, so the help stands before what the help tells anyway."""
