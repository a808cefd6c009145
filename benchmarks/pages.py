"""How long each page of the app takes to be whole, on 100,000 claims: the first time and again."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks import _claims as made
from benchmarks.table import Table
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.store import Store

CLAIMS = int(os.environ.get("CLAIMWATCH_BENCH_PAGES", "100000"))
COLUMNS = ("page", "first (s)", "again (s)")
NOTES = (
    f"On {CLAIMS:,} claims; the server's time for a page from address to the last element, without the browser's. "
    "The first time opens the base as well. To reach: 3 s."
)


def run() -> list[Table]:
    """Return the table."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
    try:
        home = Home(folder / "home").make()
        with Store.open(home) as store:
            made.fill(store, CLAIMS)
            publish(home, store, made.NOW, 1)
        os.environ["CLAIMWATCH_HOME"] = str(home.root)
        return [Table("Pages of the app", COLUMNS, measure(home), "performance", NOTES)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(home: Home) -> list[tuple[str, float, float]]:
    """Return (page, first, again) in seconds for every page, each at an address that shows something."""
    from views.pages import ENTRIES

    logging.getLogger("streamlit").setLevel(logging.ERROR)
    base = open_base(home)
    hit = base.search("", size=1).hits[0]
    addresses = {"search": {"q": "staff", "mode": "words"}, "claim": {"claim": hit.claim},
                 "document": {"document": hit.document}}  # fmt: skip
    base.close()
    return [
        (name, _seconds(name, addresses.get(name, {})), _seconds(name, addresses.get(name, {}))) for name in ENTRIES
    ]


def _seconds(name: str, address: dict[str, str]) -> float:
    from streamlit.testing.v1 import AppTest

    at = AppTest.from_function(_one_page, args=(name,), default_timeout=120)
    for key, value in address.items():
        at.query_params[key] = value
    began = time.perf_counter()
    at.run()
    if at.exception:
        raise RuntimeError(f"{name}: {at.exception[0].message}")
    return time.perf_counter() - began


def _one_page(name: str) -> None:
    from views.pages import run as show

    show(name)
