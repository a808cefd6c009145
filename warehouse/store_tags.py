"""What was found in a version's text: passages and all that hangs on them, replaced as one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from warehouse import ids
from warehouse.models import Annotation, Attribution, Span
from warehouse.rows import append, as_json, column, dicts

DIMENSIONS = 384
HUNG_ON_PASSAGE = ("claim", "tag", "figure", "named", "vector")
DELETES = {
    "claim": "delete from claim where passage in (select unnest(?::varchar[]))",
    "tag": "delete from tag where passage in (select unnest(?::varchar[]))",
    "figure": "delete from figure where passage in (select unnest(?::varchar[]))",
    "named": "delete from named where passage in (select unnest(?::varchar[]))",
    "vector": "delete from vector where passage in (select unnest(?::varchar[]))",
}

# A newer tagger may cut and claim otherwise: what the version differs in is worked out again.
COMPARE_AGAIN = (
    "delete from compared where (document, n) in"
    " (select (document, n + after) from showing, (values (0), (1)) next(after) where version = ?)"
)


@dataclass(frozen=True, slots=True)
class Untagged:
    """A version to tag."""

    version: str
    document: str
    title: str | None
    text: str
    comments: tuple[str, ...]
    kind: str
    source: str


def untagged(con: duckdb.DuckDBPyConnection, tagger: str, batch: int) -> Iterator[list[Untagged]]:
    """Yield versions whose text is kept whole and that this tagger has not seen, oldest first."""
    todo = column(
        con,
        "select v.id from version v left join tagged t on t.version = v.id join document d on d.id = v.document"
        " where v.kept = 'full' and d.status not in ('suspect', 'held') and (t.tagger is null or t.tagger <> ?)"
        " order by v.first_seen, v.id",
        [tagger],
    )
    for first in range(0, len(todo), batch):
        rows = con.execute(
            "select v.id, v.document, v.title, v.text, v.comments, d.kind, d.source from version v"
            " join document d on d.id = v.document where v.id in (select unnest(?::varchar[]))"
            " order by v.first_seen, v.id",
            [todo[first : first + batch]],
        ).fetchall()
        yield [
            Untagged(version, document, title, text, tuple(json.loads(comments or "[]")), kind, source)
            for version, document, title, text, comments, kind, source in rows
        ]


def put(
    con: duckdb.DuckDBPyConnection, version: str, annotations: Sequence[Annotation], vectors: npt.NDArray[np.float32],
    tagger: str, threads: Mapping[Span, str],
) -> None:  # fmt: skip
    """Replace what was found in ``version``, inside the caller's transaction."""
    if vectors.shape != (len(annotations), DIMENSIONS):
        raise ValueError(f"{len(annotations)} annotations need vectors of {DIMENSIONS}; these are {vectors.shape}")
    document, seen = con.execute("select document, first_seen from version where id = ?", [version]).fetchall()[0]
    before = dict(con.execute("select passage, thread from claim where version = ?", [version]).fetchall())
    if con.execute("select 1 from tagged where version = ?", [version]).fetchall():
        con.execute(COMPARE_AGAIN, [version])
    forget(con, version)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ("passage", "claim", "tag", "figure", "named")}
    claimed: list[int] = []
    new_threads = []
    for n, found in enumerate(annotations):
        passage = ids.passage_id(version, found.start, found.end)
        rows["passage"].append(_passage_row(passage, version, n, found, tagger))
        rows["tag"] += _tag_rows(passage, found, tagger)
        rows["figure"] += _figure_rows(passage, found)
        rows["named"] += [
            {"passage": passage, "entity": e.id, "kind": e.kind, "start_at": e.start, "end_at": e.end}
            for e in found.named
        ]
        if found.claim is not None:
            own = ids.make_id("thread", passage)
            thread = threads.get((found.start, found.end)) or before.get(passage) or own
            if thread == own:
                new_threads.append({"id": own, "document": document, "first_passage": passage, "first_seen": seen})
            rows["claim"].append(_claim_row(passage, thread, document, version, found, tagger))
            claimed.append(n)
    for name, batch in rows.items():
        append(con, name, batch)
    _put_threads(con, new_threads)
    # A newer tagger may claim less: a thread that no version's claim is on any more goes with its last claim.
    con.execute("delete from thread where document = ? and id not in (select thread from claim)", [document])
    _put_vectors(con, [row["passage"] for row in rows["claim"]], vectors[claimed])
    append(con, "tagged", [{"version": version, "tagger": tagger}])


