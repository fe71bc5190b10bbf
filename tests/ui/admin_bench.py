"""An administrator's console: the desk of the pictures beside a simulated Twilio."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.ui.desk import LOGIN, NOW, ZONE, Bench, open_bench
from wa_console.domain.errors import NotAllowed, SetupProblem
from wa_console.domain.setup import TemplateEntry
from wa_console.domain.template import Approval, Button, Template
from wa_console.gateway.port import Gateway
from wa_console.gateway.twilio import TwilioGateway
from wa_console.secretstore.secret import Secret
from wa_console.services.admin import Admin, Rotation
from wa_console.services.channels import Channels
from wa_console.services.checks import Check, error, fine, warning
from wa_console.services.template_author import TemplateAuthor
from wa_console.simulator.server import Simulator, SimulatorConfig
from wa_console.store.port import Session
from wa_console.ui.app import ConsoleApp, ConsoleOptions

PUBLIC_URL = "https://chat.example.dk"
HX = "HX" + "ab" * 16

CHECKS: Sequence[Check] = (
    fine("settings", "In order: ~/.config/wa-console/config.toml"),
    fine("credentials", "Account AC41…9c; TWILIO_AUTH_TOKEN: keyring."),
    warning(
        "sqlite",
        "SQLite 3.40.1 has a rare fault that can damage a store.",
        "Use a Python with SQLite 3.51.3 or later, and keep backups.",
    ),
    fine("space", "48210 MB are free."),
    fine("store", "Opened, and of this version."),
    fine("engine", "An engine runs: desk-1:4711."),
    fine("twilio", "Twilio lists our messages: the credentials work."),
    fine("clock", "The clock agrees with Twilio's."),
    error(
        "webhook",
        "Twilio sends what comes for +45…40 elsewhere: https://old.example.dk/twilio/inbound",
        "Run `wa-console setup`, which sets it, or set https://chat.example.dk/twilio/inbound "
        "(POST) in Twilio's console.",
    ),
    warning(
        "template",
        "old_offer is rejected at WhatsApp. TAG_CONTENT_MISMATCH",
        "Submit it, wait for the review, or use another; it cannot be sent now.",
    ),
    fine("outbox", "Messages waiting to be sent: 0."),
)
"""What an examination finds; invented, so that pictures do not show this computer."""

MORE = (
    Template(
        HX, "pickup_time_da", "da", "twilio/list-picker", "Hvornår passer det dig?",
        approval=Approval.UNSUBMITTED, list_button="Se tider",
        buttons=(Button("I dag", "item", "today", "kl. 9-16"), Button("I morgen", "item", "next")),
    ),
    Template(
        "HX" + "ac" * 16, "spring_sale_da", "da", "twilio/card",
        "Forårssalg\nSlutter fredag", category="MARKETING", approval=Approval.PAUSED,
        reason="Low quality feedback", header="Forårssalg", footer="Slutter fredag",
        media=("https://img.example.dk/{{1}}.jpg",), variables={"1": "spring"},
        buttons=(Button("Se mere", "url", "https://example.dk/{{1}}"), Button("Ring", "phone")),
    ),
    Template(
        "HX" + "ad" * 16, "spring_sale_en", "en", "twilio/card",
        "Spring sale\nEnds Friday", category="MARKETING", approval=Approval.APPROVED,
        header="Spring sale", footer="Ends Friday",
    ),
)  # fmt: skip


@dataclass
class FakeRotation:
    """The two steps without a secret store; what was typed is kept for the test."""

    secondary: str = ""
    typed: list[str] = field(default_factory=list)

    async def state(self) -> Rotation:
        """Return where both are."""
        return Rotation("keyring", self.secondary, writable=True)

    async def begin(self, token: Secret) -> None:
        """Take a token in."""
        if len(token.reveal()) != 32:
            raise NotAllowed("An auth token is 32 digits and letters from a to f.")
        self.typed.append(token.reveal())
        self.secondary = "keyring"

    async def finish(self) -> None:
        """Put it in place."""
        self.secondary = ""


@dataclass
class AdminBench:
    """A bench with an administrator's use cases over the simulator."""

    bench: Bench
    twilio: Simulator
    admin: Admin
    rotation: FakeRotation
    checks: list[Check]

    def app(self, **options: Any) -> ConsoleApp:
        """Return a console over it."""
        return ConsoleApp(
            self.bench.desk,
            clock=self.bench.clock,
            login=LOGIN,
            options=ConsoleOptions(zone=ZONE, **options),
            admin=self.admin,
        )


@asynccontextmanager
async def open_admin_bench(
    folder: Path, *, credentials: bool = True, seeded: bool = True
) -> AsyncIterator[AdminBench]:
    """Open a bench beside a simulator; without ``credentials`` Twilio cannot be asked."""
    async with open_bench(folder, seeded=seeded) as bench:
        config = SimulatorConfig(lively=False, inbound_url="https://old.example.dk/twilio/inbound")
        async with Simulator(config) as twilio:

            @asynccontextmanager
            async def connect() -> AsyncIterator[Gateway]:
                if not credentials:
                    raise SetupProblem("Twilio's credentials are missing.")
                gateway = TwilioGateway(
                    account_sid=twilio.account_sid,
                    username=twilio.account_sid,
                    password=twilio.auth_token,
                    base_url=twilio.base_url,
                )
                try:
                    yield gateway
                finally:
                    await gateway.close()

            checks = list(CHECKS)

            async def examine() -> AsyncGenerator[Check, None]:
                for check in checks:
                    yield check

            store, clock, rotation = bench.store, bench.clock, FakeRotation()
            admin = Admin(
                templates=TemplateAuthor(store=store, clock=clock, connect=connect),
                channels=Channels(
                    store=store,
                    clock=clock,
                    connect=connect,
                    public_url=PUBLIC_URL,
                    exports=folder / "exports",
                ),
                rotation=rotation,
                examine=examine,
            )
            if seeded:
                await store.write(_more_templates)
            yield AdminBench(bench, twilio, admin, rotation, checks)


async def _more_templates(session: Session) -> None:
    """Every type that is drawn, and one whose text differs from what was entered here."""
    for template in MORE:
        await session.templates.save(template, synced_at=NOW)
    every = await session.templates.all()
    delay = next(t for t in every if t.name == "delivery_delay" and t.language == "da")
    entry = TemplateEntry(delay.content_sid, "da", "Hej {{1}}, vi beklager at {{2}} er for sent.")
    setup = await session.facts.setup()
    await session.facts.save_setup(replace(setup, templates=(entry,)))
