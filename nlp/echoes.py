"""Copies and near copies of documents: syndicated, reposted in part, print and AMP views.

They are linked, never deleted, and the likely original is named. An annual report is no copy of last year's, and two
pages from one template that give other figures are no copies of each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from nlp.align import words
from nlp.echoes_sketch import Hashes, candidates, join, overlap, shingles, sketch, word_ids

COPY = 0.85  # Jaccard likeness of shingles from which two texts are one
NEAR = 0.40  # from which they are near copies
PART = 0.60  # part of the shorter text that stands in the longer one, from which it is reposted in part
MIN_SHINGLES = 25  # texts with fewer say too little to be anyone's copy, unless they are the same
FIGURES_APART = 0.5  # texts from one template share fewer of their figures than this
MIN_FIGURES = 6
_NUMBER = re.compile(r"\d[\d,.]*")
_VIEW = re.compile(
    r"(?:[?&/._-](?:amp|print|printable|m|mobile|outputtype=amp|view=print)(?:[/=&.?]|\Z))|//(?:amp|m|mobile)\.", re.I
)


@dataclass(frozen=True)
class Text:
    """A document as its copies are looked for: its latest text, and what tells the original. Times are ISO 8601."""

    id: str
    text: str
    title: str = ""
    url: str = ""
    canonical_url: str | None = None
    published: str | None = None
    first_seen: str = ""
    authors: tuple[str, ...] = ()
    aliases: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Member:
    """One document of a group; ``score`` is its likeness to the original, ``why`` what named the original."""

    id: str
    original: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Copies:
    """Documents that say the same in the same words; exactly one is the likely original, and stands first."""

    kind: Literal["copy", "near_copy"]
    members: tuple[Member, ...]


def find_copies(texts: Sequence[Text]) -> list[Copies]:
    """Return the groups of copies and near copies among ``texts``; a document is in one group at most."""
    prints: list[Hashes] = []
    first: dict[bytes, int] = {}
    equal: set[tuple[int, int]] = set()
    for n, text in enumerate(texts):
        ids = word_ids(text.text)
        prints.append(sketch(shingles(ids)))
        before = first.setdefault(sha256(ids.tobytes()).digest(), n)
        if len(ids) and before != n:
            equal.add((before, n))

    @lru_cache(maxsize=5_000)
    def whole(n: int) -> Hashes:
        return shingles(word_ids(texts[n].text))

    def likeness(a: int, b: int) -> float:
        return compare(texts[a], texts[b], whole(a), whole(b))

    pairs = sorted({*candidates(prints), *equal})
    links = [(score, a, b) for a, b in pairs if (score := likeness(a, b))]
    groups = join(links, [len(t.text) for t in texts], lambda a, b: likeness(a, b) > 0)
    return [_named([texts[n] for n in group], [whole(n) for n in group]) for group in groups]


def compare(a: Text, b: Text, hashes_a: Hashes, hashes_b: Hashes) -> float:
    """Return how much of a copy two documents are: 0 none, else the larger of Jaccard likeness and part reposted."""
    if _years_differ(a.title, b.title):
        return 0.0
    if not len(hashes_a) or not len(hashes_b):
        return float(words(a.text) == words(b.text))
    same, part, _ = overlap(hashes_a, hashes_b)
    if same == 1.0:
        return 1.0
    if min(len(hashes_a), len(hashes_b)) < MIN_SHINGLES or (same < NEAR and part < PART):
        return 0.0
    return 0.0 if same < COPY and _figures_differ(a.text, b.text) else max(same, part)


def _years_differ(a: str, b: str) -> bool:
    """Whether two titles are one but for their figures ("Annual report 2014" and "… 2015")."""
    left, right = _NUMBER.findall(a), _NUMBER.findall(b)
    return left != right and words(_NUMBER.sub("#", a)) == words(_NUMBER.sub("#", b))


def _figures_differ(a: str, b: str) -> bool:
    """Whether the shorter text gives figures that the longer one mostly does not."""
    short, long = sorted((set(_NUMBER.findall(a)), set(_NUMBER.findall(b))), key=len)
    return len(short) >= MIN_FIGURES and len(short & long) / len(short) < FIGURES_APART


def _named(texts: Sequence[Text], hashes: Sequence[Hashes]) -> Copies:
    """Name the likely original of a group and put it first."""
    ranks = [_rank(text, texts) for text in texts]
    best = min(range(len(texts)), key=lambda n: (ranks[n][0], texts[n].id))
    members = [Member(texts[best].id, True, 1.0, ranks[best][1])]
    whole = True
    for n, text in enumerate(texts):
        if n == best:
            continue
        same, part, _ = overlap(hashes[best], hashes[n])
        same = 1.0 if not len(hashes[n]) else same
        whole = whole and same >= COPY
        members.append(Member(text.id, False, round(max(same, part), 3), _relation(same, part, text)))
    return Copies("copy" if whole else "near_copy", tuple(members))


def _relation(same: float, part: float, text: Text) -> str:
    if _VIEW.search(text.url):
        return "another view of the page"
    return "copy" if same >= COPY else "in part" if part > 2 * same else "near copy"


def _rank(text: Text, group: Sequence[Text]) -> tuple[tuple[object, ...], str]:
    """Return what orders a document among its copies (the smallest is the original), and in words why it would be."""
    pointed_at = any(_points_at(other, text) for other in group if other is not text)
    points_away = any(_points_at(text, other) for other in group if other is not text)
    view = bool(_VIEW.search(text.url))
    published = text.published or "9999"
    dates = {other.published for other in group}
    why = (
        "the others name it as canonical" if pointed_at
        else "published first" if text.published and len(dates) > 1
        else "carries the byline" if text.authors and any(not o.authors for o in group)
        else "seen first"
    )  # fmt: skip
    return (not pointed_at, points_away, view, published, not text.authors, text.first_seen, -len(text.text)), why


def _points_at(a: Text, b: Text) -> bool:
    return bool(a.canonical_url) and a.canonical_url in (b.url, *b.aliases) and a.canonical_url != a.url
