"""What holds between versions, documents and claims: changes, echoes, promises, disagreements; and erasing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from warehouse import ids
from warehouse.addresses import address_key
from warehouse.models import Annotation, Change, Span
from warehouse.rows import append, as_json, column, dicts
from warehouse.store_tags import annotations_of, forget
from warehouse.texts import whole_text


@dataclass(frozen=True, slots=True)
class Side:
    """One showing of a document. ``text`` is the whole text; ``threads`` gives the thread of each claim's span."""

    version: str
    n: int
    title: str | None
    text: str
    at: datetime
    annotations: tuple[Annotation, ...]
    threads: Mapping[Span, str]
    kept: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring showings. Not ``comparable``: read by different extractors, which is no change."""

    document: str
    old: Side
    new: Side
    comparable: bool


@dataclass(frozen=True, slots=True)
class EchoRow:
    """A member of a cluster; ``cluster`` is any name, kept as the id of its sorted members."""

    cluster: str
    member: str
    original: bool = False
    score: float | None = None
    why: str | None = None


def latest_two(con: duckdb.DuckDBPyConnection, document: str) -> Pair | None:
    """Return the last two showings, or None where there is only one."""
    last = column(con, "select coalesce(max(n), 0) from showing where document = ?", [document])[0]
    return pair(con, document, last) if last > 1 else None


def pairs_to_compare(con: duckdb.DuckDBPyConnection) -> Iterator[Pair]:
    """Yield pairs not compared yet whose both sides are tagged, a document's in their order."""
    todo = con.execute(
        "select s.document, s.n from showing s join showing o on o.document = s.document and o.n = s.n - 1"
        " left join compared c on c.document = s.document and c.n = s.n"
        " where c.n is null and s.version in (select version from tagged) and o.version in (select version from tagged)"
        " order by s.document, s.n"
    ).fetchall()
    for document, n in todo:
        yield pair(con, document, n)


def tagged_showings(con: duckdb.DuckDBPyConnection, document: str, until: int) -> Iterator[Side]:
    """Yield the tagged showings of a document before showing ``until``, in order."""
    numbers = column(
        con,
        "select n from showing where document = ? and n < ? and version in (select version from tagged) order by n",
        [document, until],
    )
    excerpt = _is_excerpt(con, document)
    for n in numbers:
        row = _showing(con, document, n)
        yield _claims_only(_side(con, row)) if excerpt or row["kept"] == "excerpt" else _side(con, row)


def pair(con: duckdb.DuckDBPyConnection, document: str, n: int) -> Pair:
    """Return showings ``n - 1`` and ``n`` of a document."""
    old, new = (_showing(con, document, showing) for showing in (n - 1, n))
    reread = old["extractor"] != new["extractor"]  # one body by two extractors, or two where the first is not kept
    sides = _side(con, old), _side(con, new)
    if "excerpt" in (old["kept"], new["kept"]) or _is_excerpt(con, document):
        sides = _claims_only(sides[0]), _claims_only(sides[1])
    return Pair(document, *sides, comparable=not reread)


def _showing(con: duckdb.DuckDBPyConnection, document: str, n: int) -> dict[str, Any]:
    sql = (
        "select s.version, s.n, s.seen_at, v.title, v.text, v.comments, v.kept, v.extractor, v.body_sha256"
        " from showing s join version v on v.id = s.version where s.document = ? and s.n = ?"
    )
    return dicts(con, sql, [document, n])[0]


def _is_excerpt(con: duckdb.DuckDBPyConnection, document: str) -> bool:
    return column(con, "select storage from document where id = ?", [document]) == ["excerpt"]


def _claims_only(side: Side) -> Side:
    """A side of which only claims may be quoted: what else changed is not said."""
    return replace(side, annotations=tuple(found for found in side.annotations if found.claim is not None))


def _side(con: duckdb.DuckDBPyConnection, row: Mapping[str, Any]) -> Side:
    text = whole_text(row["text"], json.loads(row["comments"] or "[]"))
    found = annotations_of(con, row["version"], text)
    threads = {(a.start, a.end): thread for a, thread in found if thread is not None}
    annotations = tuple(a for a, _ in found)
    return Side(row["version"], row["n"], row["title"], text, row["seen_at"], annotations, threads, row["kept"])


