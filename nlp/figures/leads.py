"""What stands over a list: a heading or lead-in that makes a plan of its items, or one that tells what was done."""

from __future__ import annotations

from pathlib import Path

from nlp.figures.governs import governing
from nlp.rules import load_rules

_RULES = load_rules(Path(__file__).with_name("leads.yml"))
_IMPERATIVE = _RULES["imperative"]
_PLAN_HEADING = _RULES["plan_heading"]
_DONE_HEADING = _RULES["done_heading"]
_LABEL, _BOUND_FIRST, _FINITE = _RULES["label"], _RULES["bound_first"], _RULES["finite"]
_RELATIVE = _RULES["relative"]
_TOLD = _RULES["told"]
_LAST_SENTENCE = _RULES["last_sentence"]


def leads_to_plans(text: str, before: str, heading: str) -> bool:
    """Say whether a passage is an item of a plan: an imperative, or under a lead-in or heading that plans.

    "Measures of success", "Targets", "By 2025" and "Residents can expect:" plan; "Benefits so far" does not.
    """
    main = _RELATIVE.split(text[:1000])[0]
    if _IMPERATIVE.match(text) or (_BOUND_FIRST.match(text) and not _FINITE.search(main)):
        return True
    if (label := _LABEL.match(text)) and _plans(label[0]) and not told_as_done(text[:1000]):
        return True
    lead = before.rstrip()[-300:]
    if lead.endswith(":"):
        lead = _LAST_SENTENCE.sub("", lead)
        return not _DONE_HEADING.search(lead) and bool(governing(lead) == "planned" or _PLAN_HEADING.search(lead))
    return _plans(heading) and not told_as_done(text[:1000])


def _plans(heading: str) -> bool:
    return bool(_PLAN_HEADING.search(heading)) and not _DONE_HEADING.search(heading)


def told_as_done(words: str) -> bool:
    """Say whether a finite verb of the past tells what came: no item of a plan, whatever stands over it."""
    return bool(_TOLD.search(words))
