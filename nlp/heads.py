"""The last step of tagging, in plain numpy: calibrated chances from model scores, cues and forms of speech.

Linear heads over the frozen vectors give a second opinion beside the tuned layers; a logistic regression weighs
both with the features. All of it is a dictionary of arrays, kept as npz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

Weights = dict[str, np.ndarray]
MENTION = 0.65  # what the chance of a mere mention counts, so that it wins only where it is clear; set across documents


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of n passages. Tuned logits are zeros where no tuned layers were used."""

    vectors: np.ndarray  # [n, 384]
    tuned_kind: np.ndarray  # [n, 5]
    tuned_theme: np.ndarray  # [n, T]
    tuned_polarity: np.ndarray  # [n, T, 3]
    kind: np.ndarray  # [n, K]
    theme: np.ndarray  # [n, T, 8]
    polarity: np.ndarray  # [n, 6]

    def take(self, rows: np.ndarray) -> Evidence:
        """Return the evidence of some passages."""
        return Evidence(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Chances: kind [n, 5], themes [n, T], polarity [n, T, 3]."""

    kind: np.ndarray
    theme: np.ndarray
    polarity: np.ndarray


def linear(vectors: np.ndarray, weights: Weights, name: str) -> np.ndarray:
    """Return the logits of a linear head: [n, outputs].

    In double precision: in single, how many rows are multiplied at once shows, and now and then in a rounded score.
    """
    coef, intercept = (weights[f"{name}.{part}"].astype(np.float64) for part in ("coef", "intercept"))
    out: np.ndarray = vectors.astype(np.float64) @ coef.T + intercept
    return out


def kind_inputs(evidence: Evidence, vector_logits: np.ndarray) -> np.ndarray:
    """Return what the kind's last step reads: [n, 10 + K]."""
    return np.hstack([vector_logits, evidence.tuned_kind, evidence.kind])


def theme_inputs(evidence: Evidence, vector_logits: np.ndarray) -> np.ndarray:
    """Return what the themes' last step reads, a row a passage and theme: [n * T, 16 + 3 T].

    Weights are shared by all themes, with an offset and small corrections of its own for each: rare themes borrow.
    What speaks for other themes counts too: a passage seldom speaks of many.
    """
    count, themes = vector_logits.shape
    cue = evidence.theme[:, :, 0]
    shared = np.dstack(
        [
            *(vector_logits, evidence.tuned_theme, evidence.theme, cue * vector_logits, cue * evidence.tuned_theme),
            *others(sigmoid(evidence.tuned_theme), sigmoid(vector_logits), cue),
        ]
    ).reshape(count * themes, -1)
    own = np.tile(np.eye(themes, dtype=np.float32), (count, 1))
    return np.hstack([shared, own, own * cue.reshape(-1, 1), own * evidence.tuned_theme.reshape(-1, 1) * 0.3])


def others(tuned: np.ndarray, vector: np.ndarray, cue: np.ndarray) -> list[np.ndarray]:
    """Return beside each theme what speaks for the rest: their chances summed, their best, their cues: four [n, T]."""
    themes = tuned.shape[1]
    best = np.stack([np.delete(tuned, theme, 1).max(1, initial=0) for theme in range(themes)], 1)
    return [*(each.sum(1, keepdims=True) - each for each in (tuned, vector, cue)), best]


def polarity_inputs(evidence: Evidence, vector_logits: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Return what the polarity's last step reads, a row a passage and theme: [n * T, 17 + T]."""
    count, themes = evidence.tuned_theme.shape
    passage = np.hstack([vector_logits, evidence.polarity, kind])
    return np.hstack(
        [
            evidence.tuned_polarity.reshape(count * themes, -1),
            np.repeat(passage, themes, axis=0),
            np.tile(np.eye(themes, dtype=np.float32), (count, 1)),
        ]
    )


def judge(evidence: Evidence, weights: Weights) -> Verdict:
    """Return the chances for n passages."""
    count, themes = evidence.tuned_theme.shape
    vector_kind = linear(evidence.vectors, weights, "vector.kind")
    vector_theme = linear(evidence.vectors, weights, "vector.theme")
    vector_polarity = linear(evidence.vectors, weights, "vector.polarity")
    kind = softmax(linear(kind_inputs(evidence, vector_kind), weights, "kind"))
    theme = sigmoid(linear(theme_inputs(evidence, vector_theme), weights, "theme")).reshape(count, themes)
    polarity = softmax(linear(polarity_inputs(evidence, vector_polarity, kind), weights, "polarity"))
    polarity[:, POLARITIES.index("mention")] *= MENTION
    polarity /= polarity.sum(1, keepdims=True)
    return Verdict(kind, theme, polarity.reshape(count, themes, len(POLARITIES)))


def claims(kind: np.ndarray, weights: Weights) -> np.ndarray:
    """Return the place in ``KINDS`` of each passage's kind (0: no claim): [n]."""
    best = kind[:, 1:].argmax(1) + 1
    out: np.ndarray = np.where(1 - kind[:, 0] >= float(weights["claim.threshold"]), best, KINDS.index("none"))
    return out


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return chances along the last axis."""
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    out: np.ndarray = raised / raised.sum(-1, keepdims=True)
    return out


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Return chances, safe for large logits."""
    out: np.ndarray = 0.5 * (1 + np.tanh(0.5 * logits))
    return out
