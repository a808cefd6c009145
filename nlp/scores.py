"""Scores of the tagger against labels: precision, recall and F1 by code with counts, polarity, kind, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp.heads import Evidence, Weights, claims, judge
from nlp.tuned_names import KINDS

BINS = ((0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01))


@dataclass(frozen=True, slots=True)
class Counts:
    """True hits, false hits, misses."""

    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.hits / max(1, self.hits + self.false)

    @property
    def recall(self) -> float:
        """Share of what is there that was said."""
        return self.hits / max(1, self.hits + self.missed)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / max(1, 2 * self.hits + self.false + self.missed)


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores on one set of sentences."""

    sentences: int
    themes: list[Counts]
    kinds: list[Counts]  # in the order of KINDS
    claim: Counts
    polarity: tuple[int, int]  # right, of the true hits labelled barrier or enabler
    calibration: list[tuple[str, int, float, float]]  # bin, count, mean score, share right

    @property
    def macro(self) -> float:
        """Mean F1 of the themes that occur."""
        return float(np.mean([c.f1 for c in self.themes if c.hits + c.missed]))

    @property
    def micro(self) -> float:
        """F1 over all theme decisions together."""
        return total(self.themes).f1

    @property
    def kind_macro(self) -> float:
        """Mean F1 of the kinds of claim and none."""
        return float(np.mean([c.f1 for c in self.kinds if c.hits + c.missed]))

    def summary(self) -> str:
        """Return the main figures in one line."""
        right, of = self.polarity
        return (
            f"{self.sentences} sentences: themes macro-F1 {self.macro:.3f}, micro {self.micro:.3f}; "
            f"claim F1 {self.claim.f1:.3f}; kind macro-F1 {self.kind_macro:.3f}; polarity {right} of {of}"
        )


def total(counts: list[Counts]) -> Counts:
    """Return the sum."""
    return Counts(sum(c.hits for c in counts), sum(c.false for c in counts), sum(c.missed for c in counts))


def count(said: np.ndarray, right: np.ndarray, sure: np.ndarray | None = None) -> Counts:
    """Count decisions; ``sure`` marks the cells that count (where annotators agree)."""
    keep = np.ones_like(right, dtype=bool) if sure is None else sure
    said, right = said.astype(bool) & keep, right.astype(bool) & keep
    return Counts(int((said & right).sum()), int((said & ~right).sum()), int((~said & right).sum()))


def measure(
    evidence: Evidence,
    weights: Weights,
    kind: np.ndarray,
    theme: np.ndarray,
    polarity: np.ndarray,
    sure_kind: np.ndarray | None = None,
    sure_theme: np.ndarray | None = None,
) -> Scores:
    """Score the last step on evidence. Labels: kind [n], theme [n, T], polarity [n, T] (-1: none)."""
    verdict = judge(evidence, weights)
    said_kind = claims(verdict.kind, weights)
    said = verdict.theme >= weights["theme.threshold"]
    cells = np.ones_like(theme, bool) if sure_theme is None else sure_theme
    keep = np.ones(len(kind), bool) if sure_kind is None else sure_kind
    two_sided = said & theme & cells & ((polarity == 0) | (polarity == 1))
    right = int((verdict.polarity.argmax(2) == polarity)[two_sided].sum())
    return Scores(
        len(kind),
        [count(said[:, t], theme[:, t], cells[:, t]) for t in range(theme.shape[1])],
        [count(said_kind == k, kind == k, keep) for k in range(len(KINDS))],
        count(said_kind > 0, kind > 0, keep),
        (right, int(two_sided.sum())),
        calibration(verdict.theme[cells], theme[cells]),
    )


def calibration(chances: np.ndarray, right: np.ndarray) -> list[tuple[str, int, float, float]]:
    """Return by bin of score: how many, their mean score, and the share that is right."""
    rows = []
    for low, high in BINS:
        inside = (chances >= low) & (chances < high)
        if inside.any():
            name = f"{low:.1f} to {min(high, 1):.1f}"
            rows.append((name, int(inside.sum()), float(chances[inside].mean()), float(right[inside].mean())))
    return rows
