"""What stands around a figure: its bound, its direction, its period, what it measures."""

from __future__ import annotations

import re
from pathlib import Path

from nlp.rules import load_rules
from warehouse.models import Bound

_RULES = load_rules(Path(__file__).with_name("context.yml"))
_OVER = _RULES["over"]
_UNDER = _RULES["under"]
_ABOUT = _RULES["about"]
_RIGHT_OVER = _RULES["right_over"]
_RIGHT_UNDER = _RULES["right_under"]
_RIGHT_ABOUT = _RULES["right_about"]
_TIME = _RULES["time"]
_CHANGED_BY = _RULES["changed_by"]

_CHANGE = _RULES["change"]
_BOUND_WORDS = _RULES["bound_words"]

_PERIOD = _RULES["period"]
_OF_WHAT = _RULES["of_what"]
_SUBJECT = _RULES["subject"]


def bound_of(text: str, start: int, end: int) -> Bound | None:
    """Return the bound that the words beside a figure set. "nearly" and "up to" are under, "at least" over."""
    left, right = text[max(0, start - 40) : start], text[end : end + 28]
    if _OVER.search(left) and not _CHANGED_BY.search(left):
        return "under" if re.search(r"\bno(?:t)?\s+(?:more|greater|higher)\s+than\b", left, re.IGNORECASE) else "over"
    if _UNDER.search(left) and not (left.endswith("within ") and not _TIME.search(text[start : end + 12])):
        return "over" if re.search(r"\bno(?:t)?\s+(?:less|fewer|lower)\s+than\b", left, re.IGNORECASE) else "under"
    if _ABOUT.search(left):
        return "about"
    if _RIGHT_OVER.match(right):
        return "over"
    if _RIGHT_UNDER.match(right):
        return "under"
    return "about" if _RIGHT_ABOUT.match(right) else None


def direction_of(clause: str, start: int, end: int) -> str | None:
    """Return "rise" or "fall" by the nearest word of change in the clause (offsets in the clause), else None."""
    best: tuple[int, str] | None = None
    skip = [match.span() for match in _BOUND_WORDS.finditer(clause)]
    for match in _CHANGE.finditer(clause):
        if any(low <= match.start() < high for low, high in skip):
            continue
        gap = start - match.end() if match.end() <= start else match.start() - end + 12
        if match.start() < end and match.end() > start:
            gap = 0
        if best is None or gap < best[0]:
            best = (gap, "rise" if match["rise"] else "fall")
    return best[1] if best and best[0] < 80 else None


def period_of(text: str, start: int, end: int, span: tuple[int, int]) -> str | None:
    """Return the words that say when: the nearest in the clause, else the nearest in the passage."""
    best: tuple[int, str] | None = None
    low, high = max(0, start - 300), min(len(text), end + 300)
    for match in _PERIOD.finditer(text, low, high):
        if match.start() < end and match.end() > start:
            continue
        gap = match.start() - end if match.start() >= end else start - match.end() + 10
        outside = not span[0] <= match.start() < span[1]
        rank = gap + (500 if outside else 0)
        if best is None or rank < best[0]:
            best = (rank, match[0])
    return best[1] if best else None


def subject_of(clause: str) -> str | None:
    """Return the noun phrase that changes: "Emergency admissions rose by" -> emergency admissions."""
    found = None
    for match in _SUBJECT.finditer(clause[-240:]):
        found = match["noun"]
    return found.lower() if found else None


def of_what(text: str, end: int) -> str | None:
    """Return what a share is of: "12% of patients" -> patients."""
    match = _OF_WHAT.match(text, end)
    return match["what"].lower() if match else None
