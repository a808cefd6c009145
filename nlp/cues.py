"""Find cues: rows of words with endings, alternatives and short gaps, as the codebook writes them.

``pooled|shared .. budget*`` is "pooled" or "shared", then within four words one that begins with "budget".
``long-term|stable fund*`` begins with two words or one.
Patterns are looked up by their first word and walked word by word, so no input makes matching slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from warehouse.models import Span

GAP_WORDS = 4
GAP = ".."
MAX_WORD = 40

_WORD = re.compile(r"[£%?]|[^\W_]{1,200}(?:['’][^\W_]{1,20})?")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, lower-cased, with its offsets."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Slot:
    exact: frozenset[str]
    starts: tuple[str, ...]
    gap: bool  # up to GAP_WORDS other words may stand before it

    def fits(self, word: str) -> bool:
        return word in self.exact or word.startswith(self.starts)


def words(text: str) -> list[Word]:
    """Return the words of ``text``; a hyphen parts words, so "front-line" is two."""
    return [Word(m.group().lower().replace("’", "'")[:MAX_WORD], m.start(), m.end()) for m in _WORD.finditer(text)]


class Matcher:
    """Finds the patterns of many lists in one walk; each list has a label."""

    def __init__(self, patterns: Iterable[tuple[str, str]], sets: Mapping[str, Sequence[str]] | None = None) -> None:
        self._exact: dict[str, list[tuple[str, list[_Slot]]]] = {}
        self._starts: dict[str, list[tuple[str, list[_Slot]]]] = {}
        for label, pattern in patterns:
            for variant in _variants(pattern):
                slots = _parse(variant, sets or {})
                for word in slots[0].exact:
                    self._exact.setdefault(word, []).append((label, slots))
                for start in slots[0].starts:
                    self._starts.setdefault(start, []).append((label, slots))
        self._first = lru_cache(maxsize=50_000)(self._look_up)

    def find(self, found: Sequence[Word]) -> dict[str, list[Span]]:
        """Return by label the spans (character offsets) of its hits, in order, overlaps joined."""
        hits: dict[str, list[Span]] = {}
        for at, word in enumerate(found):
            for label, slots in self._first(word.text):
                last = _walk(slots, found, at)
                if last >= 0:
                    _join(hits.setdefault(label, []), (word.start, found[last].end))
        return hits

    def _look_up(self, word: str) -> tuple[tuple[str, list[_Slot]], ...]:
        starts = (self._starts.get(word[:length], ()) for length in range(1, len(word) + 1))
        return (*self._exact.get(word, ()), *chain.from_iterable(starts))


def _walk(slots: list[_Slot], found: Sequence[Word], at: int) -> int:
    """Return the place of the last word of a hit that begins at ``at``, else -1."""
    for slot in slots[1:]:
        for place in range(at + 1, min(len(found), at + 2 + (GAP_WORDS if slot.gap else 0))):
            if slot.fits(found[place].text):
                at = place
                break
        else:
            return -1
    return at


def _join(spans: list[Span], span: Span) -> None:
    if spans and span[0] < spans[-1][1]:
        spans[-1] = (spans[-1][0], max(span[1], spans[-1][1]))
    else:
        spans.append(span)


def _variants(pattern: str) -> list[str]:
    """Return the pattern once for each hyphenated option ("long-term|stable" has two words or one)."""
    for part in pattern.split():
        long = [option for option in part.split("|") if "-" in option.strip("-")]
        if long:
            short = "|".join(option for option in part.split("|") if option not in long)
            options = [option.replace("-", " ") for option in long] + ([short] if short else [])
            return [v for option in options for v in _variants(_swap(pattern, part, option))]
    return [pattern]


def _swap(pattern: str, part: str, option: str) -> str:
    return " ".join(option if word == part else word for word in pattern.split())


def _parse(pattern: str, sets: Mapping[str, Sequence[str]]) -> list[_Slot]:
    slots: list[_Slot] = []
    gap = False
    for part in str(pattern).lower().replace("’", "'").split():
        if part == GAP:
            gap = bool(slots)
            continue
        options: list[str] = []
        for option in part.split("|"):
            options.extend(sets[option[1:-1]] if option.startswith("{") else [option])
        exact = frozenset(str(o) for o in options if o and not str(o).endswith("*"))
        starts = tuple(str(o)[:-1] for o in options if str(o).endswith("*") and len(str(o)) > 1)
        slots.append(_Slot(exact, starts, gap))
        gap = False
    if not slots:
        raise ValueError(f"the cue {pattern!r} holds no word")
    return slots
