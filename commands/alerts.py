"""Alerts: what is new for watched searches, pages gone, sources silent; written, fed and mailed after each night.

What was told last is kept in ``alerts/state.json`` of the home; people's own store is never written by a run.
"""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.context import CONTEXT, now, say
from commands.feeds import ADDRESS, checked
from commands.pipeline import Outcome
from warehouse.alerts import Digest, FigureChange, GonePage, NewClaim, SilentSource, Watched, digest
from warehouse.alerts_mail import MailError, send, smtp_settings
from warehouse.errors import ConfigError
from warehouse.exports.atom import Entry, write_feed
from warehouse.home import Home
from warehouse.people import People, SavedSearch
from warehouse.raw import write_durably

if TYPE_CHECKING:
    from warehouse.queries import Base

SILENT_RUNS = 14
FEED, FEED_ENTRIES = "alerts.atom", 200


@dataclass(frozen=True, slots=True)
class Told:
    """When the last digest was made, and the threads that each watched search had then."""

    at: str
    threads: Mapping[str, list[str]]


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog="Example: claimwatch alerts")(alerts)


def alerts(keep: Annotated[bool, typer.Option(help="Remember what was told, so that it is told once.")] = True) -> None:
    """Say what is new since the last digest for watched searches, pages and sources; mail it where a server is set."""
    found = tell(CONTEXT.home, now(), keep=keep)
    say(found.markdown() if found else "nothing new, or nothing watched yet (`claimwatch saved add … --watch`)")


def tell(home: Home, at: datetime, *, keep: bool = True) -> Digest | None:
    """Make the digest since the last one; write it under ``alerts/`` and mail it where that is configured."""
    from warehouse.queries import open_base

    base, told = open_base(home), _told(home)
    watched = [search for search in People(home.people).saved() if search.watch] if home.people.exists() else []
    threads = {search.name: _matching(base, search) for search in watched}
    found = _digest(base, watched, threads, told, at) if told else None
    if keep:
        _keep(home, found, Told(at.isoformat(), {name: sorted(rows) for name, rows in threads.items()}), at)
    return found if found and found.sections else None


def _matching(base: Base, search: SavedSearch) -> dict[str, dict[str, Any]]:
    from warehouse.queries import Filters

    rows = base.evidence_rows(search.query, filters=Filters.from_json(search.filters))
    return {row["thread"]: row for row in rows}


def _digest(
    base: Base, watched: list[SavedSearch], threads: Mapping[str, Mapping[str, Any]], told: Told, at: datetime
) -> Digest:
    from crawlers.health import health
    from warehouse.queries.gone import gone_since

    since = datetime.fromisoformat(told.at)
    claims = [
        NewClaim(
            name, thread, row["quote"], row["kind"], row["title"] or row["url"], row["publisher"], row["deep_link"], at
        )
        for name, rows in threads.items()
        for thread, row in rows.items()
        if name in told.threads and thread not in told.threads[name]
    ]
    figures = [
        FigureChange(name, row.id, row.old or "", row.new or "", row.title or row.url, row.url, row.at)
        for row in base.changes(since=since, kind="figure_changed", limit=1000)
        for name, rows in threads.items()
        if row.thread in rows
    ]
    gone = [
        GonePage(page.document, page.title or page.url, page.url, page.gone_at)
        for page in gone_since(base.reader, since)
    ]
    silent = [
        SilentSource(row.source, row.source, row.silent_runs, _when(row.last_success))
        for row in health(base.source_history(), at)
        if row.silent_runs >= SILENT_RUNS
    ]
    return digest([Watched(search.name, search.query) for search in watched], claims, figures, gone, silent, at)


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _told(home: Home) -> Told | None:
    """Return what was told last; None at the first time, when everything would be new."""
    file = _folder(home) / "state.json"
    return Told(**json.loads(file.read_text("utf-8"))) if file.exists() else None


def _folder(home: Home) -> Path:
    return home.root / "alerts"


def _keep(home: Home, found: Digest | None, told: Told, at: datetime) -> None:
    """Write the digest, feed and mail it, then remember what was told: where the mail fails, it is told again."""
    folder = _folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    if found and found.sections:
        write_durably(folder / f"{at:%Y-%m-%dT%H%M}.md", found.markdown().encode())
        _feed(folder, found.entries, at)
        smtp = smtp_settings(os.environ)
        if smtp:
            send(found, smtp)
    write_durably(folder / "state.json", json.dumps({"at": told.at, "threads": dict(told.threads)}).encode())


def _feed(folder: Path, entries: Sequence[Entry], at: datetime) -> None:
    """Write the feed of alerts: what is new before what was told in earlier nights, for readers that look in rarely."""
    kept = folder / "entries.json"
    before = [_entry(row) for row in json.loads(kept.read_text("utf-8"))] if kept.exists() else []
    unique = {entry.key: entry for entry in (*before, *entries)}
    newest = heapq.nlargest(FEED_ENTRIES, unique.values(), key=lambda entry: (entry.updated.isoformat(), entry.key))
    address = checked(os.environ.get(ADDRESS))
    write_durably(kept, json.dumps([asdict(entry) for entry in newest], default=datetime.isoformat).encode())
    write_durably(
        folder / FEED, write_feed("Claimwatch: alerts", "alerts", newest, at, f"{address}{FEED}" if address else None)
    )


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(**{**row, "updated": datetime.fromisoformat(row["updated"]), "categories": tuple(row["categories"])})


def after_a_night(home: Home, at: datetime, outcome: Outcome) -> None:
    """Write the feeds, tell what is new; the night is done, so what fails here is a warning."""
    from commands.feeds import nightly_feeds
    from warehouse.queries import open_base

    try:
        outcome.counts["feeds"] = nightly_feeds(home, open_base(home))
        found = tell(home, at)
        outcome.counts["alerts"] = len(found.entries) if found else 0
    except (MailError, ConfigError) as error:
        outcome.warnings.append(str(error))
