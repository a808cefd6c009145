"""What links across documents are made from: the latest version of every live document, and its claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from warehouse.models import Basis, ClaimKind, Direction, Figure, Named
from warehouse.rows import dicts

VIEWS = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class LatestDocument:
    """A document with the text that it shows now."""

    id: str
    url: str
    canonical_url: str | None
    title: str | None
    text: str
    authors: tuple[str, ...]
    publisher: str | None
    published: date | None
    doi: str | None
    kind: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class LatestClaim:
    """A claim of a latest version. ``said_at``: published, or first seen; ``who``: speaker, or publisher."""

    passage: str
    thread: str
    document: str
    quote: str
    kind: ClaimKind
    direction: Direction | None
    outcome: str | None
    intervention: str | None
    basis: Basis | None
    said_at: datetime
    who: str | None


@dataclass(frozen=True, slots=True)
class LatestFigures:
    """The figures of one passage with what it names; ``start`` is the passage's place in the text."""

    passage: str
    document: str
    quote: str
    start: int
    figures: tuple[Figure, ...]
    named: tuple[Named, ...]


def latest_documents(con: duckdb.DuckDBPyConnection) -> list[LatestDocument]:
    """Return every live document with its latest text, by first sight."""
    con.execute(VIEWS.read_text("utf-8"))
    rows = dicts(con, "select * from latest_document order by first_seen, id")
    return [LatestDocument(**{**row, "authors": tuple(row["authors"])}) for row in rows]


def latest_claims(con: duckdb.DuckDBPyConnection) -> tuple[list[LatestClaim], npt.NDArray[np.float32]]:
    """Return the claims of latest versions and their unit vectors, float32 [n, 384]."""
    con.execute(VIEWS.read_text("utf-8"))
    rows = con.execute("select * exclude n from latest_claim order by document, n").fetchall()
    vectors = np.zeros((len(rows), 384), dtype=np.float32)
    for n, row in enumerate(rows):
        vectors[n] = np.asarray(row[-1], dtype=np.float32) * row[-2]
    return [LatestClaim(*row[:-2]) for row in rows], vectors


def latest_figures(con: duckdb.DuckDBPyConnection) -> list[LatestFigures]:
    """Return the passages of latest versions that hold planned or actual figures, in document order."""
    con.execute(VIEWS.read_text("utf-8"))
    passages = con.execute("select * exclude n from latest_promising order by document, n").fetchall()
    ids = [[row[0] for row in passages]]
    figures: dict[str, list[Figure]] = {}
    sql = "select * from figure where passage in (select unnest(?::varchar[])) order by passage, start_at"
    for row in dicts(con, sql, ids):
        spans = {"start": row["start_at"], "end": row["end_at"]}
        names = ("value", "unit", "role", "measure", "bound", "period", "direction")
        figures.setdefault(row["passage"], []).append(Figure(**{name: row[name] for name in names}, **spans))
    named: dict[str, list[Named]] = {}
    sql = "select * from named where passage in (select unnest(?::varchar[])) order by passage, start_at"
    for row in dicts(con, sql, ids):
        found = Named(row["entity"], row["kind"], row["start_at"], row["end_at"])
        named.setdefault(row["passage"], []).append(found)
    return [
        LatestFigures(id, document, quote, start, tuple(figures.get(id, ())), tuple(named.get(id, ())))
        for id, document, quote, start in passages
    ]
