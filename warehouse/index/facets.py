"""Counting a set of entries: how many, of how many documents, and by the values of its facets, in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import tantivy
from tantivy import Query

from warehouse.index.corrected import Corrections

FACET_VALUES = 50
Pairs = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """``documents`` comes from a sketch, as exact as a page needs: within 2% above a few hundred, exact below."""

    total: int
    documents: int
    facets: Mapping[str, Pairs]


def facet_groups(names: Sequence[str], filtered: Iterable[str]) -> Iterator[tuple[str | None, list[str]]]:
    """Yield (filter to leave out, facets to count without it): first none, for the totals; then a group a set."""
    every, own = [*names, "year"] if names else [], set(filtered)
    yield None, []
    if free := [name for name in every if name not in own]:
        yield None, free
    for name in every:
        if name in own:
            yield name, [name]


def joined(counts: Sequence[Counts]) -> Counts:
    """Return the facets of all together, with the totals, which came first."""
    facets = {name: pairs for count in counts for name, pairs in count.facets.items()}
    return Counts(counts[0].total, counts[0].documents, facets)


def counted(
    searcher: tantivy.Searcher, whole: Query, names: Sequence[str], corrections: Corrections, inside: Sequence[int]
) -> Counts:
    """Count one set by the values of ``names``, or with none named its totals. ``inside``: the corrected rows in it."""
    wanted: dict[str, Any] = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in names}
    if not names:
        wanted = {"documents": {"cardinality": {"field": "document"}}, "total": {"value_count": {"field": "row"}}}
    found: dict[str, Any] = searcher.aggregate(whole, wanted)
    facets = {}
    for name in names:
        counts = Counter({_label(bucket["key"]): int(bucket["doc_count"]) for bucket in found[name]["buckets"]})
        facets[name] = _pairs(_corrected(counts, corrections, name, inside))
    if names:
        return Counts(0, 0, facets)
    return Counts(int(found["total"]["value"]), round(found["documents"]["value"]), facets)


def _corrected(counts: Counter[str], corrections: Corrections, name: str, inside: Sequence[int]) -> Counter[str]:
    """Return the counts with people's values in place of the machine's."""
    if name in corrections:
        whole = len(counts) < FACET_VALUES  # a value that is not among the commonest has a count that is not known
        known = set(counts)
        for row in inside:
            if correction := corrections[name].get(row):
                counts.subtract(value for value in correction.before if value in known)
                counts.update(value for value in correction.after if whole or value in known)
    return counts


def _pairs(counts: Mapping[str, int]) -> Pairs:
    pairs = [(value, count) for value, count in counts.items() if count > 0]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])


def _label(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))
