"""What looks like a figure and is not: dates, years, references, list numbers, ages, names with a number in them.

An age group ("over 65s", "aged 75 and over") says who, not how many, so it is not a figure. A number that only
counts the parts of the text ("three reasons", "two sides") is not one either.
"""

from __future__ import annotations

import re
from pathlib import Path

from nlp.figures.nouns import PERSONS_AND_THINGS, Noun
from nlp.figures.scan import Raw
from nlp.figures.words import word_set
from nlp.rules import load_rules

_RULES = load_rules(Path(__file__).with_name("refuse.yml"))
_REFERENCE = _RULES["reference"]
_DATE_AFTER = _RULES["date_after"]
_DATE_SPAN = _RULES["date_span"]
_DATE_BEFORE = _RULES["date_before"]
_WHEN = _RULES["when"]
_AGE_BEFORE = _RULES["age_before"]
_AGE_AFTER = _RULES["age_after"]
_OVERS = _RULES["overs"]
_PERSON_IS = _RULES["person_is"]
_EMAIL = _RULES["email"]
_MASK = _RULES["mask"]
_ENUM = _RULES["enum"]
_TEXT_PARTS = word_set("text_parts")
_AND_A_HALF = _RULES["and_a_half"]
_DEFINITE = _RULES["definite"]
_TWICE_AS = _RULES["twice_as"]
_DOUBLE_OF = _RULES["double_of"]
_NAMES_NEXT = _RULES["names_next"]
_YEAR_UNITS = frozenset(
    ["year", "years", "month", "months", "decade", "decades", "quarter", "quarters", "fortnight", "fortnights"]
)
_SPAN_UNITS = _YEAR_UNITS | frozenset(["week", "weeks"])
_PERIOD_BEFORE = _RULES["period_before"]
_PERIOD_AFTER = _RULES["period_after"]
_BOUND_TAIL = _RULES["bound_tail"]
_FIXED_SPAN = _RULES["fixed_span"]


def masks(text: str) -> list[tuple[int, int]]:
    """Return the spans in which nothing is a figure: addresses, dates, year ranges, names with a number."""
    held = [match.span() for match in _MASK.finditer(text)]
    if "@" in text:
        held.extend(match.span() for match in _EMAIL.finditer(text))
    return held


def refused(raw: Raw, noun: Noun | None, text: str) -> bool:
    """Say whether a candidate, with the noun it counts, is not a figure."""
    left, right = text[max(0, raw.start - 64) : raw.start], text[raw.end : raw.end + 48]
    if raw.kind in ("money", "percent", "points", "p", "ci", "rate"):
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
    small = raw.value <= 10 and not raw.scaled and raw.value == int(raw.value)
    if small and noun.word in _TEXT_PARTS:
        return True
    return raw.spelled and raw.value <= 2 and (raw.value == 1 or bool(_DEFINITE.search(left)))


def _idle_part(raw: Raw, left: str, right: str) -> bool:
    """Say whether a part or multiple is a turn of speech: "a third party", "visits twice a day", "double bind"."""
    words = raw.words.lower()
    if words == "a quarter" and re.search(r"\d\s?(?:m|bn|k|million|billion)?\s$", left):
        return True
    if words == "twice":
        return not _TWICE_AS.match(right)
    if words == "double":
        return not _DOUBLE_OF.match(right)
    if words == "a half" and _AND_A_HALF.search(left):
        return True
    ordinal = words.startswith(("a ", "an ")) and words != "a half"
    return raw.kind == "share" and ordinal and bool(_NAMES_NEXT.match(right))
