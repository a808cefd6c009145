"""Pages that are no longer there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from warehouse.queries.reader import Reader


@dataclass(frozen=True, slots=True)
class Gone:
    """A document whose address last answered that it is gone, and when that was."""

    document: str
    title: str | None
    url: str
    gone_at: datetime


def gone_since(reader: Reader, since: datetime) -> list[Gone]:
    """Return the documents found gone at or after ``since`` (UTC), newest first."""
    rows = reader.rows(
        "select d.id as document, d.title, d.url, min(f.seen_at) as gone_at"
        " from document d join fetched f on f.document = d.id"
        " where d.status = 'gone' and f.outcome = 'gone' group by d.id, d.title, d.url having min(f.seen_at) >= ?"
        " order by gone_at desc, d.id",
        [since.replace(tzinfo=None)],
    )
    return [Gone(**row) for row in rows]
