"""What looks like a figure and is not: dates, years, references, list numbers, ages, names with a number in them.

An age group ("over 65s", "aged 75 and over") says who, not how many, so it is not a figure. A number that only
counts the parts of the text ("three reasons", "two sides") is not one either.
"""

from __future__ import annotations

import re

from nlp.figures.nouns import PERSONS_AND_THINGS, Noun
from nlp.figures.scan import Raw
from nlp.figures.words import word_set

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_REFERENCE = re.compile(
    r"(?:\b(?:sections?|s|ss|sub-?sections?|clauses?|articles?|chapters?|parts?|paras?|paragraphs?|pages?|pp?|figures?|figs?|"
    r"tables?|box|boxes|annex(?:e|es)?|appendix|appendices|exhibits?|maps?|charts?|vols?|volumes?|nos?|versions?|stages?|phases?|"
    r"steps?|bands?|tiers?|levels?|grades?|questions?|q|recommendations?|refs?|reference|isbn|issn|issues?|footnotes?|notes?|"
    r"objectives?|priorit(?:y|ies)|principles?|schedules?|themes?|goals?|waves?|rounds?|quarters?|types?|diabetes|session|"
    r"categor(?:y|ies)|radio|channel|nhs|line|items?|rooms?|cohorts?|class|codes?|scenarios?|options?|case study|outcomes?|domains?|"
    r"column|row|step|slide|module|unit|zone|site|model|standard|indicator|measure|metric|key stage|hc|hl|cm|cmnd|cp|prn|year|month|"
    r"week|day|shift|mission|pillar|theorem|group|area|region|ward|trust|scheme|dial|call|ring|tel|telephone|phone|fax|e|doi|ext|extension|commitment|action|ambition)"
    r"\.?\s*(?:no\.?\s*)?|[#§]\s?|\bq)\(?(?:[\d.]+[a-z]?(?:\s*(?:,|and|&|to|or|-|–)\s*))*$",
    re.IGNORECASE,
)
_DATE_AFTER = re.compile(
    rf"(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTHS}\b|(?:st|nd|rd|th)\b|\s*(?:[ap]\.?m\b|o['’]clock|noon)", re.IGNORECASE
)
_DATE_SPAN = re.compile(rf"\s*(?:and|to|or|-|–)\s*\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTHS}\b", re.IGNORECASE)
_DATE_BEFORE = re.compile(rf"\b{_MONTHS}\.?\s*$", re.IGNORECASE)
_WHEN = re.compile(
    r"\b(?:by|in|since|from|until|till|during|of|before|after|to|and|between|the|late|early|mid)[\s-]$", re.IGNORECASE
)
_AGE_BEFORE = re.compile(
    r"\b(?:aged?s?(?:\s+(?:between|of|from|over|under|at least|about|around|above|below|only|just|up to))*|ages?(?:\s+of)?|"
    r"(?:the |people |those |women |men |adults |residents |patients |population |children |anyone |everyone |someone )(?:who (?:are|is|were) )?(?:over|under|above|below)(?: the age of)?)\s+"
    r"(?:\d{1,3}(?:\s*(?:to|and|-|–|or)\s*))?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(
    r"['’]?s\b|-?\s?(?:to|–|-)\s?\d+-year-olds?|[- ]years?[- ]olds?\b|\s+years?\s+(?:of\s+age|and\s+(?:over|older|above|under))|"
    r"\s+(?:and|or)\s+(?:over|older|above|under|younger)\b|\+(?:\s+population)?(?=\W|$)(?!\s*[a-z])",
    re.IGNORECASE,
)
_OVERS = re.compile(r"\b(?:over|under)[s]?[- ]$", re.IGNORECASE)
_PERSON_IS = re.compile(r"\b(?:is|was|am|turned|now),?\s$|^[A-Z]\w+,\s$")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")
_MASK = re.compile(
    r"https?://\S{1,500}|www\.\S{1,500}|\b10\.\d{4,9}/\S{1,200}|\b(?:\+44\s?|0)\d{2,4}(?:[\s-]\d{2,6}){1,3}\b|"
    r"\b\d{1,4}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|\b(?:19|20)\d\d\s?(?:[-–/]|to|and)\s?(?:(?:19|20)?\d\d)\b(?!\s*(?:%|per cent|m\b|bn))|"
    r"\b\d{1,2}[:.]\d{2}\s?(?:[ap]m|hrs)?\b(?=\s?[ap]m|\s?hrs)|\b\d{1,2}:\d{2}\b|\b24/7\b|\b50[/:-]50\b|\bCovid-?\s?19\b|\b\d{1,2}s?\s+century|"
    r"\b(?:5|10|25|five|ten|twenty-five)[- ](?-i:Y)ear\b(?:\s+(?-i:[A-Z])\w+)*|\bone[- ](?:size|stop|off|year on|to[- ]one)\b|\b(?:no|every|any|some)\s?one\b|"
    r"\b(?:999|111)\b(?=\s+(?:calls?|service|line|call))|\bNHS ?111\b|\b(?:calling|call|dial|dialling|ring|rang|phoned)\s+(?:999|111)\b|"
    r"\[\d+(?:\s?[,–-]\s?\d+)*\]|\b(?:PRN|HC|HL|Cm|Cmnd|CP|ISBN|ISSN|DOI)\s?[\d-]+\b|\b\d+(?:\.\d+){2,}\b|\b\d+(?:\.\d+)?\s?(?:kb|mb|gb)\b|"
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d\d?)\s+in\s+the\s+(?:morning|afternoon|evening|night)\b|"
    r"\b(?:seven|7)\s+days\s+a\s+week\b|\b(?:24|twenty-four)\s+hours\s+a\s+day\b|\bhalf\s+an?\s+(?:century|decade|year|hour|day|mile|dozen)\b|"
    r"\b\d+\s?(?:to|-|–)\s?\d+[\s-]year[\s-]olds?|\b\d+\s(?:hour|day|week|month|year|minute)\s(?!s\b)[a-z]+|\b360[\s-](?:degree\s)?assess\w*|\b360[\s-]degree|\b\d+\s(?-i:Years)\s(?-i:On)\b|"
    r"\bfifty-fifty\b|\btwo-way\b|\bfirst\b|\bnine-to-five\b|\b(?:19|20)\d\ds\b|\b(?:a|one)\s+third\s+(?:party|sector|person|year|wave|time|reading|round|phase|way|option|report|reason|strand|group|area)\b|"
    r"\b(?:a|one)\s+(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth|quarter|second)\s+(?:year|wave|time|round|phase|way|option|report|reason|strand|group|area|century|person|point|element|party|paper|chapter|version)\b|"
    r"\b(?:the|first|second|other|latter|last|next|past|better|top|bottom)\s+half\s+(?:of\s+(?:the\s+)?(?:year|decade|month|century|19|20|financial)|(?!of|the|a|were|had|have|are)\w)|\b(?:second|first)\s+half\b|\bhalf[- ](?:year|term|time|way|hearted|day|baked|life|price)\w*|\b(?:the|on the) one hand\b|"
    r"\b(?:double|twice)[- ](?:check|count|edged|blind|running|act|bind|digit|standard|whammy|lock|weekly|daily|yearly|monthly)\w*|\ba\s+(?:double|quarter)\s+(?!of|to|in|or|are|were|had|have|less|more|fewer|higher|lower|by|since|over|after|between)[a-z]+",
    re.IGNORECASE,
)
_ENUM = re.compile(
    r"[\s#*>_✓-]*(?:[-•*]\s*)?(?:\(?\d{1,3}(?:\.\d{1,2})*[.)]\s|\(\d{1,3}\)\s|\d{1,2}\.\d{1,2}\s+(?=[A-Z])|\d{1,3}\s+(?=[A-Z])|\d{1,3}\s*$|\(?(?:[a-z]|[ivx]+)[.)]\s)"
)
_TEXT_PARTS = word_set("text_parts")
_AND_A_HALF = re.compile(
    r"\b(?:day|week|month|year|hour|minute|mile|time|dozen|million|decade|pound)s?\s+and\s+$", re.IGNORECASE
)
_DEFINITE = re.compile(r"\b(?:the|these|those|both|our|their|its|his|her|other|all)\s+(?:other\s+)?$", re.IGNORECASE)
_YEAR_UNITS = frozenset(
    ["year", "years", "month", "months", "decade", "decades", "quarter", "quarters", "fortnight", "fortnights"]
)
_SPAN_UNITS = _YEAR_UNITS | frozenset(["week", "weeks"])
_PERIOD_BEFORE = re.compile(
    r"(?:\b(?:over|in|during|within|for|across|past|last|next|first|final|coming|previous|following|every|after|throughout|since|"
    r"into|these|those|the|another|period of|course of|space of|cycle of|per|each|subsequent|preceding)\s+)$",
    re.IGNORECASE,
)
_PERIOD_AFTER = re.compile(
    r"[\s-]+[\w-]+\s+(?:ago|later|earlier|before|after|hence|previously|since|to come|from now|into)\b(?!\s+(?:than|discharge))|"
    r"[\s-]+\w+\s+on(?=[,.;:?]|$)",
    re.IGNORECASE,
)
_BOUND_TAIL = re.compile(
    r"(?:more than|less than|at least|no more than|fewer than|up to|over|about|around|nearly|almost|approximately|roughly|just|under|well)\s+$",
    re.IGNORECASE,
)
_FIXED_SPAN = re.compile(
    r"\b(?:in|over|during|the|past|last|next|first|these|those|coming|previous|following|every|each|final)\s+$",
    re.IGNORECASE,
)


