"""What a base weighs: bytes a document and a claim, by part, and what a night without news adds."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from benchmarks import _claims as made
from benchmarks.table import Cell, Table
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.raw import put_body
from warehouse.sizes import sizes
from warehouse.store import Store

CLAIMS = 40_000


def run() -> list[Table]:
    """Return the table."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
    try:
        return [measure(Home(folder / "home").make())]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(home: Home) -> Table:
    """Fill a home, publish, publish again with nothing new, and weigh the parts each time."""
    documents = CLAIMS // made.CLAIMS_A_DOCUMENT
    with Store.open(home) as store:
        made.fill(store, CLAIMS)
        for (text,) in store.con.execute("select text from version").fetchall():
            put_body(home.raw, f"<html><body><p>{text}</p></body></html>".encode())
        publish(home, store, made.NOW, 1)
        text_bytes = store.con.execute("select sum(strlen(text)) from version").fetchall()[0][0]
    once = sizes(home)
    with Store.open(home) as store:
        publish(home, store, made.NOW + timedelta(days=1), 2)
    twice = sizes(home)
    rows: list[tuple[Cell, ...]] = [
        (part, size / documents, size / CLAIMS, (twice[part] - size) / documents) for part, size in once.items() if size
    ]
    rows.append(("the text itself", text_bytes / documents, text_bytes / CLAIMS, 0.0))
    notes = (
        f"{documents:,} made-up documents of {made.CLAIMS_A_DOCUMENT} claims each. The last column is what one more"
        " published night without news adds; snapshots share their word index by hard links."
    )
    return Table("Storage", ("part", "bytes a document", "bytes a claim", "added a night"), rows, "performance", notes)
