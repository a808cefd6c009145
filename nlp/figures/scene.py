"""What only sets the scene, in a result and in a plan: who lives here, who was asked, what a visit costs.

These hold even where a verb of a plan or a result governs the figure: "we will visit the 71 practices" promises visits,
not practices. A forecast of the population is scene too, nobody's plan; a forecast of an outcome is planned.
"""

from __future__ import annotations

from pathlib import Path

from nlp.figures.clauses import Clauses
from nlp.figures.measure import TIME_UNITS
from nlp.figures.scan import Raw
from nlp.rules import load_rules

_RULES = load_rules(Path(__file__).with_name("scene.yml"))
_DEFINITE = _RULES["definite"]
_NOT_DEFINITE = _RULES["not_definite"]
_SAMPLE = _RULES["sample"]
_POPULATION_GROWS = _RULES["population_grows"]
_FORECAST = _RULES["forecasts"]
_GROWTH_OF_POPULATION = _RULES["growth_of_population"]
_MORE_PEOPLE = _RULES["more_people"]
_UNIT_PRICE = _RULES["unit_price"]
_EACH_COSTS = _RULES["each_costs"]
_CHANGE = _RULES["change"]
_PARTS_LEFT, _PARTS_RIGHT = _RULES["parts_left"], _RULES["parts_right"]
_LIFE_LEFT, _LIFE_RIGHT = _RULES["life_left"], _RULES["life_right"]
_ALREADY = _RULES["already"]
_START = _RULES["start"]
_BASELINE = _RULES["baseline"]
_AS_LIKELY_LEFT, _AS_LIKELY_RIGHT = _RULES["as_likely_left"], _RULES["as_likely_right"]
_MATERIAL_LEFT, _MATERIAL = _RULES["material_left"], _RULES["material"]
_ASIDE_COST = _RULES["aside_cost"]
_AGENTS = _RULES["agents"]
_GAP_LEFT, _GAP_RIGHT = _RULES["gap_left"], _RULES["gap_right"]
_PARTS = ("percent", "share")


def sets_scene(raw: Raw, end: int, left: str, right: str, split: Clauses) -> bool:
    """Say whether a figure tells of people, samples, prices or a population, and of no plan and no result."""
    near = left[-90:]
    if raw.kind in ("money", "count") and _DEFINITE.search(near) and _ALREADY.match(right):
        return True
    if raw.kind == "count":
        less = _LIFE_LEFT.search(near) and _LIFE_RIGHT.match(split.text[raw.end : end + 60])
        material = _MATERIAL_LEFT.search(near) and _MATERIAL.fullmatch(split.text[raw.end : end])
        return bool(less or material or _PARTS_LEFT.search(near)) or _named_group(raw, left, split.text)
    if raw.kind == "money":
        gap = _GAP_LEFT.search(near) and _GAP_RIGHT.match(right)
        return bool(gap or _ASIDE_COST.search(near)) or _price(left, right)
    if raw.kind == "times":
        return bool(_AS_LIKELY_LEFT.search(near) and _AS_LIKELY_RIGHT.match(right))
    return raw.kind in _PARTS and bool(_PARTS_LEFT.search(near) or _PARTS_RIGHT.match(right))


def starts_a_change(left: str) -> bool:
    """Say whether a figure is where a planned change sets out: "from 71% to 90%", "from a baseline of 16 weeks"."""
    near = left[-90:]
    return bool(_START.search(near) or _BASELINE.search(near))


def is_time(raw: Raw, text: str) -> bool:
    """Say whether a count is a length of time: "six working days"."""
    words = text[raw.end : raw.end + 24].replace("-", " ").split()[:2]
    return raw.kind == "count" and any(word.strip(",.;)") in TIME_UNITS for word in words)


def grows(raw: Raw, split: Clauses) -> bool:
    """Say whether the clause forecasts a population: people over an age, residents, demand."""
    low, high = split.span(raw.start)
    left, right = split.text[low : raw.start], split.text[raw.end : high]
    return bool(
        (_FORECAST.search(left) and _POPULATION_GROWS.search(left))
        or (raw.kind != "money" and _GROWTH_OF_POPULATION.match(right))
        or (raw.kind == "count" and _MORE_PEOPLE.match(right) and "there will be" in left.lower())
    )


def _named_group(raw: Raw, left: str, text: str) -> bool:
    near = left[-90:]
    if _SAMPLE.search(left) or _AGENTS.search(near):
        return True
    return bool(_DEFINITE.search(near) and not _NOT_DEFINITE.search(near)) and not is_time(raw, text)


def _price(left: str, right: str) -> bool:
    if not (_UNIT_PRICE.match(right) or _EACH_COSTS.search(left[-90:])):
        return False
    return not _CHANGE.search(left)
