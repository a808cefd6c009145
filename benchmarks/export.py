"""Every format of the evidence table on one base: seconds from the published base to the file, and its size."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import _claims as made
from benchmarks.table import Table
from commands.tables import write_table
from warehouse.exports.docx import MAX_ROWS as WORD_ROWS
from warehouse.exports.writers import FORMATS
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import Base, Filters, open_base
from warehouse.store import Store

CLAIMS = 100_000
COLUMNS = ("format", "preset", "rows", "seconds", "MB")
TO_REACH = "To reach: CSV of 100,000 rows under 10 s. Word is measured at its limit of rows."


def run() -> list[Table]:
    """Return the table."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
    try:
        big, small = (_base(Home(folder / str(size)).make(), size) for size in (CLAIMS, WORD_ROWS))
        rows = [_timed(small if name == "docx" else big, name, folder) for name in FORMATS]
        return [Table("Evidence tables by format", COLUMNS, rows, "performance", TO_REACH)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _base(home: Home, claims: int) -> Base:
    with Store.open(home) as store:
        made.fill(store, claims)
        publish(home, store, made.NOW, 1)
    return open_base(home)


def _timed(base: Base, format: str, folder: Path) -> tuple[str, str, int, float, float]:
    path = folder / f"table{FORMATS[format].suffix}"
    preset = "nice" if format == "docx" else "full"
    began = time.perf_counter()
    count = write_table(base, "", Filters(), format=format, preset=preset, output=path, now=made.NOW)
    return format, preset, count, time.perf_counter() - began, path.stat().st_size / 1e6
