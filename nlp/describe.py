"""What a claim says of an outcome: better, worse, no effect, mixed or unclear; of what; and how surely.

"Admissions rose" is worse, "satisfaction rose" better: the gazetteer says which way each outcome improves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.figures.clauses import clauses
from nlp.named import find_named, gazetteer
from nlp.rules import load_rules
from warehouse.models import Direction, Hedge, Named

_RULES = load_rules(Path(__file__).with_name("describe.yml"))
_CHANGE = _RULES["change"]
_NOT_CHANGE = _RULES["not_change"]
_NO_EFFECT = _RULES["no_effect"]
_UNCLEAR = _RULES["unclear"]
_MIXED = _RULES["mixed"]
_NEGATED = _RULES["negated"]
_SLOWER = _RULES["slower"]
_NO_RISE = _RULES["no_rise"]

_POINTS_BACK = _RULES["points_back"]
_HEDGED = _RULES["hedged"]
_STRONG = _RULES["strong"]
MAX_OUTCOMES = 20  # a passage with more is a list or a table
_INTERVENTIONS = ("care_model", "programme")
_ACTS = frozenset({"section-75"})


@dataclass(frozen=True, slots=True)
class Description:
    """What a claim says of an outcome; a part is None where the words do not say. Names are gazetteer ids."""

    direction: Direction | None
    outcome: str | None
    intervention: str | None
    hedge: Hedge


def describe_claim(text: str, named: Sequence[Named], *, before: str = "") -> Description:
    """Describe a claim. ``named`` are `find_named` of ``text``; ``before`` supplies what "it" or "this" leaves out.

    "Emergency admissions rose under the BCF" -> worsened, emergency-admissions, better-care-fund.
    """
    outcomes = [thing for thing in named if thing.kind == "outcome"]
    direction, outcome = _direction(text, outcomes)
    models = [thing for thing in named if thing.kind in _INTERVENTIONS and not _is_act(thing.id)]
    earlier = find_named(before[-1000:]) if before and not (models and outcome) else []
    intervention = _intervention(models) or _intervention(
        [t for t in earlier if t.kind in _INTERVENTIONS and not _is_act(t.id)]
    )
    if outcome is None:
        last = [thing for thing in earlier if thing.kind == "outcome"]
        if last and _points_back(text):
            outcome = last[-1].id
            direction = _plain_direction(text, outcome)
    return Description(direction, outcome, intervention, hedge_of(text))


def hedge_of(text: str) -> Hedge:
    """Return how surely it is said: "may" hedged, "no evidence" and "will" strong, else none."""
    if _HEDGED.search(text):
        return "hedged"
    return "strong" if _STRONG.search(text) else "none"


def _is_act(thing: str) -> bool:
    return "-act-" in thing or thing in _ACTS


def _intervention(models: Sequence[Named]) -> str | None:
    specific = [m for m in models if m.id not in ("integrated-care",)] or list(models)
    care = [m for m in specific if m.kind == "care_model"]
    return (care or specific)[0].id if specific else None


def _points_back(text: str) -> bool:
    return bool(_POINTS_BACK.match(text))


def _direction(text: str, outcomes: Sequence[Named]) -> tuple[Direction | None, str | None]:
    """Return the direction on the outcome that the passage says most of, and that outcome."""
    if not outcomes:
        return None, None
    split = clauses(text)
    verdicts: list[tuple[Direction, str]] = []
    for thing in outcomes[:MAX_OUTCOMES]:
        low, high = split.span(thing.start)
        verdict = _of_clause(text[low:high], thing.start - low, thing.end - low, thing.id)
        if verdict:
            verdicts.append((verdict, thing.id))
    if not verdicts:
        overall: Direction | None = (
            "unclear"
            if _UNCLEAR.search(text)
            else "mixed"
            if _MIXED.search(text)
            else "no_effect"
            if _NO_EFFECT.search(text)
            else None
        )
        return overall, outcomes[0].id
    first, name = verdicts[0]
    if _MIXED.search(text):
        return "mixed", name
    if any(one == name and verdict != first for verdict, one in verdicts):
        return "mixed", name
    return first, name


def _of_clause(clause: str, start: int, end: int, outcome: str) -> Direction | None:
    if _UNCLEAR.search(clause):
        return "unclear"
    if _NO_EFFECT.search(clause):
        return "no_effect"
    change = _nearest_change(clause, start, end)
    return None if change is None else _judge(change, clause, outcome)


def _nearest_change(clause: str, start: int, end: int) -> re.Match[str] | None:
    held = [match.span() for match in _NOT_CHANGE.finditer(clause)]
    best: tuple[int, re.Match[str]] | None = None
    for match in _CHANGE.finditer(clause):
        if (match.start() < end and match.end() > start) or any(low <= match.start() < high for low, high in held):
            continue
        gap = start - match.end() if match.end() <= start else match.start() - end
        if best is None or gap < best[0]:
            best = (gap, match)
    return best[1] if best and best[0] < 90 else None


def _judge(change: re.Match[str], clause: str, outcome: str) -> Direction:
    left = clause[: change.start()]
    if change["better"] or change["worse"]:
        good = bool(change["better"])
    else:
        up = bool(change["up"])
        if up and (_NO_RISE.search(left) or _SLOWER.match(clause, change.end())):
            up = False
        good = up == (gazetteer()[outcome].better != "down")
    if _NEGATED.search(left):
        return "no_effect" if good else "improved"
    return "improved" if good else "worsened"


def _plain_direction(text: str, outcome: str) -> Direction | None:
    if _UNCLEAR.search(text):
        return "unclear"
    if _NO_EFFECT.search(text):
        return "no_effect"
    change = _nearest_change(text, 0, 0)
    return None if change is None else _judge(change, text, outcome)
