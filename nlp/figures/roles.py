"""Planned, actual or context: what was to come, what came, and what only sets the scene.

The last verb that governs a figure in its clause decides; words that touch it ("3.5% target") decide first.
By convention a forecast of an outcome or of money is planned, and a forecast of the population is context (nobody's
plan), as is the value from which a planned change sets out; what is told of today in a clause of its own is actual.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.governs import CUE, governing
from nlp.figures.leads import told_as_done
from nlp.figures.scan import Raw
from nlp.figures.scene import grows, is_time, sets_scene, starts_a_change
from nlp.rules import load_rules
from warehouse.models import FigureRole

_RULES = load_rules(Path(__file__).with_name("roles.yml"))
_TOUCH_LEFT = _RULES["touch_left"]
_TOUCH_RIGHT = _RULES["touch_right"]
_TOUCH_RIGHT_STOP = _RULES["touch_right_stop"]
_STANDARD_LEFT, _STANDARD_RIGHT = _RULES["standard_left"], _RULES["standard_right"]

_CHANGE_OR_RESULT = _RULES["change_or_result"]
_STATE = _RULES["state"]
_SCENE_LEFT = _RULES["scene_left"]
_SCENE_RIGHT = _RULES["scene_right"]
_PLACE_LEFT = _RULES["place_left"]
_FROM_CHANGE = _RULES["from_change"]
_PEOPLE_SCENE = _RULES["people_scene"]
_WHOLE_LEFT, _WHOLE_RIGHT = _RULES["whole_left"], _RULES["whole_right"]
_PRESENT_CHANGE = _RULES["present_change"]
_PAST, _FINITE = _RULES["past"], _RULES["finite"]
_BY_YEAR, _BY_MONTH = _RULES["by_year"], _RULES["by_month"]
_WHOLE = _RULES["whole"]
_ASIDE = _RULES["aside"]
_MORE = _RULES["more"]
_OUT_OF = _RULES["out_of"]
_UP_FROM, _MISSED_BY, _WILL_PAY = _RULES["up_from"], _RULES["missed_by"], _RULES["will_pay"]
_PLANS_IT, _PASSIVE_PLAN, _SET_ASIDE = _RULES["plans_it"], _RULES["passive_plan"], _RULES["set_aside"]
_AT_A_COST = _RULES["at_a_cost"]
_OUT_OF_NUMBER, _CONTRAST = _RULES["out_of_number"], _RULES["contrast"]
_INHERIT = _RULES["inherit"]
_CHANGED_BY, _CHANGE_OF, _RATE_IS = _RULES["changed_by"], _RULES["change_of"], _RULES["rate_is"]
_THEY_SAY, _MIGHT_BE, _STOPS_PLAN = _RULES["they_say"], _RULES["might_be"], _RULES["stops_plan"]
_TIME_LOST, _RESULT_VERB = _RULES["time_lost"], _RULES["result_verb"]
_INTRO, _OF_WHOLE, _SAVINGS_PLAN = _RULES["intro"], _RULES["of_whole"], _RULES["savings_plan"]
_SAID, _MODAL_RIGHT = _RULES["said"], _RULES["modal_right"]
_SAME_PLAN, _SET_BESIDE = _RULES["same_plan"], _RULES["set_beside"]
_FOR_WHOM_LEFT, _FOR_WHOM_RIGHT = _RULES["for_whom_left"], _RULES["for_whom_right"]
_PARTS = ("percent", "share", "rate", "points", "times")


def role_of(raw: Raw, end: int, split: Clauses, earlier: FigureRole | None = None, led: bool = False) -> FigureRole:
    """Return the role of the figure that stands at ``raw.start`` and whose words end at ``end``.

    ``earlier`` is the role of the figure before it, which a list or a trailing phrase ("…, saving £3m") inherits;
    ``led``: a lead-in ("We will:") or an imperative ("Create 2,000 posts") makes a plan of what nothing else decides.
    """
    left, right = _beside(raw, end, split)
    if certain := _by_touch(raw, end, left, right, split, earlier, led):
        return certain
    role = _by_words(raw, left, right, split, earlier)
    return "planned" if led and role != "planned" and _is_item(raw, split, left, right) else role


def _is_item(raw: Raw, split: Clauses, left: str, right: str) -> bool:
    """Say whether an item's figure is the item's own promise, and not where it happens or how things stand now."""
    low, _ = split.span(raw.start)
    whole_left = split.text[low : raw.start]
    if told_as_done(left + "…" + right) or (governing(left[-60:]) == "actual" and _FINITE.search(left)):
        return False
    if starts_a_change(left):
        return False
    placed = raw.kind == "count" and _PLACE_LEFT.search(whole_left) and not is_time(raw, split.text)
    if placed and not _FROM_CHANGE.search(whole_left):
        return False
    return not ((raw.kind in ("money", "count")) and _sets_scene(left) and _FINITE.search(" ".join(left.split()[1:])))


def _beside(raw: Raw, end: int, split: Clauses) -> tuple[str, str]:
    """Return the words of the clause before and after the figure; an aside in brackets is passed over."""
    low, high = split.span(raw.start)
    left, right = split.text[max(low, raw.start - 240) : raw.start], split.text[end : min(high, end + 120)]
    if aside := _ASIDE.match(split.text, end):
        right = split.text[aside.end() : aside.end() + 80]
    return left, right


def _by_touch(
    raw: Raw, end: int, left: str, right: str, split: Clauses, earlier: FigureRole | None, led: bool
) -> FigureRole | None:
    """Return the role that the words right beside the figure give, whatever governs it; None where they give none."""
    if raw.kind in ("p", "ci"):  # part of a result: an interval goes with its estimate
        return "planned" if earlier == "planned" and raw.kind == "ci" else "actual"
    if _UP_FROM.search(left[-90:]):
        return "context" if earlier == "planned" else "actual"
    if earlier and _AT_A_COST.search(left[-90:]):
        return earlier
    if grows(raw, split) or (
        raw.kind == "count" and _FOR_WHOM_LEFT.search(left[-90:]) and _FOR_WHOM_RIGHT.match(right)
    ):
        return "context"
    if touched := _touching(raw, left, split.text[end : end + 60]):
        return touched
    if raw.kind == "count" and _OUT_OF_NUMBER.match(right) and _PAST.search(left + right):
        return None if governing(left) == "planned" else "actual"
    if sets_scene(raw, end, left, right, split):
        return "context"
    if starts_a_change(left) and (led or "planned" in (governing(left), earlier)):
        return "context"
    if raw.kind in ("count", "percent", "share") and _WHOLE_LEFT.search(left[-90:]) and _WHOLE_RIGHT.match(right):
        return "context"  # "the 900 people in our care": whom a plan is for, not what it promises
    return None


def _by_words(raw: Raw, left: str, right: str, split: Clauses, earlier: FigureRole | None) -> FigureRole:
    low, _ = split.span(raw.start)
    if _PLANS_IT.search(left[-90:]) or _PASSIVE_PLAN.match(right):
        return "planned"
    if raw.kind == "money" and _SET_ASIDE.match(right):
        return "context"
    if raw.kind in ("money", "count") and (_sets_scene(left) or _SCENE_RIGHT.match(right)):
        return "context"
    if earlier == "planned" and _SAME_PLAN.fullmatch(left):
        return "planned"
    if earlier == "actual" and _SET_BESIDE.fullmatch(left):
        return "actual"
    if _SAID.search(left[-90:]) and _MODAL_RIGHT.match(right):
        return "planned"
    if _OF_WHOLE.fullmatch(left) and _PAST.match(right.lstrip()):
        return "actual"
    if _INTRO.fullmatch(left) and (_MODAL_RIGHT.match(right) or _MIGHT_BE.match(right)):
        return "planned"
    governed = governing(left)
    placed = raw.kind == "count" and _PLACE_LEFT.search(left) and not _FROM_CHANGE.search(left)
    if placed and governed != "planned" and len(left.split()) > 1 and not _STATE.search(left):
        return "context"
    if governed == "planned":
        return "planned"
    if _BY_YEAR.match(right) and not told_as_done(left):
        return "planned"
    if (dated := _BY_MONTH.match(right)) and not governed and not _PAST.search(dated[0]):
        return "planned"
    if governed == "actual":
        return _actual_or_scene(raw, left, right, split)
    return _by_right(raw, left, right, split, earlier, low)


def _sets_scene(left: str) -> bool:
    """A budget, a population, a sample or a whole; but not what "will employ" or "would invest" promises."""
    return bool(_WHOLE.search(left) or (_SCENE_LEFT.search(left) and not _WILL_PAY.search(left)))


def _touching(raw: Raw, left: str, right: str) -> FigureRole | None:
    if _MISSED_BY.search(left[-90:]):
        return "actual"
    if _TOUCH_LEFT.search(left[-90:]) or _STANDARD_LEFT.search(left[-60:]):
        return "planned"
    if raw.kind == "money" and _SAVINGS_PLAN.match(right):
        return "planned"
    if raw.kind in ("percent", "count") and _STANDARD_RIGHT.match(right):
        return "planned"
    if raw.kind in ("times", "share") and re.match(r"\s+(?:of\s+)?(?:the|its|their|our|what)\b", right):
        return None
    match = _TOUCH_RIGHT.match(right)
    return "planned" if match and not _TOUCH_RIGHT_STOP.match(match[0]) else None


def _actual_or_scene(raw: Raw, left: str, right: str, split: Clauses) -> FigureRole:
    if raw.kind in _PARTS:
        return "actual"
    if _MORE.match(right) or (_OUT_OF.match(right) and _PAST.search(right)):
        return "actual"
    if _CHANGED_BY.search(left[-90:]) or (_TIME_LOST.search(left[-90:]) and is_time(raw, split.text)):
        return "actual"
    near = left[-90:] + right[:50]
    if _CHANGE_OR_RESULT.search(near) or (_STATE.search(left) and raw.kind != "money"):
        return "actual"
    return "context"


def _by_right(raw: Raw, left: str, right: str, split: Clauses, earlier: FigureRole | None, low: int) -> FigureRole:
    """Return the role of a figure that no cue governs from the left."""
    parted = split.before(raw.start)
    if (
        earlier is None
        and parted
        and not _CONTRAST.match(split.text, low)
        and raw.kind != "count"
        and not CUE.search(left + right)
    ):
        return governing(split.text[slice(*parted)]) or "context"
    if earlier and low and _INHERIT.match(split.text[low : raw.start]) and earlier != "context":
        return earlier
    if raw.kind in _PARTS and _THEY_SAY.match(right):
        return "actual"
    cue = CUE.search(_STOPS_PLAN.split(right)[0])
    if cue and cue["planned"] and not _FINITE.search(left):
        return "planned"
    if _MIGHT_BE.match(right) and not _FINITE.search(left):
        return "planned"
    if _PRESENT_CHANGE.search(left + right) or _told_by_noun(raw, left, split):
        return "actual"
    if raw.kind in _PARTS:
        return _part_by_right(raw, left, right)
    if _BY_YEAR.search(right) and not _PAST.search(left + right):
        return "planned"
    cue = CUE.search(right)
    if cue and cue["actual"] and raw.kind == "count" and _OUT_OF.match(right):
        return "actual"
    if cue and cue["actual"] and _CHANGE_OR_RESULT.search(right[:70]) and not _PEOPLE_SCENE.match(right):
        return "actual"
    return "context"


def _told_by_noun(raw: Raw, left: str, split: Clauses) -> bool:
    """A result told without a past verb of the list: "a fall of £2m", "the team trained 640", "turnover is 6%"."""
    if _CHANGE_OF.search(left[-90:]) or _RESULT_VERB.search(left[-90:]):
        return True
    return bool(_RATE_IS.search(left)) and (raw.kind in _PARTS or is_time(raw, split.text))


def _part_by_right(raw: Raw, left: str, right: str) -> FigureRole:
    if _PAST.search(right) or _PAST.search(left) or raw.kind in ("points", "times"):
        return "actual"
    if _BY_YEAR.search(right):
        return "planned"
    changed = re.match(r"\s*(?:fewer|more|less|higher|lower|reduction|increase|fall|rise|drop|decrease)", right)
    return "actual" if changed else "context"
