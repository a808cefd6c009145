"""Which figure of a sentence became which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nlp.figures import find_figures
from nlp.figures.scan import scan

_REFERENCE = re.compile(r"\[\d{1,3}(?:\s*[,–-]\s*\d{1,3})*\]")
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_DATED_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b(?=,? (?:19|20)\d\d)|(?<=\d )({'|'.join(_MONTHS)})\b")
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b(?! (?:of all|place|and foremost|hand|half)\b)", re.I)
_CROWDS = {
    "dozens": 1, "scores": 2, "hundreds": 3, "thousands": 4, "tens of thousands": 5, "hundreds of thousands": 6,
    "millions": 7, "tens of millions": 8, "billions": 9,
}  # fmt: skip
_CROWD = re.compile(rf"\b({'|'.join(sorted(_CROWDS, key=len, reverse=True))})(?= (?:of|more|fewer|in|on|to)\b)", re.I)
_COUPLE = re.compile(r"\ba (?:couple(?= of\b)|pair(?= of\b))", re.I)
_NONE = re.compile(r"\bno (?=([a-z]+))|\bnone (?=of ((?:the |its |their )?[a-z]+))", re.I)
_RATE = re.compile(
    r" ?(?:an?|per|each|every|/) ?(hour|day|night|week|fortnight|month|quarter|year|head|person|patient|bed|visit)\b",
    re.I,
)
DATES = ("year", "month")
LOOSE = ("ordinal", "multitude")
SHARE_SLACK = 0.005  # "a third" and "33%" are one figure
SMALL = 10  # a spelled number up to this that comes or goes ("the three sites") is wording, not a figure


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure as it is compared: percentages and shares as fractions, years and months as kinds of their own."""

    value: float
    unit: str
    text: str
    spelled: bool
    start: int
    per: str = ""

    def same(self, other: Amount) -> bool:
        """Return whether the two say one amount, however they are written."""
        slack = SHARE_SLACK if self.unit == "share" and self.spelled != other.spelled else 1e-9 * abs(self.value)
        rates = {self.per, other.per} - {""}
        return self.unit == other.unit and abs(self.value - other.value) <= slack and len(rates) < 2


def amounts(text: str) -> list[Amount]:
    """Return the figures of ``text`` in order, then the months of dates."""
    found = []
    for raw in scan(text):
        unit, value = raw.unit or raw.kind, raw.value
        if raw.kind in ("percent", "share"):
            unit, value = "share", value / 100 if raw.kind == "percent" else value
        elif raw.kind == "count" and _YEAR.match(raw.words.strip()):
            unit = "year"
        words = raw.words.strip()
        rate = _RATE.match(text, raw.start + len(words))
        found.append(Amount(value, unit, words, raw.spelled, raw.start, rate.group(1).casefold() if rate else ""))
    months = _DATED_MONTH.finditer(text)
    found += [Amount(_MONTHS.index(m.group()) + 1.0, "month", m.group(), True, m.start()) for m in months]
    return [*found, *_loose(text, {amount.start for amount in found})]


def _loose(text: str, taken: set[int]) -> list[Amount]:
    """Return ordinals and unsaid multitudes ("hundreds of"), which count only where one stands for another."""
    ordinals = [(m, "ordinal", _ORDINALS[m.group().casefold()]) for m in _ORDINAL.finditer(text)]
    crowds = [(m, "multitude", _CROWDS[" ".join(m.group(1).casefold().split())]) for m in _CROWD.finditer(text)]
    couples = [(m, "count", 2) for m in _COUPLE.finditer(text)]
    return [
        Amount(float(value), unit, m.group().strip(), True, m.start())
        for m, unit, value in (*ordinals, *crowds, *couples)
        if m.start() not in taken
    ]


def figure_changes(old: str, new: str) -> list[dict[str, Any]]:
    """Return ``{"from": figure | None, "to": figure | None}`` for each figure that differs between two sentences.

    A figure is ``{"value", "unit", "text", "measure"}``, value and unit as ``annotate`` gives them.
    Figures of one unit are set against each other first, in order. A small spelled number or a date without a
    partner is left out.
    """
    old, new = _REFERENCE.sub(" ", old), _REFERENCE.sub(" ", new)
    left, right = amounts(old), amounts(new)
    went, came = _without(left, right), _without(right, left)
    changed: list[tuple[Amount | None, Amount | None]] = []
    for same_unit in (True, False):
        for a in list(went):
            b = next((b for b in came if b.unit == a.unit or not (same_unit or "ordinal" in (a.unit, b.unit))), None)
            if b is not None:
                changed.append((a, b))
                went.remove(a)
                came.remove(b)
    changed += _from_none(old, new, came)
    changed += [(a, b) for b, a in _from_none(new, old, went)]
    changed += [(a, None) for a in went if not _wording(a)] + [(None, b) for b in came if not _wording(b)]
    return [{"from": _shown(a, old), "to": _shown(b, new)} for a, b in changed]


def _from_none(text: str, other_text: str, others: list[Amount]) -> list[tuple[Amount, Amount]]:
    """Return counts that stand where ``text`` says "no" of the same thing, and take them from ``others``."""
    found = []
    for m in _NONE.finditer(text):
        thing = (m.group(1) or m.group(2)).casefold()
        counts = (o for o in others if o.unit == "count")
        behind = ((o, other_text[o.start + len(o.text) :].lstrip().casefold()) for o in counts)
        other = next((o for o, rest in behind if rest.startswith(thing)), None)
        if other is not None:
            found.append((Amount(0.0, "count", m.group().strip(), True, m.start()), other))
            others.remove(other)
    return found


def _shown(amount: Amount | None, text: str) -> dict[str, Any] | None:
    if amount is None:
        return None
    known = next((f for f in find_figures(text) if f.start == amount.start), None)
    value, unit, measure = (known.value, known.unit, known.measure) if known else (amount.value, amount.unit, None)
    return {"value": value, "unit": unit, "text": amount.text, "measure": measure}


def _without(some: Sequence[Amount], others: Sequence[Amount]) -> list[Amount]:
    rest = list(others)
    out = []
    for amount in some:
        twin = next((r for r in rest if amount.same(r)), None)
        if twin is None:
            out.append(amount)
        else:
            rest.remove(twin)
    return out


def _wording(amount: Amount) -> bool:
    return amount.unit in (*DATES, *LOOSE) or (amount.spelled and amount.unit == "count" and amount.value <= SMALL)
