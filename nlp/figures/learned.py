"""Planned, actual or context, learned: the last word on a figure's role, where there are weights.

A logistic regression over how the encoder's shared layers read the figure in its sentence, and over the words around
it; what the rules say of it is one sign among them. Fitted on the marked sentences of ``nlp/training/roles``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nlp.embed import Encoder, looks
from nlp.figures.clauses import clauses
from nlp.figures.context import direction_of
from nlp.figures.signs import SIZE, signs
from warehouse.models import Figure, FigureRole

ROLES: tuple[FigureRole, ...] = ("planned", "actual", "context")
SAY = 0.12  # of a state, beside a sign; set across writers

Weights = dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Line:
    """A passage on one line, its heading or lead-in, and its figures as the rules found them."""

    text: str
    above: str
    figures: list[Figure]


def judge(lines: Sequence[Line], looked: Mapping[int, np.ndarray], weights: Weights) -> list[list[FigureRole]]:
    """Return the likeliest role of each line's figures; ``looked`` is as ``look_at`` returns it."""
    chosen = iter(logits(inputs(lines, looked), weights).argmax(1).tolist())
    return [[ROLES[next(chosen)] for _ in line.figures] for line in lines]


def look_at(lines: Sequence[Line], encoder: Encoder) -> dict[int, np.ndarray]:
    """Return how the encoder reads the figures of each line that has any, by the line's place."""
    rows = [row for row, line in enumerate(lines) if line.figures]
    spans = {at: [(figure.start, figure.end) for figure in lines[row].figures] for at, row in enumerate(rows)}
    found = looks(encoder.states([lines[row].text for row in rows]), spans)
    return {rows[at]: each for at, each in found.items()}


def inputs(lines: Sequence[Line], looked: Mapping[int, np.ndarray]) -> tuple[np.ndarray, list[dict[int, float]]]:
    """Return the states of all figures in order, float32 [figures, 3 * 384], and their signs."""
    states = [looked[row] for row, line in enumerate(lines) if line.figures]
    told = [sign for line in lines for sign in signs(line.text, line.above, line.figures)]
    return np.concatenate([np.zeros((0, 1152), np.float32), *states]), told


def logits(given: tuple[np.ndarray, list[dict[int, float]]], weights: Weights) -> np.ndarray:
    """Return [figures, 3], in double precision, so that a figure's do not depend on those beside it."""
    states, told = given
    scaled = (states.astype(np.float64) - weights["mean"]) * weights["scale"]
    out: np.ndarray = scaled @ weights["states"].astype(np.float64) + weights["intercept"]
    for row, own in enumerate(told):
        out[row] += np.array(list(own.values())) @ weights["signs"][list(own)].astype(np.float64)
    return out


def in_roles(text: str, figures: Sequence[Figure], roles: Sequence[FigureRole]) -> list[Figure]:
    """Return the figures of a text in other roles."""
    return [in_role(figure, role, text) for figure, role in zip(figures, roles, strict=True)]


def in_role(figure: Figure, role: FigureRole, text: str) -> Figure:
    """Return the figure in another role; a figure that only sets the scene has no direction."""
    if role == figure.role:
        return figure
    if role == "context":
        return replace(figure, role=role, direction=None)
    low, high = clauses(text).span(figure.start)
    told = direction_of(text[low:high], figure.start - low, figure.end - low)
    return replace(figure, role=role, direction=told)


def blank() -> Weights:
    """Return weights that say nothing, in the shapes that a file of weights has."""
    count = len(ROLES)
    return {
        "mean": np.zeros(1152, np.float32), "scale": np.zeros(1152, np.float32),
        "states": np.zeros((1152, count), np.float32), "signs": np.zeros((SIZE, count), np.float32),
        "intercept": np.zeros(count, np.float32),
    }  # fmt: skip
