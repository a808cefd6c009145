"""Rebuild: the working database set aside and made again from the ledger and the raw bodies.

What neither holds is carried over: runs, sources, tombstones (an erased page stays erased), and what was worked
out before. From the database set aside where it can be read, else from the snapshot in force.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.commits import beside
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.publish import quoted
from warehouse.raw import read_ledger
from warehouse.snapshots import current
from warehouse.store import Store

ASIDE = "work.aside.duckdb"
CARRIED = ("run", "run_source", "source", "tombstone", "memo")
# What says when and how a base was made, not what it holds.
NOT_COMPARED = ("run", "run_source", "migration", "tombstone", "source")


def set_aside(home: Home) -> Path | None:
    """Move the working database aside and begin an empty one with what cannot be made again; return where it is now.

    What an earlier rebuild set aside and did not live to carry over is carried over now.
    """
    aside = home.root / ASIDE
    waiting = aside.exists() and not _holds_runs(home.work)
    for tail in ("", ".wal"):
        part = Path(f"{home.work}{tail}")
        if waiting:
            part.unlink(missing_ok=True)
        elif part.exists():
            part.replace(f"{aside}{tail}")
        elif aside.exists():
            Path(f"{aside}.wal").unlink(missing_ok=True)  # of an earlier one that was set aside
    beside(home.work).unlink(missing_ok=True)
    found = aside if aside.exists() else None
    carry_over(home, found)
    return found


def _holds_runs(path: Path) -> bool:
    """Whether a database can be read and the carried tables, which come in one transaction, have come over."""
    if not path.exists():
        return False
    try:
        with duckdb.connect(str(path)) as con:
            return con.execute("select 1 from run limit 1").fetchone() is not None
    except duckdb.Error:
        return False


def carry_over(home: Home, aside: Path | None) -> list[str]:
    """Copy the carried tables into a new store from the first place that can be read; return those that came over."""
    with Store.open(home) as store:
        for place in (aside, _published(home)):
            if place is not None and place.exists():
                carried = _copy(store, place)
                if carried:
                    return carried
    return []


def _published(home: Home) -> Path | None:
    try:
        return current(home).base(home)
    except ClaimwatchError:
        return None


def _copy(store: Store, place: Path) -> list[str]:
    con = store.con
    try:
        con.execute(f"attach {quoted(place)} as aside" + (" (read_only)" if place.parent.name == "published" else ""))
    except duckdb.Error:  # damaged: the next place is tried
        return []
    try:
        there = {row[0] for row in con.execute(
            "select table_name from duckdb_tables() where database_name = 'aside'").fetchall()}  # fmt: skip
        carried = [table for table in CARRIED if table in there]
        with store.transaction():
            for table in carried:
                con.execute(CARRY.replace("TABLE", table))
        return carried
    except duckdb.Error:
        return []
    finally:
        con.execute("detach aside")


CARRY = "insert into TABLE by name select * from aside.TABLE"


def compare_with_ledger(home: Home) -> list[str]:
    """Return how the last publish differs from the one before it; empty where every table is the same, row for row.

    Run after a rebuild has published. A table differs where the code or the models that made it are newer, too.
    """
    published = [entry for entry in read_ledger(home.ledger) if entry.get("type") == "publish"]
    if len(published) < 2:
        return []
    before, after = published[-2:]
    return [
        f"table {table}: {after['counts'].get(table, 0):,} rows rebuilt, {before['counts'][table]:,} before"
        + ("" if after["counts"].get(table) != before["counts"][table] else ", with other content")
        for table in sorted(before["counts"])
        if table not in NOT_COMPARED and after["hashes"].get(table) != before["hashes"][table]
    ]
