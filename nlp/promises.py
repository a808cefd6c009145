"""Promise against outcome: planned and actual figures on one measure, within a document and across documents.

Conservative: a pair needs one unit, one measure, and no programme, place or period that speaks against it; across
documents it needs the programme on both sides as well. A missed pair costs a look; a false one a wrong story.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nlp.named import find_named
from warehouse.models import Figure, Named

# Whom a count is of does not say what became of them: "400 more people" home are not "800 fewer people" admitted.
_ANYONE = frozenset({"people", "persons", "adults", "children", "patients", "residents", "men", "women"})


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure where it stands. ``ref`` is the caller's name for the claim (its id); ``quote`` the passage's words."""

    figure: Figure
    quote: str
    document: str
    ref: str = ""
    outcome: str | None = None
    programmes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A promise and what came of it. ``verdict``: met, missed, opposite (the other way) or open (cannot be told)."""

    promise: Stated
    outcome: Stated
    score: float
    verdict: str


def state(
    quote: str, figures: Iterable[Figure], named: Sequence[Named], document: str, *, ref: str = "", position: int = 0
) -> list[Stated]:
    """Return the planned and actual figures of a passage with what it names; figures of context are left out."""
    programmes = frozenset(thing.id for thing in named if thing.kind == "programme")
    places = frozenset(thing.id for thing in named if thing.kind == "place")
    return [
        Stated(figure, quote, document, ref, outcome_of(figure.measure), programmes, places, position + figure.start)
        for figure in figures
        if figure.role != "context"
    ]


@lru_cache(maxsize=8192)
def outcome_of(measure: str | None) -> str | None:
    """Return the id of the outcome that a measure names: "non-elective admissions" -> emergency-admissions."""
    outcomes = [thing.id for thing in find_named(measure) if thing.kind == "outcome"] if measure else []
    return outcomes[0] if outcomes else None


def pair_promises(stated: Sequence[Stated]) -> list[Pair]:
    """Return each promise with its likeliest outcome, best first; a promise without one is left out."""
    by_measure: defaultdict[tuple[str, str], list[Stated]] = defaultdict(list)
    for one in stated:
        if one.figure.role == "actual" and (key := _measure_key(one)):
            by_measure[key].append(one)
    pairs = []
    for promise in stated:
        key = _measure_key(promise)
        if promise.figure.role != "planned" or key is None:
            continue
        scored = [(likeness(promise, one), one) for one in by_measure.get(key, [])]
        good = [(score, one) for score, one in scored if score > 0]
        if good:
            score, best = min(good, key=lambda item: (-item[0], *_distance(promise, item[1])))
            pairs.append(Pair(promise, best, score, verdict(promise.figure, best.figure)))
    return sorted(pairs, key=lambda pair: (-pair.score, pair.promise.document, pair.promise.position))


def likeness(promise: Stated, actual: Stated) -> float:
    """Return how alike the two sides are, 0 (no pair) to 1, given that unit and measure are the same."""
    one, other = promise.figure, actual.figure
    if _against(promise.programmes, actual.programmes) or _against(promise.places, actual.places):
        return 0.0
    if one.unit in ("%", "percentage points", "share") and (one.direction is None) != (other.direction is None):
        return 0.0
    if promise.quote != actual.quote and one.unit in _ANYONE and one.measure != other.measure:
        return 0.0
    years = _years_fit(one.period, other.period)
    if years is False:
        return 0.0
    together = promise.document == actual.document
    if not together and not promise.programmes & actual.programmes:
        return 0.0
    score = 0.5 + 0.2 * bool(promise.programmes & actual.programmes) + 0.1 * (years is True)
    return round(score + 0.2 * (promise.quote == actual.quote) + 0.1 * (together and promise.quote != actual.quote), 3)


def verdict(promise: Figure, actual: Figure) -> str:
    """Say what came of a promise: "opposite" where it went the other way, else met, missed or open."""
    if promise.direction and actual.direction and promise.direction != actual.direction:
        return "opposite"
    if promise.direction is None and actual.direction is None and promise.unit not in ("GBP", "%"):
        return "open"
    return "met" if actual.value >= promise.value else "missed"


def _measure_key(one: Stated) -> tuple[str, str] | None:
    if one.outcome:
        return one.figure.unit, one.outcome
    words = (one.figure.measure or "").split()
    return (one.figure.unit, words[-1]) if words else None


def _against(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and not one & other)


def _years_fit(one: str | None, other: str | None) -> bool | None:
    """Return whether the years of two periods meet (a year's grace); None where either names none."""
    left, right = (_years(period) for period in (one, other))
    if not left or not right:
        return None
    return min(abs(a - b) for a in left for b in right) <= 1


def _years(period: str | None) -> list[int]:
    return [int(year) for year in re.findall(r"(?:19|20)\d\d", period or "")]


def _distance(promise: Stated, actual: Stated) -> tuple[bool, int, str, int]:
    apart = promise.document != actual.document
    return apart, 0 if apart else abs(promise.position - actual.position), actual.document, actual.position
