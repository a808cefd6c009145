"""What changed for one search: in claims that it finds now, and in those that it would have found as they stood before.

The second part is what makes a removed claim show: it is in no index of claims in force, so the old wordings are put
into a small index in memory and asked the same question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from tantivy import Occur, Query

from warehouse import grammar
from warehouse.filters import Filters
from warehouse.index.ask import ask, filter_queries
from warehouse.index.words import memory_index, write
from warehouse.queries.documents import changes
from warehouse.queries.reader import Reader
from warehouse.queries.views import ChangeRow

LOOKED_THROUGH = 5_000  # newest changes whose old wording is asked

BEFORE = """
select ch.id, ch.old as text, coalesce(v.title, d.title) as title, coalesce(d.publisher, s.publisher) as publisher,
    coalesce(nullif(d.kind, 'page'), s.config->>'$.kind', 'page') as source_type, c.kind, c.outcome, c.direction,
    c.basis, c.attribution_name as speaker, ch.document, ch.kind as change,
    year(coalesce(d.published, cast(d.first_seen as date))) as year,
    (select list(distinct t.code) || list(distinct t.code || ':' || t.polarity) from tag t
        where t.passage = c.passage) as theme,
    (select list(distinct n.entity) from named n where n.passage = c.passage and n.kind = 'programme') as programme,
    (select list(distinct n.entity) from named n where n.passage = c.passage and n.kind = 'care_model') as care_model,
    (select list(distinct n.entity) from named n where n.passage = c.passage and n.kind = 'place') as place
from change ch join claim c on c.passage = ch.old_passage join document d on d.id = ch.document
join version v on v.id = ch.old_version left join source s on s.name = d.source
where ch.id in (select unnest(?::varchar[])) order by ch.id
"""


def changes_of_search(
    reader: Reader, threads: Iterable[str], query: str, filters: Filters, *, since: date | datetime | None = None,
    theme: str | None = None, kind: str | None = None, source: str | None = None, document: str | None = None,
    limit: int = 200,
) -> list[ChangeRow]:  # fmt: skip
    """Return changes in claims that a search finds, or would have found in their old wording; newest first.

    Args:
        threads: of the claims that the search finds now.
        query, filters: the search; whether a person has reviewed a claim says nothing of an old wording.
        since, theme, kind, source, document, limit: as for ``changes``; the newest 5,000 are looked through.
    """
    now = set(threads)
    rows = changes(reader, since, theme, kind, source, LOOKED_THROUGH, document)
    unknown = [row.id for row in rows if row.thread is None or row.thread not in now]
    before = _matched(reader.rows(BEFORE, [unknown]), query, filters) if unknown and filters.reviewed is None else set()
    return [row for row in rows if row.thread in now or row.id in before][:limit]


def _matched(rows: Sequence[Mapping[str, Any]], query: str, filters: Filters) -> set[str]:
    """Return the ids of the changes whose old claims the search finds."""
    if not rows:
        return set()
    asked = ask(grammar.read(query))
    if asked is None and query.strip():
        return set()
    index = memory_index()
    write(index, ({**_entry(row), "row": n} for n, row in enumerate(rows)))
    clauses = [(Occur.Must, one) for one in filter_queries(filters).values()]
    clauses += [(Occur.Must, asked.query)] if asked else []
    wanted = Query.boolean_query(clauses) if clauses else Query.all_query()
    searcher = index.searcher()
    addresses = [address for _, address in searcher.search(wanted, limit=len(rows), count=False).hits]
    numbers = np.array(searcher.fast_field_values("row", addresses), np.int64)
    return {rows[n]["id"] for n in numbers}


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the index takes it: every facet a list, nothing that is unknown."""
    facets = {name: value if isinstance(value, list) else [value] for name, value in row.items() if value is not None}
    return facets | {"text": row["text"], "title": row["title"]}
