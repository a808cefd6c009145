"""From the working database to a snapshot that readers open: made apart, verified, and only then named.

Nothing under a name that a reader may know is ever written to. A crash at any point leaves the earlier snapshot
in force and, at most, files under ``.making-`` names or names that no manifest holds; the next publish clears them.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse import snapshot_tables
from warehouse.checks import require_whole
from warehouse.errors import DamagedError, DiskFullError
from warehouse.home import Home
from warehouse.index import build, words
from warehouse.migrate import as_ours, is_disk_full, migrations
from warehouse.raw import Ledger, sync_folder
from warehouse.rows import column
from warehouse.snapshots import (
    MAKING,
    Snapshot,
    clear_unfinished,
    current,
    digest_file,
    files_of,
    make_current,
    remove_old,
)
from warehouse.store import Store

# memo and setting are the writer's own; vectors go into files of their own.
NOT_PUBLISHED = ("memo", "setting", "vector", "compared")
Tables = dict[str, tuple[int, str]]  # by name: rows, and a hash of their content
FULL_DISK = (28, 27, 122)  # ENOSPC, EFBIG, EDQUOT


def publish(home: Home, store: Store, now: datetime, run: int) -> Snapshot:
    """Publish what the store holds and put it in force; return the snapshot.

    Raises DamagedError where the store is not whole (every broken rule named) or the copy is not what the store
    holds, DiskFullError; either leaves the earlier snapshot in force.
    """
    clear_unfinished(home)
    require_whole(store.con, home.work)
    store.settle_storage()
    name = _free_name(home, run)
    making = home.published / f"{MAKING}{name}"
    try:
        before = _previous(home)
        tables, parts = _make(store, making, build.Earlier.of(home, before) if before else None)
        snapshot = _seal(home, now, run, name, tables, parts)
    except (OSError, ValueError, duckdb.Error) as error:  # tantivy says ValueError
        if getattr(error, "errno", None) in FULL_DISK or is_disk_full(error):
            raise DiskFullError(f"{home.published}: the disk is full; the published base is as it was") from error
        if isinstance(error, duckdb.Error):
            raise as_ours(error, home.published / name) from error
        raise
    remove_old(home)
    return snapshot


def _free_name(home: Home, run: int) -> str:
    name, n = f"evidence-{run}", 1
    while (home.published / f"{name}.json").exists():
        n += 1
        name = f"evidence-{run}-{n}"
    return name


def _previous(home: Home) -> Snapshot | None:
    """Return the snapshot in force where there is one to build upon; a damaged or older one is built anew."""
    if not home.current.exists():
        return None
    try:
        snapshot = current(home)
        words.open_index(snapshot.words(home))
    except DamagedError:
        return None
    return snapshot if snapshot.parts.get("index") == words.FORMAT else None


def published_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the working tables that a snapshot holds, by name."""
    every = column(con, "select table_name from duckdb_tables() where database_name = 'work' order by table_name")
    return [name for name in every if name not in NOT_PUBLISHED]


def _make(store: Store, making: Path, before: build.Earlier | None) -> tuple[Tables, build.Parts]:
    """Make base and index under ``making``'s names; return each table's rows and hash, and what the index holds."""
    con, base, scratch = store.con, Path(f"{making}.duckdb"), Path(f"{making}.scratch.duckdb")
    con.execute(f"attach {quoted(base)} as pub")
    try:
        con.execute(f"attach {quoted(scratch)} as scratch")
        for table in published_tables(con):
            con.execute(COPY.replace("TABLE", table))
        snapshot_tables.make(con)
        build.number_entries(con, before)
        con.execute("checkpoint pub")
        tables = _compare(con, base)
        parts = build.build(con, Path(f"{making}.index"), before)
    except BaseException:
        _give_up(con)
        raise
    con.execute("detach scratch")
    con.execute("detach pub")
    scratch.unlink()
    return tables, parts


COPY = "create table pub.TABLE as from work.TABLE"
HASH = "select count(*), coalesce(bit_xor(hash(t)), 0)::varchar from DATABASE.TABLE t"
HASH_OF_CHANGES = HASH.replace("DATABASE.TABLE t", "(select * exclude (run) from DATABASE.TABLE) t")


def _give_up(con: duckdb.DuckDBPyConnection) -> None:
    for step in ("detach scratch", "detach pub"):
        try:
            con.execute(step)
        except duckdb.Error:  # never attached; the error that led here is the one to tell
            continue


def table_hash(con: duckdb.DuckDBPyConnection, database: str, table: str) -> tuple[int, str]:
    """Return a table's rows and a hash of their content that no order of rows changes.

    Which run worked a change out is left aside: a rebuild is another run, and finds the same change.
    """
    sql = HASH_OF_CHANGES if table == "change" else HASH
    count, digest = con.execute(sql.replace("DATABASE", database).replace("TABLE", table)).fetchall()[0]
    return int(count), str(digest)


def _compare(con: duckdb.DuckDBPyConnection, path: Path) -> Tables:
    """Return each published table's rows and hash. Raises where one does not hold exactly what the working one does."""
    tables = {table: table_hash(con, "work", table) for table in published_tables(con)}
    for table, found in tables.items():
        if table_hash(con, "pub", table) != found:
            raise DamagedError(f"{path}: table {table} does not hold what the store holds; try again")
    return tables


def _seal(home: Home, now: datetime, run: int, name: str, tables: Tables, parts: build.Parts) -> Snapshot:
    """Move the finished files to their names, record them in the ledger, put them in force."""
    for suffix in (".duckdb", ".index"):
        target = home.published / f"{name}{suffix}"
        shutil.rmtree(target, ignore_errors=True)
        (home.published / f"{MAKING}{name}{suffix}").replace(target)
    found = dict(files_of(home.published, [f"{name}.duckdb", f"{name}.index"]))
    for path in found.values():
        _sync(path)
    sync_folder(home.published)
    snapshot = Snapshot(
        name=name, run=run, at=now.isoformat(), schema=max(step.number for step in migrations()), demo=home.is_demo,
        counts={table: count for table, (count, _) in tables.items()},
        hashes={table: digest for table, (_, digest) in tables.items()},
        files={file: digest_file(path) for file, path in found.items()},
        parts={"entries": parts.entries, "added": parts.added, "removed": parts.removed, "vectors": parts.vectors,
               "index": words.FORMAT},
    )  # fmt: skip
    _record(home, snapshot)
    make_current(home, snapshot)
    return snapshot


def _record(home: Home, snapshot: Snapshot) -> None:
    ledger = Ledger(home.ledger)
    try:
        ledger.append({
            "type": "publish", "seq": ledger.next_seq, "run": snapshot.run, "at": snapshot.at, "name": snapshot.name,
            "counts": dict(snapshot.counts), "hashes": dict(snapshot.hashes),
            "files": {name: sha256 for name, (_, sha256) in snapshot.files.items()},
        })  # fmt: skip
    finally:
        ledger.close()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def quoted(path: Path) -> str:
    """Return a path as an SQL string (ATTACH takes no bound parameter)."""
    return "'" + str(path).replace("'", "''") + "'"
