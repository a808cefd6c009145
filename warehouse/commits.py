"""How many writes the working database acknowledged, noted beside it, so that a log that lost some is noticed.

DuckDB opens a file whose log was cut, damaged at its end or removed without a word, as it was at an earlier commit.
The number stands in the database, written by every transaction, and in a file beside it, written after each commit:
a database that holds fewer than the file says has lost what it had acknowledged. The file is not synced; where a
power cut leaves it behind the database, nothing is said, for nothing is lost.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from warehouse.errors import DamagedError
from warehouse.rows import append, column

NAME = "commits"
WIDTH = 16


def beside(path: Path) -> Path:
    """Return the file in which the commits of the database at ``path`` are counted."""
    return path.with_name(f"{path.name}.{NAME}")


def begin_anew(path: Path) -> None:
    """Raise DamagedError where a database that is to be made was there before: its log or its count still is."""
    if beside(path).exists() or Path(f"{path}.wal").exists():
        raise DamagedError(
            f"{path}: is gone, and its writes are missing; run `claimwatch rebuild`, which makes it anew from the "
            "raw bodies"
        )


class Commits:
    """Counts the transactions of one writer. Raises DamagedError where the database lost some; see ``beside``."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._con = con
        held = column(con, "select value from setting where name = 'commits'")
        self.count = int(held[0]) if held else 0
        noted = _read(beside(path))
        if noted > self.count:
            raise DamagedError(
                f"{path}: {noted - self.count:,} of {noted:,} writes are missing: its log was cut, damaged or removed, "
                "or the file is an older copy; run `claimwatch rebuild`"
            )
        if not held:
            append(con, "setting", [{"name": NAME, "value": "0"}])
        self._file = os.open(beside(path), os.O_WRONLY | os.O_CREAT, 0o644)

    def begin(self) -> None:
        """Count the transaction that is about to be committed, inside it."""
        self._con.execute("update setting set value = ? where name = 'commits'", [str(self.count + 1)])

    def done(self) -> None:
        """Note that it was committed."""
        self.count += 1
        os.pwrite(self._file, b"%0*d\n" % (WIDTH, self.count), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _read(file: Path) -> int:
    try:
        text = file.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return 0
    return int(text) if len(text) == WIDTH and text.isdigit() else 0  # half written: nothing is known
