"""Fit the linear heads and the last step (``nlp.heads``) by logistic regression; deterministic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from nlp.heads import Evidence, Weights, kind_inputs, linear, polarity_inputs, sigmoid, softmax, theme_inputs
from nlp.labelled import Labelled
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

VECTOR_C, LAST_C = 8.0, 0.05
SHRINK = 640.0  # cases that a theme needs for half a say in its own line; set across documents


class Targets:
    """Labels as arrays: kind [n], theme [n, T], polarity [n, T], weight [n], and which themes were judged [n, T].

    -1 is a kind that is not known, or the polarity of a theme that is not there.
    """

    def __init__(self, rows: Sequence[Labelled], codes: Sequence[str]) -> None:
        self.kind = np.array([-1 if row.kind is None else KINDS.index(row.kind) for row in rows])
        self.judged = np.array([[row.knows(code) for code in codes] for row in rows])
        self.theme = np.array([[code in row.themes for code in codes] for row in rows])
        self.polarity = np.array(
            [[POLARITIES.index(row.themes[c]) if c in row.themes else -1 for c in codes] for row in rows]
        )
        self.weight = np.array([row.weight for row in rows])


def fit_vectors(vectors: np.ndarray, targets: Targets, rows: np.ndarray) -> Weights:
    """Return linear heads over the frozen vectors for kind, themes and (over all themes) polarity."""
    weights: Weights = {}
    told = rows[targets.kind[rows] >= 0]
    _fit(weights, "vector.kind", vectors[told], targets.kind[told], targets.weight[told], VECTOR_C)
    columns: Weights = {}
    for theme in range(targets.theme.shape[1]):
        some = rows[targets.judged[rows, theme]]
        _fit(columns, str(theme), vectors[some], targets.theme[some, theme], targets.weight[some], VECTOR_C)
    count = targets.theme.shape[1]
    weights["vector.theme.coef"] = np.concatenate([columns[f"{t}.coef"] for t in range(count)])
    weights["vector.theme.intercept"] = np.concatenate([columns[f"{t}.intercept"] for t in range(count)])
    passage, about = np.nonzero(targets.polarity[rows] >= 0)
    chosen = rows[passage]
    _fit(weights, "vector.polarity", vectors[chosen], targets.polarity[chosen, about], targets.weight[chosen], VECTOR_C)
    return weights


def out_of_fold(vectors: np.ndarray, targets: Targets, folds: np.ndarray) -> dict[str, np.ndarray]:
    """Return the logits of ``vector.*`` for each row by heads that have not seen its fold (test rows: zeros)."""
    count, themes = targets.theme.shape
    sizes = {"vector.kind": len(KINDS), "vector.theme": themes, "vector.polarity": len(POLARITIES)}
    out = {name: np.zeros((count, size), np.float32) for name, size in sizes.items()}
    for fold in sorted(set(folds[folds >= 0])):
        weights = fit_vectors(vectors, targets, np.nonzero((folds >= 0) & (folds != fold))[0])
        rows = np.nonzero(folds == fold)[0]
        for name, logits in out.items():
            logits[rows] = linear(vectors[rows], weights, name)
    return out


def fit_last(evidence: Evidence, vector: dict[str, np.ndarray], targets: Targets, rows: np.ndarray) -> Weights:
    """Return the last step, fitted on ``rows``, none of which the models below it have seen."""
    weights: Weights = {}
    some = evidence.take(rows)
    kind_in = kind_inputs(some, vector["vector.kind"][rows])
    told = targets.kind[rows] >= 0
    _fit(weights, "kind", kind_in[told], targets.kind[rows][told], targets.weight[rows][told], LAST_C)
    themes = targets.theme.shape[1]
    each = np.repeat(targets.weight[rows], themes)
    theme_in = theme_inputs(some, vector["vector.theme"][rows])
    judged = targets.judged[rows].ravel()
    _fit(weights, "theme", theme_in[judged], targets.theme[rows].ravel()[judged], each[judged], LAST_C)
    kind = softmax(linear(kind_in, weights, "kind"))
    wanted = targets.polarity[rows].ravel()
    polarity_in = polarity_inputs(some, vector["vector.polarity"][rows], kind)
    there = wanted >= 0
    _fit(weights, "polarity", polarity_in[there], wanted[there], each[there], LAST_C)
    chances = sigmoid(linear(theme_in, weights, "theme")).reshape(len(rows), themes)
    plain = targets.weight[rows] == 1
    weights["theme.threshold"] = thresholds(chances[plain], targets.theme[rows][plain])
    weights["claim.threshold"] = thresholds(1 - kind[plain, :1], (targets.kind[rows][plain] > 0)[:, None]).squeeze()
    return weights


def thresholds(chances: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return a line for each theme: its best by F1, drawn to the best common one by how few cases it has."""
    lines = np.arange(0.2, 0.65, 0.025)

    def scores(columns: slice | int) -> np.ndarray:
        right = wanted[:, columns]
        return np.array([_f1(chances[:, columns] >= line, right) for line in lines])

    every = np.array([scores(t) for t in range(wanted.shape[1])])
    common = lines[every.mean(0).argmax()]
    cases = wanted.sum(0)
    pull = cases / (cases + SHRINK)
    drawn: np.ndarray = (pull * lines[every.argmax(1)] + (1 - pull) * common).astype(np.float32)
    return drawn


def _f1(said: np.ndarray, right: np.ndarray) -> float:
    return float(2 * (said & right).sum() / max(1, said.sum() + right.sum()))


def _fit(weights: Weights, name: str, inputs: np.ndarray, wanted: np.ndarray, weight: np.ndarray, c: float) -> None:
    model = LogisticRegression(C=c, max_iter=2_000, tol=1e-5)
    model.fit(inputs.astype(np.float64), wanted, sample_weight=weight)
    weights[f"{name}.coef"] = model.coef_.astype(np.float32)
    weights[f"{name}.intercept"] = model.intercept_.astype(np.float32)
