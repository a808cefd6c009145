"""The nouns of Claimwatch, as plain frozen records. Offsets are code points; times are UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Storage = Literal["full", "excerpt", "metadata"]
PassageType = Literal["sentence", "heading", "item", "quote", "comment"]
ClaimKind = Literal["finding", "commitment", "recommendation", "assertion"]
Polarity = Literal["barrier", "enabler", "mention"]
Direction = Literal["improved", "worsened", "no_effect", "mixed", "unclear"]
Hedge = Literal["none", "hedged", "strong"]
AttributionType = Literal["author", "person", "body", "study"]
FigureRole = Literal["planned", "actual", "context"]
Bound = Literal["over", "under", "about"]
Basis = Literal["trial", "observational", "qualitative", "modelling", "official statistic", "review", "opinion"]
ChangeKind = Literal[
    "figure_changed", "attribution_changed", "softened", "strengthened", "reworded", "moved",
    "added", "removed", "correction_noted",
]  # fmt: skip
EchoKind = Literal["copy", "near_copy", "same_work", "same_claim"]

STORAGES: tuple[str, ...] = get_args(Storage)
PASSAGE_TYPES: tuple[str, ...] = get_args(PassageType)
CLAIM_KINDS: tuple[str, ...] = get_args(ClaimKind)
POLARITIES: tuple[str, ...] = get_args(Polarity)
DIRECTIONS: tuple[str, ...] = get_args(Direction)
HEDGES: tuple[str, ...] = get_args(Hedge)
BASES: tuple[str, ...] = get_args(Basis)
CHANGE_KINDS: tuple[str, ...] = get_args(ChangeKind)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class State:
    """One state of a document that its publisher, or a revision-tracking page, declares."""

    title: str | None
    text: str
    at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One work as read from one body: what every adapter and ``extract`` yields.

    ``text`` is the cleaned body; ``pages`` are its page spans (PDF); ``states`` are earlier states
    declared inside the body, oldest first, ending with the one that ``text`` holds, or empty.
    ``comments`` stand apart and are empty unless the source asks for them.
    """

    url: str
    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    publisher: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    licence: str | None = None
    doi: str | None = None
    kind: str = "page"
    aliases: tuple[str, ...] = ()
    pages: tuple[Span, ...] | None = None
    comments: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    peer_reviewed: bool | None = None
    suspect: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """That a passage claims, and how."""

    kind: ClaimKind
    score: float
    direction: Direction | None = None
    outcome: str | None = None
    intervention: str | None = None
    hedge: Hedge = "none"


@dataclass(frozen=True, slots=True)
class Tag:
    """A theme of the codebook in a passage; ``cues`` are the words that decided (offsets in the text)."""

    code: str
    polarity: Polarity
    score: float
    cues: tuple[Span, ...] = ()
    stanza: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, with its offsets in the text. A share is a fraction (a third is 0.333)."""

    value: float
    unit: str
    role: FigureRole
    start: int
    end: int
    measure: str | None = None
    bound: Bound | None = None
    period: str | None = None
    direction: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it."""

    type: AttributionType = "author"
    name: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A programme, care model, outcome, body or place from the gazetteers."""

    id: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StudyFact:
    """Country, design or sample size that the text itself states; offsets of its quote."""

    name: Literal["country", "study_design", "sample_size"]
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that was found in one passage of a text. ``skipped`` says why nothing was tagged, else None."""

    start: int
    end: int
    text: str
    type: PassageType
    lead: Span | None = None
    claim: Claim | None = None
    themes: tuple[Tag, ...] = ()
    figures: tuple[Figure, ...] = ()
    attribution: Attribution = Attribution()
    named: tuple[Named, ...] = ()
    basis: Basis | None = None
    study: tuple[StudyFact, ...] = ()
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one sentence between two versions (contract: ``diff``)."""

    kind: ChangeKind
    old: str | None
    new: str | None
    claim: bool
    also: tuple[ChangeKind, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    old_span: Span | None = None
    new_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request, as a line of the ledger keeps it.

    ``role``: listing, records, document, robots, rights (tdmrep.json) or probe.
    ``hints`` is what a listing said of the page (title, published, …); ``at`` is ISO 8601 UTC.
    ``outcome``: ok, unchanged, gone, failed, blocked, refused, suspect, truncated, too_large.
    """

    seq: int
    run: int
    source: str
    url: str
    final_url: str
    at: str
    status: int | None
    outcome: str
    role: str = "document"
    headers: dict[str, str] = field(default_factory=dict)
    body_sha256: str | None = None
    bytes: int = 0
    hints: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None
