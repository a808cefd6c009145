"""Planned, actual or context: what was to come, what came, and what only sets the scene.

The last verb that governs a figure in its clause decides; words that touch it ("target of", "3.5% target") decide first.
"""

from __future__ import annotations

import re

from nlp.figures.clauses import Clauses
from nlp.figures.scan import Raw
from warehouse.models import FigureRole

_PLAN_NOUN = (
    r"target(?:ed|s)?|goals?|ambitions?|planned|forecast(?:s)?|projections?|projected|trajectory|expected|expectations?|promised?|"
    r"pledge[ds]?|envisaged|intended|anticipated|hoped[- ]for|aims?|budgeted|proposed|predicted|commitments?|objective"
)
_TOUCH_LEFT = re.compile(
    rf"\b(?:{_PLAN_NOUN}|plan)\s+(?:(?:for|of|to|is|was|at|on|by|a|an|the|that|set|level|rise|fall|increase|decrease|reduction|cut|saving|savings|figure|value|in|its|annual|net|gross|total|emergency|admissions|delayed|transfers|cost)\s+){{0,6}}(?:\w+\s+than\s+|about\s+|around\s+|over\s+|up to\s+|at least\s+|nearly\s+)?$",
    re.IGNORECASE,
)
_TOUCH_RIGHT = re.compile(
    rf"\s*(?:\(|,)?\s*(?:(?!(?:with|of|in|for|on|at|by|from|and|or|to|who|whose|was|were|is|are|has|said)\b)[\w-]+\s+){{0,3}}?(?:it |they |that |which )?(?:had |was |were |been |originally |initially |first )*(?:{_PLAN_NOUN})\b",
    re.IGNORECASE,
)
_TOUCH_RIGHT_STOP = re.compile(
    r"[\s,(]*(?:[\w-]+\s+){0,2}?(?:below|above|over|under|against|behind|ahead|short of|than|of (?:the|its|their)|in (?:the|its|their)|less|more|to|on|from|outside|within)\b",
    re.IGNORECASE,
)

