"""Search over a million claims: building, asking, adding; DuckDB's own word index beside it, in the same run."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import psutil
import pyarrow as pa

from benchmarks import _claims as made
from benchmarks.table import Cell, Table
from warehouse.home import Home
from warehouse.index import words
from warehouse.publish import publish
from warehouse.queries import Base, Filters, open_base
from warehouse.store import Store

CLAIMS = int(os.environ.get("CLAIMWATCH_BENCH_CLAIMS", "1000000"))
ADDED = 1_000
ASKED = 200
WARMING = 60


def run() -> list[Table]:
    """Return the table of issue 6."""
    folder = Path(tempfile.mkdtemp(prefix="claimwatch-bench-"))
    try:
        return [measure(Home(folder / "home").make(), CLAIMS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(home: Home, claims: int) -> Table:
    """Fill a home with ``claims`` claims and measure what a person and a nightly run would wait for."""
    with Store.open(home) as store:
        made.fill(store, claims)
        whole_s = timed(lambda: publish(home, store, made.NOW, 1))
    base = open_base(home)
    hybrid, by_words, hits_alone = ask(base, "both"), ask(base, "words"), ask(base, "words", facets=False)
    memory_gb = psutil.Process().memory_info().rss / 1e9
    most_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    theirs = duckdb_fts(base)
    base.close()
    with Store.open(home) as store:
        made.fill(store, ADDED, seed=99, first_document=claims)
        added_s = timed(lambda: publish(home, store, made.NOW, 2))
    index_s = index_alone(home, claims)  # last, for it holds its texts in memory
    rows: list[tuple[Cell, ...]] = [
        ("both, two filters and facets, p50 (ms)", hybrid[0], "under 60"),
        ("both, two filters and facets, p95 (ms)", hybrid[1], "under 150"),
        ("words: hits, total and 13 facets, p50 (ms)", by_words[0], ""),
        ("words: hits and total, p50 (ms)", hits_alone[0], ""),
        ("DuckDB's fts on the same claims: hits alone, p50 (ms)", theirs, ""),
        ("times faster than DuckDB's fts, with total and facets", theirs / by_words[0] if theirs else None, ""),
        ("times faster than DuckDB's fts, with total", theirs / hits_alone[0] if theirs else None, "20 or more"),
        ("memory of the searching process (GB)", memory_gb, "under 3"),
        ("most memory at any time, publishing included (GB)", most_gb, "under 3"),
        ("word index built (claims a second)", round(claims / index_s), "20,000 or more"),
        ("whole publish from nothing (s)", whole_s, ""),
        (f"{ADDED:,} more claims published (s)", added_s, "under 30"),
    ]
    notes = (
        f"{claims:,} made-up claims (Zipf's law over 20,000 words, vectors around {made.CENTRES} centres, encoding not"
        f" counted), {ASKED} queries of two words after {WARMING} to warm up. The other processes of the machine then"
        f" kept {os.getloadavg()[0]:.1f} cores of {os.cpu_count()} busy."
    )
    return Table("Search", ("what", "measured", "to reach"), rows, "performance", notes)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def index_alone(home: Home, claims: int) -> float:
    """Return the seconds to build the word index of as many texts, with the facets that every entry has."""
    folder = home.root / "index-alone"
    texts = made.sentences(claims)
    entries = [
        {
            "row": row, "text": text, "kind": [made.KINDS[row % 4]], "theme": [made.THEMES[row % 24]],
            "direction": [made.DIRECTIONS[row % 5]], "outcome": [f"outcome{row % 30}"],
            "publisher": [made.PUBLISHERS[row % 200]], "year": [2000 + row % 25], "dated": row % 9_000,
        }
        for row, text in enumerate(texts)
    ]  # fmt: skip
    took = timed(lambda: words.write(words.open_index(folder), entries))
    shutil.rmtree(folder)
    return took


def ask(base: Base, mode: str, *, facets: bool = True) -> tuple[float, float]:
    """Return the median and the 95th percentile (ms) of queries, warm."""
    rng = np.random.default_rng(5)
    took = []
    for n in range(WARMING + ASKED):
        text, vector = " ".join(rng.choice(made.COMMON, 2)), made.centre(int(rng.integers(made.CENTRES)))
        filters = Filters()
        if mode == "both":
            theme = f"{made.THEMES[n % 5]}:{made.POLARITIES[n % 3]}"
            filters = Filters(kinds=(made.KINDS[n % 4],), themes=(theme,))
        began = time.perf_counter()
        encode = lambda _, vector=vector: vector[None, :]  # noqa: E731
        base.search(text, filters=filters, mode=mode, encoder=encode, facets=facets)
        took.append((time.perf_counter() - began) * 1000)
    return float(np.percentile(took[WARMING:], 50)), float(np.percentile(took[WARMING:], 95))


def duckdb_fts(base: Base) -> float | None:
    """Return the median (ms) of word queries by DuckDB's fts over the same quotes; None where it is not installed."""
    try:
        import duckdb_extension_fts
    except ImportError:
        return None
    folder = Path(duckdb_extension_fts.__file__).parent
    (extension,) = folder.rglob("fts.duckdb_extension")
    path = base.home.root / "fts.duckdb"
    with duckdb.connect(str(path), config={"threads": 2, "memory_limit": "4GB"}) as con:
        con.load_extension(str(extension))
        con.execute("create table quote (n integer, body varchar)")
        found = [(row["n"], row["quote"]) for row in base.reader.stream(QUOTES)]
        con.from_arrow(pa.table({"n": [n for n, _ in found], "body": [quote for _, quote in found]})).insert_into(
            "quote"
        )
        con.execute("pragma create_fts_index('quote', 'n', 'body')")
        rng = np.random.default_rng(5)
        took = []
        for _ in range(25):
            text = " ".join(rng.choice(made.COMMON, 2))
            began = time.perf_counter()
            con.execute(BEST, [text]).fetchall()
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return float(np.percentile(took[5:], 50))


QUOTES = """
select c.n, substr(v.text, c.start_at + 1, c.end_at - c.start_at) as quote
from current_claim c join version v on v.id = c.version order by c.n
"""
BEST = """
select n, score from (select n, fts_main_quote.match_bm25(n, ?) as score from quote) where score is not null
order by score desc limit 20
"""