def forget(con: duckdb.DuckDBPyConnection, version: str) -> None:
    """Delete what was found in a version."""
    passages = column(con, "select id from passage where version = ?", [version])
    if passages:
        for table in HUNG_ON_PASSAGE:
            con.execute(DELETES[table], [passages])
        con.execute("delete from passage where version = ?", [version])
    con.execute("delete from tagged where version = ?", [version])


def quantise(vectors: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Return int8 rows and a scale each: ``row * scale`` is within half a step of the vector."""
    top = np.abs(vectors).max(axis=1, initial=0.0)
    scale = np.where(top > 0, top / 127.0, 1.0).astype(np.float32)
    return np.rint(vectors / scale[:, None]).astype(np.int8), scale


def _put_vectors(con: duckdb.DuckDBPyConnection, passages: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
    if not passages:
        return
    quantised, scale = quantise(np.asarray(vectors, dtype=np.float32))
    rows = pa.FixedSizeListArray.from_arrays(pa.array(quantised.ravel()), DIMENSIONS)
    con.from_arrow(pa.table({"passage": list(passages), "scale": scale, "v": rows})).insert_into("vector")


def _put_threads(con: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    known = set(
        column(con, "select id from thread where id in (select unnest(?::varchar[]))", [[row["id"] for row in rows]])
    )
    append(con, "thread", [row for row in rows if row["id"] not in known])


def _passage_row(passage: str, version: str, n: int, found: Annotation, tagger: str) -> dict[str, Any]:
    lead = found.lead or (None, None)
    return {
        "id": passage, "version": version, "n": n, "start_at": found.start, "end_at": found.end, "type": found.type,
        "lead_start": lead[0], "lead_end": lead[1], "skipped": found.skipped, "said": _said(found),
        "tagger": tagger,
    }  # fmt: skip


def _said(found: Annotation) -> str | None:
    if found.claim is not None or (found.attribution, found.basis, found.study) == (Attribution(), None, ()):
        return None
    said = found.attribution
    return as_json([[said.type, said.name, said.role], found.basis, _study(found)])


def _study(found: Annotation) -> list[list[str | int]]:
    return [[fact.name, fact.value, fact.start, fact.end] for fact in found.study]


def _claim_row(
    passage: str, thread: str, document: str, version: str, found: Annotation, tagger: str
) -> dict[str, Any]:
    claim, said = found.claim, found.attribution
    assert claim is not None
    return {
        "passage": passage, "thread": thread, "document": document, "version": version, "kind": claim.kind,
        "score": claim.score, "direction": claim.direction, "outcome": claim.outcome,
        "intervention": claim.intervention, "hedge": claim.hedge, "attribution_type": said.type,
        "attribution_name": said.name, "attribution_role": said.role, "basis": found.basis,
        "study": as_json(_study(found)), "tagger": tagger,
    }  # fmt: skip


def _tag_rows(passage: str, found: Annotation, tagger: str) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.make_id("tag", passage, tag.code, tag.polarity, json.dumps(tag.cues), tag.stanza, tagger),
            "passage": passage, "code": tag.code, "polarity": tag.polarity, "score": tag.score,
            "cues": as_json(tag.cues) or "[]", "stanza": tag.stanza, "tagger": tagger,
        }
        for tag in found.themes
    ]  # fmt: skip


def _figure_rows(passage: str, found: Annotation) -> list[dict[str, Any]]:
    return [
        {
            "id": ids.make_id("figure", passage, f.start, f.end), "passage": passage, "value": f.value,
            "unit": f.unit, "role": f.role, "measure": f.measure, "bound": f.bound, "period": f.period,
            "direction": f.direction, "start_at": f.start, "end_at": f.end,
        }
        for f in found.figures
    ]  # fmt: skip


def annotations_of(con: duckdb.DuckDBPyConnection, version: str, text: str) -> list[tuple[Annotation, str | None]]:
    """Return a version's annotations in order, each with its claim's thread (None: no claim). ``text``: the whole."""
    from warehouse.annotations import build

    hung = {
        "tag": "select t.* from tag t join passage p on p.id = t.passage where p.version = ?"
        " order by t.code, t.polarity",
        "figure": "select f.* from figure f join passage p on p.id = f.passage where p.version = ? order by f.start_at",
        "named": "select n.* from named n join passage p on p.id = n.passage where p.version = ?"
        " order by n.start_at, n.entity",
        "claim": "select * from claim where version = ?",
    }
    parts = {name: dicts(con, sql, [version]) for name, sql in hung.items()}
    return build(dicts(con, "select * from passage where version = ? order by n", [version]), parts, text)
