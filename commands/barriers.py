"""Which barriers were named most, and by whom."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from commands.context import CONTEXT, counted, emit_lines, parse_day, say
from commands.find import base, check_choice
from warehouse.models import POLARITIES
from warehouse.people import People


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog="Example: claimwatch barriers --since 2015")(barriers)


def barriers(
    since: Annotated[str | None, typer.Option(help="Works published in that year or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Works published in that year or earlier.")] = None,
    named_as: Annotated[str, typer.Option("--as", help=f"{', '.join(POLARITIES)}.")] = "barrier",
    as_json: Annotated[bool, typer.Option("--json", help="JSON, a line a theme.")] = False,
) -> None:
    """Say which barriers were named most, and by whom; a copied work counts once."""
    check_choice("--as", named_as, POLARITIES)
    first, last = (parse_day(day).year if day else None for day in (since, until))
    people = People(CONTEXT.home.people)
    found = base().most_named(named_as, first, last, overlay=people.overlay() if people.path.exists() else {})
    if as_json:
        emit_lines(asdict(theme) for theme in found)
        return
    for number, theme in enumerate(found, 1):
        say(f"{number:>2}. {theme.code}: {counted(theme.works, 'work')}, {counted(theme.passages, 'passage')}")
        say("    " + "; ".join(f"{publisher} ({works})" for publisher, works in theme.publishers))
    if not found:
        say(f"no work of those years names a theme as a {named_as}: give other years, or none")
