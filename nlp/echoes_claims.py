"""The same claim elsewhere: claims across documents that say the same, when first and last, by whom, as what kind.

Two claims are the same where their vectors are near and their words overlap, and where neither gives a figure that
the other does not, nor denies what the other affirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from nlp.align import LITTLE, words
from nlp.changes_figures import figure_changes
from nlp.changes_force import denies, opposed
from nlp.echoes_sketch import Hashes, candidates, join

NEAR = 0.82  # cosine from which two claims may be the same
SHARED_WORDS = 0.45  # part of the shorter claim's words that the other must have
RARE_WORDS = 6  # a claim is looked up by pairs of so many of its rarest words
STEM_CHARS = 6


@dataclass(frozen=True, slots=True)
class Said:
    """One claim. ``id`` is its thread; ``at`` when it was first seen or published (ISO 8601); ``who`` says it."""

    id: str
    document: str
    text: str
    kind: str
    at: str
    who: str | None = None


@dataclass(frozen=True, slots=True)
class SameClaim:
    """Claims that say the same; the first that said it stands first. ``kinds_differ``: a plan here, a finding there."""

    members: tuple[Said, ...]
    scores: tuple[float, ...]
    first_seen: str
    last_seen: str
    who: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def kinds_differ(self) -> bool:
        """Whether the claim is of one kind in one place and of another elsewhere."""
        return len(self.kinds) > 1


def same_claims(claims: Sequence[Said], vectors: npt.NDArray[np.float32]) -> list[SameClaim]:
    """Return the groups of claims that say the same in more than one document.

    Args:
        claims: claims of the latest versions; pass one document of each group of copies, so that a reprint is no
            second voice.
        vectors: their unit vectors, one row a claim.
    """
    stems = [frozenset(w[:STEM_CHARS] for w in words(c.text) if w not in LITTLE) for c in claims]
    pairs = candidates(_keys(stems), min_shared=1)
    links = [(score, a, b) for a, b in pairs if (score := _likeness(claims, vectors, stems, a, b))]
    size = [len(c.text) for c in claims]
    groups = join(links, size, lambda a, b: _likeness(claims, vectors, stems, a, b) > 0)
    found = [_gather([claims[n] for n in group], vectors[group]) for group in groups]
    return [same for same in found if len({c.document for c in same.members}) > 1]


def _keys(stems: Sequence[frozenset[str]]) -> list[Hashes]:
    """Return, for each claim, hashes of the pairs of its rarest words that stand in more than one claim."""
    held = Counter(word for bag in stems for word in bag)
    number = {word: n for n, word in enumerate(held)}
    keys = []
    for bag in stems:
        rare = sorted((w for w in bag if held[w] > 1), key=lambda w: (held[w], w))[:RARE_WORDS]
        packed = [number[a] << 32 | number[b] for a, b in combinations(sorted(rare), 2)]
        keys.append(np.array(sorted(packed), dtype=np.uint64))
    return keys


def _likeness(
    claims: Sequence[Said], vectors: npt.NDArray[np.float32], stems: Sequence[frozenset[str]], a: int, b: int
) -> float:
    """Return the cosine of two claims that say the same, else 0."""
    cosine = float(vectors[a] @ vectors[b])
    shared = len(stems[a] & stems[b]) / max(min(len(stems[a]), len(stems[b])), 1)
    if cosine < NEAR or shared < SHARED_WORDS:
        return 0.0
    left, right = claims[a].text, claims[b].text
    if figure_changes(left, right) or denies(left) != denies(right) or opposed(left, right):
        return 0.0
    return cosine


def _gather(claims: Sequence[Said], vectors: npt.NDArray[np.float32]) -> SameClaim:
    order = sorted(range(len(claims)), key=lambda n: (claims[n].at, claims[n].id))
    scores = vectors[order] @ vectors[order[0]]
    members = tuple(claims[n] for n in order)
    voices = dict.fromkeys(c.who for c in members if c.who)
    return SameClaim(
        members,
        tuple(round(float(s), 3) for s in scores),
        members[0].at,
        members[-1].at,
        tuple(voices),
        tuple(sorted({c.kind for c in members})),
    )
