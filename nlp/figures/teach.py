"""Fit the learned judge of roles on the marked sentences; deterministic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from nlp.embed import SPAN_DIMENSIONS, Encoder
from nlp.figures.learned import ROLES, STATE_SCALE, Weights, read, signs_of
from nlp.figures.marked import Marked
from nlp.figures.signs import SIZE
from warehouse.errors import ConfigError

C = 0.5


@dataclass(frozen=True, slots=True)
class Taught:
    """The marked figures that the rules find: states [n, 3 * 384], signs, and roles as places in ``ROLES``."""

    states: np.ndarray
    words: list[dict[int, float]]
    roles: np.ndarray

    def take(self, rows: Sequence[int]) -> Taught:
        """Return some of the figures."""
        return Taught(self.states[list(rows)], [self.words[row] for row in rows], self.roles[list(rows)])


def joined(parts: Sequence[Taught]) -> Taught:
    """Return several parts as one."""
    return Taught(
        np.concatenate([part.states for part in parts]),
        [words for part in parts for words in part.words],
        np.concatenate([part.roles for part in parts]),
    )


def gather(sentences: Sequence[Marked], encoder: Encoder) -> Taught:
    """Return what there is to learn from; a figure without a mark teaches nothing."""
    lines = [sentence.line() for sentence in sentences]
    states = [np.zeros((0, SPAN_DIMENSIONS), np.float32), *(each for _, each in sorted(read(lines, encoder).items()))]
    words = [each for line in lines for each in signs_of(line)]
    roles = [sentence.role(figure) for sentence, line in zip(sentences, lines, strict=True) for figure in line.figures]
    places = np.array([-1 if role is None else ROLES.index(role) for role in roles], int)
    return Taught(np.concatenate(states), words, places).take(np.nonzero(places >= 0)[0].tolist())


def teach(taught: Taught) -> Weights:
    """Return fitted weights; ``ConfigError`` where not every role is among the figures."""
    if absent := [role for place, role in enumerate(ROLES) if place not in taught.roles]:
        raise ConfigError(f"no figure is marked {', '.join(absent)}: roles cannot be learned")
    mean, scale = taught.states.mean(0), STATE_SCALE / (taught.states.std(0) + 1e-6)
    cells = [(row, place, value) for row, own in enumerate(taught.words) for place, value in own.items()]
    at, column, value = zip(*cells, strict=True)
    words = csr_matrix((value, (at, column)), (len(taught.words), SIZE))
    table = hstack([csr_matrix((taught.states - mean) * scale), words]).tocsr()
    model = LogisticRegression(C=C, max_iter=3_000).fit(table, taught.roles)
    coef = model.coef_.T.astype(np.float32)
    return {
        "mean": mean, "scale": scale.astype(np.float32), "states": coef[:SPAN_DIMENSIONS],
        "signs": coef[SPAN_DIMENSIONS:].astype(np.float16), "intercept": model.intercept_.astype(np.float32),
    }  # fmt: skip
