"""``templates``: what may be sent at any time, listed, fetched from Twilio, added by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from wa_console.cli.context import Invocation
from wa_console.cli.output import (
    Column,
    Table,
    json_option,
    print_json,
    print_text,
    say,
)
from wa_console.domain.i18n import _
from wa_console.domain.template import Approval
from wa_console.domain.template_draft import CATEGORIES, TemplateDraft

if TYPE_CHECKING:
    from wa_console.credentials import Credentials
    from wa_console.domain.template import Template
    from wa_console.services.templates import Synced
    from wa_console.wiring.store import OpenStore

_COLOURS = {
    Approval.APPROVED: "green",
    Approval.REJECTED: "red",
    Approval.PAUSED: "yellow",
    Approval.DISABLED: "red",
}


@click.group("templates")
def templates_group() -> None:
    """Templates: messages WhatsApp has approved for sending at any time."""


@templates_group.command("list")
@json_option
@click.pass_obj
def list_templates(invocation: Invocation, as_json: bool) -> int:
    """List the templates that are known here, with their approvals."""

    async def work(opened: OpenStore) -> int:
        found = await opened.desk.templates.all()
        if as_json:
            from wa_console.cli.encode import template_json

            for template in found:
                print_json(template_json(template))
        else:
            _print_table(found)
        if not found:
            say(_("No templates yet: `wa-console templates sync` asks Twilio for them."))
        return 0

    return invocation.with_store(work)


def _print_table(templates: Sequence[Template]) -> None:
    table = Table(
        Column(_("content sid"), 34),
        Column(_("approval"), 11),
        Column(_("lang"), 5),
        Column(_("name"), 0),
    )
    if templates:
        table.head()
    for template in templates:
        table.row(
            [template.content_sid, template.approval.value, template.language, template.name],
            fg=_COLOURS.get(template.approval),
        )
        print_text(template.text, indent=4)
        if template.reason:
            print_text(_("reason: {reason}").format(reason=template.reason), indent=4)


@templates_group.command("sync")
@json_option
@click.pass_obj
def sync_templates(invocation: Invocation, as_json: bool) -> int:
    """Fetch all templates and their approvals from Twilio."""
    found = invocation.credentials()

    async def work(opened: OpenStore) -> int:
        synced = await _sync(opened, found)
        if as_json:
            print_json({"found": synced.found, "changed": synced.changed})
        else:
            say(
                _("Twilio has {found} templates; {changed} changed here.").format(
                    found=synced.found, changed=synced.changed
                )
            )
        return 0

    return invocation.with_store(work)


async def _sync(opened: OpenStore, found: Credentials) -> Synced:
    """Ask Twilio for all templates.

    Raises:
        SetupProblem: There are no credentials.
        TwilioProblem: Twilio did not answer as it should.
    """
    from wa_console.services.templates import Templates
    from wa_console.wiring.engine import build_gateway

    gateway = build_gateway(opened.settings, found)
    try:
        return await Templates(store=opened.store, clock=opened.clock, gateway=gateway).sync()
    finally:
        await gateway.close()


@templates_group.command("add")
@click.argument("sid")
@click.option("--language", required=True, metavar="L", help=_("da, en_US, …"))
@click.option("--text", required=True, metavar="T", help=_("As WhatsApp approved it."))
@click.option("--workstream", default="", metavar="NAME", help=_("Offer it only there."))
@json_option
@click.pass_obj
def add_template(
    invocation: Invocation, sid: str, language: str, text: str, workstream: str, as_json: bool
) -> int:
    """Add a template by its Content SID, without asking Twilio."""

    async def work(opened: OpenStore) -> int:
        template = await opened.desk.templates.add(
            sid, language=language, text=text, workstream=workstream
        )
        if as_json:
            from wa_console.cli.encode import template_json

            print_json(template_json(template))
        else:
            say(_("Added."))
        return 0

    return invocation.with_store(work)


@templates_group.command("new")
@click.argument("name")
@click.option("--language", required=True, metavar="L", help=_("da, en, pt_BR, …"))
@click.option("--text", required=True, metavar="T", help=_("With {{1}}, {{2}} to be filled in."))
@click.option(
    "--category",
    type=click.Choice(CATEGORIES, case_sensitive=False),
    default=CATEGORIES[0],
    show_default=True,
    help=_("What it is submitted as."),
)
@click.option(
    "--example", "examples", multiple=True, metavar="K=V", help=_("For the reviewer: 1=Anna.")
)
@click.option("--submit", is_flag=True, help=_("Submit it to WhatsApp for approval at once."))
@json_option
@click.pass_obj
def new_template(
    invocation: Invocation,
    name: str,
    language: str,
    text: str,
    category: str,
    examples: Sequence[str],
    submit: bool,
    as_json: bool,
) -> int:
    """Make a text template at Twilio, and submit it to WhatsApp if wanted."""
    draft = TemplateDraft(name, language, text, category, dict(_pair(e) for e in examples))
    found = invocation.credentials()

    async def work(opened: OpenStore) -> int:
        from wa_console.wiring.admin import template_author

        template = await template_author(opened, found).create(draft, submit=submit)
        if as_json:
            from wa_console.cli.encode import template_json

            print_json(template_json(template))
        else:
            say(
                _("{sid} was made; WhatsApp: {approval}.").format(
                    sid=template.content_sid, approval=template.approval.value
                )
            )
        return 0

    return invocation.with_store(work)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise click.BadParameter(_("write it as 1=Anna."), param_hint="--example")
    return key.strip(), value


@templates_group.command("remove")
@click.argument("sid")
@click.pass_obj
def remove_template(invocation: Invocation, sid: str) -> int:
    """Forget a template here; at Twilio it stays."""

    async def work(opened: OpenStore) -> int:
        await opened.desk.templates.remove(sid)
        say(_("Removed."))
        return 0

    return invocation.with_store(work)
