"""What stands around a figure: its bound, its direction, its period, what it measures."""

from __future__ import annotations

import re

from warehouse.models import Bound

_LINK = r"(?:\s+(?:by|to|of|for|from|at|an?|the|another|a further|its|some|around|only))?\s*[£€$]?$"
_OVER = re.compile(
    rf"(?:\b(?:over|more than|at least|no fewer than|no less than|not less than|above|exceed(?:s|ed|ing)?|upwards? of|in excess of|"
    rf"(?:a )?minimum(?: of)?|greater than|well over|just over|higher than|better than|as few as|as little as|topped|passed|more)|[>≥]=?){_LINK}",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"(?:\b(?:under|less than|fewer than|below|up to|no more than|not more than|no greater than|at most|(?:a )?maximum(?: of)?|nearly|almost|"
    rf"approach(?:es|ed|ing)?|just under|just below|just short of|short of|as many as|as much as|lower than|within(?=\s*$)|capped at|not quite|barely half)|[<≤]=?){_LINK}",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"(?:\b(?:about|around|approximately|approx\.?|roughly|some|circa|close to|near|in the region of|(?:of|in|on) the order of|"
    rf"(?:an )?estimated|broadly|something like|in the vicinity of|more or less|c\.?)|~){_LINK}",
    re.IGNORECASE,
)
_RIGHT_OVER = re.compile(
    r"\+|\s*(?:[a-z]+\s+){0,2}?(?:or|and) (?:more|over|above|higher|longer)\b|\s*plus\b", re.IGNORECASE
)
_RIGHT_UNDER = re.compile(r"\s*(?:[a-z]+\s+){0,2}?or (?:less|fewer|below|under|lower)\b", re.IGNORECASE)
_RIGHT_ABOUT = re.compile(r"\s*(?:[a-z]+\s+){0,2}?or (?:so|thereabouts)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(?:hours?|days?|weeks?|months?|minutes?|years?)\b")
_CHANGED_BY = re.compile(
    r"\b(?:improved?|increased?|reduced?|raised?|brought|cut|moved?|passed|risen|climbed|gone)\s+(?:up\s+)?$",
    re.IGNORECASE,
)

