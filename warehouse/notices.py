"""What is known of a work besides its text: that it was retracted, corrected or updated; kept in ``document.extra``.

Two keys, the same from whatever source: ``retracted`` (true, or absent) and ``updated_by``, a list of
``{"doi", "type", "at"}`` of the works that retract, correct or update it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from warehouse.addresses import doi_key
from warehouse.models import Document
from warehouse.rows import as_json, dicts

KEYS = ("retracted", "updated_by")


def carried(extra: Mapping[str, Any], earlier: str | None) -> dict[str, Any]:
    """Return the ``extra`` of a newer body with the notices of ``earlier`` (JSON), where it has none of its own."""
    kept = {name: value for name, value in json.loads(earlier or "{}").items() if name in KEYS}
    return {**kept, **extra}


def note(con: duckdb.DuckDBPyConnection, records: Sequence[Document]) -> int:
    """Put what each record says of its DOI on every document of that DOI; return on how many it was news.

    The last record of a DOI wins: a notice that was taken back goes.
    """
    said = {doi_key(record.doi): _notices(record.extra) for record in records if record.doi}
    if not said:
        return 0
    bare = [key.removeprefix("doi:") for key in said]
    held = dicts(con, "select id, doi, extra from document where lower(doi) in (select unnest(?::varchar[]))", [bare])
    news = []
    for row in held:
        extra = json.loads(row["extra"] or "{}")
        renewed = {name: value for name, value in extra.items() if name not in KEYS} | said[doi_key(row["doi"])]
        if renewed != extra:
            news.append([as_json(renewed), row["id"]])
    if news:
        con.executemany("update document set extra = ? where id = ?", news)
    return len(news)


def _notices(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {name: extra[name] for name in KEYS if extra.get(name)}
