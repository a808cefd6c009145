"""Themes, kind and polarity against labels: the test part of our own sentences, and real ones beside the checkout.

The real sentences (``shared/training/dev_real.jsonl``) were coded by two annotators; only cells on which they agree
count. Baselines in the same run: one crude word a code, and calling every sentence of over 90 characters a claim.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import Cell, Table
from nlp.annotate import Annotator
from nlp.fit import document_places
from nlp.labelled import part, read
from nlp.model import gather_evidence
from nlp.scores import Counts, Scores, count, measure, total
from nlp.stack import Targets
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

CRUDE = {
    "incentives": r"incentiv|budget|tariff|payment",
    "funding": r"fund|money|£",
    "workforce": r"staff|workforce|recruit|train",
    "information_sharing": r"data|information|record|digital",
    "governance": r"governance|board|accountab|structure",
    "regulation": r"regulat|inspect|competition|CQC",
    "culture": r"cultur|trust|relationship|collaborat",
    "leadership": r"leader|vision",
    "policy_churn": r"reorganis|reform|initiative",
    "evidence": r"evidence|evaluat|research",
    "demand": r"demand|ageing|pressure|long-term condition",
    "engagement": r"engage|involve|consult|carer",
    "equity": r"equit|inequal|fair|variation",
}
LONG_CHARS = 90


def run() -> list[Table]:
    """Measure, and return a table of codes and one of the rest for each set."""
    annotator = Annotator.load()
    tables = _own(annotator)
    real = _real_file()
    return tables + (_real(annotator, real) if real.is_file() else [])


def _own(annotator: Annotator) -> list[Table]:
    rows = [row for row in read(list(annotator.codebook.codes)) if part(row.doc) < 0 and row.weight == 1]
    context = document_places([row.doc for row in rows], [row.text for row in rows])
    targets = Targets(rows, list(annotator.codebook.codes))
    model = annotator.model
    evidence, *_ = gather_evidence(model.encoder, model.tuned, annotator.codebook, [row.text for row in rows], context)
    scores = measure(evidence, model.last, targets.kind, targets.theme, targets.polarity)
    texts = [row.text for row in rows]
    return _tables("our test documents", annotator, scores, texts, targets.kind, targets.theme, None)


def _real(annotator: Annotator, path: Path) -> list[Table]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    codes = list(annotator.codebook.codes)
    texts = [row["text"] for row in rows]
    context = document_places([row["doc"] for row in rows], texts)
    model = annotator.model
    evidence, *_ = gather_evidence(model.encoder, model.tuned, annotator.codebook, texts, context)
    kind = np.array([KINDS.index(row["a"][0]) for row in rows])
    other = np.array([KINDS.index(row["b"][0]) for row in rows])
    theme, second = (np.array([[code in row[who][1] for code in codes] for row in rows]) for who in "ab")
    polarity = np.array([[_agreed(row, code) for code in codes] for row in rows])
    agree = theme == second
    scores = measure(evidence, model.last, kind, theme, polarity, kind == other, agree)
    ceiling = [count(second[:, t], theme[:, t]) for t in range(len(codes))]
    return _tables("real sentences", annotator, scores, texts, kind, theme, agree, ceiling)


def _agreed(row: dict[str, Any], code: str) -> int:
    one, two = row["a"][1].get(code), row["b"][1].get(code)
    return POLARITIES.index(one) if one is not None and one == two else -1


def _tables(
    name: str,
    annotator: Annotator,
    scores: Scores,
    texts: list[str],
    kind: np.ndarray,
    theme: np.ndarray,
    agree: np.ndarray | None,
    ceiling: list[Counts] | None = None,
) -> list[Table]:
    sure = np.ones_like(theme, bool) if agree is None else agree
    crude = [
        count(np.array([bool(re.search(CRUDE[code], text, re.I)) for text in texts]), theme[:, t], sure[:, t])
        if code in CRUDE
        else Counts(0, 0, 0)
        for t, code in enumerate(annotator.codebook.codes)
    ]
    columns = ["code", "cases", "precision", "recall", "F1", "crude words F1", "annotators F1"]
    lines: list[list[Cell]] = []
    for t, (code, c) in enumerate(zip(annotator.codebook.codes, scores.themes, strict=True)):
        top = ceiling[t].f1 if ceiling else None
        lines.append([code, c.hits + c.missed, c.precision, c.recall, c.f1, crude[t].f1, top])
    there = [t for t, c in enumerate(scores.themes) if c.hits + c.missed]
    mean_crude = float(np.mean([crude[t].f1 for t in there]))
    top = float(np.mean([ceiling[t].f1 for t in there])) if ceiling else None
    lines.append(["macro-F1", len(there), None, None, scores.macro, mean_crude, top])
    both = total(scores.themes)
    top = total(ceiling).f1 if ceiling else None
    lines.append(["micro-F1", both.hits + both.missed, both.precision, both.recall, both.f1, total(crude).f1, top])
    long = count(np.array([len(text) > LONG_CHARS for text in texts]), kind > 0)
    rest: list[list[Cell]] = [["claim F1", scores.claim.hits + scores.claim.missed, scores.claim.f1, long.f1]]
    rest.append(["kind macro-F1", len(texts), scores.kind_macro, None])
    rest += [[f"kind: {k}", c.hits + c.missed, c.f1, None] for k, c in zip(KINDS, scores.kinds, strict=True)]
    right, of = scores.polarity
    rest.append(["barrier or enabler, of true hits", of, right / max(1, of), None])
    rest += [[f"share right where scored {bin_}", n, share, None] for bin_, n, _, share in scores.calibration]
    note = f"{len(texts)} sentences; cells on which both annotators agree." if agree is not None else f"{len(texts)}."
    return [
        Table(f"Themes, {name}", columns, lines, "accuracy", note),
        Table(f"Kind, polarity and calibration, {name}", ["what", "cases", "value", "baseline"], rest, "accuracy"),
    ]


def _real_file() -> Path:
    shared = Path(os.environ.get("CLAIMWATCH_REAL", Path(__file__).parents[2] / "shared" / "real")).parent
    return shared / "training" / "dev_real.jsonl"
