"""A hundred thousand rows of the evidence table to CSV: seconds, and memory that does not grow with rows."""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks import _claims as made
from benchmarks.table import Table
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.queries.evidence import COLUMNS
from warehouse.store import Store

SIZES = (25_000, 100_000)


def run() -> list[Table]:
    """Return the table."""
    rows = []
    for size in SIZES:
        folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
        try:
            rows.append(measure(Home(folder / "home").make(), size))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    columns = ("rows", "seconds", "CPU seconds", "memory above the start (MB)")
    notes = "All columns of the contract, read from the published base and written as CSV; to reach: under 10 s."
    return [Table("Export of evidence rows", columns, rows, "performance", notes)]


def measure(home: Home, claims: int) -> tuple[int, float, float, float]:
    """Return rows, seconds, CPU seconds, and the most memory above the start, in MB."""
    with Store.open(home) as store:
        made.fill(store, claims)
        publish(home, store, made.NOW, 1)
    process, base = psutil.Process(), open_base(home)
    start_bytes, most, count = process.memory_info().rss, 0, 0
    began, cpu = time.perf_counter(), time.process_time()
    with open(home.root / "table.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in base.evidence_rows():
            writer.writerow([row[name] for name in COLUMNS])
            count += 1
            if count % 10_000 == 0:
                most = max(most, process.memory_info().rss - start_bytes)
    return count, time.perf_counter() - began, time.process_time() - cpu, most / 1e6
