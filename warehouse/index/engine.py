"""Ranking: words, meaning and both, over one index. The search of claims and ``eval retrieval`` both run this.

A hit by words is a match. A hit by meaning is one of at most 1,000 entries, within the filters, whose likeness
(cosine) is at least ``MEANING_FLOOR``. Counts and facets are over exactly that set, in either mode or both.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import tantivy
from tantivy import Occur, Order, Query

from warehouse.filters import Mode, Sort
from warehouse.index.ask import one_of
from warehouse.index.corrected import Corrections
from warehouse.index.facets import Counts, counted, facet_groups, joined
from warehouse.index.vectors import Floats, Ints, Vectors, workers
from warehouse.index.words import FACETS

MEANING_FLOOR = 0.3
MEANING_MOST = 1_000
CANDIDATES = 1_000
WORDS_WEIGHT = 0.3  # the best of 0.2 to 0.8 on the training queries of SciFact, of six ways to put both on a scale
MASKS_KEPT = 64
SORT_FIELD: dict[Sort, str] = {"newest": "dated", "changed": "changed_at", "repeated": "repeats"}
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Question:
    """What to rank by. ``words``: None where there is nothing to match; ``vector``: unit length, or None.

    ``filters``: a query for each filter in force, by the name of its facet; ``filter_keys`` tells one filter's values
    from another's. ``corrections``: what people say instead of the machine, which facets count.
    """

    words: Query | None
    vector: Floats | None
    filters: Mapping[str, Query] = field(default_factory=dict)
    filter_keys: Mapping[str, str] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A page of rows, best first, with the size of the whole set and its facets."""

    rows: Ints
    scores: Floats
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    documents: int = 0


