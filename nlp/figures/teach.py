"""Fit the learned judge of roles on the marked sentences; deterministic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from nlp.embed import Encoder
from nlp.figures.learned import ROLES, SAY, Weights, inputs, look_at
from nlp.figures.marked import Marked
from nlp.figures.signs import SIZE

C = 0.5


def teach(sentences: Sequence[Marked], encoder: Encoder) -> Weights:
    """Return weights fitted on the marked figures that the rules find."""
    lines = [sentence.line() for sentence in sentences]
    wanted = [sentence.role(figure) for sentence, line in zip(sentences, lines, strict=True) for figure in line.figures]
    states, told = inputs(lines, look_at(lines, encoder))
    rows = [row for row, role in enumerate(wanted) if role is not None]
    some = states[rows]
    mean, scale = some.mean(0), SAY / (some.std(0) + 1e-6)
    words = [told[row] for row in rows]
    places = [(row, place, value) for row, own in enumerate(words) for place, value in own.items()]
    at, column, value = zip(*places, strict=True)
    table = hstack([csr_matrix((some - mean) * scale), csr_matrix((value, (at, column)), (len(rows), SIZE))]).tocsr()
    model = LogisticRegression(C=C, max_iter=3_000).fit(table, [ROLES.index(wanted[row]) for row in rows])
    coef = model.coef_.T.astype(np.float32)
    dense = some.shape[1]
    return {
        "mean": mean, "scale": scale.astype(np.float32), "states": coef[:dense],
        "signs": coef[dense:].astype(np.float16), "intercept": model.intercept_.astype(np.float32),
    }  # fmt: skip