_RISE = (
    r"rose|risen|rise[sn]?|rising|increas(?:e[sd]?|ing)|grew|grow(?:s|n|ing|th)?|climb(?:s|ed|ing)?|went up|gone up|(?:is|are|was|were|pushed|driven|drove|edged|crept|stood|cent|\%)\s+up|up(?=\s+(?:by|on|from|to)\b)|"
    r"more|higher|longer|gain(?:s|ed)?|improv(?:e[sd]?|ing|ements?)|jump(?:s|ed)?|surg(?:e[sd]?|ing)|doubl(?:e[sd]?|ing)|trebled?|tripled?|"
    r"extra|additional|exceed(?:s|ed|ing)?|soar(?:s|ed|ing)?|rais(?:e[sd]?|ing)|worse|above|expand(?:s|ed|ing)?"
)
_FALL = (
    r"fell|fallen|fall(?:s|ing)?|decreas(?:e[sd]?|ing)|reduc(?:e[sd]?|ing|tions?)|declin(?:e[sd]?|ing)|dropp(?:ed|ing)|drops?|cut(?:s|ting)?|"
    r"lower(?:ed|ing|s)?|fewer|less|shorter|down|halv(?:e[sd]?|ing)|shrank|shrunk|shrink(?:s|ing)?|shed|avoid(?:ed|ing|s)?|"
    r"prevent(?:ed|ing|s)?|shav(?:ed|ing)|trim(?:med|ming)?|below"
)
_CHANGE = re.compile(rf"\b(?:(?P<rise>{_RISE})|(?P<fall>{_FALL}))\b", re.IGNORECASE)
_BOUND_WORDS = re.compile(
    r"\b(?:more|less|fewer|greater|higher|lower) than\b|\bup to\b|\b(?:a further|no more|more or less)\b|\bno (?:less|fewer)\b",
    re.IGNORECASE,
)

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|spring|summer|autumn|winter)"
_YEAR = r"(?:19|20)\d\d(?:\s?[-–/]\s?(?:(?:19|20)?\d\d))?"
_DATE = rf"(?:(?:the\s+)?(?:end of|start of|beginning of|early|late|mid|winter of|summer of)[\s-])?(?:(?:\d{{1,2}}\s+)?{_MONTH}\s+(?:of\s+)?)?{_YEAR}"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|several|few)"
_PERIOD = re.compile(
    rf"\b(?:between\s+{_DATE}\s+and\s+{_DATE}|from\s+{_DATE}\s+(?:to|until)\s+{_DATE}|(?:by|in|during|since|from|until|before|after|for|to|throughout)\s+{_DATE}|{_YEAR}|"
    rf"(?:by|in|since|during)\s+(?:the\s+)?(?:end of\s+)?(?:{_MONTH}|last\s+\w+)\b|"
    rf"(?:over|in|within|during|for|across|after)\s+(?:the\s+)?(?:(?:next|past|last|first|coming|previous|following|final|its|their)\s+){{0,2}}{_COUNT}[\s-]+(?:years?|months?|weeks?|quarters?|decades?|days?)\b|"
    rf"(?:in|over|during)\s+(?:its|their|the)\s+(?:first|second|third|fourth|final|last|same|past|next|previous|following)\s+(?:full\s+)?(?:year|half-year|quarter|month|six months|week|decade|winter|period|three months)\b|"
    rf"(?:last|this|next|each|every|per|a|the first|the second|the third)\s+(?:financial\s+)?(?:year|month|week|day|quarter|night|winter|hour)\b|annually|yearly|annual|weekly|monthly|daily)",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(
    r"\s+(?:of|in)\s+(?:all\s+|the\s+|these\s+|those\s+|its\s+|their\s+|our\s+)*(?P<what>[A-Za-z][\w’'-]*(?:\s+(?!(?:in|by|to|for|on|at|from|with|who|that|which|were|was|are|is|had|have|has|and|or|said|will|would|did|do|could|who|over|since|between|rose|fell|a|the|of)\b)[A-Za-z][\w’'-]*){0,4})"
)
_SUBJECT = re.compile(
    r"(?:^|[,;:]\s+|\b(?:and|but|while|whereas|that|although|the|of|found|said|show|showed|by|in|which|number of|rate of|from|to|cut|reduce|reduced|reducing|cutting|increase|increased)\s+)(?P<noun>(?!(?:and|but|while|whereas|that|although|the|of|it|they|this|there|by|in|a|an|to|its|their)\b)[A-Za-z][\w’&'-]*(?:\s+(?!(?:the|of|and|that|in|by|to|a)\b)[A-Za-z][\w’&'-]*){0,4}?)\s+(?:(?:in|of|for|among|at|from|across)\s+(?:[\w’'-]+\s+){1,8}?)?(?:(?:has|have|had|would|will|could|should|was|were|is|are|also|only|actually|instead|by|from|to)\s+)*(?:rose|fell|fallen|risen|grew|grown|increased?|decreased?|dropped|declined|reached|stood|averaged|remained|reduced?|doubled|halved|went|was|were|is|are|cut|rise|fall|up|down|improved?|by|from|to|climbed|trebled|jumped|soared|totalled|came|numbered|exceeded|hit)\b",
    re.IGNORECASE,
)


def bound_of(text: str, start: int, end: int) -> Bound | None:
    """Return the bound that the words beside a figure set. "nearly" and "up to" are under, "at least" over."""
    left, right = text[max(0, start - 40) : start], text[end : end + 28]
    if _OVER.search(left) and not _CHANGED_BY.search(left):
        return "under" if re.search(r"\bno(?:t)?\s+(?:more|greater|higher)\s+than\b", left, re.IGNORECASE) else "over"
    if _UNDER.search(left) and not (left.endswith("within ") and not _TIME.search(text[start : end + 12])):
        return "over" if re.search(r"\bno(?:t)?\s+(?:less|fewer|lower)\s+than\b", left, re.IGNORECASE) else "under"
    if _ABOUT.search(left):
        return "about"
    if _RIGHT_OVER.match(right):
        return "over"
    if _RIGHT_UNDER.match(right):
        return "under"
    return "about" if _RIGHT_ABOUT.match(right) else None


def direction_of(clause: str, start: int, end: int) -> str | None:
    """Return "rise" or "fall" by the nearest word of change in the clause (offsets in the clause), else None."""
    best: tuple[int, str] | None = None
    skip = [match.span() for match in _BOUND_WORDS.finditer(clause)]
    for match in _CHANGE.finditer(clause):
        if any(low <= match.start() < high for low, high in skip):
            continue
        gap = start - match.end() if match.end() <= start else match.start() - end + 12
        if match.start() < end and match.end() > start:
            gap = 0
        if best is None or gap < best[0]:
            best = (gap, "rise" if match["rise"] else "fall")
    return best[1] if best and best[0] < 80 else None


def period_of(text: str, start: int, end: int, span: tuple[int, int]) -> str | None:
    """Return the words that say when: the nearest in the clause, else the nearest in the passage."""
    best: tuple[int, str] | None = None
    low, high = max(0, start - 300), min(len(text), end + 300)
    for match in _PERIOD.finditer(text, low, high):
        if match.start() < end and match.end() > start:
            continue
        gap = match.start() - end if match.start() >= end else start - match.end() + 10
        outside = not span[0] <= match.start() < span[1]
        rank = gap + (500 if outside else 0)
        if best is None or rank < best[0]:
            best = (rank, match[0])
    return best[1] if best else None


def subject_of(clause: str) -> str | None:
    """Return the noun phrase that changes: "Emergency admissions rose by" -> emergency admissions."""
    found = None
    for match in _SUBJECT.finditer(clause[-240:]):
        found = match["noun"]
    return found.lower() if found else None


def of_what(text: str, end: int) -> str | None:
    """Return what a share is of: "12% of patients" -> patients."""
    match = _OF_WHAT.match(text, end)
    return match["what"].lower() if match else None
