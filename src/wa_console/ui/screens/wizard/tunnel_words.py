"""Words of the wizard's tunnels: the list to choose from, and the card of the one that runs."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from wa_console.domain.i18n import N_, _
from wa_console.domain.onboarding_draft import QUICK_TUNNELS
from wa_console.domain.text import snippet
from wa_console.ui.screens.setup_words import fact

_TOLD: Final = {
    "cloudflared": N_("a quick tunnel, without an account"),
    "tailscale": N_("Funnel; this computer is in your tailnet"),
    "ngrok": N_("by its Python library and NGROK_AUTHTOKEN"),
}


def tunnel_line(name: str) -> Content:
    """Return a tunnel of the list: its name, what it is, what it is fit for."""
    return Content.assemble(
        (name, "bold"),
        "  ",
        _(_TOLD.get(name, "")) if name in _TOLD else "",
        "\n",
        _fitness(name),
    )


def tunnel_card(name: str, inbound_url: str) -> Content:
    """Return the tunnel that runs, or is being opened: ``inbound_url`` is empty."""
    if not inbound_url:
        words = _("Opening a tunnel with {name} …").format(name=name)
        return Content.assemble((words, "bold"), "\n", _fitness(name))
    told = _("POST · signed with your auth token · c copies it")
    return Content.assemble(
        (snippet(inbound_url, 200), "bold"), "\n", (told, "$wa-muted"), "\n", _fitness(name)
    )


def settling_fact() -> Content:
    """Return that the round trip is still to come: a new name is not known at once (DNS)."""
    return Content.styled(_("○ Checking from outside in a moment …"), "$wa-muted")


def problem_fact(problem: str) -> Content:
    """Return what went wrong with the tunnel, which is tried again."""
    return fact(_("{problem} Trying again.").format(problem=problem), ok=False)


def _fitness(name: str) -> Content:
    if name in QUICK_TUNNELS:
        told = _("For trying only: the address changes at each start.")
        return Content.styled(told, "$wa-warn")
    return Content.styled(_("The address stays the same."), "$wa-muted")
