"""Planned, actual or context, learned: the last word on a figure's role, where there are weights.

A logistic regression over how the encoder's shared layers read the figure in its sentence, and over the words around
it; what the rules say of it is one sign among them. Fitted on the marked sentences of ``nlp/training/roles``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from nlp.embed import Encoder, span_states
from nlp.figures.clauses import Clauses, calm, clauses
from nlp.figures.context import direction_of
from nlp.figures.find import is_range
from nlp.figures.signs import signs
from warehouse.models import Figure, FigureRole, Span

ROLES: tuple[FigureRole, ...] = ("planned", "actual", "context")
STATE_SCALE = 0.12  # of a state, beside a sign; set across writers

Weights = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Line:
    """A passage on one line, its heading or lead-in, and its figures as the rules found them."""

    text: str
    above: str
    figures: list[Figure]


def spans_of(lines: Sequence[Line]) -> dict[int, list[Span]]:
    """Return where the figures stand of each line that has any, by the line's place."""
    return {
        row: [(figure.start, figure.end) for figure in line.figures] for row, line in enumerate(lines) if line.figures
    }


def read(lines: Sequence[Line], encoder: Encoder) -> dict[int, np.ndarray]:
    """Return how the encoder reads the figures of each line that has any, by the line's place: [figures, 3 * 384]."""
    rows = [row for row, line in enumerate(lines) if line.figures]
    some = [lines[row] for row in rows]
    states = span_states(encoder.states([line.text for line in some]), spans_of(some))
    return {rows[at]: each for at, each in states.items()}


def judge(lines: Sequence[Line], states: Mapping[int, np.ndarray], weights: Weights) -> list[list[FigureRole]]:
    """Return the likeliest role of each line's figures; ``states`` is as ``read`` returns it.

    The two ends of a range have one role.
    """
    return [_judged(line, states[row], weights) if line.figures else [] for row, line in enumerate(lines)]


def _judged(line: Line, states: np.ndarray, weights: Weights) -> list[FigureRole]:
    said = logits(states, signs_of(line), weights)
    for at, (left, right) in enumerate(pairwise(line.figures)):
        if is_range(line.text, left, right):
            said[at : at + 2] = said[at : at + 2].mean(0)
    return [ROLES[place] for place in said.argmax(1)]


def signs_of(line: Line) -> list[dict[int, float]]:
    """Return the signs of each figure of a line."""
    return signs(line.text, line.above, line.figures)


def logits(states: np.ndarray, words: Sequence[Mapping[int, float]], weights: Weights) -> np.ndarray:
    """Return [figures, 3] from states and signs, in double precision: no figure's depend on those beside it."""
    scaled = (states.astype(np.float64) - weights["mean"]) * weights["scale"]
    out: np.ndarray = scaled @ weights["states"].astype(np.float64) + weights["intercept"]
    for row, own in enumerate(words):
        out[row] += np.array(list(own.values())) @ weights["signs"][list(own)].astype(np.float64)
    return out


def in_roles(text: str, figures: Sequence[Figure], roles: Sequence[FigureRole]) -> list[Figure]:
    """Return the figures of a text in other roles; one that only sets the scene has no direction."""
    if all(figure.role == role for figure, role in zip(figures, roles, strict=True)):
        return list(figures)
    split = clauses(calm(text))
    return [
        figure if figure.role == role else replace(figure, role=role, direction=_direction(figure, role, split))
        for figure, role in zip(figures, roles, strict=True)
    ]


def _direction(figure: Figure, role: FigureRole, split: Clauses) -> str | None:
    if role == "context":
        return None
    low, high = split.span(figure.start)
    return direction_of(split.text[low:high], figure.start - low, figure.end - low)
