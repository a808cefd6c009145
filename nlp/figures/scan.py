"""Find what may be a figure: one pass with one regular expression, linear in the length of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from nlp.figures.words import DIGITS, MAGNITUDES, MULTIPLES, PARTS, SPELLED, WORD, number

Kind = Literal["money", "percent", "points", "share", "times", "rate", "count", "p", "ci"]
MAX_CANDIDATES = 100  # a passage with more is a table turned to text

_NUM = rf"(?:{DIGITS}|{SPELLED})"
_MAG = r"(?:millions?|billions?|trillions?|thousand|hundred|dozen|mn|mln|bn|trn|tn|k|m|b)(?![\w])"
_PARTS = "|".join(sorted(PARTS, key=len, reverse=True))
_PLAIN_FORM = rf"""(?P<plain>(?P<currency>[£€$]\s?|GBP\s?|[-−](?=\d))?(?P<number>{_NUM})
         (?P<half>\s+and\s+a\s+(?:half|quarter)\b)?
         (?:[\s-]?(?P<magnitude>{_MAG}))?
         (?:[\s-]?(?P<unit>percentage[\s-]points?|%(?:\s?points?\b)?|per[\s-]?cent\b(?:age)?(?:[\s-]points?)?|pct\b|ppts?\b|pp\b
            |pounds?\b(?!\s+of)|pence\b|(?<=\d)p\b|euros?\b|dollars?\b))?)"""
CANDIDATE = re.compile(
    rf"""(?<![\w#])(?<!\d[.,:/])(?:
      (?P<p>[pP]\s?(?P<p_sign>[<>=≤])\s?(?P<p_value>(?:0?[.·]\d+)))
    | (?P<ratio>(?P<x>{_NUM})
         (?:\s+(?:people|patients|adults|children|older\s+people|admissions|homes
            |(?!millions?|billions?|trillion|thousand|hundred|per\b|percent|{WORD}\b)(?P<odd>[a-z]{{3,}})))?
         \s+(?:in|out\s+of(?:\s+every)?|in\s+every)\s+(?P<y>{_NUM}))(?![\w.]?\d)
         (?!\s*(?:%|per\s?cent|years?\b|months?\b|weeks?\b|days?\b|hours?\b
            |million|billion))
    | (?P<fraction>(?!(?:half|quarter\s+of|a\s+quarter\s+of)\s+an?\s+(?:dozen|hundred|thousand|million|billion))
         (?:(?P<f_num>an?|one|two|three|four|five|six|seven|eight|nine)[\s-]|(?=half\b))
         (?P<f_part>{_PARTS})s?\b)
    | (?P<multiple>(?P<m_word>twice|doubl(?:ed?|es|ing)|trebl(?:ed?|es|ing)|tripl(?:ed?|es|ing)
            |quadrupl(?:ed?|es|ing)|halv(?:ed?|es|ing))\b
         |(?P<fold>{DIGITS}|{WORD})-?\s?fold\b)
    | {_PLAIN_FORM}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<![\w#]){_PLAIN_FORM}", re.VERBOSE | re.IGNORECASE)
_IDIOM = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 50, 100, 1000, 10000})
_PLURAL_AHEAD = re.compile(r"\s+(?!years)[a-z]+s\b")
_PER = re.compile(
    r"\s*(?:(?P<noun>[A-Za-z]+(?:\s[a-z]+){0,2})\s+)?(?P<per>per\s+(?:1,?000|10,?000|100,?000|100|million|thousand|head)\b)"
)
_RANGE = re.compile(r"\s*(?:-|–|—|−|to|and|or)\s*")
_CI = re.compile(r"\b(?:CIs?|[Cc]onfidence [Ii]ntervals?)\b[^\d.]{0,12}$")
_CI_JOIN = re.compile(r"\s*(?:,|to|-|–|and|;)\s*[-−]?$")
_CI_AHEAD = re.compile(r"[\s-]*(?:CIs?\b|confidence|credible|uncertainty)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Raw:
    """A candidate: its value in full, what kind of thing it is, and where it stands."""

    value: float
    kind: Kind
    unit: str
    start: int
    end: int
    words: str
    scaled: bool = False

    @property
    def spelled(self) -> bool:
        """Whether it is written in letters."""
        return not any(letter.isdigit() for letter in self.words)


def scan(text: str) -> list[Raw]:
    """Return the candidates of a passage in order, ranges with their unit and magnitude shared."""
    found: list[Raw] = []
    for match in CANDIDATE.finditer(text):
        raw = _read(match, text)
        found.extend(one for one in raw or () if not found or one.start >= found[-1].end)
        if len(found) >= MAX_CANDIDATES:
            break
    return _shared(found, text)


def _read(match: re.Match[str], text: str) -> list[Raw] | None:
    start, end = match.span()
    if match["p"]:
        return [Raw(float(match["p_value"].replace("·", ".")), "p", "p", start, end, match[0])]
    if match["ratio"]:
        return _ratio(match, text)
    if match["fraction"]:
        top = {"a": 1, "an": 1, None: 1}.get((match["f_num"] or "").lower() or None) or number(match["f_num"])
        return [Raw(round((top or 1) / PARTS[match["f_part"].lower()], 3), "share", "share", start, end, match[0])]
    if match["multiple"]:
        return _multiple(match)
    return _plain(match, text)


def _ratio(match: re.Match[str], text: str) -> list[Raw]:
    """Return the share of "one in five", else both counts: "38 in 2015", "24 out of 31"."""
    top, bottom = number(match["x"]), number(match["y"])
    if top is not None and bottom is not None and top < bottom and _is_share(match, text, top, bottom):
        return [Raw(round(top / bottom, 3), "share", "share", match.start(), match.end(), match[0])]
    plain = (_PLAIN.match(text, match.start(group)) for group in ("x", "y"))
    return [raw for one in plain if one for raw in _plain(one, text) or ()]


def _is_share(match: re.Match[str], text: str, top: float, bottom: float) -> bool:
    if bottom not in _IDIOM:
        return False
    if match["odd"] and (top != 1 or bottom > 100 or _PLURAL_AHEAD.match(text, match.end())):
        return False
    joined = match["ratio"][len(match["x"]) : -len(match["y"])].split()
    return bottom <= 10 or "out" not in joined or "every" in joined


def _multiple(match: re.Match[str]) -> list[Raw] | None:
    if match["fold"]:
        value = number(match["fold"])
        return None if value is None else [Raw(value, "times", "times", match.start(), match.end(), match[0])]
    word = match["m_word"].lower()
    if word.startswith("halv"):
        return [Raw(0.5, "share", "share", match.start(), match.end(), match[0])]
    value = next(value for stem, value in MULTIPLES.items() if word.startswith(stem))
    return [Raw(value, "times", "times", match.start(), match.end(), match[0])]


def _plain(match: re.Match[str], text: str) -> list[Raw] | None:
    value = number(match["number"])
    if value is None:
        return None
    if match["half"]:
        value += 0.25 if "quarter" in match["half"].lower() else 0.5
    magnitude, unit = (match["magnitude"] or "").lower().rstrip("s"), (match["unit"] or "").lower()
    currency = (match["currency"] or "").strip()
    end = match.end()
    if magnitude in ("m", "b", "k") and not currency and not _counted_ahead(text, end):
        return None
    value *= MAGNITUDES.get(magnitude, 1)
    kind, name = _kind(currency, unit)
    if kind == "money" and unit in ("pence", "p"):
        value /= 100
    value = round(value, 9)
    words = text[match.start() : end]
    if kind == "count" and (per := _PER.match(text, end)):
        noun = (per["noun"] or "").split()[-1:]
        return [Raw(value, "rate", " ".join([*noun, per["per"]]), match.start(), per.end(), words, bool(magnitude))]
    return [Raw(value, kind, name, match.start(), end, words, bool(magnitude))]


def _counted_ahead(text: str, end: int) -> bool:
    return bool(re.match(r"\s+[a-z]{3,}", text[end : end + 12]))


def _kind(currency: str, unit: str) -> tuple[Kind, str]:
    if currency in ("£", "GBP") or unit.startswith(("pound", "pence")) or unit == "p":
        return "money", "GBP"
    if currency == "€" or unit.startswith("euro"):
        return "money", "EUR"
    if currency == "$" or unit.startswith("dollar"):
        return "money", "USD"
    if "point" in unit or unit.startswith("pp"):
        return "points", "percentage points"
    return ("percent", "%") if unit else ("count", "")


def _shared(found: list[Raw], text: str) -> list[Raw]:
    """Give the first end of a range the unit and magnitude of the second: "between 5 and 10 per cent"."""
    found = _intervals(found, text)
    for at in range(len(found) - 2, -1, -1):
        left, right = found[at], found[at + 1]
        gap = text[left.end : right.start]
        joined = _RANGE.fullmatch(gap)
        if not joined or (gap.strip() in ("and", "or") and not _between(text, left.start)):
            continue
        if left.words.isdigit() and len(left.words) == 4 and 1900 <= left.value <= 2100:
            continue
        if left.kind == "count" and right.kind in ("percent", "points", "money", "rate"):
            found[at] = left = replace(left, kind=right.kind, unit=right.unit)
        elif left.kind == "money" and right.kind == "count":
            found[at + 1] = right = replace(right, kind="money", unit=left.unit)
        if right.scaled and not left.scaled and left.kind == right.kind and left.value < 1000:
            scale = right.value / (number(re.sub(r"[^\d.,]", "", right.words) or "1") or 1)
            found[at] = replace(left, value=round(left.value * scale, 9), scaled=True)
    return found


def _between(text: str, start: int) -> bool:
    return bool(
        re.search(r"\bbetween\s+(?:about\s+|around\s+)?[£€$]?$", text[max(0, start - 24) : start], re.IGNORECASE)
    ) or (" or " in text[start : start + 24])


def _intervals(found: list[Raw], text: str) -> list[Raw]:
    """Mark both ends of a confidence interval, and drop its "95%"."""
    kept: list[Raw] = []
    for raw in found:
        if raw.kind == "percent" and _CI_AHEAD.match(text, raw.end):
            continue
        after_ci = kept and kept[-1].kind == "ci" and _CI_JOIN.fullmatch(text[kept[-1].end : raw.start])
        first = _CI.search(text[max(0, raw.start - 40) : raw.start])
        second = after_ci and (len(kept) < 2 or kept[-2].kind != "ci" or kept[-2].end + 8 < kept[-1].start)
        if raw.kind in ("count", "percent") and (first or second):
            raw = replace(raw, kind="ci", unit=raw.unit or "CI")
        kept.append(raw)
    return kept
