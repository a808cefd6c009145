"""What a claim says of an outcome: better, worse, no effect, mixed or unclear; of what; and how surely.

"Admissions rose" is worse, "satisfaction rose" better: the gazetteer says which way each outcome improves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.figures.clauses import clauses
from nlp.named import find_named, gazetteer
from warehouse.models import Direction, Hedge, Named

_UP = (
    r"rose|risen|rise[sn]?|rising|increas(?:e[sd]?|ing)|grew|grow(?:s|n|ing|th)?|climb(?:s|ed|ing)?|went up|gone up|going up|higher|longer|more|greater|gain(?:s|ed)?|"
    r"jump(?:s|ed)?|surg(?:e[sd]?|ing)|doubl(?:e[sd]?|ing)|trebl(?:e[sd]?|ing)|soar(?:s|ed|ing)?|rais(?:e[sd]?|ing)|expand(?:s|ed|ing)?|boost(?:s|ed|ing)?|added to|upward|exceed(?:s|ed)?|"
    r"generat(?:e[sd]?|ing)|deliver(?:s|ed|ing)?|achiev(?:e[sd]?|ing)|releas(?:e[sd]?|ing)|produc(?:e[sd]?|ing)|driv(?:es?|ing) up|drove up|pushed up|up"
)
_DOWN = (
    r"fell|fallen|fall(?:s|ing)?|decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing|tions?)|declin(?:e[sd]?|ing)|dropp(?:ed|ing)|drops?|cut(?:s|ting)?|lower(?:s|ed|ing)?|fewer|less|shorter|"
    r"shorten(?:s|ed|ing)?|halv(?:e[sd]?|ing)|shr[aiu]nk(?:s|ing)?|went down|gone down|coming down|came down|down|avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?|eas(?:e[sd]?|ing)|curb(?:s|ed|ing)?|"
    r"relie(?:ve[sd]?|ving)|tackl(?:e[sd]?|ing)|minimis(?:e[sd]?|ing)|eliminat(?:e[sd]?|ing)|narrow(?:s|ed|ing)?|slow(?:s|ed|ing)?|stem(?:s|med|ming)?|downward|postpon(?:e[sd]?|ing)|divert(?:s|ed|ing)?|erod(?:e[sd]?|ing)|keep(?:s|ing)? (?:people |patients )?out of|limit(?:s|ed|ing)?|contain(?:s|ed|ing)?"
)
_BETTER = r"improv(?:e[sd]?|ing|ements?)|better|enhanc(?:e[sd]?|ing)|benefit(?:s|ed)?|positive(?:ly)?|promot(?:e[sd]?|ing)|strengthen(?:s|ed|ing)?|support(?:s|ed|ing)? (?:people's )?independence|quicker|faster|gains? in|maximis(?:e[sd]?|ing)|speed(?:s|ed|ing)? up|sped up"
_WORSE = r"wors(?:e|en|ens|ened|ening)|deteriorat(?:e[sd]?|ing|ion)|poorer|harm(?:s|ed|ful)?|negative(?:ly)?|undermin(?:e[sd]?|ing)|damag(?:e[sd]?|ing)|jeopardis(?:e[sd]?|ing)|suffer(?:s|ed|ing)?|widen(?:s|ed|ing)?|slower|threaten(?:s|ed|ing)?|weaken(?:s|ed|ing)?"
_CHANGE = re.compile(
    rf"\b(?:(?P<better>{_BETTER})|(?P<worse>{_WORSE})|(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE
)
_NOT_CHANGE = re.compile(
    r"\b(?:more than|less than|fewer than|up to|no more|more likely|up and down|the more|more or less|set up|sign(?:ed)? up|follow[- ]up|made up|make up|up-to-date|build(?:ing)? up|scal(?:e|ing) up|join(?:ed|ing)? up|joined-up|take[- ]up|better care(?: fund)?|falls (?:service|prevention)|more (?:integrated|joined|coordinated)|break(?:ing|s)? down|written down|set down|value for money)\b",
    re.IGNORECASE,
)
_NO_EFFECT = re.compile(
    r"\b(?:no|not?(?:\s+\w+)?|little|without(?:\s+any)?|neither|any)\s+(?:\w+\s+){0,3}?(?:effects?|impact|change|difference|reduction|reductions|increase|improvement|improvements|benefit|benefits|fall|rise|decrease|gain|gains|savings|association|overall effect)\b|"
    r"\b(?:unchanged|no different|the same as|remained (?:stable|flat|unchanged|the same|broadly)|flat|made no|did(?:n['’]t| not) (?:\w+ )?(?:reduce|improve|increase|change|affect|differ|fall|rise|lower|cut|lead|result|make|save|alter|shorten|translate|produce|deliver|achieve|decrease|generate)|"
    r"(?:has|have|had) not (?:\w+ )?(?:reduced|improved|increased|changed|fallen|risen|led|resulted|delivered|achieved|saved|generated|cut|lowered|shortened|produced)|failed to (?:\w+ )?(?:reduce|improve|increase|cut|lower|deliver|achieve|save|produce|generate|shorten|show|demonstrate)|does(?:n['’]t| not) (?:\w+ )?(?:reduce|improve|save|cut|lower|increase|lead|shorten|deliver)|do not (?:\w+ )?(?:reduce|improve|save|cut|lead|lower|increase)|"
    r"neither (?:reduced|improved|increased|saved|cut)|not (?:statistically )?significant(?:ly)?|non-?significant|fail(?:s|ure) to (?:reduce|improve|deliver|cut|save))\b",
    re.IGNORECASE,
)
_UNCLEAR = re.compile(
    r"\b(?:no (?:\w+ ){0,3}?evidence|little (?:\w+ ){0,3}?evidence|lack of (?:\w+ ){0,2}?evidence|insufficient evidence|limited evidence|not (?:yet )?(?:clear|known|possible to (?:say|tell|know))|unclear|uncertain|inconclusive|too (?:early|soon) to|"
    r"difficult to (?:identify|say|tell|know|attribute|establish|judge|measure|determine|separate)|hard to (?:say|tell|know|attribute|prove|demonstrate|judge)|cannot (?:say|tell|know|be (?:attributed|known))|could not (?:say|tell|show|demonstrate|establish|find|be attributed)|has (?:not|yet to) (?:been )?(?:demonstrated?|shown?|proved?|proven)|remains to be (?:seen|proven|shown)|"
    r"not been (?:evaluated|established|demonstrated|shown|proven)|whether\b.{0,80}\b(?:is|remains|was) (?:un|not)\w*|weak evidence|unproven|not demonstrated|evidence (?:is|was|remains) (?:\w+ )?(?:weak|thin|limited|lacking|patchy|poor|scarce))\b",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"\b(?:mixed|varied|in some (?:areas|sites|places|cases)\b.{0,60}\b(?:others|but not)|some\b.{0,50}\bothers|inconsistent|contradictory|conflicting|ambiguous|patchy results|uneven)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|n['’]t|without|rather than|instead of|fail(?:s|ed|ing|ure)? to|unable to|nor|neither|unlikely to|no longer|stopped)\b[^,;.]{0,24}$|n['’]t\b[^,;.]{0,24}$",
    re.IGNORECASE,
)
_NO_RISE = re.compile(
    r"\b(?:prevent(?:s|ed|ing)?|avoid(?:s|ed|ing)?|halt(?:s|ed|ing)?|slow(?:s|ed|ing)?|stem(?:s|med|ming)?|curb(?:s|ed|ing)?|revers(?:e[sd]?|ing)|offset(?:s|ting)?)\s+(?:the\s+|an?\s+|any\s+|further\s+)*$",
    re.IGNORECASE,
)

_HEDGED = re.compile(
    r"\b(?:(?-i:may)|might|could|(?:is|are|was|were|seems?|more|less|most|very) likely|likely to|some (?:\w+ )?evidence|appears?(?: to)?|appeared to|seems?(?: to)?|seemed to|suggests?|suggested|suggesting|possibly|perhaps|potentially|potential to|probably|tends? to|tended to|"
    r"arguably|early signs?|early (?:results|findings|evidence|indications?)|indicat(?:e|es|ed|ions?)|in some cases|promising|apparently|limited evidence|little (?:\w+ ){0,2}?evidence|weak evidence|not (?:yet )?clear|unclear|too (?:early|soon)|broadly|can (?:help|be|lead|improve|reduce)|should help|hopes?|believed to|thought to|considered to|associated with|up to a point|partly|not necessarily|in theory|if\s+\w+|would|unlikely|expected to|estimated? to)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:no (?:\w+ ){0,3}?evidence|prov(?:es?|ed|en|ing)|will|won['’]t|clear(?:ly)? evidence|clearly|undoubtedly|definitely|certainly|without (?:a )?doubt|no doubt|beyond doubt|conclusive(?:ly)?|demonstrably|always|never|must|"
    r"strong evidence|robust evidence|compelling evidence|consistently|overwhelming(?:ly)?|invariably|inevitabl[ey]|guarantees?|unquestionably|significantly|substantially|dramatically|only way|there is no|impossible|cannot|categorically|evident)\b",
    re.IGNORECASE,
)
MAX_OUTCOMES = 20  # a passage with more is a list or a table
_INTERVENTIONS = ("care_model", "programme")
_ACTS = frozenset({"section-75"})


@dataclass(frozen=True, slots=True)
class Description:
    """What a claim says of an outcome; each part None where the words do not say. ``outcome``, ``intervention``: gazetteer ids."""

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
    return bool(
        re.match(
            r"\W*(?:it|they|this|these|that|the (?:figure|number|rate|target|fall|rise|increase|reduction|total|effect)|both)\b",
            text,
            re.IGNORECASE,
        )
    )


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
        if up and _NO_RISE.search(left):
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