_PLANNED = (
    r"(?:will|shall|would|should|must|to|due to|is to|are to)\s+(?:not\s+|also\s+|only\s+|then\s+|still\s+|instead\s+)?(?:be|have been|have)\s+(?:\w+ly\s+)?\w+|"
    r"will|shall|would|should|must|(?:could|might|may|can)\s+(?:be\s+)?(?:save[d]?|reduce[d]?|cut|release[d]?|free[d]?|cost|need(?:ed)?|avoid(?:ed)?|prevent(?:ed)?|rise|fall|reach|grow|benefit|deliver(?:ed)?|achieve[d]?|increase[d]?|lead|result)|"
    r"aim(?:s|ed|ing)?|target(?:s|ed|ing)?(?!\s+(?:at|on)\b)|plan(?:s|ned|ning)?\s+(?:to|for|that)\b|planned|intend(?:s|ed|ing)?|intention|expect(?:s|ed|ing|ation)?|hope[sd]?|hoping|commit(?:s|ted|ment|ments)?|"
    r"pledg(?:e[sd]?|ing)|promis(?:e[sd]?|ing)|propos(?:e[sd]?|ing|als?)|forecast(?:s|ing)?|project(?:ed|ions?)|anticipat(?:e[sd]?|ing)|predict(?:s|ed|ing)?|"
    r"ambition|goals?|going to|set to|due to|needs? to|requires?|seek(?:s|ing)?(?:\s+to)?|sought to|designed to|envisag(?:e[sd]?|ing)|assum(?:e[sd]?|ing)|"
    r"(?:was|were|is|are|been)\s+(?:\w+ly\s+)?(?:envisaged|planned|expected|promised|intended|targeted|projected|forecast|anticipated|assumed|budgeted|proposed|pledged|required)|"
    r"is to|are to|was to|were to|have to|wants? to|on track to|on course to|supposed to|meant to|trajectory|tasked with|challenged to|failed to (?:deliver|achieve|meet|reach|make|realise|secure)|"
    r"objectives?|vision|estimated? to|modelled|potential(?:ly)?|(?<!more )(?<!less )(?<!as )likely to|business case"
)
_INFINITIVE = r"(?<=to )(?:reduce|cut|save|increase|improve|raise|lower|deliver|achieve|reach|grow|fall|rise|halve|double|release|free|recruit|train|open|build|create)"
_ACTUAL = (
    r"managed to|able to|helped(?:\s+to)?|went on to|turned out to|proved to|found to|shown to|appear(?:ed|s) to|"
    r"rose|risen|fell|fallen|increased|decreased|reduced|grew|grown|dropped|declined|climbed|cut|saved|achieved|delivered|reached|realised|"
    r"had|has|have|found|reported|showed|shows|recorded|actual(?:ly)?|outturn|in fact|in practice|in the event|missed|only|spent|cost|remained|stood at|"
    r"averaged|became|made|saw|went|came|doubled|halved|trebled|tripled|was|were|did|lost|avoided|prevented|exceeded|overspent|underspent|"
    r"result(?:ed|s)?|led to|followed by|evaluation|audited|lived|died|took|received|returned|completed|treated|discharged|(?:is|are|was|were)\s+(?:\w+\s+)?(?:up|down|above|below)|"
    r"waited|needed|agreed|said|told|felt|answered|ended|improved|worsened|shortened|lengthened|gained|experienced|accounted|observed|measured|estimated"
)
_CUE = re.compile(
    rf"\b(?:(?P<planned>{_PLANNED})|(?P<infinitive>{_INFINITIVE})|(?P<actual>{_ACTUAL}))\b", re.IGNORECASE
)
_CHANGE_OR_RESULT = re.compile(
    r"\b(?:rose|risen|rise|fell|fallen|fall|increas\w*|decreas\w*|reduc\w*|grew|grown|dropped|drop|declin\w*|climbed|cuts?|saved?|saving|savings|achieved|delivered|"
    r"reached|realised|missed|avoided|prevented|exceeded|overspen\w+|underspen\w+|cost(?:ing)?|spent|lost|averaged|stood|doubled|halved|up|down|higher|lower|fewer|longer|shorter|"
    r"trebled|outturn|actual(?:ly)?|returned|completed|treated|discharged|waited|died|delayed|improved|worsened|recorded|difference|totalled|deficit|shortfall|gap|"
    r"remained|turnover|went|came|result\w*|recruited|left|opened|admitted|attended|occupied|readmitted|benefited|saw|seen|used|received|helped|supported|referred|trained|appointed|joined|moved|closed|(?:average|mean|median) of)\b",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:was|were|had|stood at|averaged|reached|remained(?: at)?|totalled|became)\s+(?:still\s+|only\s+|just\s+|about\s+|around\s+|nearly\s+|over\s+|more than\s+|less than\s+|almost\s+|some\s+|at\s+|an?\s+|the\s+|under\s+|fewer than\s+|below\s+|above\s+)*[£€$]?$",
    re.IGNORECASE,
)
_SCENE_LEFT = re.compile(
    r"\b(?:budgets?|fund|pool|pooled|population|worth|valued at|income|allocations?|allocated|grants?|totalling|turnover of|spends?|spending of|spend of|bring(?:s|ing) together|"
    r"covers?|covering|serv(?:es|ing)|compris(?:es|ing)|made up of|consist(?:s|ing) of|contains?|employs?|employing|home to|sample|review(?:s|ed)? of|stud(?:y|ies) of|survey(?:s|ed)? of|"
    r"interview(?:s|ed)?(?:\s+with)?|evaluation of|analysis of|examined|visited|looked at|studied|trial of|questionnaire|responses? from|data (?:from|on)|evidence from|"
    r"provided|invest(?:s|ed|ment|ing)?|contribut(?:es?|ed|ions?)|network of|group of|one of|each of|recruited|enrolled|participants?|announced|made available|set aside|n\s?=)\s*(?:an?\s+|the\s+|of\s+|about\s+|around\s+|some\s+|over\s+|more than\s+|nearly\s+|almost\s+|at least\s+|up to\s+|in\s+|for\s+|:\s*|=\s*|than\s+|least\s+|into\s+|with\s+|together\s+|extra\s+|additional\s+|further\s+|just\s+|under\s+|least\s+|from\s+|all\s+)*[£€$]?$",
    re.IGNORECASE,
)
_SCENE_RIGHT = re.compile(
    r"\s*(?:-?\s?(?:[a-z-]+\s+){0,2}?)(?:pooled\s+|transformation\s+|national\s+|annual\s+|single\s+|joint\s+|better care\s+|ring-fenced\s+)*(?:budget|fund|grant|pot|pool|programme|population)\b",
    re.IGNORECASE,
)
_PLACE_LEFT = re.compile(
    r"\b(?:in|across|among|amongst|of|at|between|within|from|covering|involving|spanning|with)\s+(?:all\s+|the\s+|these\s+|those\s+|about\s+|around\s+|over\s+|more than\s+|some\s+|nearly\s+|its\s+|our\s+|just\s+|only\s+|almost\s+|other\s+|of\s+)*$",
    re.IGNORECASE,
)
_FROM_CHANGE = re.compile(
    r"\b(?:averages?|mean|median|total|rate|level|number|gap|saving|maximum|minimum)s?\s+of\s+(?:\w+\s+){0,2}$|\b(?:rose|risen|fell|fallen|rise|fall|increas\w+|decreas\w+|reduc\w+|cut|grew|dropp?\w*|declin\w+|went|climbed|improved|stay|shortened|was|were|average\w*)\s(?:[\w’'-]+\s){0,5}(?:from|between|at|of)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_PEOPLE_SCENE = re.compile(
    r"\s*(?:people|residents|patients|adults|children|carers|staff|households|workers)\b[^.,;]{0,40}?\b(?:live|lives|living|work|are|have|is|use|depend|receive|need)\b",
    re.IGNORECASE,
)
_PRESENT_CHANGE = re.compile(
    r"\b(?:is|are|now|currently)\s+(?:now\s+|still\s+|currently\s+)?(?:up|down|higher|lower|above|below|worse|better)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|has|have|said|told|reported|found|felt|thought|agreed|lived|died|went|came|took|left|made|received|ran|sat|lay|held|kept|gave|saw|got|met|spent|wrote|drew|chose|became|began|brought|built|bought|knew|led|lost|paid|sent|stood|could|\w{3,}ed)\b",
    re.IGNORECASE,
)
_BY_YEAR = re.compile(r"\s*(?:\w+\s+){0,4}?\bby\s+(?:the\s+end\s+of\s+)?(?:\w+\s+)?20\d\d", re.IGNORECASE)
_BARE = frozenset(
    ["cut", "cost", "up", "down", "above", "below", "only", "reduced", "improved", "have", "result", "come"]
)  # also after "will"
_PARTICIPLES = re.compile(r"[\s,]*(?:\w+ed\b[\s,]*)*(?:and|or)?\s*")
_IMPERATIVE = re.compile(
    r"^[\W_]*(?:to\s+|at least\s+)?(?:create|deliver|ensure|improve|reduce|maintain|increase|invest|open|recruit|train|offer|introduce|achieve|cut|double|halve|expand|provide|"
    r"launch|build|save|release|eliminate|restore|raise|lower|extend|establish|move|shift|hire|support|roll out|set up|bring|make|give|employ|free up|redirect|retain|fund|allocate)\b(?!\s+(?:is|are|was|were|has|had)\b)",
    re.IGNORECASE,
)
_PLAN_HEADING = re.compile(
    r"\b(?:what we will|targets?|ambitions?|aims?|objectives|goals?|commitments?|our plans?|expected (?:benefits|outcomes|savings)|planned|trajector(?:y|ies)|we will|by 20\d\d)\b",
    re.IGNORECASE,
)
_FINITE_PAST = re.compile(r"\b(?:rose|fell|was|were|had|saw|grew|dropped|declined|went|has|have)\b", re.IGNORECASE)
_WHOLE = re.compile(r"(?:^|[.;:]\s*|,\s+)of\s+(?:the\s+|a total of\s+|all\s+|these\s+|some\s+)*[£€$]?$", re.IGNORECASE)
_ASIDE = re.compile(r"\s*\([^()]{1,60}\)")
_MORE = re.compile(r"\s*(?:more|less|fewer|extra|higher|lower)\b")
_OUT_OF = re.compile(r"\s*(?:out\s+)?of\s+(?:the\s+|these\s+|our\s+|all\s+)?(?:\d|[a-z]+\s)")
_INHERIT = re.compile(
    r"^[\s,]*(?:\(|and\b|with\b|saving|costing|leading|leaving|adding|cutting|reducing|equivalent|or\b|compared\b|against\b|relative\b|up\b|down\b|well\b|far\b|from\b|worth\b|a saving|a cut|a reduction|an increase|a rise|a fall)",
    re.IGNORECASE,
)


def role_of(raw: Raw, end: int, split: Clauses, earlier: FigureRole | None = None, led: bool = False) -> FigureRole:
    """Return the role of the figure that stands at ``raw.start`` and whose words end at ``end``.

    ``earlier`` is the role of the figure before it, which a list or a trailing phrase ("…, saving £3m") inherits;
    ``led``: a lead-in ("We will:") or an imperative ("Create 2,000 posts") makes a plan of what nothing else decides.
    """
    role = _by_words(raw, end, split, earlier)
    if role == "context" and led and raw.kind not in ("p", "ci"):
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
    if raw.kind in ("p", "ci"):
        return "context"
    if touched := _touching(left, split.text[end : end + 60]):
        return touched
    if raw.kind in ("money", "count") and (_SCENE_LEFT.search(left) or _WHOLE.search(left)):
        return "context"
    if raw.kind in ("money", "count") and _SCENE_RIGHT.match(right):
        return "context"
    governed = _governing(left)
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


def _touching(left: str, right: str) -> FigureRole | None:
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
    if earlier is None and parted and raw.kind != "count" and not _CUE.search(left + right):
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
