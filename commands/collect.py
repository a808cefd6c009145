"""Collect: sources, one page by hand, and erasing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from commands.context import CONTEXT, emit, now, say
from warehouse.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from crawlers.sources import SourceConfig

sources_app = typer.Typer(help="The places that are watched: one YAML file each.", no_args_is_help=True)
JSON = typer.Option("--json", help="JSON Lines, for programs.")
CONTACT = typer.Option(
    help="An e-mail address that sites can write to; goes into the user agent.", envvar="CLAIMWATCH_CONTACT"
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(sources_app, name="sources")
    app.command(epilog="Example: claimwatch add https://www.nao.org.uk/reports/some-report/ or add report.pdf")(add)
    app.command(epilog="Example: claimwatch erase example.org --why 'asked by its author'")(erase)


@sources_app.command("list", epilog="Example: claimwatch sources list")
def list_sources(as_json: Annotated[bool, JSON] = False) -> None:
    """List every source: the shipped ones and this home's own."""
    from crawlers.sources import load_sources

    for source in load_sources(CONTEXT.home).values():
        if as_json:
            emit(source.model_dump(mode="json"))
        else:
            state = "" if source.enabled else "  (off)"
            say(f"{source.name:<28} {source.type:<10} {source.storage:<9} {source.title}{state}")


@sources_app.command("check", epilog="Example: claimwatch sources check")
def check() -> None:
    """Say what is wrong with the source files, by file and key."""
    from crawlers.sources import read_sources

    sources, problems = read_sources(CONTEXT.home)
    if problems:
        raise ConfigError("\n".join(str(problem) for problem in problems))
    say(f"{len(sources)} sources, nothing wrong")


@sources_app.command("try", epilog="Example: claimwatch sources try nao --limit 5")
def try_source(
    name: str, limit: Annotated[int, typer.Option(min=1, max=50, help="Documents to fetch.")] = 5,
    contact: Annotated[str | None, CONTACT] = None,
    as_json: Annotated[bool, JSON] = False,
) -> None:  # fmt: skip
    """Fetch a few documents of a source and show what would be stored, storing nothing."""
    from commands.trial import try_out

    for row in try_out(pick_sources([name])[0], limit, now(), contact):
        if as_json:
            emit(row)
        else:
            say(f"{row['title'] or '(no title)'}\n   {row['url']}\n   {row['published'] or 'no date'}; {row['shown']}")


@sources_app.command("health", epilog="Example: claimwatch sources health")
def health(as_json: Annotated[bool, JSON] = False) -> None:
    """A line a source: when it last worked, documents, trend, what is wrong."""
    from commands.find import base
    from crawlers.health import health as judge

    for row in judge(base().source_history(), now()):
        if as_json:
            emit(asdict(row))
        else:
            last, wrong = row.last_success or "never", row.wrong or "well"
            say(f"{row.source:<28} {last:<20} {row.documents:>7} {row.trend:<8} {wrong}")


def pick_sources(names: list[str]) -> list[SourceConfig]:
    """Return the named sources, or all that are on. Raises UsageError naming those that there are."""
    from crawlers.sources import load_sources

    every = load_sources(CONTEXT.home)
    for name in names:
        if name not in every:
            raise UsageError(f"no source {name!r}; choose from {', '.join(every)} (`claimwatch sources list`)")
    return [every[name] for name in names] if names else [source for source in every.values() if source.enabled]


def add(
    what: Annotated[str, typer.Argument(metavar="URL|FILE", help="One page or PDF.")],
    licence: Annotated[str, typer.Option(help="Its licence, if you know it.")] = "not stated",
    storage: Annotated[str, typer.Option(help="full, excerpt or metadata.")] = "full",
    contact: Annotated[str | None, CONTACT] = None,
) -> None:
    """Put one page or file into the base by hand: fetched, tagged and published."""
    from commands.by_hand import add_by_hand
    from commands.run import run_and_report

    run_and_report("add", [add_by_hand(CONTEXT.home, what, licence, storage)], contact)


def erase(
    what: Annotated[str, typer.Argument(metavar="URL|DOMAIN", help="One address, or a whole site.")],
    why: Annotated[str | None, typer.Option(help="The reason, kept with the tombstone.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase documents and all that hangs on them, everywhere, so that no crawl brings them back."""
    from commands.erasing import erase_everywhere
    from warehouse.erasing import tombstone_of

    tombstone_of(what)  # a slip is told before anybody is asked
    if not yes and not typer.confirm(f"erase {what} from bodies, versions, claims, index and published copies?"):
        raise UsageError("nothing was erased")
    say(erase_everywhere(CONTEXT.home, what, why, now()))
