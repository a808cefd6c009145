"""Feeds out: Atom, for those who follow changes in a reader; on standard output, or as files after each night."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.context import CONTEXT, counted, say
from warehouse.errors import ConfigError, UsageError
from warehouse.exports.atom import web_address
from warehouse.home import Home
from warehouse.people import People
from warehouse.raw import write_durably

if TYPE_CHECKING:
    from warehouse.feeds import Feed
    from warehouse.queries import Base

ADDRESS = "CLAIMWATCH_FEEDS_URL"
FOLDER = "feeds"


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog="Example: claimwatch feeds --output /srv/www/feeds --address https://example.org/feeds/")(feeds)


def feeds(
    output: Annotated[Path | None, typer.Option(help="A folder (default: feeds in the home).")] = None,
    address: Annotated[str | None, typer.Option(help="Where the folder will be found.", envvar=ADDRESS)] = None,
) -> None:
    """Write the Atom feeds: all changes, each source, each saved search. A nightly run does the same.

    A document's own feed: `claimwatch changes --document ID --atom`.
    """
    from warehouse.queries import open_base

    for path, entries in write_feeds(CONTEXT.home, open_base(CONTEXT.home), output, checked(address)):
        say(f"{path}: {counted(entries, 'entry', 'entries')}")


def write_feeds(
    home: Home, base: Base, folder: Path | None = None, address: str | None = None
) -> list[tuple[Path, int]]:
    """Write every feed but those of documents; return each file with its number of entries."""
    from warehouse.feeds import every_feed

    folder, people = folder or home.root / FOLDER, People(home.people)
    known = home.people.exists()
    written = []
    for feed in every_feed(base, people.saved() if known else [], people.overlay() if known else {}):
        file = folder / feed.path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, feed.atom(f"{address}{feed.path}" if address else None))
        written.append((file, len(feed.entries)))
    return written


def nightly_feeds(home: Home, base: Base, env: Mapping[str, str] = os.environ) -> int:
    """Write the feeds of a night; return how many. Raises ConfigError for an address that is none."""
    return len(write_feeds(home, base, address=checked(env.get(ADDRESS))))


def checked(address: str | None) -> str | None:
    """Return the address of the folder of feeds with a slash behind it, or None where none is set."""
    if not address or not address.strip():
        return None
    found = web_address(address.strip())
    if found is None:
        raise ConfigError(f"{ADDRESS} {address!r}: give an http(s) address, such as https://example.org/feeds/")
    return found.rstrip("/") + "/"


def one_feed(
    base: Base, *, since: datetime | None, theme: str | None, kind: str | None, source: str | None,
    document: str | None, saved: str | None, limit: int,
) -> Feed:  # fmt: skip
    """Return the feed that `claimwatch changes --atom` was asked for. UsageError for filters that no feed has."""
    from warehouse.feeds import changes_feed, document_feed, search_feed

    if not (document or saved):
        return changes_feed(base, since=since, theme=theme, kind=kind, source=source, limit=limit)
    if any((since, theme, kind, source, document and saved)):
        raise UsageError("--atom with --document or --saved takes no other filter: each has one feed")
    if document:
        return document_feed(base, document)
    people = People(base.home.people)
    return search_feed(base, people.saved_search(saved or ""), people.overlay())
