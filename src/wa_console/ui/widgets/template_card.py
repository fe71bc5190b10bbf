"""A template as the customer sees it: header, media, text, footer, buttons or a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textual.content import Content

from wa_console.domain.template import Button, Template, render
from wa_console.domain.text import safe_text, snippet

_LIMIT: Final = 2048
_SIGNS: Final = {"url": " ↗", "phone": " ☏", "copy_code": " ⧉"}


def template_card(template: Template, values: Mapping[str, str]) -> Content:
    """Return the message with values put in; an empty field keeps its placeholder."""
    filled = {key: value for key, value in values.items() if value.strip()}

    def text(raw: str, limit: int = _LIMIT) -> str:
        return safe_text(render(raw, filled), limit=limit, max_lines=40)

    lines = [_media(text(address, 200)) for address in template.media]
    if template.header:
        lines.append(Content.styled(text(template.header), "bold"))
    if template.body or not lines:
        lines.append(Content(text(template.body)))
    if template.footer:
        lines.append(Content.styled(text(template.footer), "$wa-muted"))
    if template.kind == "twilio/location":
        lines.append(Content("⌖ location"))
    buttons = [b for b in template.buttons if b.kind != "item"]
    if buttons:
        chips = "  ".join(f"⟨ {snippet(b.title, 24)}{_SIGNS.get(b.kind, '')} ⟩" for b in buttons)
        lines += [Content(""), Content.styled(chips, "$wa-muted")]
    items = [b for b in template.buttons if b.kind == "item"]
    if items:
        opener = snippet(template.list_button, 24) or "…"
        lines += [Content(""), Content.styled(f"⟨ ≡ {opener} ⟩", "$wa-muted")]
        lines += [_item(item) for item in items]
    return Content("\n").join(lines)


def _media(address: str) -> Content:
    """A card for an attachment, named by the end of its address."""
    name = address.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return Content.styled(f"▤ {snippet(name or address, 48)}", "$wa-muted")


def _item(item: Button) -> Content:
    return Content.assemble(
        "  · ", snippet(item.title, 24), (f"  {snippet(item.detail, 72)}", "$wa-muted")
    )
