"""How strongly a sentence speaks, and whether it speaks more softly than before.

The words and their order are in ``force.yml``. Only words that changed count: a "may" that stood there before says
nothing about the edit. ``force_change(b, a)`` is the opposite of ``force_change(a, b)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from nlp.align import normalise, words
from nlp.changes_words import word_diff

TABLE = Path(__file__).with_name("force.yml")
ASIDE_WORDS = 4  # a word that came or went with more than this around it belongs to a new clause, not to the old claim
_NUMBER_AHEAD = (
    r"(?= (?:[£$€]?\d|an? (?:half|third|quarter|fifth|dozen|hundred|million)|half|one|two|three|four|five|six|ten))"
)
_PREFIXED = (
    r"\b(?!under|unit|union|until|unless|uniq|univers|uniform|unanim|imp(?:act|lement|ort|rove|ly|lies|ose|ress)|immed"
    r"|illness|illustr|image|imagin|nonetheless)(?:un|non-?|im|il|ir)[a-z]{4,}\b"
)
TURNED = 3  # a finding turned round outweighs what its hedges say


@dataclass(frozen=True, slots=True)
class Shift:
    """One word (or none) of a scale on each side; ``sign`` 1 stronger, -1 softer."""

    scale: str
    old: str | None
    new: str | None
    sign: int


@dataclass(frozen=True, slots=True)
class _Scale:
    name: str
    pattern: re.Pattern[str]
    level: dict[str, int]
    plain: int | None
    for_verb: bool


@dataclass(frozen=True, slots=True)
class _Region:
    """A span that went or came, how many words it has, and how many stand in its place on the other side."""

    start: int
    end: int
    words: int
    instead: int


@dataclass(frozen=True, slots=True)
class _Hit:
    term: str
    level: int
    region: _Region

    def aside(self) -> bool:
        """Whether the word came or went with a clause of its own."""
        return self.region.words - self.region.instead - len(self.term.split()) > ASIDE_WORDS

    def swapped(self) -> bool:
        """Whether the word stands in the place of words that no scale knows."""
        return 0 < self.region.instead > self.region.words - len(self.term.split())


def force_change(old: str, new: str) -> tuple[int, list[Shift]]:
    """Return 1 where ``new`` speaks more strongly than ``old``, -1 where more softly, else 0; and why."""
    a, b = normalise(old).casefold(), normalise(new).casefold()
    went, came = _regions(a, b)
    shifts = _polarity(a, b, went, came)
    for scale in _table().scales:
        left, right = list(_hits(scale, a, went)), list(_hits(scale, b, came))
        shift = _compare(scale, left, right)
        if shift:
            shifts.append(shift)
    total = sum(s.sign * (TURNED if s.scale in ("denial", "opposite") else 1) for s in shifts)
    return (total > 0) - (total < 0), shifts


def _regions(a: str, b: str) -> tuple[list[_Region], list[_Region]]:
    """Return the spans of ``a`` that went and the spans of ``b`` that came."""
    went: list[_Region] = []
    came: list[_Region] = []
    at_a = at_b = 0
    steps = [*word_diff(a, b), ["equal", ""]]
    for (op, text), (after, next_text) in pairwise([["equal", ""], *steps]):
        if op == "equal":
            at_a, at_b = at_a + len(text), at_b + len(text)
            continue
        swap = (op, after) == ("delete", "insert")
        if op == "delete":
            went.append(_Region(at_a, at_a + len(text), _count(text), _count(next_text) if swap else 0))
            at_a += len(text)
        else:
            instead = went[-1].words if went and went[-1].end == at_a and went[-1].instead else 0
            came.append(_Region(at_b, at_b + len(text), _count(text), instead))
            at_b += len(text)
    return went, came


def _count(text: str) -> int:
    return len(words(text))


def _touched(match: re.Match[str], regions: Iterable[_Region]) -> _Region | None:
    return next((r for r in regions if match.start() < r.end and match.end() > r.start), None)


def _hits(scale: _Scale, text: str, regions: Sequence[_Region]) -> Iterable[_Hit]:
    for match in scale.pattern.finditer(text) if regions else ():
        region = _touched(match, regions)
        if region:
            term = match.group()
            yield _Hit(term, scale.level[term], region)


def _compare(scale: _Scale, left: list[_Hit], right: list[_Hit]) -> Shift | None:
    plain = scale.plain
    if not left and not right:
        return None
    if left and right:
        old, new = _chosen(left, plain), _chosen(right, plain)
        sign = (new.level > old.level) - (new.level < old.level)
        return Shift(scale.name, old.term, new.term, sign) if sign else None
    if plain is None:
        return None
    hit = _chosen(left or right, plain)
    sign = (hit.level > plain) - (hit.level < plain)
    if not sign or hit.aside() or (hit.swapped() and not scale.for_verb):
        return None
    return Shift(scale.name, hit.term, None, -sign) if left else Shift(scale.name, None, hit.term, sign)


def _chosen(hits: list[_Hit], plain: int | None) -> _Hit:
    """Return the word that decides: the one farthest from plain speech, else the strongest."""
    return max(hits, key=lambda h: (abs(h.level - plain) if plain is not None else h.level, h.level, h.term))


def _polarity(a: str, b: str, went: list[_Region], came: list[_Region]) -> list[Shift]:
    """Compare what the two affirm. Denied and turned round at once says the same, but for what a weak denial leaves."""
    denied, turned = _denied(a, b, went, came), _turned(a, b, went, came)
    if not denied or not turned or denied[0].sign == turned[0].sign:
        return [*denied, *turned]
    weak = _table().weak
    left, right = ({m.group() for m in _denials(text, [])} & weak for text in (a, b))
    sign = bool(left) - bool(right)
    return [Shift("denial", denied[0].old or turned[0].old, denied[0].new or turned[0].new, sign)] if sign else []


def _denied(a: str, b: str, went: list[_Region], came: list[_Region]) -> list[Shift]:
    """Compare how often, and how firmly, the two deny. Denied once more is softer; "no" to "little" too."""
    left, right = _denials(a, went), _denials(b, came)
    if not any(_touched(m, r) for side, r in ((left, went), (right, came)) for m in side):
        return []
    old, new = (" ".join(m.group() for m in side) or None for side in (left, right))
    if len(left) % 2 != len(right) % 2:
        instead = _privatives(a, went) - _privatives(b, came) == len(right) - len(left)
        if instead and not _prefixed(a, b, went, came):
            return []
        return [Shift("denial", old, new, 1 if len(left) % 2 else -1)]
    if not left or not right:
        return []
    weak = _table().weak
    firm = [sum(m.group() not in weak for m in side) for side in (left, right)]
    sign = (firm[1] > firm[0]) - (firm[1] < firm[0])
    return [Shift("denial", old, new, sign)] if sign else []


def _privatives(text: str, regions: Iterable[_Region]) -> int:
    """Return how many words deny by themselves ("without", "unpaid") among those that went or came."""
    found = _table().privatives.finditer(text)
    return sum(_touched(m, regions) is not None for m in found)


def _denials(text: str, regions: list[_Region]) -> list[re.Match[str]]:
    """Return the denials of a sentence, those apart that came or went with a clause of their own."""
    table = _table()
    clauses = [r for r in regions if r.words - r.instead > 2 * ASIDE_WORDS]
    found = (m for m in table.denials.finditer(text) if m.group() not in table.excused)
    return [m for m in found if not _touched(m, clauses)]


def _turned(a: str, b: str, went: list[_Region], came: list[_Region]) -> list[Shift]:
    """Compare words with their opposites: "improved" to "worsened" is softer, as a negated finding is."""
    table = _table()
    bad_when_up = bool(table.unwanted.search(a)) and bool(table.unwanted.search(b))
    shifts = []
    for yes, no, reversible in table.opposites:
        sides = [
            (m.group() if m else None)
            for p in (yes, no)
            for text, r in ((a, went), (b, came))
            for m in [_first(p, text, r)]
        ]
        yes_old, yes_new, no_old, no_new = sides
        flip = -1 if reversible and bad_when_up else 1
        if yes_old and no_new and not (no_old or yes_new):
            shifts.append(Shift("opposite", yes_old, no_new, -flip))
        elif no_old and yes_new and not (yes_old or no_new):
            shifts.append(Shift("opposite", no_old, yes_new, flip))
    return shifts[:1] or _prefixed(a, b, went, came)


def _prefixed(a: str, b: str, went: list[_Region], came: list[_Region]) -> list[Shift]:
    """Compare a word with itself under a denying prefix: "paid" to "unpaid" is softer, as a negated finding is."""
    gone, new = ({w for r in side for w in words(text[r.start : r.end])} for text, side in ((a, went), (b, came)))
    for side, others, sign in ((new, gone, -1), (gone, new, 1)):
        for word in sorted(side):
            bare = next((o for o in others if _table().privatives.fullmatch(word) and word in _denied_forms(o)), None)
            if bare:
                return [Shift("opposite", *((bare, word) if sign < 0 else (word, bare)), sign)]
    return []


def _denied_forms(word: str) -> set[str]:
    return {prefix + word for prefix in ("un", "non", "non-", "im", "il", "ir", "in", "dis")}


def denies(text: str) -> bool:
    """Return whether a sentence denies: an odd number of denials stands in it."""
    return len(_denials(normalise(text).casefold(), [])) % 2 == 1


def opposed(a: str, b: str) -> bool:
    """Return whether two sentences use opposite words for what happened ("improved" and "worsened")."""
    left, right = normalise(a).casefold(), normalise(b).casefold()
    return bool(_turned(left, right, *_regions(left, right)))


def _first(pattern: re.Pattern[str], text: str, regions: list[_Region]) -> re.Match[str] | None:
    return next((m for m in pattern.finditer(text) if _touched(m, regions)), None)


@dataclass(frozen=True, slots=True)
class _Table:
    scales: tuple[_Scale, ...]
    opposites: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...]
    unwanted: re.Pattern[str]
    denials: re.Pattern[str]
    weak: frozenset[str]
    excused: frozenset[str]
    privatives: re.Pattern[str]


@cache
def _table() -> _Table:
    raw: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    denials = raw["denials"]
    return _Table(
        tuple(_scale(name, spec) for name, spec in raw["scales"].items()),
        (*((_any(yes), _any(no), False) for yes, no in raw["opposites"]), (_any(raw["up"]), _any(raw["down"]), True)),
        _any(raw["unwanted"]),
        _any([*denials["strong"], *denials["weak"], *denials["none"]]),
        frozenset(denials["weak"]),
        frozenset(denials["none"]),
        re.compile(_any([*raw["privatives"]["words"], *raw["privatives"]["prefixed"]]).pattern + "|" + _PREFIXED),
    )


def _scale(name: str, spec: dict[str, Any]) -> _Scale:
    level = {term: n for n, terms in enumerate(spec["levels"], 1) for term in terms}
    pattern = _any(level, _NUMBER_AHEAD if spec.get("before_number") else "")
    return _Scale(name, pattern, level, spec.get("plain"), spec.get("for_verb", False))


def _any(terms: Iterable[str], ahead: str = "") -> re.Pattern[str]:
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])" + ahead)
