"""The frontier's part of an erasure: pages forgotten, and addresses that are never taken in again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from warehouse.addresses import address_key

TABLE = "create table if not exists erased (address text primary key)"


def read_erased(db: sqlite3.Connection) -> set[str]:
    """Return the tombstones that the frontier knows, making their table where there is none."""
    db.execute(TABLE)
    return {str(row[0]) for row in db.execute("select address from erased")}


def is_erased(url: str, tombstones: set[str]) -> bool:
    """Tell whether a tombstone keeps ``url`` away."""
    if not tombstones:
        return False
    from warehouse.erasing import blocked  # loads DuckDB, which a crawl without tombstones does without

    return bool(blocked([address_key(url)], tombstones))


def forget(db: sqlite3.Connection, tombstones: Iterable[str]) -> int:
    """Note tombstones and delete every page that they reach, with what was listed of it; return how many pages."""
    from warehouse.erasing import tombstones_for

    known = set(tombstones)
    db.executemany("insert or ignore into erased values (?)", [[key] for key in sorted(known)])
    rows = db.execute("select n, url, final_url from page").fetchall()
    gone = [
        [n] for n, *urls in rows
        if any(known.intersection(tombstones_for(address_key(url))) for url in urls if url)
    ]  # fmt: skip
    db.executemany("delete from page where n = ?", gone)
    return len(gone)
