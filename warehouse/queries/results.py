"""What a search returns: frozen records, each with its contract shape as ``to_json``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from warehouse.filters import MODES, SORTS, Filters, Mode, Sort
from warehouse.models import Span


@dataclass(frozen=True, slots=True)
class Hit:
    """One claim that was found, with a sentence of context each side.

    ``claim`` is the thread, which links and reviews hang on; ``passage`` is where it stands in ``version``.
    ``themes`` are (code, polarity, score); ``matched`` are spans of ``quote``; ``copies`` counts folded copies.
    ``attribution`` is a speaker's name; ``said_by`` is that, or what is known of who speaks, None for the author.
    ``rejected``: a person's last word is that it is no evidence.
    """

    claim: str
    passage: str
    document: str
    version: str
    title: str | None
    publisher: str | None
    published: date | None
    url: str
    deep_link: str
    quote: str
    before: str
    after: str
    kind: str
    themes: tuple[tuple[str, str, float], ...]
    score: float
    likeness: float | None
    change: str | None
    changed_at: datetime | None
    copies: int
    repeats: int
    direction: str | None
    outcome: str | None
    source_type: str
    confidence: float
    attribution: str | None
    reviewed: bool
    demo: bool
    figures: tuple[tuple[float, str, str], ...] = ()
    matched: tuple[Span, ...] = ()
    archive_url: str | None = None
    said_by: str | None = None
    rejected: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the contract's shape of a hit."""
        return {
            "claim": self.claim, "document": self.document, "title": self.title, "publisher": self.publisher,
            "published": as_iso(self.published), "url": self.url, "deep_link": self.deep_link, "quote": self.quote,
            "before": self.before, "after": self.after, "kind": self.kind,
            "themes": [{"code": c, "polarity": p, "score": s} for c, p, s in self.themes],
            "score": round(self.score, 4), "likeness": self.likeness and round(self.likeness, 4),
            "change": self.change, "copies": self.copies, "repeats": self.repeats,
            "direction": self.direction, "outcome": self.outcome, "matched": [list(span) for span in self.matched],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found. ``mode`` is how it was answered (meaning needs an encoder); ``notes`` say what was odd.

    ``facets``: name -> (value, count) pairs, most first, each counted without that facet's own filter.
    ``total`` counts hits after folding; ``documents`` their documents. ``meaning_floor`` is the least likeness of
    a hit by meaning, None where meaning was not asked.
    """

    query: str
    mode: Mode
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    snapshot: str
    sort: Sort = "relevance"
    page: int = 1
    size: int = 20
    documents: int | None = None
    notes: tuple[str, ...] = ()
    took_ms: float = 0.0
    meaning_floor: float | None = None
    data_of: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the contract's shape of a search."""
        return {
            "query": self.query, "mode": self.mode, "total": self.total, "hits": [hit.to_json() for hit in self.hits],
            "facets": {name: [list(pair) for pair in pairs] for name, pairs in self.facets.items()},
            "snapshot": self.snapshot, "sort": self.sort, "page": self.page, "size": self.size,
            "notes": list(self.notes),
        }  # fmt: skip


def as_iso(moment: date | datetime | None) -> str | None:
    """Return ISO 8601, or None."""
    if isinstance(moment, datetime):
        return moment.isoformat() + "Z"
    return moment.isoformat() if moment else None


def plain_json(value: Any) -> Any:
    """Return records, dates and tuples as JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(one) for one in value]
    return as_iso(value) if isinstance(value, date) else value


__all__ = ["MODES", "SORTS", "Filters", "Hit", "Mode", "SearchResult", "Sort", "as_iso", "plain_json"]
