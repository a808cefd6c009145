"""The verb or noun that governs a figure: the last cue of a plan or of a result in the words before it."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from nlp.rules import load_rules
from warehouse.models import FigureRole

_RULES = load_rules(Path(__file__).with_name("governs.yml"))
CUE = _RULES["cue"]
_PARTICIPLES = _RULES["participles"]
_BEFORE_NOUN = _RULES["before_noun"]
_PRESENT = _RULES["present"]
_BARE = frozenset(
    ["cut", "cost", "up", "down", "above", "below", "only", "reduced", "improved", "have", "result", "come"]
)  # also after "will"


def _attributive(left: str, match: re.Match[str]) -> bool:
    """Say whether a cue of a result is no verb but stands before a noun: "the number of missed visits"."""
    return match[0].lower().endswith("ed") and bool(_BEFORE_NOUN.search(left[: match.start()]))


@lru_cache(maxsize=256)
def governing(left: str) -> FigureRole | None:
    """Return "planned" or "actual" by the last cue of the words before a figure, or None.

    "At present", "so far" and "now" before the figure say how things stand, whatever was planned before them.
    """
    found: FigureRole | None = None
    last = 0
    for match in CUE.finditer(left):
        if match["infinitive"]:
            found = found or "planned"
        elif match["planned"]:
            found = "planned"
        elif found != "planned" or not (
            match["actual"].lower() in _BARE
            or _attributive(left, match)
            or _PARTICIPLES.fullmatch(left, last, match.start())
        ):
            found = "actual"
        last = match.end()
    if found != "actual" and any(match.end() > last for match in _PRESENT.finditer(left)):
        return "actual"
    return found
