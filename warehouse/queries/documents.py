"""A document with its versions, and what changed between them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from warehouse.addresses import address_key
from warehouse.errors import UsageError
from warehouse.queries.reader import Reader
from warehouse.queries.views import ChangeRow, DocumentView, EchoView, FetchView, VersionView

FETCHES_SHOWN = 500
CHANGES = """
select c.*, d.url, coalesce(v.title, d.title) as title, coalesce(d.publisher, s.publisher) as publisher, d.source,
    (select list(distinct t.code || ':' || t.polarity order by t.code || ':' || t.polarity) from tag t
        where t.passage = c.new_passage or t.passage = c.old_passage) as themes
from change c join document d on d.id = c.document join version v on v.id = c.new_version
left join source s on s.name = d.source
where (?::timestamp is null or c.seen_at >= ?) and (?::varchar is null or c.kind = ? or list_contains(c.also, ?))
    and (?::varchar is null or d.source = ?) and (?::varchar is null or c.document = ?)
    and (?::varchar[] is null or c.thread in (select unnest(?::varchar[])))
    and (?::varchar is null or exists (select 1 from tag t
        where (t.passage = c.new_passage or t.passage = c.old_passage)
        and (t.code = ? or t.code || ':' || t.polarity = ?)))
order by c.seen_at desc, c.document, c.n desc, c.rowid limit ?
"""
ECHOES = """
select other.kind, other.cluster, other.member as document, d.title, coalesce(d.publisher, s.publisher) as publisher,
    d.url, d.published, other.original, other.score, other.why
from echo mine join echo other on other.cluster = mine.cluster and other.kind = mine.kind
join document d on d.id = other.member left join source s on s.name = d.source
where mine.kind in ('copy', 'near_copy', 'same_work') and mine.member = ? and other.member <> ?
order by other.kind, other.original desc, d.published, other.member
"""


def document(reader: Reader, name: str) -> DocumentView:
    """Return a document by id or address."""
    found = reader.rows(
        "select d.*, coalesce(d.publisher, s.publisher) as shown_publisher from document d"
        " left join source s on s.name = d.source where d.id = ?"
        " or d.id in (select document from alias where address = ?)",
        [name, address_key(name)],
    )
    if not found:
        raise UsageError(f"no document {name!r} in this base; give its id, or an address it was seen at")
    row = found[0]
    same = (
        "id", "url", "title", "kind", "source", "published", "updated", "language", "licence", "doi", "peer_reviewed",
        "status", "demo", "storage", "relevance", "relevance_reason", "first_seen", "last_seen",
    )  # fmt: skip
    extra = json.loads(row["extra"] or "{}")
    addresses = reader.rows("select address from alias where document = ? order by address", [row["id"]])
    return DocumentView(
        **{name: row[name] for name in same}, publisher=row["shown_publisher"], authors=tuple(row["authors"]),
        addresses=tuple(alias["address"] for alias in addresses),
        history=tuple((a, b) for a, b in json.loads(row["history"] or "[]")),
        versions=tuple(_versions(reader, row["id"])), fetches=tuple(_fetches(reader, row["id"])),
        changes=tuple(changes(reader, document=row["id"])), echoes=tuple(echoes(reader, row["id"])),
        retracted=extra.get("retracted") is True,
        updated_by=tuple((str(one.get("type") or "update"), str(one["doi"]), one.get("at"))
                         for one in extra.get("updated_by") or ()),
    )  # fmt: skip


def retracted(reader: Reader) -> frozenset[str]:
    """Return the ids of documents that are said to be retracted."""
    rows = reader.rows("select id from document where (extra->>'$.retracted') = 'true'")
    return frozenset(row["id"] for row in rows)


def _versions(reader: Reader, document: str) -> list[VersionView]:
    rows = reader.rows(
        "select v.*, s.shown from version v join (select version, list(seen_at order by n) as shown, min(n) as first"
        " from showing where document = ? group by version) s on s.version = v.id order by s.first",
        [document],
    )
    return [
        VersionView(
            id=row["id"], title=row["title"], text=row["text"], comments=tuple(json.loads(row["comments"] or "[]")),
            pages=tuple((a, b) for a, b in json.loads(row["pages"])) if row["pages"] else None, kept=row["kept"],
            first_seen=row["first_seen"], declared_at=row["declared_at"], note=row["note"], extractor=row["extractor"],
            shown=tuple(row["shown"]),
        )
        for row in rows
    ]  # fmt: skip


def _fetches(reader: Reader, document: str) -> list[FetchView]:
    rows = reader.rows(
        "select seq, seen_at, url, status, outcome, version, reason from fetched where document = ?"
        " order by seq desc limit ?",
        [document, FETCHES_SHOWN],
    )
    return [FetchView(*row.values()) for row in rows]


def changes(
    reader: Reader, since: date | datetime | None = None, theme: str | None = None, kind: str | None = None,
    source: str | None = None, limit: int = 200, document: str | None = None,
    threads: Iterable[str] | None = None,
) -> list[ChangeRow]:  # fmt: skip
    """Return changes, newest first. ``threads``: in these claims alone."""
    claims = None if threads is None else sorted(threads)
    values = [
        since, since, kind, kind, kind, source, source, document, document, claims, claims, theme, theme, theme, limit,
    ]  # fmt: skip
    return [_change(row) for row in reader.rows(CHANGES, values)]


def changes_of_thread(reader: Reader, thread: str) -> Sequence[ChangeRow]:
    """Return what happened to one claim, newest first."""
    return changes(reader, threads=[thread])


def _change(row: Mapping[str, Any]) -> ChangeRow:
    same = (
        "id", "kind", "old", "new", "claim", "document", "url", "title", "publisher", "source", "old_version",
        "new_version", "thread",
    )  # fmt: skip
    return ChangeRow(
        **{name: row[name] for name in same}, also=tuple(row["also"]), detail=json.loads(row["detail"] or "{}"),
        at=row["seen_at"], themes=tuple(row["themes"] or ()),
    )  # fmt: skip


def echoes(reader: Reader, document: str) -> list[EchoView]:
    """Return the documents that say the same."""
    return [EchoView(**row) for row in reader.rows(ECHOES, [document, document])]
