"""Counts over the base: barriers over time, the evidence map, promises, who says what, runs and sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from warehouse.errors import UsageError
from warehouse.people import Overlay
from warehouse.queries import hits
from warehouse.queries.claims import of_threads
from warehouse.queries.decided import NAMED, NOTHING, Decided
from warehouse.queries.reader import Reader
from warehouse.queries.results import Hit
from warehouse.queries.views import (
    Count,
    DisagreementRow,
    MapCell,
    PromiseRow,
    RunRow,
    SourceRow,
    SpeakerView,
    Stats,
    ThemeView,
)
from warehouse.snapshots import Snapshot

PERIODS = {"year": "%Y", "quarter": "%Y-Q", "month": "%Y-%m"}
MAP_ROWS = {"care_model": "care_models", "programme": "programmes", "theme": "themes", "place": "places"}
NEWEST_SHOWN = 20
SAID_SHOWN = 200

# A work is a document, or the cluster of its copies; the period is that of its publication, or of the first sight.
TREND = """, work as (
    select d.id as document, coalesce(e.cluster, d.id) as work, coalesce(d.published, cast(d.first_seen as date)) as day
    from document d left join (select member, min(cluster) as cluster from echo
        where kind in ('copy', 'near_copy', 'same_work') group by member) e on e.member = d.id
), dated as (select work, min(day) as day from work group by work)
select case when $group = 'quarter' then year(x.day) || '-Q' || quarter(x.day) else strftime(x.day, $format) end
    as period, t.code, t.polarity, count(distinct w.work)::integer as works,
    count(distinct t.passage)::integer as claims
from named t join passage p on p.id = t.passage join latest l on l.version = p.version
join work w on w.document = l.document join dated x on x.work = w.work
where ($polarity::varchar is null or t.polarity = $polarity) and ($code::varchar is null or t.code = $code)
group by all order by period, code, polarity
"""
MAP = """
with kinds as (select unnest($kind_threads::varchar[]) as thread, unnest($kinds::varchar[]) as said),
directions as (select unnest($way_threads::varchar[]) as thread, unnest($ways::varchar[]) as said),
themed as (select unnest($threads::varchar[]) as thread, unnest($codes::varchar[]) as code,
    unnest($polarities::varchar[]) as polarity),
set_to as (
    select thread, list(code) as codes, list(code) filter (polarity <> 'none') as kept from themed group by thread
),
found as (
    select unnest(case $rows when 'care_model' then care_models when 'programme' then programmes
        when 'place' then places else list_distinct(list_filter(c.themes,
            lambda x: not contains(x, ':') and not list_contains(coalesce(s.codes, []), x)) || coalesce(s.kept, []))
        end) as row, c.outcome, c.cluster, coalesce(d.said, c.direction) as direction
    from current_claim c left join kinds k on k.thread = c.thread left join directions d on d.thread = c.thread
    left join set_to s on s.thread = c.thread
    where c.outcome is not null and coalesce(k.said, c.kind) = 'finding'
        and c.thread not in (select unnest($rejected::varchar[]))
)
select row, outcome, count(distinct cluster)::integer as works, count(*)::integer as claims,
    count(distinct cluster) filter (direction = 'improved')::integer as improved,
    count(distinct cluster) filter (direction = 'worsened')::integer as worsened,
    count(distinct cluster) filter (direction = 'no_effect')::integer as no_effect
from found group by row, outcome order by row, outcome
"""
PROMISES = """
select p.measure, a.unit, a.value as planned, b.value as actual, a.direction as planned_way,
    b.direction as actual_way, p.score, p.verdict, ca.thread as planned_claim, cb.thread as actual_claim
