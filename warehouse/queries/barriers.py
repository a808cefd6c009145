"""Which barriers were named most in a span of years, and by whom: works, a copied work once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from warehouse.queries.reader import Reader

PUBLISHERS_SHOWN = 5
# As in trends: a work is a document or the cluster of its copies, dated by its first publication.
NAMED = """
with work as (
    select d.id as document, coalesce(e.cluster, d.id) as work,
        coalesce(d.published, cast(d.first_seen as date)) as day, coalesce(d.publisher, 'unknown') as publisher
    from document d left join (select member, min(cluster) as cluster from echo
        where kind in ('copy', 'near_copy', 'same_work') group by member) e on e.member = d.id
), dated as (select work, year(min(day)) as year from work group by work),
found as (
    select t.code, w.work, w.publisher, t.passage
    from tag t join passage p on p.id = t.passage join latest l on l.version = p.version
    join work w on w.document = l.document join dated x on x.work = w.work
    where t.polarity = ? and x.year >= coalesce(?, x.year) and x.year <= coalesce(?, x.year)
)
"""
THEMES = """
select code, count(distinct work)::integer as works, count(distinct passage)::integer as passages
from found group by code order by works desc, passages desc, code
"""
PUBLISHERS = """
select code, publisher, count(distinct work)::integer as works from found group by code, publisher
order by code, works desc, publisher
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A theme with the works and passages that name it, and (publisher, works) of those who name it most."""

    code: str
    works: int
    passages: int
    publishers: tuple[tuple[str, int], ...]


def most_named(reader: Reader, polarity: str, since: int | None, until: int | None) -> list[Named]:
    """Return the themes named as ``polarity`` in works of the years ``since`` to ``until``, most works first."""
    asked = [polarity, since, until]
    by: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in reader.rows(NAMED + PUBLISHERS, asked):
        by[row["code"]].append((row["publisher"], row["works"]))
    themes = reader.rows(NAMED + THEMES, asked)
    return [Named(**row, publishers=tuple(by[row["code"]][:PUBLISHERS_SHOWN])) for row in themes]