def masks(text: str) -> list[tuple[int, int]]:
    """Return the spans in which nothing is a figure: addresses, dates, year ranges, names with a number."""
    held = [match.span() for match in _MASK.finditer(text)]
    if "@" in text:
        held.extend(match.span() for match in _EMAIL.finditer(text))
    return held


def refused(raw: Raw, noun: Noun | None, text: str) -> bool:
    """Say whether a candidate, with the noun it counts, is not a figure."""
    left, right = text[max(0, raw.start - 64) : raw.start], text[raw.end : raw.end + 48]
    if raw.kind in ("money", "points", "p", "ci", "rate"):
        return False
    if raw.kind == "percent":
        return False
    if raw.kind in ("share", "times"):
        return _idle_part(raw, left, right)
    return (
        _glued(raw, text)
        or _enumeration(raw, noun, text)
        or bool(_REFERENCE.search(left) and not _amount(raw, noun, left))
        or _dated(raw, noun, left, right)
        or _age(raw, left, right)
        or _duration(raw, noun, left, right)
        or _small_talk(raw, noun, left)
    )


def _amount(raw: Raw, noun: Noun | None, left: str) -> bool:
    """A reference word in the plural can end a phrase before a real count: "in these areas 40,000 people"."""
    return bool(
        (noun and (raw.value >= 1000 or raw.scaled) and raw.value != int(raw.value // 1)) or (noun and "," in raw.words)
    )


def _glued(raw: Raw, text: str) -> bool:
    after, before = text[raw.end : raw.end + 2], text[max(0, raw.start - 2) : raw.start]
    if before[-1:] in ("-", "/", "_", "\\", "^") and before[:1].isalnum():
        return True
    if before[-1:] in (".", ",") and before[:1].isalpha():
        return True
    return bool(re.match(r"[A-Za-z_/\\]|\.\d", after)) and not raw.spelled


def _enumeration(raw: Raw, noun: Noun | None, text: str) -> bool:
    match = _ENUM.match(text)
    if match is None or raw.start >= match.end() or raw.spelled:
        return False
    after = text[match.end() : match.end() + 60]
    if re.match(r"\s*\d{1,3}\s+$", match[0]):
        titled = re.match(r"(?:[A-Z][\w’'-]*\s+)+(?=[a-z(,.;]|$)", after + " ")
        caps = len(titled[0].split()) if titled else 0
        return not (noun and noun.start < match.end() + 60 and (caps >= 2 or re.match(r"[A-Z]{2,}s?\b", after)))
    return True


def _dated(raw: Raw, noun: Noun | None, left: str, right: str) -> bool:
    if re.search(r"\bper\s$", left):
        return True
    bare = raw.words.isdigit()
    if (
        bare
        and raw.value <= 31
        and (
            _DATE_AFTER.match(right)
            or _DATE_SPAN.match(right)
            or (_DATE_BEFORE.search(left) and not (noun and noun.gap <= 1))
        )
    ):
        return True
    if bare and len(raw.words) == 4 and 1800 <= raw.value <= 2100:
        counts = noun is not None and noun.gap <= 1 and noun.word in PERSONS_AND_THINGS
        return not counts or bool(_DATE_BEFORE.search(left) or _WHEN.search(left))
    return bare and raw.words.startswith("0")


def _age(raw: Raw, left: str, right: str) -> bool:
    if not 0 < raw.value <= 110 or raw.value != int(raw.value):
        return False
    if _AGE_BEFORE.search(left) or _AGE_AFTER.match(right):
        return True
    if _OVERS.search(left) and re.match(
        r"['’]?s\b|\s*(?:[,.;)]|$|in\b|is\b|are\b|who\b|with\b|living\b|had\b|were\b)", right
    ):
        return True
    return (
        not raw.spelled
        and bool(_PERSON_IS.search(left))
        and bool(re.match(r"\s*(?:,|and lives|and has|\.$)", right))
        and raw.value > 15
    )


def _duration(raw: Raw, noun: Noun | None, left: str, right: str) -> bool:
    """A length of time that says when, not how much: "over five years", "three years ago", "a ten-year plan"."""
    if noun is None or noun.word not in _SPAN_UNITS | {"days", "hours", "day", "hour", "minutes"}:
        return False
    if noun.hyphenated:
        return True
    plain = _BOUND_TAIL.sub("", left)
    if noun.word in _YEAR_UNITS:
        return bool(_PERIOD_BEFORE.search(left) or _PERIOD_BEFORE.search(plain) or _PERIOD_AFTER.match(right))
    after = re.match(r"[\s-]+\w+\s+(?:ago|later|earlier)\b(?! than)", right)
    return bool(after or _FIXED_SPAN.search(left) or _FIXED_SPAN.search(plain))


def _small_talk(raw: Raw, noun: Noun | None, left: str) -> bool:
    if noun is None:
        return False
    small = raw.value <= 10 and not raw.scaled
    if small and noun.word in _TEXT_PARTS:
        return True
    return raw.spelled and raw.value <= 2 and (raw.value == 1 or bool(_DEFINITE.search(left)))


def _idle_part(raw: Raw, left: str, right: str) -> bool:
    if raw.kind == "times":
        word = raw.words.lower()
        if word == "twice":
            return not re.match(r"\s+(?:as|the|its|their|his|her|that|what|more|this|those|our)\b", right)
        return word == "double" and not re.match(
            r"\s+(?:the|that|its|their|what|this|in|from|those|by|over|since|our)\b|\s*[.,;]", right
        )
    if raw.words.lower() == "a half" and _AND_A_HALF.search(left):
        return True
    if re.match(r"a[n]?\s+(?!quarter|half)", raw.words.lower()) or raw.words.lower().startswith("a quarter"):
        return bool(
            re.match(
                r"[\s-]+(?!of\b|in\b|more\b|fewer\b|less\b|lower\b|higher\b|by\b|to\b|over\b|since\b|between\b|from\b|on\b|were\b|was\b|are\b|is\b|had\b|have\b|has\b|said\b|did\b|do\b|and\b|or\b|for\b|at\b|as\b|who\b|that\b|could\b|would\b|will\b|within\b|after\b|during\b|across\b|nationally\b|reported\b|last\b|this\b|compared\b|(?:a|each|every)\b|smaller\b|larger\b|shorter\b|longer\b|felt\b|found\b|lived\b|live\b|thought\b|died\b|went\b|came\b|took\b|also\b|never\b|needed\b|still\b|but\b|below\b|above\b|off\b|among\b|with\b|without\b|down\b|up\b|worse\b|better\b)\w",
                right,
            )
        ) or bool(re.search(r"\bto\s+$", left) and re.match(r"\s+(?:person|party)", right))
    return False
