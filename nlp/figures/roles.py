"""Planned, actual or context: what was to come, what came, and what only sets the scene.

The last verb that governs a figure in its clause decides; words that touch it ("3.5% target") decide first.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.scan import Raw
from nlp.rules import load_rules
from warehouse.models import FigureRole

_RULES = load_rules(Path(__file__).with_name("roles.yml"))
_TOUCH_LEFT = _RULES["touch_left"]
_TOUCH_RIGHT = _RULES["touch_right"]
_TOUCH_RIGHT_STOP = _RULES["touch_right_stop"]

_CUE = _RULES["cue"]
_CHANGE_OR_RESULT = _RULES["change_or_result"]
_STATE = _RULES["state"]
_SCENE_LEFT = _RULES["scene_left"]
_SCENE_RIGHT = _RULES["scene_right"]
_PLACE_LEFT = _RULES["place_left"]
_FROM_CHANGE = _RULES["from_change"]
_PEOPLE_SCENE = _RULES["people_scene"]
_WHOLE_LEFT, _WHOLE_RIGHT = _RULES["whole_left"], _RULES["whole_right"]
_PRESENT_CHANGE = _RULES["present_change"]
_PAST = _RULES["past"]
_BY_YEAR = _RULES["by_year"]
_BARE = frozenset(
    ["cut", "cost", "up", "down", "above", "below", "only", "reduced", "improved", "have", "result", "come"]
)  # also after "will"
_PARTICIPLES = _RULES["participles"]
_IMPERATIVE = _RULES["imperative"]
_PLAN_HEADING = _RULES["plan_heading"]
_FINITE_PAST = _RULES["finite_past"]
_WHOLE = _RULES["whole"]
_ASIDE = _RULES["aside"]
_MORE = _RULES["more"]
_OUT_OF = _RULES["out_of"]
_UP_FROM, _MISSED_BY, _WILL_PAY = _RULES["up_from"], _RULES["missed_by"], _RULES["will_pay"]
_PLANS_IT, _PASSIVE_PLAN, _SET_ASIDE = _RULES["plans_it"], _RULES["passive_plan"], _RULES["set_aside"]
_AT_A_COST = _RULES["at_a_cost"]
_OUT_OF_NUMBER, _CONTRAST = _RULES["out_of_number"], _RULES["contrast"]
_INHERIT = _RULES["inherit"]


def role_of(raw: Raw, end: int, split: Clauses, earlier: FigureRole | None = None, led: bool = False) -> FigureRole:
    """Return the role of the figure that stands at ``raw.start`` and whose words end at ``end``.

    ``earlier`` is the role of the figure before it, which a list or a trailing phrase ("…, saving £3m") inherits;
    ``led``: a lead-in ("We will:") or an imperative ("Create 2,000 posts") makes a plan of what nothing else decides.
    """
    role = _by_words(raw, end, split, earlier)
    if role == "context" and led:
        low, _ = split.span(raw.start)
        placed = raw.kind == "count" and _PLACE_LEFT.search(split.text[low : raw.start])
        return "context" if placed else "planned"
    return role


def leads_to_plans(text: str, before: str, heading: str) -> bool:
    """Say whether a passage is an item of a plan: an imperative, or under a lead-in or heading that plans."""
    if _IMPERATIVE.match(text):
        return True
    lead = before.rstrip()
    if lead.endswith(":") and (_governing(lead[-300:]) == "planned" or _PLAN_HEADING.search(lead[-300:])):
        return True
    return bool(_PLAN_HEADING.search(heading)) and not _FINITE_PAST.search(text[:1000])


def _by_words(raw: Raw, end: int, split: Clauses, earlier: FigureRole | None) -> FigureRole:
    low, high = split.span(raw.start)
    left, right = split.text[max(low, raw.start - 240) : raw.start], split.text[end : min(high, end + 120)]
    if aside := _ASIDE.match(split.text, end):
        right = split.text[aside.end() : aside.end() + 80]
    if raw.kind in ("p", "ci"):  # part of a result: an interval goes with its estimate
        return "planned" if earlier == "planned" and raw.kind == "ci" else "actual"
    if _UP_FROM.search(left):
        return "context" if earlier == "planned" else "actual"
    if earlier and _AT_A_COST.search(left):
        return earlier
    if touched := _touching(left, split.text[end : end + 60]):
        return touched
    if _PLANS_IT.search(left) or _PASSIVE_PLAN.match(right):
        return "planned"
    if raw.kind == "money" and _SET_ASIDE.match(right):
        return "context"
    if raw.kind in ("money", "count") and _sets_scene(left):
        return "context"
    if raw.kind in ("count", "percent", "share") and _WHOLE_LEFT.search(left) and _WHOLE_RIGHT.match(right):
        return "context"  # "the 900 people in our care": whom a plan is for, not what it promises
    if raw.kind in ("money", "count") and _SCENE_RIGHT.match(right):
        return "context"
    governed = _governing(left)
    if raw.kind == "count" and _OUT_OF_NUMBER.match(right) and _PAST.search(left + right) and governed != "planned":
        return "actual"
    placed = raw.kind == "count" and _PLACE_LEFT.search(left) and not _FROM_CHANGE.search(left)
    if placed and governed != "planned" and len(left.split()) > 1:
        return "context"
    if governed == "planned":
        return "planned"
    if _BY_YEAR.match(right) and not _FINITE_PAST.search(left):
        return "planned"
    if governed == "actual":
        return _actual_or_scene(raw, left, right)
    return _by_right(raw, left, right, split, earlier, low)


def _sets_scene(left: str) -> bool:
    """A budget, a population, a sample or a whole; but not what "will employ" or "would invest" promises."""
    return bool(_WHOLE.search(left) or (_SCENE_LEFT.search(left) and not _WILL_PAY.search(left)))


def _touching(left: str, right: str) -> FigureRole | None:
    if _MISSED_BY.search(left[-90:]):
        return "actual"
    if _TOUCH_LEFT.search(left[-90:]):
        return "planned"
    match = _TOUCH_RIGHT.match(right)
    return "planned" if match and not _TOUCH_RIGHT_STOP.match(match[0]) else None


def _governing(left: str) -> FigureRole | None:
    """Return "planned" or "actual" by the last cue of the words before a figure, or None."""
    found: FigureRole | None = None
    last = 0
    for match in _CUE.finditer(left):
        if match["infinitive"]:
            found = found or "planned"
        elif match["planned"]:
            found = "planned"
        elif found != "planned" or not (
            match["actual"].lower() in _BARE or _PARTICIPLES.fullmatch(left, last, match.start())
        ):
            found = "actual"
        last = match.end()
    return found


def _actual_or_scene(raw: Raw, left: str, right: str) -> FigureRole:
    if raw.kind in ("percent", "share", "points", "times", "rate"):
        return "actual"
    if _MORE.match(right) or (_OUT_OF.match(right) and _PAST.search(right)):
        return "actual"
    near = left[-90:] + right[:50]
    if _CHANGE_OR_RESULT.search(near) or (_STATE.search(left) and raw.kind != "money"):
        return "actual"
    return "context"


def _by_right(raw: Raw, left: str, right: str, split: Clauses, earlier: FigureRole | None, low: int) -> FigureRole:
    parted = split.before(raw.start)
    if (
        earlier is None
        and parted
        and not _CONTRAST.match(split.text, low)
        and raw.kind != "count"
        and not _CUE.search(left + right)
    ):
        return _governing(split.text[slice(*parted)]) or "context"
    if earlier and low and _INHERIT.match(split.text[low : raw.start]) and earlier != "context":
        return earlier
    cue = next((match for match in _CUE.finditer(right)), None)
    if cue and cue["planned"]:
        return "planned"
    if _PRESENT_CHANGE.search(left + right):
        return "actual"
    if raw.kind in ("percent", "share", "rate", "points", "times"):
        if _PAST.search(right) or _PAST.search(left) or raw.kind in ("points", "times"):
            return "actual"
        if _BY_YEAR.search(right):
            return "planned"
        return (
            "actual"
            if re.match(r"\s*(?:fewer|more|less|higher|lower|reduction|increase|fall|rise|drop|decrease)", right)
            else "context"
        )
    if _BY_YEAR.search(right) and not _PAST.search(left + right):
        return "planned"
    if cue and cue["actual"] and raw.kind == "count" and _OUT_OF.match(right):
        return "actual"
    if cue and cue["actual"] and _CHANGE_OR_RESULT.search(right[:70]) and not _PEOPLE_SCENE.match(right):
        return "actual"
    return "context"
