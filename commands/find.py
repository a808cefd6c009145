"""Find and hand over: search, changes, export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.context import CONTEXT, counted, emit, emit_lines, now, parse_day, say, warn
from commands.filters import describe_change
from warehouse.errors import UsageError
from warehouse.models import CHANGE_KINDS, CLAIM_KINDS
from warehouse.people import People

if TYPE_CHECKING:
    from warehouse.queries import Base, Filters
    from warehouse.queries.views import ChangeRow

MODES = ("both", "words", "meaning")
SORTS = ("relevance", "newest", "changed", "repeated")
FORMATS = "csv, tsv, jsonl, xlsx, docx, ris, bibtex, csljson, endnote, html, parquet."
THEME = typer.Option(help="CODE or CODE:POLARITY, as workforce:barrier; may be given several times.")
KIND = typer.Option(help=f"{', '.join(CLAIM_KINDS)}; may be given several times.")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog='Example: claimwatch search "workforce barriers" --theme workforce:barrier --since 2015')(search)
    app.command(epilog="Example: claimwatch changes --since 2026-01-01 --kind figure_changed")(changes)
    app.command(epilog='Example: claimwatch export "pooled budgets" --format csv --output table.csv')(export)


def base() -> Base:
    """Return the published base of this home, as of the day asked for."""
    from warehouse.queries import open_base

    return open_base(CONTEXT.home, CONTEXT.as_of.date() if CONTEXT.as_of else None)


def encoder(mode: str, found: Base) -> Callable[..., Any] | None:
    """Return the encoder for queries by meaning, loaded only when the mode needs it."""
    if mode == "words" or not found.has_vectors():
        return None
    from nlp.embed import Encoder

    return Encoder().encode


def make_filters(
    theme: list[str] | None = None, kind: list[str] | None = None, since: str | None = None, until: str | None = None,
    **others: Any,
) -> Filters:  # fmt: skip
    """Return the filters of an option list. Raises UsageError for a value that can't be."""
    from warehouse.queries import Filters

    for value in kind or []:
        if value not in CLAIM_KINDS:
            raise UsageError(f"--kind {value!r}: choose from {', '.join(CLAIM_KINDS)}")
    return Filters(
        themes=tuple(theme or ()), kinds=tuple(kind or ()), since_year=parse_day(since).year if since else None,
        until_year=parse_day(until).year if until else None, **others,
    )  # fmt: skip


def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", AND OR NOT, title:x, integrat*, "a b"~5.')] = "",
    theme: Annotated[list[str] | None, THEME] = None,
    kind: Annotated[list[str] | None, KIND] = None,
    since: Annotated[str | None, typer.Option(help="Published in that year or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Published in that year or earlier.")] = None,
    publisher: Annotated[list[str] | None, typer.Option(help="Publisher, as listed in the facets.")] = None,
    mode: Annotated[str, typer.Option(help=f"{', '.join(MODES)}.")] = "both",
    sort: Annotated[str, typer.Option(help=f"{', '.join(SORTS)}.")] = "relevance",
    page: Annotated[int, typer.Option(min=1)] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hits a page.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON (docs/contracts.md).")] = False,
) -> None:
    """Search the claims, by words and by meaning together."""
    check_choice("--mode", mode, MODES)
    check_choice("--sort", sort, SORTS)
    found = base()
    filters = make_filters(theme, kind, since, until, publishers=tuple(publisher or ()))
    overlay = People(CONTEXT.home.people).overlay() if CONTEXT.home.people.exists() else {}
    result = found.search(
        query, filters=filters, mode=mode, encoder=encoder(mode, found) if query.strip() else None, sort=sort,
        page=page, size=limit, overlay=overlay,
    )  # fmt: skip
    if as_json:
        emit(result.to_json())
    else:
        show_hits(result)


def check_choice(option: str, value: str, valid: tuple[str, ...]) -> None:
    """Raise UsageError where ``value`` is none of ``valid``."""
    if value not in valid:
        raise UsageError(f"{option} {value!r}: choose from {', '.join(valid)}")


def show_hits(result: Any) -> None:
    """Print hits for a person."""
    for note in result.notes:
        warn(note)
    say(f"{result.total} claims; {result.mode}; data of {result.snapshot}")
    for number, hit in enumerate(result.hits, 1):
        themes = ", ".join(f"{code}:{polarity}" for code, polarity, *_ in hit.themes)
        where = ", ".join(str(part) for part in (hit.publisher, hit.published, hit.title) if part)
        say(f"\n{number}. {hit.quote}\n   {hit.kind}{'; ' + themes if themes else ''}")
        copies = f", {counted(hit.copies, 'copy', 'copies')}" if hit.copies else ""
        say(f"   {where}\n   {hit.deep_link}\n   claim {hit.claim}{copies}")
    if not result.total:
        say("nothing found: drop a filter, look at the spelling, or try --mode meaning")


