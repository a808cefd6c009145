"""What links across documents are made from: the latest version of every live document, and its claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import numpy as np
import numpy.typing as npt

from warehouse.models import Basis, ClaimKind, Direction, Figure, Named
from warehouse.rows import dicts
from warehouse.texts import WHOLE_TEXT_SQL

LATEST = (
    "with latest as (select s.document, arg_max(s.version, s.n) as version from showing s join document d"
    " on d.id = s.document where d.status in ('live', 'gone') group by s.document) "
)


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
    """A claim of a latest version; ``vector`` indexes the matrix that comes with it."""

    passage: str
    thread: str
    document: str
    quote: str
    kind: ClaimKind
    direction: Direction | None
    outcome: str | None
    intervention: str | None
    basis: Basis | None


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
    rows = con.execute(
        LATEST
        + "select d.id, d.url, d.extra->>'$.canonical_url', v.title, v.text, d.authors, d.publisher, d.published,"
        " d.doi, d.kind, d.first_seen from latest l join document d on d.id = l.document join version v on v.id = l.version"
        " order by d.first_seen, d.id"
    ).fetchall()
    return [LatestDocument(*row[:5], tuple(row[5]), *row[6:]) for row in rows]


def latest_claims(con: duckdb.DuckDBPyConnection) -> tuple[list[LatestClaim], npt.NDArray[np.float32]]:
    """Return the claims of latest versions and their unit vectors, float32 [n, 384]."""
    rows = con.execute(
        LATEST + "select c.passage, c.thread, c.document, substring(" + WHOLE_TEXT_SQL + ", p.start_at + 1,"
        " p.end_at - p.start_at), c.kind, c.direction, c.outcome, c.intervention, c.basis, e.scale, e.v"
        " from latest l join claim c on c.version = l.version join passage p on p.id = c.passage"
        " join version v on v.id = l.version join vector e on e.passage = c.passage order by c.document, p.n"
    ).fetchall()
    vectors = np.zeros((len(rows), 384), dtype=np.float32)
    for n, row in enumerate(rows):
        vectors[n] = np.asarray(row[10], dtype=np.float32) * row[9]
    return [LatestClaim(*row[:9]) for row in rows], vectors


def latest_figures(con: duckdb.DuckDBPyConnection) -> list[LatestFigures]:
    """Return the passages of latest versions that hold planned or actual figures, in document order."""
    passages = con.execute(
        LATEST + "select p.id, l.document, substring(" + WHOLE_TEXT_SQL + ", p.start_at + 1, p.end_at - p.start_at),"
        " p.start_at from latest l join passage p on p.version = l.version join version v on v.id = l.version"
        " where p.id in (select passage from figure where role <> 'context') order by l.document, p.n"
    ).fetchall()
    ids = [row[0] for row in passages]
    figures: dict[str, list[Figure]] = {}
    wanted = "where passage in (select unnest(?::varchar[])) order by passage, start_at"
    for row in dicts(con, "select * from figure " + wanted, [ids]):
        starts = {"start": row["start_at"], "end": row["end_at"]}
        names = ("value", "unit", "role", "measure", "bound", "period", "direction")
        figures.setdefault(row["passage"], []).append(Figure(**{name: row[name] for name in names}, **starts))
    named: dict[str, list[Named]] = {}
    for row in dicts(con, "select * from named " + wanted, [ids]):
        found = Named(row["entity"], row["kind"], row["start_at"], row["end_at"])
        named.setdefault(row["passage"], []).append(found)
    return [
        LatestFigures(id, document, quote, start, tuple(figures.get(id, ())), tuple(named.get(id, ())))
        for id, document, quote, start in passages
    ]
