"""People's part: review, saved searches, backup and restore."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.context import CONTEXT, emit, emit_lines, now, say
from warehouse.errors import UsageError
from warehouse.models import CLAIM_KINDS, DIRECTIONS, POLARITIES
from warehouse.people import People

if TYPE_CHECKING:
    from warehouse.queries import Base

saved_app = typer.Typer(help="Saved searches, each of which can say what is new.", no_args_is_help=True)
BY = typer.Option(
    help="Your name, as it will stand in the record (or CLAIMWATCH_REVIEWER).", envvar="CLAIMWATCH_REVIEWER"
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: claimwatch review 3fa9… --theme workforce:barrier --accept --by Ann")(review)
    app.command(epilog="Example: claimwatch backup ~/claimwatch-people.sqlite")(backup)
    app.command(epilog="Example: claimwatch restore ~/claimwatch-people.sqlite")(restore)
    app.add_typer(saved_app, name="saved")


def store() -> People:
    """Return the people store of this home."""
    return People(CONTEXT.home.people)


def review(
    claim: Annotated[str, typer.Argument(help="The claim's id, as search shows it.")] = "",
    by: Annotated[str | None, BY] = None,
    kind: Annotated[str | None, typer.Option(help=f"{', '.join(CLAIM_KINDS)} or none.")] = None,
    direction: Annotated[str | None, typer.Option(help=", ".join(DIRECTIONS))] = None,
    theme: Annotated[list[str] | None, typer.Option(help="CODE:POLARITY, or CODE:none to take it off.")] = None,
    accept: Annotated[bool, typer.Option("--accept", help="The claim is rightly in the evidence.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is not; it leaves counts and tables.")] = False,
    note: Annotated[str | None, typer.Option(help="A note, shown beside it.")] = None,
    undo: Annotated[int | None, typer.Option(help="Take back a decision by its number.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Show every decision on it.")] = False,
    again: Annotated[bool, typer.Option("--again", help="List what was decided on sentences changed since.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --again: JSON Lines.")] = False,
) -> None:
    """Correct, accept or reject a claim. The machine's value stays beside yours.

    Decisions whose sentence a new version edited or removed wait under --again until somebody decides anew.
    """
    from warehouse.queries import open_base

    people, base = store(), open_base(CONTEXT.home)
    if again:
        show_again(base, claim or None, as_json=as_json)
        return
    if not claim:
        raise UsageError("which claim? Give its id, or --again for those that need another look")
    found = base.claim(claim).hit
    if history:
        for decision in people.decisions(found.claim, undone=True):
            say(f"{decision.seq}  {decision.at[:16]}  {decision.by}: {decision.field} = {decision.value}")
        return
    if not by:
        raise UsageError("say who decides: --by NAME (or CLAIMWATCH_REVIEWER)")
    if undo is not None:
        people.undo(now(), by, undo)
        say(f"decision {undo} is taken back")
        return
    decisions = [*_plain(kind, direction, accept, reject, note), *_themes(theme or [])]
    if not decisions:
        raise UsageError("nothing to decide: give --kind, --theme, --direction, --accept, --reject or --note")
    for name, value in decisions:
        seq = people.decide(now(), by, found.claim, name, value, quote=found.quote)
        say(f"saved as {seq}: {name} = {value}")


def show_again(base: Base, claim: str | None, *, as_json: bool) -> None:
    """List the decisions that need another look."""
    from commands.looks import by_claim, describe_look, look_json, looks

    found = looks(base, claim and base.claim(claim).hit.claim)
    if as_json:
        emit_lines(look_json(look) for look in found)
        return
    groups = by_claim(found)
    for group in groups.values():
        say(f"{describe_look(group)}\n")
    say(f"{len(groups)} to look at again" + ("; decide with `claimwatch review CLAIM …`" if groups else ""))


def _plain(
    kind: str | None, direction: str | None, accept: bool, reject: bool, note: str | None
) -> list[tuple[str, str]]:
    if accept and reject:
        raise UsageError("--accept and --reject exclude each other")
    for name, value, valid in (("--kind", kind, (*CLAIM_KINDS, "none")), ("--direction", direction, DIRECTIONS)):
        if value is not None and value not in valid:
            raise UsageError(f"{name} {value!r}: choose from {', '.join(valid)}")
    verdict = "accept" if accept else "reject" if reject else None
    pairs = (("kind", kind), ("direction", direction), ("verdict", verdict), ("note", note))
    return [(name, value) for name, value in pairs if value is not None]


def _themes(themes: list[str]) -> list[tuple[str, str]]:
    from nlp.codebook import load_codebook

    codes = load_codebook().codes
    found = []
    for theme in themes:
        code, _, polarity = theme.partition(":")
        if code not in codes:
            raise UsageError(f"--theme {theme!r}: no code {code!r}; choose from {', '.join(codes)}")
        if polarity not in (*POLARITIES, "none"):
            raise UsageError(f"--theme {theme!r}: after the colon comes one of {', '.join(POLARITIES)}, none")
        found.append((f"theme:{code}", polarity))
    return found


def backup(file: Annotated[Path, typer.Argument(help="Where to write the copy.")]) -> None:
    """Copy people's decisions and saved searches: the only part that cannot be rebuilt."""
    store().backup(file)
    say(f"{file}: {len(People(file).decisions(undone=True))} decisions, {len(People(file).saved())} saved searches")


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by backup.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is there (a copy is kept).")] = False,
) -> None:
    """Put a backup in force."""
    if not file.is_file():
        raise UsageError(f"{file}: no such file; give a copy made by `claimwatch backup`")
    kept = store().restore(file, force=force)
    say(f"restored from {file}" + (f"; what was there is in {kept}" if kept else ""))


@saved_app.command("add", epilog='Example: claimwatch saved add records "shared care record" --watch --by Ann')
def saved_add(
    name: str,
    query: str,
    theme: Annotated[list[str] | None, typer.Option(help="CODE or CODE:POLARITY.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help=", ".join(CLAIM_KINDS))] = None,
    since: Annotated[int | None, typer.Option(help="Published in that year or later.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Raise an alert when something new matches.")] = False,
    by: Annotated[str, BY] = "",
) -> None:
    """Keep a search under a name."""
    filters = {"themes": theme or [], "kinds": kind or [], "since_year": since}
    store().save_search(now(), by or "someone", name, query, {k: v for k, v in filters.items() if v}, watch=watch)
    say(f"saved {name!r}; run it with `claimwatch saved run {shlex.quote(name)}`")


@saved_app.command("list", epilog="Example: claimwatch saved list --json")
def saved_list(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """List the saved searches."""
    for search in store().saved():
        if as_json:
            emit({"name": search.name, "query": search.query, "filters": search.filters, "watch": search.watch})
        else:
            say(f"{search.name}: {search.query}{'  [watched]' if search.watch else ''}")


@saved_app.command("run", epilog="Example: claimwatch saved run records --new")
def saved_run(
    name: str,
    new: Annotated[bool, typer.Option("--new", help="Only what was not there last time.")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a saved search, and remember what it showed."""
    from commands.find import run_saved

    run_saved(store(), name, only_new=new, as_json=as_json)


@saved_app.command("remove", epilog="Example: claimwatch saved remove records")
def saved_remove(name: str, by: Annotated[str, BY] = "") -> None:
    """Remove a saved search."""
    store().remove_saved(now(), by or "someone", name)
    say(f"removed {name!r}")
