"""Planned, actual or context: what was to come, what came, and what only sets the scene.

The last verb that governs a figure in its clause decides; words that touch it ("3.5% target") decide first.
By convention a forecast of an outcome or of money is planned, and a forecast of the population is context (nobody's
plan), as is the value from which a planned change sets out; what is told of today in a clause of its own is actual.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.governs import governing
from nlp.figures.leads import told_as_done
from nlp.figures.results import BY_YEAR, FINITE, MIGHT_BE, PAST, STATE, actual_or_scene, by_right
from nlp.figures.scan import Raw
from nlp.figures.scene import grows, is_time, sets_scene, starts_a_change
from nlp.rules import load_rules
from warehouse.models import FigureRole

_RULES = load_rules(Path(__file__).with_name("roles.yml"))
_ASIDE = _RULES["aside"]
_AT_A_COST = _RULES["at_a_cost"]
_BY_MONTH = _RULES["by_month"]
_FOR_WHOM_LEFT = _RULES["for_whom_left"]
_FOR_WHOM_RIGHT = _RULES["for_whom_right"]
_FROM_CHANGE = _RULES["from_change"]
_INTRO = _RULES["intro"]
_MISSED_BY = _RULES["missed_by"]
_MODAL_RIGHT = _RULES["modal_right"]
_OF_WHOLE = _RULES["of_whole"]
_OUT_OF_NUMBER = _RULES["out_of_number"]
_PASSIVE_PLAN = _RULES["passive_plan"]
_PLACE_LEFT = _RULES["place_left"]
_PLANS_IT = _RULES["plans_it"]
_SAID = _RULES["said"]
_SAME_PLAN = _RULES["same_plan"]
_SAVINGS_PLAN = _RULES["savings_plan"]
_SCENE_LEFT = _RULES["scene_left"]
_SCENE_RIGHT = _RULES["scene_right"]
_SET_ASIDE = _RULES["set_aside"]
_SET_BESIDE = _RULES["set_beside"]
_STANDARD_LEFT = _RULES["standard_left"]
_STANDARD_RIGHT = _RULES["standard_right"]
_SUM_OF_SUM = _RULES["sum_of_sum"]
_WANTED_AFTER = _RULES["wanted_after"]
_WILL_MISS = _RULES["will_miss"]
_TOUCH_LEFT = _RULES["touch_left"]
_TOUCH_RIGHT = _RULES["touch_right"]
_TOUCH_RIGHT_STOP = _RULES["touch_right_stop"]
_UP_FROM = _RULES["up_from"]
_WHOLE = _RULES["whole"]
_WHOLE_LEFT = _RULES["whole_left"]
_WHOLE_RIGHT = _RULES["whole_right"]
_WILL_PAY = _RULES["will_pay"]
_WORTH_WON = _RULES["worth_won"]


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
    if told_as_done(left + "…" + right) or (governing(left[-60:]) == "actual" and FINITE.search(left)):
        return False
    if starts_a_change(left):
        return False
    placed = raw.kind == "count" and _PLACE_LEFT.search(whole_left) and not is_time(raw, split.text)
    if placed and not _FROM_CHANGE.search(whole_left):
        return False
    return not ((raw.kind in ("money", "count")) and _sets_scene(left) and FINITE.search(" ".join(left.split()[1:])))


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
    if raw.kind == "count" and _OUT_OF_NUMBER.match(right) and PAST.search(left + right):
        return None if governing(left) == "planned" else "actual"
    if raw.kind == "money" and _SUM_OF_SUM.match(right) and governing(left) != "planned":
        return "actual"
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
    if _OF_WHOLE.fullmatch(left) and PAST.match(right.lstrip()):
        return "actual"
    if _INTRO.fullmatch(left) and (_MODAL_RIGHT.match(right) or MIGHT_BE.match(right)):
        return "planned"
    governed = governing(left)
    placed = raw.kind == "count" and _PLACE_LEFT.search(left) and not _FROM_CHANGE.search(left)
    if placed and governed != "planned" and len(left.split()) > 1 and not STATE.search(left):
        return "context"
    if governed == "planned":
        return "planned"
    if BY_YEAR.match(right) and not told_as_done(left):
        return "planned"
    if (dated := _BY_MONTH.match(right)) and not governed and not PAST.search(dated[0]):
        return "planned"
    if governed == "actual":
        return actual_or_scene(raw, left, right, split)
    return by_right(raw, left, right, split, earlier, low)


def _sets_scene(left: str) -> bool:
    """A budget, a population, a sample or a whole; but not what "will employ" or "would invest" promises."""
    return bool(
        _WHOLE.search(left) or (_SCENE_LEFT.search(left) and not _WILL_PAY.search(left) and not _WORTH_WON.search(left))
    )


def _touching(raw: Raw, left: str, right: str) -> FigureRole | None:
    if _MISSED_BY.search(left[-90:]):
        return "planned" if _WILL_MISS.search(left[-120:]) else "actual"
    if _TOUCH_LEFT.search(left[-90:]) or _STANDARD_LEFT.search(left[-60:]):
        return "planned"
    if _WANTED_AFTER.match(right):
        return "planned"
    if raw.kind == "money" and _SAVINGS_PLAN.match(right):
        return "planned"
    if raw.kind in ("percent", "count") and _STANDARD_RIGHT.match(right):
        return "planned"
    if raw.kind in ("times", "share") and re.match(r"\s+(?:of\s+)?(?:the|its|their|our|what)\b", right):
        return None
    match = _TOUCH_RIGHT.match(right)
    return "planned" if match and not _TOUCH_RIGHT_STOP.match(match[0]) else None
