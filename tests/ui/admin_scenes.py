"""The administrator's scenes for goldens and pictures: what to press to get there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

from textual.pilot import Pilot

from tests.ui.admin_bench import AdminBench
from tests.ui.desk import ready, until
from wa_console.ui.screens.ask import AskScreen
from wa_console.ui.screens.channels import ChannelsScreen
from wa_console.ui.screens.doctor import DoctorScreen
from wa_console.ui.screens.form import FormScreen
from wa_console.ui.screens.paper import PaperScreen
from wa_console.ui.screens.templates import TemplatesScreen

AdminScene = Callable[[Pilot[Any], AdminBench], Awaitable[None]]


def top(pilot: Pilot[Any], kind: type[Any]) -> bool:
    """Whether a screen of a kind lies on top."""
    return isinstance(pilot.app.screen, kind)


async def in_templates(pilot: Pilot[Any]) -> TemplatesScreen:
    """Open the templates and wait until they are there."""
    await ready(pilot)
    await pilot.press("f5")
    await until(pilot, lambda: top(pilot, TemplatesScreen))
    screen = pilot.app.screen
    assert isinstance(screen, TemplatesScreen)
    await until(pilot, lambda: bool(screen.library.templates))
    return screen


async def on_template(pilot: Pilot[Any], stem: str, language: str) -> TemplatesScreen:
    """Open the templates with a cell chosen, by keys."""
    screen = await in_templates(pilot)
    while screen.matrix.row is not None and screen.matrix.row.stem != stem:
        await pilot.press("down")
    for key in ("left",) * 4:
        await pilot.press(key)
    while screen.matrix.language != language:
        await pilot.press("right")
    return screen


async def in_channels(pilot: Pilot[Any]) -> ChannelsScreen:
    """Open the channels and wait until Twilio has answered, or has not."""
    await ready(pilot)
    await pilot.press("f6")
    await until(pilot, lambda: top(pilot, ChannelsScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ChannelsScreen)
    await until(pilot, lambda: bool(screen.findings or screen.problem))
    return screen


async def in_doctor(pilot: Pilot[Any]) -> DoctorScreen:
    """Open the doctor and wait until it has finished."""
    await ready(pilot)
    await pilot.press("f9")
    await until(pilot, lambda: top(pilot, DoctorScreen))
    screen = pilot.app.screen
    assert isinstance(screen, DoctorScreen)
    await until(pilot, lambda: screen.finished.is_set())
    return screen


async def templates(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A template whose text differs from what was entered here."""
    await on_template(pilot, "delivery_delay", "da")


async def templates_card(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A card that WhatsApp paused."""
    await on_template(pilot, "spring_sale", "da")


async def templates_list(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A list, which may never begin a conversation."""
    await on_template(pilot, "pickup_time", "da")


async def templates_hole(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A language in which a template is missing."""
    await on_template(pilot, "delivery_return", "da")


async def template_detail(pilot: Pilot[Any], bench: AdminBench) -> None:
    """Everything about one."""
    await on_template(pilot, "delivery_delay", "da")
    await pilot.press("enter")
    await until(pilot, lambda: top(pilot, PaperScreen))


async def template_new(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A new one being written into a hole; a placeholder stands at the end."""
    await on_template(pilot, "delivery_return", "da")
    await pilot.press("n")
    await until(pilot, lambda: top(pilot, FormScreen))
    form = pilot.app.screen
    assert isinstance(form, FormScreen)
    form.set_value("text", "Din retur {{1}} er registreret.")
    form.set_value("examples", "R-1")
    await pilot.pause()


async def template_add(pilot: Pilot[Any], bench: AdminBench) -> None:
    """One taken up by its SID, with another text than Twilio's."""
    known = next(c for c in bench.twilio.world.contents.values() if c.language == "da")
    await in_templates(pilot)
    await pilot.press("a")
    await until(pilot, lambda: top(pilot, FormScreen))
    form = pilot.app.screen
    assert isinstance(form, FormScreen)
    form.set_value("text", "Hej {{1}}, vi ses.")
    form.set_value("sid", known.sid)
    await until(pilot, lambda: "[+" in str(form.query_one("#live").render()))


async def channels(pilot: Pilot[Any], bench: AdminBench) -> None:
    """One number, whose webhook Twilio has wrong."""
    await in_channels(pilot)


async def channels_paused(pilot: Pilot[Any], bench: AdminBench) -> None:
    """The same, paused."""
    await bench.admin.channels.pause("+4570203040")
    await in_channels(pilot)


async def channel_detach(pilot: Pilot[Any], bench: AdminBench) -> None:
    """What detaching touches."""
    await in_channels(pilot)
    await pilot.press("d")
    await until(pilot, lambda: top(pilot, AskScreen))


async def channel_edit(pilot: Pilot[Any], bench: AdminBench) -> None:
    """Name and workstream."""
    await in_channels(pilot)
    await pilot.press("e")
    await until(pilot, lambda: top(pilot, FormScreen))


async def channel_erase(pilot: Pilot[Any], bench: AdminBench) -> None:
    """The last question before everything is gone."""
    await in_channels(pilot)
    await pilot.press("X")
    await until(pilot, lambda: top(pilot, FormScreen))


async def token(pilot: Pilot[Any], bench: AdminBench) -> None:
    """A new token being typed."""
    await in_channels(pilot)
    await pilot.press("t")
    await until(pilot, lambda: top(pilot, FormScreen))
    await pilot.press(*"0123456789abcdef")


async def doctor(pilot: Pilot[Any], bench: AdminBench) -> None:
    """What is broken first."""
    await in_doctor(pilot)


ADMIN_SCENES: Final[dict[str, AdminScene]] = {
    "templates": templates,
    "templates-card": templates_card,
    "templates-list": templates_list,
    "templates-hole": templates_hole,
    "template-detail": template_detail,
    "template-new": template_new,
    "template-add": template_add,
    "channels": channels,
    "channels-paused": channels_paused,
    "channel-edit": channel_edit,
    "channel-detach": channel_detach,
    "channel-erase": channel_erase,
    "token": token,
    "doctor": doctor,
}
"""By the name of the golden."""
