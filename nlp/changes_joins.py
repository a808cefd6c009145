"""Sentences that were cut in two or run together: one change, not a rewording beside an addition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nlp.align import Pair, likeness
from nlp.changes_noise import comparable

JOINED = 0.8  # likeness that a sentence must have to the two put together
BETTER = 0.03  # and by how much more it must be than to either alone
MAX_JOINS = 3
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


@dataclass(slots=True)
class _Side:
    """The passages ``first`` to ``last`` of one side, and which of its passages stand alone."""

    passages: Sequence[Spanned]
    lone: set[int]
    first: int
    last: int

    def seen(self) -> Spanned:
        """Return them as one."""
        if self.first == self.last:
            return self.passages[self.first]
        run = self.passages[self.first : self.last + 1]
        return Joined(run[0].start, run[-1].end, " ".join(p.text for p in run))

    def wider(self) -> list[_Side]:
        """Return the side with each lone passage beside it, in the same paragraph, taken in."""
        options = [(self.first - 1, self.last), (self.first, self.last + 1)]
        return [
            _Side(self.passages, self.lone, first, last)
            for first, last in options
            if (first if first < self.first else last) in self.lone and self._in_one_paragraph(first, last)
        ]

    def _in_one_paragraph(self, first: int, last: int) -> bool:
        at = first if first < self.first else last - 1
        return 0 <= self.passages[at + 1].start - self.passages[at].end <= MAX_BLANKS


def join_cut_sentences(pairs: Sequence[Pair], old: Sequence[Spanned], new: Sequence[Spanned]) -> list[Met]:
    """Return the pairs with their passages; lone neighbours that complete a changed sentence are joined to it."""
    lone_old = {p.old for p in pairs if p.new is None and p.old is not None}
    lone_new = {p.new for p in pairs if p.old is None and p.new is not None}
    sides: dict[Pair, tuple[Spanned, Spanned]] = {}
    for p in pairs:
        if p.exact or p.old is None or p.new is None:
            continue
        a, b = _completed(_Side(old, lone_old, p.old, p.old), _Side(new, lone_new, p.new, p.new))
        sides[p] = a.seen(), b.seen()
        lone_old.difference_update(range(a.first, a.last + 1))
        lone_new.difference_update(range(b.first, b.last + 1))
    return [
        Met(p, *sides.get(p, (None if p.old is None else old[p.old], None if p.new is None else new[p.new])))
        for p in pairs
        if (p.new is not None or p.old in lone_old) and (p.old is not None or p.new in lone_new)
    ]


def _completed(a: _Side, b: _Side) -> tuple[_Side, _Side]:
    """Take in lone neighbours, the best first, as long as each makes the two more alike."""
    best = here = a, b
    score = _alike(a.seen(), b.seen())
    for _ in range(MAX_JOINS):
        options = [*((wide, here[1]) for wide in here[0].wider()), *((here[0], wide) for wide in here[1].wider())]
        here = max(options, key=lambda o: _alike(o[0].seen(), o[1].seen()), default=here)
        now = _alike(here[0].seen(), here[1].seen())
        if now < score + BETTER:
            break
        score = now
        best = here if now >= JOINED else best
    return best


def _alike(a: Spanned, b: Spanned) -> float:
    return likeness(comparable(a.text), comparable(b.text))