class Engine:
    """One index, open for reading; safe to share between threads."""

    def __init__(self, index: tantivy.Index, vectors: Vectors | None, alive: Mask | None = None) -> None:
        self.searcher = index.searcher()
        self.vectors = vectors
        self.alive = alive
        self._masks: dict[str, Mask] = {}
        self._lock = threading.Lock()

    def rank(
        self, asked: Question, mode: Mode, sort: Sort = "relevance", *, offset: int = 0, limit: int = 20,
        facets: Sequence[str] = FACETS,
    ) -> Ranked:  # fmt: skip
        """Return ``limit`` rows from ``offset``. With nothing asked, everything within the filters, by date."""
        near = _Nearness(self, asked.vector) if mode != "words" and asked.vector is not None else None
        words = asked.words if mode != "meaning" else None
        if words is None and near is None:
            words, sort = Query.all_query(), "newest" if sort == "relevance" else sort
        whole = self._set(asked, words, near)
        counting = self._start_counting(asked, words, near, facets)
        if sort != "relevance":
            rows, scores = self._sorted(whole, sort, offset, limit)
        elif near is None:
            rows, scores = self._hits(whole, offset + limit)
            rows, scores = rows[offset:], scores[offset:]
        else:
            rows, scores = self._joined(asked, words, near, offset, limit)
        counts = joined([count.result() for count in counting])
        return Ranked(rows, scores, counts.total, counts.facets, counts.documents)

    def stored(self, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
        """Return what the hits of ``rows`` show: members (the original first), copies, repeats."""
        found = self.searcher.search(one_of("row", list(rows)), max(1, len(rows)), count=False).hits
        texts = (self.searcher.doc(address).get_first("stored") for _, address in found)
        return {entry["row"]: entry for entry in (json.loads(bytes(text)) for text in texts if text is not None)}

    def rows_of(self, asked: Question, mode: Mode) -> Ints:
        """Return every row of the set, in row order."""
        near = _Nearness(self, asked.vector) if mode != "words" and asked.vector is not None else None
        words = asked.words if mode != "meaning" else None
        if words is None and near is None:
            words = Query.all_query()
        rows, _ = self._hits(self._set(asked, words, near), max(1, self.searcher.num_docs))
        return np.sort(rows)

    def _set(self, asked: Question, words: Query | None, near: _Nearness | None, without: str | None = None) -> Query:
        """Return the query of the whole set, leaving out one facet's own filter."""
        filters = [query for name, query in asked.filters.items() if name != without]
        either = [] if words is None else [narrowed(words, filters)]
        if near is not None:
            rows = near.rows(self.allowed(asked, without))
            either.append(one_of("row", rows.tolist()) if len(rows) else Query.empty_query())
        return either[0] if len(either) == 1 else Query.boolean_query([(Occur.Should, query) for query in either])

    def allowed(self, asked: Question, without: str | None = None) -> Mask | None:
        """Return a flag a row: alive and within the filters (but ``without``'s own)."""
        mask = self.alive
        for name, query in asked.filters.items():
            if name != without:
                found = self._mask(query, f"{name} {asked.filter_keys[name]}" if name in asked.filter_keys else None)
                mask = found if mask is None else mask & found
        return mask

    def _mask(self, query: Query, key: str | None) -> Mask:
        """Return a flag a row that a filter lets through; the latest ones are kept, by their keys."""
        mask = self._masks.get(key) if key is not None else None
        if mask is None:
            rows, _ = self._hits(query, max(1, self.searcher.num_docs))
            mask = np.zeros(self.vectors.rows if self.vectors is not None else int(rows.max(initial=-1)) + 1, np.bool_)
            mask[rows] = True
            if key is not None:
                with self._lock:
                    self._masks[key] = mask
                    while len(self._masks) > MASKS_KEPT:
                        del self._masks[next(iter(self._masks))]
        return mask

    def _hits(self, query: Query, limit: int) -> tuple[Ints, Floats]:
        """Return rows and scores, best first; equal scores in row order."""
        hits = self.searcher.search(query, limit, count=False).hits
        rows = np.array(self.searcher.fast_field_values("row", [address for _, address in hits]), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def _sorted(self, query: Query, sort: Sort, offset: int, limit: int) -> tuple[Ints, Floats]:
        found = self.searcher.search(
            query, offset + limit, count=False, order_by_field=SORT_FIELD[sort], order=Order.Desc
        )
        rows = np.array(self.searcher.fast_field_values("row", [address for _, address in found.hits]), np.int64)
        values = np.array([value or 0 for value, _ in found.hits], np.float32)
        order = np.lexsort((rows, -values))[offset:]
        return rows[order], np.zeros(len(order), np.float32)

    def _joined(
        self, asked: Question, words: Query | None, near: _Nearness, offset: int, limit: int
    ) -> tuple[Ints, Floats]:
        """Rank by a weighted sum (``join``) of BM25 and likeness."""
        alike = near.rows(self.allowed(asked))
        if words is None:
            return alike[offset : offset + limit], near.likeness(alike[offset : offset + limit])
        narrow = narrowed(words, list(asked.filters.values()))
        rows, scores = self._hits(narrow, max(CANDIDATES, offset + limit))
        missing = np.setdiff1d(alike, rows)
        if len(missing):
            more, more_scores = self._hits(narrowed(narrow, [one_of("row", missing.tolist())]), len(missing))
            rows, scores = np.concatenate([rows, more]), np.concatenate([scores, more_scores])
        every = np.union1d(rows, alike)
        by_words = np.zeros(len(every), np.float32)
        by_words[np.searchsorted(every, rows)] = scores
        both = join(by_words, near.likeness(every))
        order = np.lexsort((every, -both))[offset : offset + limit]
        return every[order], both[order]

    def _start_counting(
        self, asked: Question, words: Query | None, near: _Nearness | None, names: Sequence[str]
    ) -> list[Future[Counts]]:
        """Count the set and its facets beside the ranking; a facet filtered by is counted without its own filter."""
        if not names:
            whole = self._set(asked, words, near)
            return [workers().submit(lambda: Counts(self.searcher.search(whole, 1).count, 0, {}))]  # type: ignore[attr-defined]  # not in its stubs
        corrected = sorted({row for rows in asked.corrections.values() for row in rows})
        counting = []
        for without, group in facet_groups(names, asked.filters):
            whole = self._set(asked, words, near, without)
            inside: list[int] = []
            if corrected and group:
                rows, _ = self._hits(narrowed(whole, [one_of("row", corrected)]), len(corrected))
                inside = rows.tolist()
            counting.append(workers().submit(counted, self.searcher, whole, group, asked.corrections, inside))
        return counting


class _Nearness:
    """The likeness of one question to every row; worked out once, then asked under several filters."""

    def __init__(self, engine: Engine, query: Floats) -> None:
        if engine.vectors is None:
            raise ValueError("this index has no vectors")
        self._vectors = engine.vectors
        self._scan = engine.vectors.scan(query)
        self._query = query
        self._found: dict[bytes | None, Ints] = {}
        self._likeness = np.full(engine.vectors.rows, np.nan, np.float32)

    def rows(self, allowed: Mask | None) -> Ints:
        """Return the rows above the floor, most alike first, at most 1,000."""
        key = None if allowed is None else np.packbits(allowed).tobytes()
        if key not in self._found:
            rows = self._vectors.candidates(self._scan, MEANING_MOST, allowed)
            likeness = self.likeness(rows)
            best = np.lexsort((rows, -likeness))[:MEANING_MOST]
            self._found[key] = rows[best][likeness[best] >= MEANING_FLOOR]
        return self._found[key]

    def likeness(self, rows: Ints) -> Floats:
        """Return the likeness of each of ``rows``, each worked out once."""
        found: Floats = self._likeness[rows]
        new = np.isnan(found)
        if new.any():
            self._likeness[rows[new]] = self._vectors.likeness(self._query, rows[new])
            found = self._likeness[rows]
        return found


def join(by_words: Floats, likeness: Floats) -> Floats:
    """Return the weighted sum of the two: words as a share of the best of them, likeness as it is.

    Likeness says the same whatever else was found; stretched over the candidates it ranks worse (0.743 for 0.749).
    """
    words = by_words / max(float(by_words.max(initial=0.0)), 1e-9)
    return (WORDS_WEIGHT * words + (1 - WORDS_WEIGHT) * likeness).astype(np.float32)


def narrowed(base: Query, filters: Sequence[Query]) -> Query:
    """Return ``base`` within ``filters``, which add nothing to a score."""
    if not filters:
        return base
    return Query.boolean_query([(Occur.Must, base), *((Occur.Must, quiet(query)) for query in filters)])


def quiet(query: Query) -> Query:
    """Return a query that matches and adds nothing to a score."""
    return Query.const_score_query(query, 0.0)
