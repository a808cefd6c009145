"""Retrieval on SciFact (BEIR's layout), through the index and the ranking that search the claims."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks.table import Table
from nlp.embed import Encoder
from warehouse.evaluate import evaluate, read_beir

REAL = Path(os.environ.get("CLAIMWATCH_REAL", Path(__file__).parents[2] / "shared" / "real"))
FOLDER = REAL / "search" / "scifact"
SPLIT = "dev"
# Measured with plain parts put together: tantivy, MiniLM, reciprocal rank fusion of both.
PLAIN = {"words": 0.684, "meaning": 0.646, "both": 0.718}
TO_REACH = {"words": 0.68, "meaning": None, "both": 0.74}


def run() -> list[Table]:
    """Return the table, or none where the data set is not there."""
    if not FOLDER.is_dir():
        return []
    found = evaluate(FOLDER, SPLIT, Encoder().encode)
    rows = [(mode, score["ndcg@10"], TO_REACH[mode], PLAIN[mode], score["recall@100"]) for mode, score in found.items()]
    data = read_beir(FOLDER, SPLIT)
    notes = f"SciFact {SPLIT}: {len(data.judged)} queries over {len(data.ids):,} abstracts (not tuned on this split)."
    columns = ("mode", "nDCG@10", "to reach", "plain parts", "recall@100")
    return [Table("Retrieval", columns, rows, "accuracy", notes)]
