"""The search: a reading of the box, the engine's ranking, the claims that it found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from warehouse import grammar
from warehouse.errors import UsageError
from warehouse.filters import MODES, SORTS, Filters, Mode, Sort
from warehouse.index.ask import Asked, ask, filter_keys, filter_queries, matched_spans
from warehouse.index.engine import MEANING_FLOOR, Engine, Question
from warehouse.index.words import FACETS
from warehouse.people import Overlay
from warehouse.queries import hits
from warehouse.queries.corrected import corrections
from warehouse.queries.decided import rejected
from warehouse.queries.reader import Reader
from warehouse.queries.results import SearchResult

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
MAX_SIZE = 1_000
MAX_DEPTH = 100_000


def question(
    reader: Reader, query: str, filters: Filters, mode: Mode, encoder: Encode | None, overlay: Mapping[str, Overlay]
) -> tuple[Question, Mode, Asked | None, list[str]]:
    """Return what to rank by, how it can be answered, what to mark in quotes, and notes for the person."""
    reading = grammar.read(query)
    asked, notes = ask(reading), [reading.note] if reading.note else []
    vector = None
    if mode != "words" and encoder is not None and reading.meaning:
        vector = np.asarray(encoder([reading.meaning]), np.float32)[0]
    elif mode != "words" and reading.root is not None:
        notes.append("answered by words alone: meaning needs the encoder")
    answered: Mode = mode if vector is not None else "words"
    rows = reviewed_rows(reader, overlay) if filters.reviewed is not None else []
    gone = reviewed_rows(reader, rejected(reader, overlay)) if filters.rejected is not None else []
    said = corrections(reader, overlay)
    queries, keys = filter_queries(filters, rows, said, gone), filter_keys(filters, rows, said, gone)
    return Question(asked.query if asked else None, vector, queries, keys, said), answered, asked, notes


def search(
    reader: Reader, engine: Engine, snapshot: str, query: str, *, filters: Filters, mode: str, encoder: Encode | None,
    sort: str, page: int, size: int, overlay: Mapping[str, Overlay], facets: bool = True,
) -> SearchResult:  # fmt: skip
    """Return one page of hits with counts and facets; see ``Base.search``."""
    began = time.perf_counter()
    asked_mode, asked_sort = _check(mode, sort, page, size)
    asked, answered, marks, notes = question(reader, query, filters, asked_mode, encoder, overlay)
    counted = FACETS if facets else ()
    ranked = engine.rank(asked, answered, asked_sort, offset=(page - 1) * size, limit=size, facets=counted)
    found = hits.of_entries(engine, ranked.rows.tolist(), ranked.scores.tolist(), filters, overlay)
    if asked.vector is not None and engine.vectors is not None:
        alike = engine.vectors.likeness(asked.vector, ranked.rows)
        found = [replace(hit, likeness=float(value)) for hit, value in zip(found, alike, strict=True)]
    if marks is not None:
        found = [replace(hit, matched=matched_spans(hit.quote, marks)) for hit in found]
    return SearchResult(
        query=query, mode=answered, total=ranked.total, hits=tuple(found), facets=ranked.facets, snapshot=snapshot,
        sort=asked_sort, page=page, size=size, notes=tuple(notes), took_ms=(time.perf_counter() - began) * 1000,
        documents=ranked.documents, meaning_floor=MEANING_FLOOR if answered != "words" else None,
    )  # fmt: skip


def _check(mode: str, sort: str, page: int, size: int) -> tuple[Mode, Sort]:
    for name, value, valid in (("mode", mode, MODES), ("sort", sort, SORTS)):
        if value not in valid:
            raise UsageError(f"{name} {value!r}: choose from {', '.join(valid)}")
    if not (page >= 1 and 1 <= size <= MAX_SIZE and page * size <= MAX_DEPTH):
        raise UsageError(
            f"page {page} of {size}: a page holds 1 to {MAX_SIZE:,} hits, and paging ends at {MAX_DEPTH:,}; "
            "narrow the search, or export it"
        )
    return mode, sort  # type: ignore[return-value]  # checked just above


def reviewed_rows(reader: Reader, overlay: Iterable[str]) -> list[int]:
    """Return the entries of claims (threads) on which a person has decided."""
    found = reader.rows(
        "select distinct e.row from (select row, unnest(members) as n from entry) e join current_claim c on c.n = e.n"
        " where c.thread in (select unnest(?::varchar[])) order by 1",
        [sorted(overlay)],
    )
    return [row["row"] for row in found]


def claim_numbers(reader: Reader, rows: Sequence[int]) -> list[int]:
    """Return the numbers of every claim (copies too) of entries."""
    found = reader.rows(
        "select unnest(members) as n from entry where row in (select unnest(?::integer[])) order by n", [list(rows)]
    )
    return [row["n"] for row in found]


Facts = dict[str, Any]