from promise p join figure a on a.id = p.planned_figure join figure b on b.id = p.actual_figure
join claim ca on ca.passage = a.passage join claim cb on cb.passage = b.passage order by p.score desc, p.id
"""


def barriers_over_time(
    reader: Reader, group: str, polarity: str | None, code: str | None = None, said: Decided = NOTHING
) -> list[Count]:
    """Return works a theme and period. Raises UsageError for an unknown period."""
    if group not in PERIODS:
        raise UsageError(f"group {group!r}: choose from {', '.join(PERIODS)}")
    asked = {"group": group, "format": PERIODS[group], "polarity": polarity, "code": code}
    rows = reader.rows(NAMED + TREND, asked | said.values())
    return [Count(**row) for row in rows]


def evidence_map(reader: Reader, rows: str, said: Decided = NOTHING) -> list[MapCell]:
    """Return works and findings by row and outcome. Raises UsageError for an unknown row."""
    if rows not in MAP_ROWS:
        raise UsageError(f"rows {rows!r}: choose from {', '.join(MAP_ROWS)}")
    ways, kinds = said.directions, said.kinds
    asked = {"rows": rows, "kind_threads": kinds[0], "kinds": kinds[1], "way_threads": ways[0], "ways": ways[1]}
    return [MapCell(**row) for row in reader.rows(MAP, asked | said.values())]


def promises(reader: Reader, overlay: Mapping[str, Overlay] | None = None) -> list[PromiseRow]:
    """Return planned figures with the actual ones, the surest first; none of a claim that a person rejected."""
    rows = reader.rows(PROMISES)
    claims = _claims(reader, [row[side] for row in rows for side in ("planned_claim", "actual_claim")], overlay)
    return [
        PromiseRow(
            **{**row, "planned_claim": claims[row["planned_claim"]], "actual_claim": claims[row["actual_claim"]]}
        )
        for row in rows
        if row["planned_claim"] in claims and row["actual_claim"] in claims
    ]


def disagreements(reader: Reader, overlay: Mapping[str, Overlay] | None = None) -> list[DisagreementRow]:
    """Return pairs of claims that point different ways; none of a claim that a person rejected."""
    rows = reader.rows("select outcome, intervention, a, b from disagreement order by outcome, intervention, id")
    claims = _claims(reader, [row[side] for row in rows for side in ("a", "b")], overlay)
    return [
        DisagreementRow(row["outcome"], row["intervention"], claims[row["a"]], claims[row["b"]])
        for row in rows
        if row["a"] in claims and row["b"] in claims
    ]


def _claims(reader: Reader, threads: list[str], overlay: Mapping[str, Overlay] | None) -> dict[str, Hit]:
    return {hit.claim: hit for hit in of_threads(reader, threads, overlay) if not hit.rejected}


def theme(reader: Reader, code: str, said: Decided = NOTHING) -> ThemeView:
    """Return one theme. Raises UsageError where no claim or passage has it."""
    counts = barriers_over_time(reader, "year", None, code, said)
    if not counts:
        known = reader.rows("select distinct code from tag order by code")
        raise UsageError(f"no passage has theme {code!r}; there are: {', '.join(row['code'] for row in known)}")
    publishers = reader.rows(
        "select publisher, count(distinct cluster)::integer as works from current_claim"
        " where list_contains(themes, ?) and publisher is not null group by publisher order by works desc, publisher",
        [code],
    )
    newest = reader.rows(
        hits.CLAIMS + " where list_contains(c.themes, ?) order by c.dated desc, c.n limit ?", [code, NEWEST_SHOWN]
    )
    pairs = tuple((row["publisher"], row["works"]) for row in publishers)
    return ThemeView(code, tuple(counts), pairs, tuple(hits.complete(reader, newest)))


def speaker(reader: Reader, name: str, overlay: Mapping[str, Overlay] | None = None) -> SpeakerView:
    """Return what one speaker says, newest first."""
    of_name = " where c.attribution_name = ? order by c.dated desc, c.n"
    total = reader.rows("select count(*) as claims from current_claim where attribution_name = ?", [name])[0]["claims"]
    if not total:
        raise UsageError(f"nobody named {name!r} is quoted in this base; the facet `speaker` of a search lists them")
    rows = reader.rows(hits.CLAIMS + of_name + " limit ?", [name, SAID_SHOWN])
    themes = reader.rows(
        "select code, count(*)::integer as claims from (select unnest("
        "list_filter(themes, lambda x: not contains(x, ':')))"
        " as code from current_claim where attribution_name = ?) group by code order by claims desc, code",
        [name],
    )
    roles = reader.rows(
        "select distinct attribution_role as role from claim where attribution_name = ?"
        " and attribution_role is not null order by role",
        [name],
    )
    return SpeakerView(
        name, rows[0]["attribution_type"], tuple(row["role"] for row in roles),
        tuple((row["code"], row["claims"]) for row in themes), tuple(hits.complete(reader, rows, overlay)), total,
    )  # fmt: skip


def runs(reader: Reader, limit: int) -> list[RunRow]:
    """Return the last runs, newest first."""
    found = []
    for row in reader.rows("select * from run order by seq desc limit ?", [limit]):
        at_sources = reader.rows("select * from run_source where run = ? order by source", [row["seq"]])
        found.append(
            RunRow(
                row["seq"],
                row["command"],
                row["started"],
                row["ended"],
                row["exit_code"],
                _json(row["versions"], {}),
                _json(row["counts"], {}),
                tuple(_json(row["warnings"], [])),
                tuple(at_sources),
            )
        )
    return found


def _json(text: str | None, empty: Any) -> Any:
    return json.loads(text) if text else empty


SOURCES = """
select s.*, (select count(*) from document d where d.source = s.name) as documents,
    (select count(*) from version v join document d on d.id = v.document where d.source = s.name) as versions,
    (select count(*) from current_claim c join document d on d.id = c.document where d.source = s.name) as claims,
    (select max(f.seen_at) from fetched f where f.source = s.name and f.outcome in ('ok', 'unchanged')) as last_good
