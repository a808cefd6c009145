"""What a figure measures: an outcome named in its clause, what it is a share of, what changed, or what is counted."""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.context import of_what, subject_of
from nlp.figures.nouns import Noun, counted
from nlp.figures.scan import Raw
from nlp.rules import load_rules
from warehouse.models import Named

_AMOUNT_OF = re.compile(r"\b(?:numbers?|proportion|share|percentage|rates?|total|levels?) of(?=\s)", re.IGNORECASE)
TIME_UNITS = frozenset(
    [
        "days",
        "hours",
        "weeks",
        "months",
        "years",
        "minutes",
        "nights",
        "day",
        "hour",
        "week",
        "month",
        "year",
        "minute",
        "night",
    ]
)
_RULES = load_rules(Path(__file__).with_name("measure.yml"))
_MONEY_NOUN = _RULES["money_noun"]
_VERB_OF_MONEY = _RULES["verb_of_money"]
_EMPTY = _RULES["empty"]


def measure_of(raw: Raw, noun: Noun | None, end: int, split: Clauses, outcomes: list[Named]) -> str | None:
    """Return what is measured, in the text's words, lower case; None where they do not say."""
    text = split.text
    low, high = split.span(raw.start)
    if raw.kind == "count" and noun is not None and noun.word not in TIME_UNITS:
        return noun.phrase
    if raw.kind == "money" and (money := _money(text, raw, low, high)):
        return money
    inside = [thing for thing in outcomes if low <= thing.start < high]
    if inside:
        nearest = min(
            inside, key=lambda thing: raw.start - thing.end if thing.end <= raw.start else thing.start - end + 40
        )
        return text[nearest.start : nearest.end].lower()
    if raw.kind in ("share", "percent") and (what := of_what(text, raw.end)):
        return what
    if raw.kind == "share" and (whole := counted(text, end, raw.value)):
        return whole.phrase
    if of := _AMOUNT_OF.search(text, low, raw.start):
        amount = counted(text, of.end(), 2)
        if amount and amount.end <= raw.start:
            return amount.phrase
    subject = subject_of(text[max(low, raw.start - 200) : raw.start] + " by")
    if subject and not _EMPTY.match(subject):
        return subject
    if noun is not None:
        return noun.phrase
    before = [thing for thing in outcomes if thing.end <= raw.start]
    return text[before[-1].start : before[-1].end].lower() if before else None


def _money(text: str, raw: Raw, low: int, high: int) -> str | None:
    nouns = list(_MONEY_NOUN.finditer(text, low, high))
    if nouns:
        nearest = min(nouns, key=lambda noun: min(abs(noun.start() - raw.end), abs(raw.start - noun.end())))
        return nearest[0].lower()
    verbs = list(_VERB_OF_MONEY.finditer(text, low, raw.start))
    if verbs:
        return "savings" if verbs[-1]["saving"] else "cost"
    what = of_what(text, raw.end)
    return what
