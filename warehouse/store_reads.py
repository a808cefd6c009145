"""What the store knows of a page before its body is read: whether it needs reading, and whether the last one does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import duckdb

from warehouse.addresses import address_key
from warehouse.models import Fetch
from warehouse.rows import column, dicts
from warehouse.store_load import Loading, all_keys


def last_bodies(con: duckdb.DuckDBPyConnection, fetches: Sequence[Fetch]) -> dict[int, str]:
    """Return, by sequence number, the hash of the body last read for each fetch's page, where there is one."""
    keys = {fetch.seq: [address_key(fetch.url), address_key(fetch.final_url or fetch.url)] for fetch in fetches}
    rows = con.execute(
        "select a.address, arg_max(f.body_sha256, f.seq) from alias a join fetched f on f.document = a.document"
        " where a.address in (select unnest(?::varchar[])) and f.version is not null and f.body_sha256 is not null"
        " group by a.address",
        [sorted({key for pair in keys.values() for key in pair})],
    ).fetchall()
    by_key: dict[str, str] = dict(rows)
    found = {seq: next((by_key[key] for key in pair if key in by_key), None) for seq, pair in keys.items()}
    return {seq: sha for seq, sha in found.items() if sha is not None}


def quiet_fetches(con: duckdb.DuckDBPyConnection, after_seq: int) -> list[tuple[int, str]]:
    """Return number and address of the later fetches whose new body held the text that the page held before."""
    return con.execute(
        "with shown as (select seq, url, outcome, version,"
        " lag(version) over (partition by document order by seq) as before"
        " from fetched where version is not null and role = 'document')"
        " select seq, url from shown where seq > ? and outcome = 'ok' and version = before order by seq",
        [after_seq],
    ).fetchall()


def outdated(con: duckdb.DuckDBPyConnection, batch: Sequence[Loading], extractor: str) -> list[Fetch]:
    """Return the fetches that brought the last texts of the documents in ``batch``, where another extractor read them.

    Loaded ``again`` before the batch, they let it be compared like with like.
    """
    keys = sorted({key for loading in batch if loading.documents for key in all_keys(loading)})
    rows = dicts(
        con,
        "select distinct f.* from fetched f join (select s.document, arg_max(s.fetch_seq, s.n) as seq,"
        " arg_max(s.version, s.n) as version from showing s join alias a on a.document = s.document"
        " where a.address in (select unnest(?::varchar[])) group by s.document) last on last.seq = f.seq"
        " join version v on v.id = last.version where v.extractor <> ? and f.body_sha256 is not null order by f.seq",
        [keys, extractor],
    )
    return [_fetch(row) for row in rows]


def _fetch(row: dict[str, Any]) -> Fetch:
    return Fetch(
        seq=row["seq"], run=row["run"], source=row["source"], url=row["url"], final_url=row["final_url"],
        at=f"{row['seen_at'].isoformat()}+00:00", status=row["status"], outcome=row["outcome"], role=row["role"],
        headers=json.loads(row["headers"] or "{}"), hints=json.loads(row["hints"] or "{}"),
        body_sha256=row["body_sha256"], bytes=row["bytes"], reason=row["reason"],
    )  # fmt: skip


def bodies_of(con: duckdb.DuckDBPyConnection, sources: Iterable[str], roles: Sequence[str]) -> list[str]:
    """Return the hashes of bodies that were fetched for ``sources`` alone, in the given roles."""
    rows = con.execute(
        "select body_sha256 from fetched where body_sha256 is not null group by body_sha256"
        " having bool_and(source in (select unnest(?::varchar[])) and role in (select unnest(?::varchar[])))"
        " order by body_sha256",
        [sorted(sources), list(roles)],
    ).fetchall()
    return [sha for (sha,) in rows]


def settled_bodies(con: duckdb.DuckDBPyConnection, sources: Iterable[str], roles: Sequence[str]) -> list[str]:
    """Return ``bodies_of``, without those that brought a text which is still kept whole."""
    waiting = column(
        con,
        "select distinct f.body_sha256 from fetched f join showing s on s.fetch_seq = f.seq join version v on "
        "v.id = s.version"
        " join document d on d.id = v.document where v.kept = 'full' and d.status not in ('suspect', 'held')",
    )
    return sorted(set(bodies_of(con, sources, roles)) - set(waiting))
