"""Reports for a review's methods section, from what was really run."""

from __future__ import annotations

import typer

from commands.context import CONTEXT, say
from commands.find import base
from warehouse.people import People

report_app = typer.Typer(help="Fill a review's search report from the run log.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(report_app, name="report")


@report_app.command("prisma-s", epilog="Example: claimwatch report prisma-s > search-report.md")
def prisma_s() -> None:
    """Write the PRISMA-S search-reporting table; what only a person knows is marked as blank."""
    from warehouse.exports.reports import prisma_s_table

    found = base()
    say(prisma_s_table(found.runs(), found.sources(), found.stats()))


@report_app.command("methods", epilog="Example: claimwatch report methods > methods.md")
def methods() -> None:
    """Write the paragraph for a methods section, with the real numbers."""
    from warehouse.exports.reports import methods_paragraph

    found = base()
    people = People(CONTEXT.home.people)
    said = people.overlay() if people.path.exists() else {}
    say(methods_paragraph(found.runs(), found.sources(), found.stats(), said))