def put_changes(
    con: duckdb.DuckDBPyConnection, pair: Pair, changes: Sequence[Change], run: int, threads: Mapping[Span, str]
) -> None:
    """Write a pair's changes; carry threads to the new side unless its version was shown before (it has them)."""
    first = column(
        con, "select min(n) from showing where document = ? and version = ?", [pair.document, pair.new.version]
    )
    if first[0] == pair.new.n:
        for span, thread in sorted(threads.items()):
            _carry(con, pair.new, span, thread)
    con.execute("delete from change where document = ? and n = ?", [pair.document, pair.new.n])
    con.execute("delete from compared where document = ? and n = ?", [pair.document, pair.new.n])
    append(con, "change", list(_change_rows(pair, changes, run, threads)))
    append(con, "compared", [{"document": pair.document, "n": pair.new.n}])


def _carry(con: duckdb.DuckDBPyConnection, side: Side, span: Span, thread: str) -> None:
    own = side.threads.get(span)
    if own is None or own == thread:
        return
    con.execute("update claim set thread = ? where passage = ?", [thread, ids.passage_id(side.version, *span)])
    con.execute("delete from thread where id = ? and id not in (select thread from claim)", [own])


def _change_rows(
    pair: Pair, changes: Sequence[Change], run: int, threads: Mapping[Span, str]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of changes; an id is made of what the sentences were, so that it outlives a better difference."""
    twins: Counter[tuple[str | None, str | None]] = Counter()
    for change in changes:
        sides = change.old, change.new
        yield _change_row(
            pair, ids.make_id("change", pair.document, pair.new.n, *sides, twins[sides]), change, run, threads
        )
        twins[sides] += 1


def _change_row(pair: Pair, name: str, change: Change, run: int, threads: Mapping[Span, str]) -> dict[str, Any]:
    old, new = change.old_span, change.new_span
    thread = None
    if old is not None:
        thread = pair.old.threads.get(old)
    if thread is None and new is not None:
        thread = threads.get(new) or pair.new.threads.get(new)
    return {
        "id": name, "document": pair.document, "n": pair.new.n,
        "old_version": pair.old.version, "new_version": pair.new.version, "kind": change.kind,
        "also": list(change.also), "claim": change.claim, "old": change.old, "new": change.new,
        "old_passage": ids.passage_id(pair.old.version, *old) if old else None,
        "new_passage": ids.passage_id(pair.new.version, *new) if new else None,
        "thread": thread, "detail": as_json(change.detail), "seen_at": pair.new.at, "run": run,
    }  # fmt: skip


def replace_echoes(
    con: duckdb.DuckDBPyConnection, kind: str, rows: Sequence[EchoRow], unsure: Sequence[tuple[str, str, float]]
) -> None:
    """Replace every echo and unsure pair of a kind."""
    con.execute("delete from echo where kind = ?", [kind])
    con.execute("delete from unsure where kind = ?", [kind])
    members: dict[str, list[str]] = {}
    for row in rows:
        members.setdefault(row.cluster, []).append(row.member)
    named = {cluster: ids.make_id("echo", kind, *sorted(inside)) for cluster, inside in members.items()}
    ordered = sorted(rows, key=lambda row: (named[row.cluster], row.member))
    append(con, "echo", [
        {"cluster": named[row.cluster], "kind": kind, "member": row.member, "original": row.original,
         "score": row.score, "why": row.why} for row in ordered
    ])  # fmt: skip
    append(con, "unsure", [{"kind": kind, "a": a, "b": b, "score": score} for a, b, score in sorted(unsure)])


def replace_promises(con: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the promises; an id is that of its two figures."""
    con.execute("delete from promise")
    made = [{**row, "id": ids.make_id("promise", row["planned_figure"], row["actual_figure"])} for row in rows]
    append(con, "promise", sorted(made, key=lambda row: str(row["id"])))


def replace_disagreements(con: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the disagreements; an id is that of its two claims."""
    con.execute("delete from disagreement")
    made = [{**row, "id": ids.make_id("disagreement", row["a"], row["b"])} for row in rows]
    append(con, "disagreement", sorted(made, key=lambda row: str(row["id"])))


ERASE = (
    "delete from claim where document in (select unnest(?::varchar[]))",
    "delete from change where document in (select unnest(?::varchar[]))",
    "delete from thread where document in (select unnest(?::varchar[]))",
    "delete from showing where document in (select unnest(?::varchar[]))",
    "delete from compared where document in (select unnest(?::varchar[]))",
    "delete from echo where member in (select unnest(?::varchar[]))",
    "delete from version where document in (select unnest(?::varchar[]))",
    "delete from alias where document in (select unnest(?::varchar[]))",
    "delete from document where id in (select unnest(?::varchar[]))",
)


BLANK_FETCH = """
update fetched set document = null, version = null, url = '', final_url = '', headers = null, hints = null,
    reason = 'erased' where document in (select unnest(?::varchar[])) or seq in (select unnest(?::bigint[]))
"""


def erase(con: duckdb.DuckDBPyConnection, documents: list[str], at: datetime, why: str | None) -> list[str]:
    """Delete documents with all that hangs on them; return the bodies that only they showed."""
    mine = "select body_sha256 from fetched where document in (select unnest(?::varchar[])) and body_sha256 is not null"
    bodies = set(column(con, mine, [documents]))
    keys = column(
        con, "select address from alias where document in (select unnest(?::varchar[])) order by 1", [documents]
    )
    for version in column(con, "select id from version where document in (select unnest(?::varchar[]))", [documents]):
        forget(con, version)
    threads = column(con, "select id from thread where document in (select unnest(?::varchar[]))", [documents])
    con.execute("delete from echo where member in (select unnest(?::varchar[]))", [threads])
    con.execute(
        "delete from promise where planned_figure not in (select id from figure)"
        " or actual_figure not in (select id from figure)"
    )
    con.execute(
        "delete from disagreement where a in (select unnest(?::varchar[])) or b in (select unnest(?::varchar[]))",
        [threads, threads],
    )
    for statement in ERASE:
        con.execute(statement, [documents])
    seen = con.execute("select seq, url, final_url from fetched where role = 'document'").fetchall()
    seqs = [seq for seq, *urls in seen if {address_key(url) for url in urls}.intersection(keys)]
    con.execute(BLANK_FETCH, [documents, seqs])
    con.execute("delete from tombstone where address in (select unnest(?::varchar[]))", [keys])
    append(con, "tombstone", [{"address": key, "seen_at": at, "why": why} for key in keys])
    needed = set(column(con, "select body_sha256 from fetched where document is not null and body_sha256 is not null"))
    return sorted(bodies - needed)


def settle_excerpts(con: duckdb.DuckDBPyConnection) -> int:
    """Blank tagged texts of excerpt sources but for their claims; keep a hash of every sentence. Offsets stay.

    The bytes leave the disk when the store is closed.
    """
    todo = con.execute(
        "select v.id, v.text from version v join document d on d.id = v.document"
        " where d.storage = 'excerpt' and v.kept = 'full'"
        " and (v.id in (select version from tagged) or d.status in ('held', 'suspect')) order by v.id"
    ).fetchall()
    for version, text in todo:
        spans = con.execute(
            "select p.start_at, p.end_at, c.passage is not null from passage p left join claim c on c.passage = p.id"
            " where p.version = ? and p.start_at < length(?) order by p.n", [version, text]
        ).fetchall()  # fmt: skip
        hashes = [[start, end, ids.make_id("sentence", text[start:end])] for start, end, _ in spans]
        con.execute(
            "update version set text = ?, sentences = ?, comments = null, kept = 'excerpt' where id = ?",
            [_blanked(text, [(start, end) for start, end, claims in spans if claims]), as_json(hashes), version],
        )
    if todo and not column(con, "select 1 from setting where name = 'blanked'"):
        append(con, "setting", [{"name": "blanked", "value": "1"}])
    return len(todo)


def _blanked(text: str, kept: Sequence[Span]) -> str:
    blank = "".join(c if c == "\n" else " " for c in text)
    for start, end in kept:
        blank = blank[:start] + text[start:end] + blank[end:]
    return blank
