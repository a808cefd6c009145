"""Which barriers were named most in a span of years, and by whom: works, a copied work once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from warehouse.queries.decided import NAMED, NOTHING, Decided
from warehouse.queries.reader import Reader

SHOWN = 5
# As in trends: a work is a document or the cluster of its copies, dated by its first publication.
FOUND = """, work as (
    select d.id as document, coalesce(e.cluster, d.id) as work,
        coalesce(d.published, cast(d.first_seen as date)) as day, coalesce(d.publisher, s.publisher, 'unknown') as who,
        coalesce(nullif(d.kind, 'page'), s.config->>'$.kind', 'page') as source_type
    from document d left join source s on s.name = d.source left join (select member, min(cluster) as cluster from echo
        where kind in ('copy', 'near_copy', 'same_work') group by member) e on e.member = d.id
), dated as (select work, year(min(day)) as year from work group by work),
found as (
    select t.code, w.work, w.who, w.source_type, t.passage
    from named t join passage p on p.id = t.passage join latest l on l.version = p.version
    join work w on w.document = l.document join dated x on x.work = w.work
    where t.polarity = $polarity and x.year >= coalesce($since, x.year) and x.year <= coalesce($until, x.year)
)
"""
THEMES = """
select code, count(distinct work)::integer as works, count(distinct passage)::integer as passages
from found group by code order by works desc, passages desc, code
"""
BY = """
select code, {} as name, count(distinct work)::integer as works from found group by all order by code, works desc, 2
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A theme with the works and passages that name it; (name, works) of publishers and kinds of source with most."""

    code: str
    works: int
    passages: int
    publishers: tuple[tuple[str, int], ...]
    source_types: tuple[tuple[str, int], ...]


def most_named(
    reader: Reader, polarity: str, since: int | None, until: int | None, said: Decided = NOTHING
) -> list[Named]:
    """Return the themes named as ``polarity`` in works of the years ``since`` to ``until``, most works first."""
    asked = {"polarity": polarity, "since": since, "until": until, **said.values()}
    by: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for name in ("who", "source_type"):
        for row in reader.rows(NAMED + FOUND + BY.format(name), asked):
            by[name, row["code"]].append((row["name"], row["works"]))

    def most(name: str, code: str) -> tuple[tuple[str, int], ...]:
        return tuple(by[name, code][:SHOWN])

    return [
        Named(**row, publishers=most("who", row["code"]), source_types=most("source_type", row["code"]))
        for row in reader.rows(NAMED + FOUND + THEMES, asked)
    ]
