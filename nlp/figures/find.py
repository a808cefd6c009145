"""Put a passage's figures together: value, unit, role, bound, direction, period, measure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from nlp.figures.clauses import Clauses, calm, clauses
from nlp.figures.context import bound_of, direction_of, period_of
from nlp.figures.leads import leads_to_plans
from nlp.figures.measure import measure_of
from nlp.figures.nouns import Noun, counted, is_plural
from nlp.figures.refuse import masks, refused
from nlp.figures.roles import role_of
from nlp.figures.scan import Raw, scan
from nlp.figures.scene import starts_a_change
from nlp.named import find_named
from nlp.rules import load_rules
from warehouse.models import Bound, Figure, Named

_RULES = load_rules(Path(__file__).with_name("find.yml"))
MAX_TEXT = 20_000  # characters; what is longer is no passage, and only its beginning is read
_TO_CHANGE = _RULES["to_change"]
_CHANGED = _RULES["changed"]
_NOT_COUNTED = frozenset(
    {"GBP", "USD", "EUR", "%", "share", "times", "percentage points", "p", "CI", "ratio", "number"}
)
_ELISION = _RULES["elision"]
_OF_THEM = _RULES["of_them"]
_OF_MANY = _RULES["of_many"]
_ELIDED_AFTER = _RULES["elided_after"]
_NUMBER_OF = re.compile(r"\bnumbers? of(?=\s)", re.IGNORECASE)
_ALONE = re.compile(r"\s*(?:more|fewer)?\s*(?:[.,;)]|$)")
_RATE = _RULES["rate"]
_NUMBERS = _RULES["numbers"]
_RATIO = _RULES["ratio"]
_RANGE = re.compile(r"\s*(?:to|-|–|and)\s*[£€$]?")
_SET_AGAINST = _RULES["set_against"]
_DONE = _RULES["done"]
_SHARED_TAIL = _RULES["shared_tail"]


def find_figures(text: str, *, before: str = "", heading: str = "") -> list[Figure]:
    """Return the figures of a passage in order, with exact offsets: ``text[start:end]`` are the figure's words.

    ``before`` (the passage before) and ``heading`` name what "it" measures when the passage does not.
    "£5.3bn" is 5.3e9 GBP; "a third" 0.333 share; a range is two figures; a year, an age group or "section 75" is none.
    At most 100 numbers are looked at.
    """
    text = calm(text[:MAX_TEXT])
    raws = scan(text)
    if not raws:
        return []
    held = masks(text)
    candidates = [raw for raw in raws if not any(low < raw.end and raw.start < high for low, high in held)]
    split, found = clauses(text), list[Figure]()
    kept = [
        (raw, noun)
        for raw, noun in zip(candidates, _nouns(text, candidates), strict=True)
        if not refused(raw, noun, text)
    ]
    outcomes = [thing for thing in find_named(text) if thing.kind == "outcome"] if kept else []
    led = bool(kept) and leads_to_plans(text, before, heading)
    for raw, noun in kept:
        unit = _unit(raw, noun, text, split, before) or _elided(raw, text, found)
        if unit is not None:
            found.append(_figure(raw, noun, unit, split, found[-1] if found else None, outcomes, led))
    return _settled(found, text)


def _settled(found: list[Figure], text: str) -> list[Figure]:
    """Give both ends of "from x to y" one role, and take what is set against a plan as what came."""
    for at, (left, right) in enumerate(pairwise(list(found))):
        left = found[at]
        if left.unit != right.unit or left.role == right.role:
            continue
        gap = text[left.end : right.start]
        if _RANGE.fullmatch(gap) and (right.role != "planned" or is_range(text, left, right)):
            role = right.role if left.role == "context" else left.role
            found[at : at + 2] = [replace(left, role=role), replace(right, role=role)]
        elif (left.role, right.role) == ("context", "planned") and _contrasted(text, left, gap):
            found[at] = replace(left, role="actual")
    return found


def is_range(text: str, left: Figure, right: Figure) -> bool:
    """Say whether two figures are the ends of one: "between 5% and 7%", but not the two of a change from one to one."""
    gap = text[left.end : right.start]
    changes = starts_a_change(text[max(0, left.start - 60) : left.start])
    return left.unit == right.unit and bool(_RANGE.fullmatch(gap)) and not changes


def _contrasted(text: str, left: Figure, gap: str) -> bool:
    return bool(_SET_AGAINST.search(gap) and _DONE.search(text[max(0, left.start - 80) : left.end + 40]))


def _nouns(text: str, candidates: list[Raw]) -> list[Noun | None]:
    """Return what each candidate counts; the first of "from 12.4 to 9.8 days" counts days too."""
    nouns = [
        counted(text, raw.end, raw.value) if raw.kind in ("count", "times", "rate") else None for raw in candidates
    ]
    for at in range(len(candidates) - 2, -1, -1):
        left, right = candidates[at], candidates[at + 1]
        if (
            nouns[at] is None
            and nouns[at + 1]
            and left.kind == right.kind == "count"
            and _SHARED_TAIL.fullmatch(text[left.end : right.start])
        ):
            nouns[at] = nouns[at + 1]
    return nouns


def _unit(raw: Raw, noun: Noun | None, text: str, split: Clauses, before: str) -> str | None:
    """Return the unit, or None where a bare number counts nothing that can be told."""
    if raw.unit:
        return raw.unit
    if noun is not None:
        return noun.word
    left = text[max(split.span(raw.start)[0], raw.start - 160) : raw.start]
    if _RATIO.search(left):
        return "ratio"
    if re.search(r"\bpopulations? of (?:\w+ ){0,2}$", left):
        return "people"
    if re.search(r"\bn\s?=\s?$", left):
        return "participants"
    if raw.spelled and raw.value <= 12 and not _CHANGED.search(left):
        return None
    if not _TO_CHANGE.search(left) and "." not in raw.words and "," not in raw.words and not raw.scaled:
        return None
    if not _CHANGED.search(left) and not raw.scaled and "," not in raw.words and "." not in raw.words:
        return None
    if rate := _RATE.search(left):
        return rate[0].strip()
    if (of := _NUMBER_OF.search(left)) and (many := counted(left, of.end(), raw.value)):
        return many.word
    if numbers := _NUMBERS.search(left):
        return numbers[1].lower() + "s"
    return (
        _counted_before(left)
        or _counted_before(text[max(0, raw.start - 300) : raw.start])
        or _counted_before(before[-300:])
        or "number"
    )


def _elided(raw: Raw, text: str, found: list[Figure]) -> str | None:
    """Return the unit of the figure before, where the noun is left out: "512 patients, of whom 440 returned"."""
    counts = [figure.unit for figure in found if figure.unit not in _NOT_COUNTED]
    if raw.kind != "count" or not counts:
        return None
    if _OF_THEM.match(text, raw.end):
        return counts[-1]
    if not raw.spelled and raw.value >= 10 and (_ALONE.match(text, raw.end) or _ELIDED_AFTER.match(text, raw.end)):
        return counts[-1]
    if _OF_MANY.search(text[max(0, raw.start - 40) : raw.start]):
        return counts[-1]
    if not _ELISION.search(text[max(0, raw.start - 40) : raw.start]):
        return None
    return counts[-1] if not raw.spelled or _ELIDED_AFTER.match(text, raw.end) else None


def _counted_before(words: str) -> str | None:
    for match in reversed(list(re.finditer(r"[A-Za-z][\w’'-]*", words))):
        word = match[0].lower()
        if is_plural(word) and word not in (
            "rises",
            "falls",
            "increases",
            "averages",
            "totals",
            "numbers",
            "years",
            "months",
            "areas",
        ):
            return word if not match[0][:-1].isupper() else match[0]
    return None


def _figure(
    raw: Raw, noun: Noun | None, unit: str, split: Clauses, earlier: Figure | None, outcomes: list[Named], led: bool
) -> Figure:
    joined = noun is not None and raw.kind == "count" and _adjacent(split.text, raw.end, noun)
    end = noun.end if noun and joined else raw.end
    low, high = span = split.span(raw.start)
    role = role_of(raw, end, split, earlier.role if earlier else None, led)
    return Figure(
        value=raw.value,
        unit=unit,
        role=role,
        start=raw.start,
        end=end,
        measure=measure_of(raw, noun, end, split, outcomes),
        bound=_bound(raw, split.text, end),
        period=period_of(split.text, raw.start, end, span),
        direction=None if role == "context" else direction_of(split.text[low:high], raw.start - low, end - low),
    )


def _bound(raw: Raw, text: str, end: int) -> Bound | None:
    if raw.kind == "p":
        return "under" if "<" in raw.words or "≤" in raw.words else "over" if ">" in raw.words else None
    return bound_of(text, raw.start, end)


def _adjacent(text: str, at: int, noun: Noun) -> bool:
    return 0 <= noun.start - at <= 3 and noun.end - at < 60
