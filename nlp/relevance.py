"""How much a document is about integrating health and social care, so that what is off the field can be held."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import yaml

from nlp.cues import Matcher, words

LINE = 0.4  # a document that scores below it is held for a person
MAX_CHARS = 60_000
HALF_AT = 4.0  # hits in a thousand words at which one part counts as half there
PATH = Path(__file__).with_name("relevance.yml")
WEIGHTS = {"health": 0.3, "social": 0.35, "joining": 0.35}


def relevance(text: str, title: str | None = None) -> tuple[float, str]:
    """Return a score from 0 to 1 and the reason in words: which of health, social care and joining-up it speaks of.

    The title counts five times. A text with no words scores 0.
    """
    found = words(" ".join([*[title or ""] * 5, text[:MAX_CHARS]]))
    if not found:
        return 0.0, "holds no words"
    hits = _matcher().find(found)
    per_thousand = {part: 1000 * len(hits.get(part, ())) / max(len(found), 100) for part in WEIGHTS}
    score = sum(weight * _share(per_thousand[part]) for part, weight in WEIGHTS.items())
    if not hits.get("health") or not (hits.get("social") or hits.get("joining")):
        score = min(score, LINE / 2)
    said = ", ".join(f"{part} {per_thousand[part]:.1f}" for part in WEIGHTS)
    return round(score, 3), f"words of the field in a thousand: {said}"


def _share(rate: float) -> float:
    return 1 - math.exp(-rate * math.log(2) / HALF_AT)


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    raw = yaml.safe_load(PATH.read_text("utf-8"))
    return Matcher([(part, str(cue)) for part, cues in raw.items() for cue in cues])
