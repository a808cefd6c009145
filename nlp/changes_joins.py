"""Sentences that were cut in two or run together: one change, not a rewording beside an addition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nlp.align import Pair, likeness
from nlp.changes_noise import comparable

JOINED = 0.8  # likeness that a sentence must have to the two put together
BETTER = 0.03  # and by how much more it must be than to either alone
MAX_BLANKS = 2  # more between two sentences is a new paragraph


class Spanned(Protocol):
    """What a difference needs of a passage: its text and where that stands."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Joined:
    """Passages that stand together on one side of a change, seen as one."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Met:
    """A pair with what stands on its sides; a side is a passage, two passages joined, or nothing."""

    pair: Pair
    old: Spanned | None
    new: Spanned | None


def join_cut_sentences(pairs: Sequence[Pair], old: Sequence[Spanned], new: Sequence[Spanned]) -> list[Met]:
    """Return the pairs with their passages; a lone neighbour that completes a changed sentence is joined to it."""
    lone_old = {p.old for p in pairs if p.new is None and p.old is not None}
    lone_new = {p.new for p in pairs if p.old is None and p.new is not None}
    sides: dict[Pair, tuple[Spanned, Spanned]] = {}
    for p in pairs:
        if p.exact or p.old is None or p.new is None:
            continue
        a, b = old[p.old], new[p.new]
        options = [
            *((joined, b, lone_old, n) for n, joined in _neighbours(old, p.old, lone_old)),
            *((a, joined, lone_new, n) for n, joined in _neighbours(new, p.new, lone_new)),
        ]
        best = max(options, key=lambda o: _alike(o[0], o[1]), default=None)
        if best and _alike(best[0], best[1]) >= max(JOINED, _alike(a, b) + BETTER):
            sides[p] = best[0], best[1]
            best[2].discard(best[3])
    return [
        Met(p, *sides.get(p, (None if p.old is None else old[p.old], None if p.new is None else new[p.new])))
        for p in pairs
        if (p.new is not None or p.old in lone_old) and (p.old is not None or p.new in lone_new)
    ]


def _neighbours(passages: Sequence[Spanned], n: int, lone: set[int]) -> list[tuple[int, Joined]]:
    """Return each lone passage beside ``passages[n]`` in its paragraph, with the two joined."""
    return [
        (other, Joined(first.start, last.end, f"{first.text} {last.text}"))
        for other in (n - 1, n + 1)
        if other in lone
        for first, last in [(passages[min(n, other)], passages[max(n, other)])]
        if 0 <= last.start - first.end <= MAX_BLANKS
    ]


def _alike(a: Spanned, b: Spanned) -> float:
    return likeness(comparable(a.text), comparable(b.text))