from source s order by s.name
"""
LAST_RUNS = "select * from run_source qualify row_number() over (partition by source order by run desc) = 1"


def sources(reader: Reader) -> list[SourceRow]:
    """Return the sources with what they brought."""
    rows = reader.rows(SOURCES)
    last = {row["source"]: row for row in reader.rows(LAST_RUNS)}
    return [_source(row, last.get(row["name"])) for row in rows]


HISTORY = """
select r.*, (select count(*) from document d where d.source = r.source and d.status <> 'gone') as documents
from run_source r order by r.source, r.run
"""


def source_history(reader: Reader) -> list[dict[str, Any]]:
    """Return every run's row of every source, oldest first, with how many documents the base holds of it."""
    return reader.rows(HISTORY)


def _source(row: Mapping[str, Any], last: Mapping[str, Any] | None) -> SourceRow:
    same = ("name", "title", "publisher", "type", "licence", "storage", "documents", "versions", "claims", "last_good")
    return SourceRow(**{name: row[name] for name in same}, last_run=last, config=json.loads(row["config"]))


STATS = """
select (select count(*) from document where status in ('live', 'gone')) as documents,
    (select count(*) from version) as versions, (select count(*) from passage) as passages,
    (select count(*) from current_claim) as claims, (select count(*) from change) as changes,
    (select count(*) from source) as sources
"""


def stats(reader: Reader, snapshot: Snapshot) -> Stats:
    """Return counts over the base."""
    by_kind = reader.rows("select kind, count(*) as n from current_claim group by kind order by kind")
    barriers = reader.rows(
        "select t.code, count(distinct t.passage) as n from tag t join passage p on p.id = t.passage"
        " join latest l on l.version = p.version where t.polarity = 'barrier' group by t.code order by n desc, t.code"
    )
    changes = reader.rows("select kind, count(*) as n from change group by kind order by kind")
    return Stats(
        **reader.rows(STATS)[0], claims_by_kind={row["kind"]: row["n"] for row in by_kind},
        barriers_by_theme={row["code"]: row["n"] for row in barriers},
        changes_by_kind={row["kind"]: row["n"] for row in changes}, snapshot=snapshot.name,
        published_at=snapshot.published_at, demo=snapshot.demo, facts=dict(snapshot.parts),
    )  # fmt: skip
