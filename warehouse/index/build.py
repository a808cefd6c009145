"""Build the index of a snapshot: what did not change since the earlier one is linked or copied, not made anew.

An entry is one claim in force with its folded copies. It keeps its row number from snapshot to snapshot while its
content stays; a changed one gets a new row at the end, and its old row stays empty until the next whole build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from warehouse.errors import DamagedError
from warehouse.home import Home
from warehouse.index import vectors, words
from warehouse.rows import column
from warehouse.snapshots import Snapshot

BATCH = 5_000
PART = 100_000
EMPTY_SHARE = 0.25  # beyond this share of empty rows all is built anew
ENTRIES = "entries.parquet"
ADDED = Path(__file__).parent / "added.sql"


@dataclass(frozen=True, slots=True)
class Earlier:
    """The snapshot to build upon."""

    words: Path
    vectors: Path
    entries: Path

    @classmethod
    def of(cls, home: Home, snapshot: Snapshot) -> Earlier:
        """Return where a snapshot's parts lie."""
        folder = snapshot.words(home).parent
        return cls(folder / "words", folder / "vectors", folder / ENTRIES)


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index holds, and what this build did."""

    entries: int
    added: int
    removed: int
    vectors: int


# Narrow tables are numbered, joined and sorted; the wide rows of entries are only ever read through.
NUMBER = """
create table scratch.number as
with hashed as (
    select key, passage, members[1] as n, hash(*columns(* exclude (members))) as digest from scratch.entry_new
),
kept as (select h.key, o.row from hashed h join before_entry o on o.key = h.key and o.digest = h.digest)
select coalesce(kept.row, $first_free
    + row_number() over (partition by kept.row is null order by h.n) - 1)::integer as row, h.key, h.passage, h.digest
from hashed h left join kept on kept.key = h.key order by 1
"""
ENTRY = """
create table pub.entry as select o.row, e.members, e.dated, e.changed_at, e.copies, e.repeats
from scratch.entry_new e join scratch.number o on o.key = e.key order by o.row
"""
FRESH = "create table scratch.fresh as select * from scratch.number where row not in (select row from before_entry)"


def number_entries(con: duckdb.DuckDBPyConnection, before: Earlier | None) -> None:
    """Give each entry of ``pub`` its row number: the earlier one where nothing about it changed."""
    con.execute("create or replace temp table before_entry (row integer, key varchar, digest ubigint)")
    first_free = 0
    if before is not None and before.entries.exists():
        earlier, rows = pq.read_table(before.entries), vectors.load(before.vectors).rows
        if rows and earlier.num_rows / rows > 1 - EMPTY_SHARE:
            con.from_arrow(earlier).insert_into("before_entry")
            # Not the highest row in use: rows emptied at the end of the earlier index keep their old vectors.
            first_free = rows
    con.execute(NUMBER, {"first_free": first_free})
    con.execute(ENTRY)
    con.execute(FRESH)


def build(con: duckdb.DuckDBPyConnection, folder: Path, before: Earlier | None) -> Parts:
    """Build the index of ``pub.entry`` in ``folder``; verified against the entries before it returns."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    removed = column(con, "select row from before_entry where row not in (select row from scratch.number) order by row")
    kept = column(con, "select count(*) from before_entry")[0]
    if before is not None and kept:
        _link(before.words, folder / "words")
    index = words.open_index(folder / "words")
    added = words.write(index, _added(con), removed)
    entries = column(con, "select count(*) from scratch.number")[0]
    if index.searcher().num_docs != entries:
        raise DamagedError(
            f"{folder}: the word index holds {index.searcher().num_docs} of {entries} entries; try again"
        )
    total = _write_vectors(con, folder / "vectors", before if kept else None)
    pq.write_table(
        con.execute("select row, key, digest from scratch.number order by row").to_arrow_table(), folder / ENTRIES
    )
    return Parts(entries, added, len(removed), total)


def _link(earlier: Path, folder: Path) -> None:
    """Hard-link finished segments, which tantivy never writes again; copy the small files that it replaces."""
    folder.mkdir()
    for path in earlier.iterdir():
        if path.suffix == ".lock":
            continue
        if path.suffix == ".json":
            shutil.copyfile(path, folder / path.name)
        else:
            os.link(path, folder / path.name)


def _added(con: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    added = ADDED.read_text("utf-8")
    for first, until in _ranges(con):
        for batch in con.execute(added, {"first": first, "until": until}).to_arrow_reader(BATCH):
            yield from batch.to_pylist()


def _ranges(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Yield ranges of new rows, [first, until): what one query joins texts or vectors to."""
    first, last = con.execute("select min(row), max(row) from scratch.fresh").fetchall()[0]
    if first is not None:
        for start in range(first, last + 1, PART):
            yield start, start + PART


def _write_vectors(con: duckdb.DuckDBPyConnection, folder: Path, before: Earlier | None) -> int:
    folder.mkdir()
    rows = np.array(column(con, "select row from scratch.number"), np.int64)
    earlier = vectors.load(before.vectors) if before is not None else None
    total = max(int(rows.max(initial=-1)) + 1, earlier.rows if earlier is not None else 0)
    alive: npt.NDArray[np.bool_] = np.zeros(total, np.bool_)
    alive[rows] = True
    np.save(folder / "alive.npy", alive)
    if before is not None and earlier is not None and total == earlier.rows:  # nothing new: the files are the same
        for name in ("values.npy", "scale.npy", "signs.npy"):
            os.link(before.vectors / name, folder / name)
        return total
    values = np.lib.format.open_memmap(folder / "values.npy", "w+", np.int8, (total, vectors.DIMENSIONS))
    signs = np.lib.format.open_memmap(folder / "signs.npy", "w+", np.uint64, (vectors.WORDS, total))
    scale = np.zeros(total, np.float32)
    first = 0
    if earlier is not None:
        first = earlier.rows
        values[:first], scale[:first], signs[:, :first] = earlier.values, earlier.scale, earlier.signs
    for start, until in _ranges(con):
        for batch in con.execute(VECTORS, {"first": start, "until": until}).to_arrow_reader(BATCH):
            at = batch.column("row").to_numpy()
            found = batch.column("v").flatten().to_numpy().reshape(-1, vectors.DIMENSIONS)
            values[at], scale[at] = found, batch.column("scale").to_numpy()
            signs[:, at] = vectors.pack_signs(found)
    values.flush()
    signs.flush()
    np.save(folder / "scale.npy", scale)
    return total


VECTORS = """
select f.row, v.v, v.scale from vector v join scratch.fresh f on f.passage = v.passage
where f.row >= $first and f.row < $until
"""
