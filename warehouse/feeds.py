"""The feeds of a base: all changes, those of a source, of a document, of a saved search.

A feed carries its newest entries alone; a reader that looks in now and then keeps what it saw.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.exports.atom import Entry, change_entry, write_feed
from warehouse.filters import Filters
from warehouse.ids import make_id
from warehouse.people import Overlay, SavedSearch
from warehouse.queries import Base
from warehouse.queries.views import ChangeRow

NEWEST = 200  # entries of one feed
NAME_MAX_CHARS = 60
_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. ``path`` is where it lies in a folder or under ``/feeds/`` and, with ``narrowed``, what its id is."""

    path: str
    title: str
    entries: tuple[Entry, ...]
    at: datetime
    narrowed: str = ""

    def atom(self, self_url: str | None = None) -> bytes:
        """Return the feed as Atom; ``self_url`` is the http(s) address where it is found."""
        key = self.path.removesuffix(".atom") + (f"?{self.narrowed}" if self.narrowed else "")
        return write_feed(self.title, key, self.entries, self.at, self_url)


def changes_feed(
    base: Base, *, since: date | datetime | None = None, theme: str | None = None, kind: str | None = None,
    source: str | None = None, limit: int = NEWEST,
) -> Feed:  # fmt: skip
    """Return the feed of all changes, or of those of a source, a theme, a kind."""
    rows = base.changes(since=since, theme=theme, kind=kind, source=source, limit=limit)
    path, of = (f"source/{in_path(source)}.atom", f" at {source}") if source else ("changes.atom", "")
    chosen = {"since": since and since.isoformat(), "theme": theme, "kind": kind}
    narrowed = "&".join(f"{name}={value}" for name, value in chosen.items() if value)
    only = f" ({', '.join(filter(None, (theme, kind and kind.replace('_', ' '))))})" if theme or kind else ""
    return Feed(path, f"Claimwatch: what changed{of}{only}", _of(rows), base.snapshot.published_at, narrowed)


def document_feed(base: Base, name: str) -> Feed:
    """Return the feed of one document, by its id or address. Raises UsageError where there is none."""
    view = base.document(name)
    rows = base.changes(document=view.id, limit=NEWEST)
    title = f"Claimwatch: {view.title or view.url}"
    return Feed(f"document/{view.id}.atom", title, _of(rows), base.snapshot.published_at)


def search_feed(base: Base, search: SavedSearch, overlay: Mapping[str, Overlay] | None = None) -> Feed:
    """Return the feed of a saved search: what changed in the claims that it finds, and claims that are new to it.

    ``overlay``: people's decisions, which count where a filter asks for a kind, a theme or what was reviewed.
    """
    filters = Filters.from_json(search.filters)
    threads: set[str] = set()
    rows = (_noted(row, threads) for row in base.evidence_rows(search.query, filters=filters, overlay=overlay))
    newest = heapq.nlargest(NEWEST, rows, key=lambda row: (row["first_seen"], row["thread"]))
    changed = base.changes_of_search(search.query, filters, threads, limit=NEWEST)
    told = {row.thread for row in changed if row.old is None}
    fresh = [_claim(row) for row in newest if row["thread"] not in told]
    entries = heapq.nlargest(NEWEST, [*_of(changed), *fresh], key=lambda entry: (entry.updated, entry.key))
    path = f"saved/{in_path(search.name)}.atom"
    return Feed(path, f"Claimwatch: {search.name}", tuple(entries), base.snapshot.published_at)


def every_feed(
    base: Base, searches: Sequence[SavedSearch], overlay: Mapping[str, Overlay] | None = None
) -> Iterator[Feed]:
    """Yield the feed of all changes, of each source that has any, of each saved search; documents have too many."""
    yield changes_feed(base)
    for source in sorted(row.name for row in base.sources()):
        feed = changes_feed(base, source=source)
        if feed.entries:
            yield feed
    for search in searches:
        yield search_feed(base, search, overlay)


def in_path(name: str) -> str:
    """Return a free name as one safe part of a path or address: itself where it is plain, else its words and a hash."""
    plain = _OTHER.sub("-", name.casefold()).strip("-")[:NAME_MAX_CHARS]
    return name if name == plain else f"{plain}-{make_id('feed', name)[:8]}".lstrip("-")


def _of(rows: Sequence[ChangeRow]) -> tuple[Entry, ...]:
    return tuple(change_entry(row) for row in rows)


def _noted(row: dict[str, Any], threads: set[str]) -> dict[str, Any]:
    """Note a row's thread and return of it what an entry needs, so that memory grows by little a claim."""
    threads.add(row["thread"])
    kept = ("thread", "first_seen", "quote", "kind", "title", "url", "publisher", "deep_link", "themes")
    return {name: row[name] for name in kept}


def _claim(row: dict[str, Any]) -> Entry:
    title, quote = row["title"] or row["url"], " ".join(row["quote"].split())
    return Entry(
        f"claim/{row['thread']}", f"new {row['kind']}: {title}", f"new {row['kind']}\n\n{quote}",
        row["first_seen"], row["deep_link"], row["publisher"], ("new", row["kind"], *row["themes"]),
    )  # fmt: skip