def run_saved(people: People, name: str, *, only_new: bool, as_json: bool) -> None:
    """Run a saved search; what it showed is remembered, so that the next run can tell what is new."""
    from warehouse.queries import Filters

    kept = people.saved_search(name)
    found = base()
    filters = Filters.from_json(kept.filters)
    seen = set(people.recall(f"seen:{name}").get("threads", "").split())
    rows = list(found.evidence_rows(query=kept.query, filters=filters))
    fresh = [row for row in rows if row["thread"] not in seen]
    shown = fresh if only_new else rows
    if as_json:
        emit_lines(shown)
    else:
        for row in shown:
            say(f"{'new  ' if row in fresh and seen else ''}{row['quote']}\n   {row['publisher']}, {row['published']}")
        say(f"{len(rows)} claims, {len(fresh)} not seen before")
    people.remember(now(), kept.by, f"seen:{name}", "threads", " ".join(sorted({row["thread"] for row in rows} | seen)))


def changes(
    since: Annotated[str | None, typer.Option(help="Seen on that day or later.")] = None,
    theme: Annotated[str | None, THEME] = None,
    kind: Annotated[str | None, typer.Option(help=", ".join(CHANGE_KINDS))] = None,
    source: Annotated[str | None, typer.Option(help="A source's name.")] = None,
    document: Annotated[str | None, typer.Option(help="A document's id or address.")] = None,
    saved: Annotated[str | None, typer.Option(help="In the claims of a saved search.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 200,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    atom: Annotated[bool, typer.Option("--atom", help="An Atom feed, to keep where a reader finds it.")] = False,
    address: Annotated[str | None, typer.Option(help="The http(s) address where that feed will be found.")] = None,
) -> None:
    """Say what changed between versions: which claim was softened, which figure changed, what was removed."""
    if kind:
        check_choice("--kind", kind, CHANGE_KINDS)
    day, found = parse_day(since) if since else None, base()
    if source:
        check_choice("--source", source, tuple(row.name for row in found.sources()))
    if atom:
        from commands.feeds import one_feed

        feed = one_feed(
            found, since=day, theme=theme, kind=kind, source=source, document=document, saved=saved, limit=limit
        )
        sys.stdout.buffer.write(feed.atom(address))
        return
    narrowed: dict[str, Any] = {"since": day, "theme": theme, "kind": kind, "source": source, "limit": limit}
    narrowed["document"] = found.document(document).id if document else None
    rows = changes_of_saved(found, saved, narrowed) if saved else found.changes(**narrowed)
    if as_json:
        emit_lines(row.to_json() for row in rows)
        return
    for row in rows:
        say(f"{row.at:%Y-%m-%d %H:%M}  {row.title or row.url}\n{describe_change(row.to_json())}\n")
    say("1 change" if len(rows) == 1 else f"{len(rows)} changes")


def changes_of_saved(found: Base, name: str, narrowed: dict[str, Any]) -> list[ChangeRow]:
    """Return what changed in the claims that a saved search finds, or found as they were."""
    from warehouse.queries import Filters

    people = People(CONTEXT.home.people)
    kept = people.saved_search(name)
    return found.changes_of_search(kept.query, Filters.from_json(kept.filters), overlay=people.overlay(), **narrowed)


def export(
    query: Annotated[str, typer.Argument(help="As for search; empty means everything.")] = "",
    format: Annotated[str, typer.Option(help=FORMATS)] = "csv",
    preset: Annotated[str, typer.Option(help="minimal, cochrane, nice, jbi-scoping, cerqual-soqf, full.")] = "full",
    output: Annotated[Path | None, typer.Option(help="The file to write (default: standard output).")] = None,
    theme: Annotated[list[str] | None, THEME] = None,
    kind: Annotated[list[str] | None, KIND] = None,
    since: Annotated[str | None, typer.Option(help="Published in that year or later.")] = None,
    until: Annotated[str | None, typer.Option(help="Published in that year or earlier.")] = None,
    saved: Annotated[str | None, typer.Option(help="Export what a saved search finds.")] = None,
) -> None:
    """Write an evidence table: a row a claim, with its exact quote, link, version and tagger version."""
    from commands.tables import write_table

    filters = make_filters(theme, kind, since, until)
    if saved:
        from warehouse.queries import Filters

        kept = People(CONTEXT.home.people).saved_search(saved)
        query, filters = kept.query, Filters.from_json(kept.filters)
    count = write_table(base(), query, filters, format=format, preset=preset, output=output, now=now())
    if output:
        say(f"{output}: {count} rows")
