"""The simulated Twilio as one object: starts, listens, stops.

Duty: put the parts together and offer what tests and the demo need. The rules stand in the other
modules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from wa_console.simulator import gate, media, rest_account, rest_content, rest_senders
from wa_console.simulator.callbacks import Progress
from wa_console.simulator.clock import SimClock
from wa_console.simulator.control import Control
from wa_console.simulator.courier import Courier
from wa_console.simulator.inbound import Utterance, receive
from wa_console.simulator.people import People, roster
from wa_console.simulator.records import (
    Account,
    Button,
    DeliveredMessage,
    Location,
    MediaItem,
    Sender,
)
from wa_console.simulator.rest_messages import MessagesApi
from wa_console.simulator.scenario import SCENARIOS, content_of
from wa_console.simulator.site import SITE, Site
from wa_console.simulator.truth import Truth
from wa_console.simulator.world import SANDBOX_ADDRESS, Mint, World, bare_address

__all__ = [
    "Button",
    "DeliveredMessage",
    "Location",
    "MediaItem",
    "Simulator",
    "SimulatorConfig",
]

SANDBOX_CODE = "silver-otter"
"""What a customer joins the sandbox with: ``join silver-otter``."""

_SHUTDOWN_S = 0.5


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """How a simulator is set up. Credentials left empty are made from the seed.

    Attributes:
        host: Where it listens; loopback only makes sense.
        port: The port, 0 picks a free one.
        speed: Simulated seconds in a wall second.
        seed: Ids, credentials and lively answers follow from it.
        account_sid: The one account.
        auth_token: The account's Auth Token; signs the webhooks.
        api_key: SID of a Standard API key.
        api_secret: Its secret.
        number: The WhatsApp sender; the sandbox's number makes it a sandbox.
        inbound_url: The sender's webhook; None until `Simulator.set_inbound_url`.
        clock_file: Where each change of the clock is published, None for nowhere.
        lively: Whether scripted customers answer by themselves.
        answer_delay_s: Shortest and longest time to their answer, in wall seconds.
        scenario: Whose templates the account has.
    """

    host: str = "127.0.0.1"
    port: int = 0
    speed: float = 1.0
    seed: int = 1
    account_sid: str = "AC5eed0a11ce5eed0a11ce5eed0a11ce5e"
    auth_token: str = ""
    api_key: str = ""
    api_secret: str = ""
    number: str = "+4570203040"
    inbound_url: str | None = None
    clock_file: Path | None = None
    lively: bool = True
    answer_delay_s: tuple[float, float] = (2.5, 9.0)
    scenario: str = "support"

    def __post_init__(self) -> None:
        secrets = Mint(self.seed)
        made = (secrets.token(), secrets.sid("SK"), secrets.token())
        for name, value in zip(("auth_token", "api_key", "api_secret"), made, strict=True):
            if not getattr(self, name):
                object.__setattr__(self, name, value)


class Simulator:
    """A Twilio account with one WhatsApp sender, its customers and its templates.

    Use it as an asynchronous context manager, or call `start` and `stop`.

    Args:
        config: How it is set up.
    """

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock = SimClock(speed=config.speed, file=config.clock_file)
        self.world = _build_world(config, self.clock)
        self._address = f"whatsapp:{bare_address(config.number)}"
        self._site = Site(self.world, self.clock, Courier(config.auth_token))
        self._progress = Progress(self._site)
        people = People(self._site, seed=config.seed, delay_s=config.answer_delay_s)
        self._site.on_delivered = people.hear
        self._runner: web.AppRunner | None = None
        if config.inbound_url is not None:
            self.set_inbound_url(config.inbound_url)

    @property
    def base_url(self) -> str:
        """Scheme, host and port that replace Twilio's; empty before `start`."""
        return self._site.base_url

    @property
    def account_sid(self) -> str:
        """The SID of the account."""
        return self.config.account_sid

    @property
    def auth_token(self) -> str:
        """The Auth Token: REST password and key of the signatures."""
        return self.config.auth_token

    @property
    def number(self) -> str:
        """The sender's number, in E.164."""
        return bare_address(self.config.number)

    @property
    def truth(self) -> Truth:
        """The truth log."""
        return self._site.truth

    async def start(self) -> None:
        """Listens; `base_url` is valid from then on.

        Raises:
            OSError: If the port is taken.
        """
        await self._site.courier.start()
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=_SHUTDOWN_S
        )
        await self._runner.setup()
        listener = web.TCPSite(self._runner, self.config.host, self.config.port)
        try:
            await listener.start()
        except OSError:
            await self.stop()
            raise
        host, port = self._runner.addresses[0][:2]
        self._site.base_url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Stops listening and ends everything that is under way. Harmless when repeated."""
        self._site.closing.set()
        await self._site.crew.dismiss()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._site.courier.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    def set_inbound_url(self, url: str) -> None:
        """Configures the inbound webhook of the sender and of the sandbox."""
        for address in (self._address, SANDBOX_ADDRESS):
            self.world.senders[address].webhook.callback_url = url

    async def say(
        self,
        address: str,
        *,
        body: str = "",
        media: Sequence[MediaItem] = (),
        button: Button | None = None,
        location: Location | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> DeliveredMessage:
        """Has a customer write, and returns when the webhook was answered or has failed.

        Args:
            address: Any spelling of a number or business-scoped id; an unknown one is a new
                customer.
            body: The text.
            media: Attachments.
            button: A press on a button; its text becomes the body.
            location: A shared place.
            extra: Further or overriding form fields.

        Raises:
            ValueError: If ``address`` is no WhatsApp address.
        """
        return await receive(
            self._site,
            customer=self.world.customer(address),
            sender=self.world.senders[self._address],
            said=Utterance(body, media, button, location, extra or {}),
        )

    async def settle(self) -> None:
        """Delivers all pending status callbacks at once and waits until they are answered."""
        await self._progress.settle()

    def _application(self) -> web.Application:
        app = web.Application(
            client_max_size=32 << 20,
            middlewares=[
                gate.dated,
                gate.logged,
                gate.Turnstile().enter,
                gate.struck,
                gate.authenticated,
            ],
        )
        app[SITE] = self._site
        app.add_routes(
            [
                *MessagesApi(self._progress).routes(),
                *media.routes(),
                *rest_account.routes(),
                *rest_content.routes(),
                *rest_senders.routes(),
                *Control(self._address).routes(),
            ]
        )
        return app


def _build_world(config: SimulatorConfig, clock: SimClock) -> World:
    mint = Mint(config.seed)
    account = Account(
        sid=config.account_sid,
        auth_token=config.auth_token,
        api_key=config.api_key,
        api_secret=config.api_secret,
        friendly_name="Support",
        created_at=clock.now() - timedelta(days=400),
    )
    world = World(account, mint, lively=config.lively)
    sandbox = Sender(mint.sid("XE"), SANDBOX_ADDRESS, "Twilio Sandbox", join_code=SANDBOX_CODE)
    world.senders[sandbox.address] = sandbox
    address = f"whatsapp:{bare_address(config.number)}"
    if address not in world.senders:
        world.senders[address] = Sender(mint.sid("XE"), address, "Support Denmark")
    world.services[mint.sid("MG")] = (address,)
    for customer in roster(mint):
        world.add_customer(customer)
    for template in SCENARIOS[config.scenario].templates:
        content = content_of(template, clock.now())
        world.contents[content.sid] = content
    return world
