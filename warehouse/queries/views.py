"""What the read side returns beside searches: a claim, a document, changes, trends, runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from warehouse.models import Annotation, Span
from warehouse.queries.results import Hit, as_iso


@dataclass(frozen=True, slots=True)
class ClaimAt:
    """A claim as one showing of its document had it."""

    version: str
    passage: str
    seen_at: datetime
    quote: str
    kind: str
    direction: str | None
    hedge: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its whole life. ``current`` is false where the latest version no longer has it.

    ``annotation`` is what was found in its latest appearance, offsets in that version's whole text.
    """

    hit: Hit
    annotation: Annotation
    tagger: str
    current: bool
    first_seen: datetime
    history: tuple[ClaimAt, ...]
    changes: tuple[ChangeRow, ...]
    same_claim: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version; ``shown`` are the times of its showings."""

    id: str
    title: str | None
    text: str
    comments: tuple[str, ...]
    pages: tuple[Span, ...] | None
    kept: str
    first_seen: datetime
    declared_at: datetime | None
    note: str | None
    extractor: str
    shown: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class FetchView:
    """One request for a document."""

    seq: int
    at: datetime
    url: str
    status: int | None
    outcome: str
    version: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document: ``versions`` in order of first showing, ``fetches`` and ``changes`` newest first.

    ``updated_by``: (type, DOI, day) of works that retract, correct or update it, as Crossref or OpenAlex tell.
    """

    id: str
    url: str
    title: str | None
    kind: str
    source: str
    publisher: str | None
    published: date | None
    updated: date | None
    authors: tuple[str, ...]
    language: str | None
    licence: str | None
    doi: str | None
    peer_reviewed: bool | None
    status: str
    demo: bool
    storage: str
    relevance: float | None
    relevance_reason: str | None
    first_seen: datetime
    last_seen: datetime
    addresses: tuple[str, ...]
    history: tuple[tuple[str, str], ...]
    versions: tuple[VersionView, ...]
    fetches: tuple[FetchView, ...]
    changes: tuple[ChangeRow, ...]
    echoes: tuple[EchoView, ...]
    retracted: bool = False
    updated_by: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change with the document it happened in."""

    id: str
    kind: str
    also: tuple[str, ...]
    old: str | None
    new: str | None
    claim: bool
    detail: Mapping[str, Any]
    document: str
    url: str
    title: str | None
    publisher: str | None
    source: str
    old_version: str
    new_version: str
    thread: str | None
    at: datetime
    themes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the contract's shape: ``diff``'s entry with document, versions, time, source."""
        return {
            "kind": self.kind, "also": list(self.also), "old": self.old, "new": self.new, "claim": self.claim,
            "detail": dict(self.detail), "document": self.document, "url": self.url, "title": self.title,
            "source": self.source, "versions": [self.old_version, self.new_version],
            "old_version": self.old_version, "new_version": self.new_version,
            "thread": self.thread, "at": self.at.isoformat() + "Z", "themes": list(self.themes),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class EchoView:
    """A document that says the same as another; ``kind``: copy, near_copy, same_work."""

    kind: str
    cluster: str
    document: str
    title: str | None
    publisher: str | None
    url: str
    published: date | None
    original: bool
    score: float | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """One cell of a trend: works (copies counted once) that name ``code`` with ``polarity`` in ``period``."""

    period: str
    code: str
    polarity: str
    works: int
    claims: int


@dataclass(frozen=True, slots=True)
class MapCell:
    """One cell of an evidence map."""

    row: str
    outcome: str
    works: int
    claims: int
    improved: int
    worsened: int
    no_effect: int


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A planned figure and the actual one that answers it; ``…_way``: rise or fall, None where the words don't say."""

    measure: str | None
    unit: str
    planned: float
    actual: float
    planned_way: str | None
    actual_way: str | None
    planned_claim: Hit
    actual_claim: Hit
    score: float
    verdict: str


@dataclass(frozen=True, slots=True)
class DisagreementRow:
    """Two claims of one outcome that point different ways."""

    outcome: str
    intervention: str | None
    a: Hit
    b: Hit


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme: works by year and polarity, who names it, and its newest claims."""

    code: str
    counts: tuple[Count, ...]
    publishers: tuple[tuple[str, int], ...]
    newest: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class SpeakerView:
    """Who says what: a name with its claims and the themes that they touch."""

    name: str
    type: str
    roles: tuple[str, ...]
    themes: tuple[tuple[str, int], ...]
    claims: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, with what it did at each source."""

    seq: int
    command: str
    started: datetime
    ended: datetime | None
    exit_code: int | None
    versions: Mapping[str, str]
    counts: Mapping[str, Any]
    warnings: tuple[str, ...]
    sources: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source and how it is doing."""

    name: str
    title: str
    publisher: str | None
    type: str
    licence: str
    storage: str
    documents: int
    versions: int
    claims: int
    last_run: Mapping[str, Any] | None
    last_good: datetime | None
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts over the base."""

    documents: int
    versions: int
    passages: int
    claims: int
    claims_by_kind: Mapping[str, int]
    barriers_by_theme: Mapping[str, int]
    changes: int
    changes_by_kind: Mapping[str, int]
    sources: int
    snapshot: str
    published_at: datetime
    demo: bool
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as plain values."""
        return {**asdict(self), "published_at": as_iso(self.published_at)}
