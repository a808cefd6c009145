"""Find the records of one work among many: prepare, block, match, cluster; a pair may stay unsure.

The steps are those of bib-dedupe (Wagner 2024): compare prepared fields, only within blocks, and link rather than
delete. An unsure pair is an answer of its own, for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from nlp.dedupe_match import SURE, UNSURE, Verdict, compare
from nlp.dedupe_prep import Prepared, Record
from nlp.dedupe_read import read_records

__all__ = ["Duplicates", "Record", "candidates", "dedupe", "match", "read_records"]

MAX_BLOCK = 120  # a block with more records shares nothing that tells them apart

Match = tuple[int, int, Verdict]


class Duplicates(TypedDict):
    """Clusters of record ids (two or more each), and pairs that a person must decide, with their score 0 to 1."""

    clusters: list[list[str]]
    unsure: list[tuple[str, str, float]]


def dedupe(records: Sequence[Record]) -> Duplicates:
    """Return which records are of one work, ids in the order of ``records``."""
    matches, unsure = match(records)
    cluster_of = _clusters(len(records), matches, records)
    groups: dict[int, list[int]] = defaultdict(list)
    for n, cluster in enumerate(cluster_of):
        groups[cluster].append(n)
    open_pairs = [(records[a].id, records[b].id, _share(v)) for a, b, v in unsure if cluster_of[a] != cluster_of[b]]
    return {
        "clusters": [[records[n].id for n in group] for group in groups.values() if len(group) > 1],
        "unsure": open_pairs,
    }


def match(records: Sequence[Record]) -> tuple[list[Match], list[Match]]:
    """Return the pairs that are one work and those that are unsure, as record numbers with what speaks for them."""
    prepared = [record.prepared for record in records]
    sure: list[Match] = []
    unsure: list[Match] = []
    for a, b in candidates(prepared):
        verdict = compare(prepared[a], prepared[b])
        if verdict.same:
            sure.append((a, b, verdict))
        elif verdict.unsure:
            unsure.append((a, b, verdict))
    return sure, unsure


def candidates(prepared: Sequence[Prepared]) -> list[tuple[int, int]]:
    """Return the pairs that share a block: a DOI, the start or end of a title, author and year, place in a journal."""
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for n, record in enumerate(prepared):
        for key in _keys(record):
            blocks[key].append(n)
    pairs = {
        (a, b)
        for block in blocks.values()
        if len(block) <= MAX_BLOCK
        for i, a in enumerate(block)
        for b in block[i + 1 :]
    }
    return sorted(pairs)


def _keys(r: Prepared) -> Iterator[tuple[object, ...]]:
    joined = r.title.replace(" ", "")
    if r.doi:
        yield "doi", r.doi
    if len(joined) >= 8:
        yield "start", joined[:18]
        yield "end", joined[-18:]
        yield "long words", tuple(sorted(sorted(set(r.title.split()), key=lambda w: (-len(w), w))[:3]))
    if r.surnames and r.year:
        yield "author", r.surnames[0], r.year, joined[:2]
        yield "author", r.surnames[0], r.year, r.first_page
    if r.first_page and r.volume:
        yield "place", r.volume, r.first_page, r.year
    if r.surnames and r.first_page:
        yield "author page", r.surnames[0], r.first_page


def _clusters(count: int, matches: Iterable[Match], records: Sequence[Record]) -> list[int]:
    """Join matches, the surest first; two groups whose members speak against each other stay apart."""
    root = list(range(count))
    members = {n: [n] for n in range(count)}
    for a, b, _ in sorted(matches, key=lambda m: (-m[2].score, m[0], m[1])):
        left, right = sorted((root[a], root[b]))
        if left == right or not _may_join(members[left], members[right], records):
            continue
        for n in members[right]:
            root[n] = left
        members[left] += members.pop(right)
    return root


def _may_join(left: Sequence[int], right: Sequence[int], records: Sequence[Record]) -> bool:
    scores = [compare(records[a].prepared, records[b].prepared).score for a in left for b in right]
    return sum(scores) / len(scores) >= UNSURE


def _share(verdict: Verdict) -> float:
    return round(min(verdict.score / SURE, 1.0), 3)
