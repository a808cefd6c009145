"""A database file written anew, so that what was blanked in it lies nowhere on the disk any more.

DuckDB leaves the bytes of updated and deleted rows in free blocks until something overwrites them. A copy holds only
what the tables hold.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from warehouse.errors import DiskFullError
from warehouse.migrate import as_ours
from warehouse.raw import sync_folder


def compact_store(path: Path) -> None:
    """Take texts that were blanked off the disk; where there is no room for it, the next close tries again."""
    try:
        compact(path, "delete from fresh.setting where name = 'blanked'")
    except duckdb.Error as error:
        raise as_ours(error, path) from error
    except OSError as error:
        raise DiskFullError(f"{path}: no room to write it anew ({error}); free some and run again") from error


def compact(path: Path, then: str) -> None:
    """Replace the closed database at ``path`` by a copy of its tables; a crash leaves the old file or the new one.

    ``then`` is a statement of ours to run on the copy (attached as ``fresh``) before it is named. Raises duckdb.Error
    or OSError where there is no room; the old file is then as it was.
    """
    fresh = path.with_name(f".{path.name}.compacting")
    fresh.unlink(missing_ok=True)
    con = duckdb.connect()
    try:
        con.execute(f"attach {_quoted(path)} as held (read_only)")
        con.execute(f"attach {_quoted(fresh)} as fresh")
        con.execute("copy from database held to fresh")
        con.execute(then)
        con.execute("checkpoint fresh")
        con.execute("detach fresh")
        con.execute("detach held")
    except (duckdb.Error, OSError):
        con.close()
        fresh.unlink(missing_ok=True)
        raise
    con.close()
    with open(fresh, "rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)


def _quoted(path: Path) -> str:
    """A path as an SQL string: ATTACH takes no bound parameter."""
    return "'" + str(path).replace("'", "''") + "'"
