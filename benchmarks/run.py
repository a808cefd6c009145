"""Run the measurements and write docs/accuracy.md and docs/performance.md from what they return.

Each module of this folder (but this one and ``table``) has ``run() -> list[Table]``. Example:
``python -m benchmarks.run extraction search``; with no names, all of them.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import platform
import sys
import time
from dataclasses import asdict
from pathlib import Path

import benchmarks
from benchmarks._glance import glance
from benchmarks.table import Table

DOCS = Path(__file__).parent.parent / "docs"
KEPT = DOCS / "measured.json"
INTRO = {
    "accuracy": "# Accuracy\n\nWritten by `make bench`; every figure comes with its counts and its baseline.\n",
    "performance": "# Performance\n\nWritten by `make bench`; machines are noisy, so each speed stands beside "
    "its baseline, measured in the same run.\n",
}


def main(names: list[str]) -> None:
    """Run the named measurements, print their tables, and write the pages."""
    names_here = (m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_"))
    every = sorted(set(names_here) - {"run", "table"})
    for unknown in sorted(set(names) - set(every)):
        sys.exit(f"no measurement named {unknown!r}; choose from: {', '.join(every)}")
    kept: dict[str, list[dict[str, object]]] = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for name in names or every:
        started = time.monotonic()
        tables: list[Table] = importlib.import_module(f"benchmarks.{name}").run()
        for table in tables:
            print(table.markdown(), flush=True)
        print(f"({name}: {time.monotonic() - started:.0f} s)\n", flush=True)
        kept[name] = [asdict(table) for table in tables]
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    if whole := glance(kept):
        print(whole.markdown(), flush=True)
    write_pages(kept)


def write_pages(kept: dict[str, list[dict[str, object]]]) -> None:
    """Write the two pages from the last result of each measurement."""
    tables = [Table(**table) for name in sorted(kept) for table in kept[name]]  # type: ignore[arg-type]
    for page, intro in INTRO.items():
        first = [whole for whole in [glance(kept)] if whole]
        parts = [table.markdown() for table in [*first, *tables] if table.page == page]
        where = f"Measured with Python {platform.python_version()} on two cores, no accelerator.\n"
        (DOCS / f"{page}.md").write_text("\n".join([intro, where, *parts]))


if __name__ == "__main__":
    main(sys.argv[1:])
