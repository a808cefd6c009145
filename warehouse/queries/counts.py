"""What the app asks beside searches and trends: works a period, pairs and documents that wait for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from warehouse.errors import UsageError
from warehouse.people import Overlay
from warehouse.queries.claims import of_threads
from warehouse.queries.reader import Reader
from warehouse.queries.results import Hit
from warehouse.queries.trends import PERIODS

# As in trends: a work is a document or the cluster of its copies, dated by its first publication.
WORKS = """
with work as (
    select coalesce(e.cluster, d.id) as work, min(coalesce(d.published, cast(d.first_seen as date))) as day
    from document d join latest l on l.document = d.id left join (select member, min(cluster) as cluster from echo
        where kind in ('copy', 'near_copy', 'same_work') group by member) e on e.member = d.id group by 1
)
select case when ? = 'quarter' then year(day) || '-Q' || quarter(day) else strftime(day, ?) end as period,
    count(*)::integer as works from work group by 1 order by 1
"""
UNSURE = """
select u.kind, u.a, u.b, u.score, a.title as a_title, b.title as b_title, a.url as a_url, b.url as b_url,
    a.publisher as a_publisher, b.publisher as b_publisher, a.published as a_published, b.published as b_published,
    a.authors as a_authors, b.authors as b_authors, a.doi as a_doi, b.doi as b_doi
from unsure u join document a on a.id = u.a join document b on b.id = u.b order by u.score desc, u.a, u.b limit ?
"""
HELD = """
select id, title, url, source, published, relevance, relevance_reason, last_seen from document
where status = 'held' order by relevance desc nulls last, id limit ?
"""
DISAGREE = "select case when a = ? then b else a end as thread from disagreement where a = ? or b = ? order by id"
SPEAKERS = """
select attribution_name as name, any_value(attribution_type) as type, count(*)::integer as claims from current_claim
where attribution_name is not null group by 1 order by claims desc, name limit ?
"""


@dataclass(frozen=True, slots=True)
class Side:
    """One document of an unsure pair."""

    document: str
    title: str | None
    url: str
    publisher: str | None
    published: date | None
    authors: tuple[str, ...]
    doi: str | None


@dataclass(frozen=True, slots=True)
class UnsurePair:
    """Two documents that may be one work; ``score`` is how much speaks for it, 0 to 1."""

    kind: str
    a: Side
    b: Side
    score: float


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document kept but left out, as it seems to be off the field."""

    document: str
    title: str | None
    url: str
    source: str
    published: date | None
    relevance: float | None
    reason: str | None
    last_seen: datetime


def works_over_time(reader: Reader, group: str) -> dict[str, int]:
    """Return works by period: what a theme's share is a share of. Raises UsageError for an unknown period."""
    if group not in PERIODS:
        raise UsageError(f"group {group!r}: choose from {', '.join(PERIODS)}")
    return {row["period"]: row["works"] for row in reader.rows(WORKS, [group, PERIODS[group]])}


def unsure(reader: Reader, limit: int) -> list[UnsurePair]:
    """Return pairs of documents that wait for a person, the likeliest first."""
    return [
        UnsurePair(row["kind"], _side(row, "a"), _side(row, "b"), row["score"]) for row in reader.rows(UNSURE, [limit])
    ]


def _side(row: Mapping[str, Any], side: str) -> Side:
    names = ("title", "url", "publisher", "published", "doi")
    facts = {name: row[f"{side}_{name}"] for name in names}
    return Side(document=row[side], authors=tuple(row[f"{side}_authors"]), **facts)


def held(reader: Reader, limit: int) -> list[HeldDocument]:
    """Return documents left out as off the field, the nearest to it first."""
    return [HeldDocument(*row.values()) for row in reader.rows(HELD, [limit])]


def disagreeing(reader: Reader, thread: str, overlay: Mapping[str, Overlay] | None = None) -> list[Hit]:
    """Return the claims in force that point another way than this one."""
    threads = [row["thread"] for row in reader.rows(DISAGREE, [thread, thread, thread])]
    return of_threads(reader, threads, overlay)


def speakers(reader: Reader, limit: int) -> Sequence[tuple[str, str, int]]:
    """Return (name, type, claims) of those who are quoted, the most quoted first."""
    return [(row["name"], row["type"], row["claims"]) for row in reader.rows(SPEAKERS, [limit])]
