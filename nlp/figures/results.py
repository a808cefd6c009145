"""What came, or only the scene: figures under a cue of a result, and figures that no cue governs from the left.

A count or a sum is a result only where a verb or noun of change, gain or loss stands by it ("lost £2m", "a fall of
40"); a share is one unless it tells who people are.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.governs import CUE, governing
from nlp.figures.scan import Raw
from nlp.figures.scene import is_time
from nlp.rules import load_rules
from warehouse.models import FigureRole

_RULES = load_rules(Path(__file__).with_name("results.yml"))
_ACCOUNTS = _RULES["accounts"]
BY_YEAR = _RULES["by_year"]
_CHANGED_BY = _RULES["changed_by"]
_CHANGE_OF = _RULES["change_of"]
_CHANGE_OR_RESULT = _RULES["change_or_result"]
_CONTRAST = _RULES["contrast"]
_SO_FAR, _PERFECT, _COMPARES = _RULES["so_far"], _RULES["perfect"], _RULES["compares"]
_DID_SO = _RULES["did_so"]
_DIRECT_VERB = _RULES["direct_verb"]
FINITE = _RULES["finite"]
_INHERIT = _RULES["inherit"]
_LIVE_HERE = _RULES["live_here"]
MIGHT_BE = _RULES["might_be"]
_MORE = _RULES["more"]
_ONLY_LEFT = _RULES["only_left"]
_OUT_OF = _RULES["out_of"]
PAST = _RULES["past"]
_PEOPLE_SCENE = _RULES["people_scene"]
_PRESENT_CHANGE = _RULES["present_change"]
_RATE_IS = _RULES["rate_is"]
_RESULT_VERB = _RULES["result_verb"]
STATE = _RULES["state"]
_STOPS_PLAN = _RULES["stops_plan"]
_TAKES_TIME = _RULES["takes_time"]
_THAN = _RULES["than"]
_THEY_SAY = _RULES["they_say"]
_TIME_LOST = _RULES["time_lost"]
_PARTS = ("percent", "share", "rate", "points", "times")


def actual_or_scene(raw: Raw, left: str, right: str, split: Clauses) -> FigureRole:
    """Return the role of a figure under a cue of a result: what came, unless it counts who was there."""
    if raw.kind in _PARTS:
        return "actual"
    if _MORE.match(right) or (_OUT_OF.match(right) and PAST.search(right)):
        return "actual"
    if _told_by_noun(raw, left, split):
        return "actual"
    if _CHANGED_BY.search(left[-90:]) or (_TIME_LOST.search(left[-90:]) and is_time(raw, split.text)):
        return "actual"
    near = left[-90:] + right[:50].split(" and ")[0]
    if _CHANGE_OR_RESULT.search(near) or (STATE.search(left) and raw.kind != "money"):
        return "actual"
    return "context"


def by_right(raw: Raw, left: str, right: str, split: Clauses, earlier: FigureRole | None, low: int) -> FigureRole:
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
    if raw.kind == "count" and _LIVE_HERE.match(right):
        return "context"
    if raw.kind == "count" and _PERFECT.match(right):
        return "actual"
    if earlier and low and _INHERIT.match(split.text[low : raw.start]) and earlier != "context":
        return earlier
    if raw.kind in _PARTS and _THEY_SAY.match(right):
        return "actual"
    cue = CUE.search(_STOPS_PLAN.split(right)[0])
    if cue and cue["planned"] and not FINITE.search(left):
        return "planned"
    if MIGHT_BE.match(right) and not FINITE.search(left):
        return "planned"
    if _PRESENT_CHANGE.search(left + right) or _told_by_noun(raw, left, split):
        return "actual"
    if raw.kind in ("count", "money") and _told_after(raw, left, right, split):
        return "actual"
    if raw.kind in _PARTS:
        return _part_by_right(raw, left, right)
    if BY_YEAR.search(right) and not PAST.search(left + right):
        return "planned"
    cue = CUE.search(right)
    if cue and cue["actual"] and raw.kind == "count" and _OUT_OF.match(right):
        return "actual"
    if cue and cue["actual"] and _CHANGE_OR_RESULT.search(right[:70]) and not _PEOPLE_SCENE.match(right):
        return "actual"
    return "context"


def _told_by_noun(raw: Raw, left: str, split: Clauses) -> bool:
    """A result told without a past verb of the list: "a fall of £2m", "the team trained 640", "turnover is 6%"."""
    near = left[-90:]
    if any(rule.search(near) for rule in (_CHANGE_OF, _RESULT_VERB, _DIRECT_VERB)):
        return True
    if raw.kind in ("count", "money") and _SO_FAR.search(near):
        return True
    if raw.kind == "money" and _ACCOUNTS.search(near):
        return True
    if _TAKES_TIME.search(near) and is_time(raw, split.text):
        return True
    return bool(_RATE_IS.search(near)) and (raw.kind in _PARTS or is_time(raw, split.text))


def _part_by_right(raw: Raw, left: str, right: str) -> FigureRole:
    if PAST.search(right) or PAST.search(left) or raw.kind in ("points", "times"):
        return "actual"
    if raw.words.lower().endswith("ed"):  # "halved"
        return "actual"
    if BY_YEAR.search(right):
        return "planned"
    changed = re.match(r"\s*(?:fewer|more|less|higher|lower|reduction|increase|fall|rise|drop|decrease)", right)
    return "actual" if changed else "context"


def _told_after(raw: Raw, left: str, right: str, split: Clauses) -> bool:
    """A count whose own verb or comparison comes after it: "900 have finished", "22,000 fewer people got care"."""
    if any(rule.match(right) for rule in (_THAN, _DID_SO, _PERFECT)):
        return True
    past = PAST.search(right[:60])
    return bool(past and (_ONLY_LEFT.search(left[-20:]) or _COMPARES.match(split.text, raw.end)))
