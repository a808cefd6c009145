"""Whether two bibliographic records are of one work: yes, no, or a person must say.

A duplicate is the same record of the same publication, however its details are written (Rathbone et al. 2015). The
journal article after the conference paper, the next part, the next year's report, a reply and an erratum are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from nlp.dedupe_prep import Prepared

SURE = 6.0
UNSURE = 4.5
TELLING_WORDS = 3  # a title with fewer may stand over many works
MIN_ABSTRACT_CHARS = 150
_OTHER_WORK = re.compile(
    r"\A(?:an? |the |authors? s? ?|guest )?"
    r"(?:reply|response|comments?|commentary|letter|rejoinder|editorial|discussion)\b"
    r"|\b(?:erratum|errata|corrigendum|correction to|retracted|retraction|expression of concern|addendum|book review)\b"
    r"|\b(?:reply|rejoinder|commentary|protocol|authors? s? ?response)\Z"
)
_EVERY_ISSUE = re.compile(
    r"\b(?:editorial|editors?|introduction|foreword|preface|from the|in this issue|this issue|about the|letters?"
    r"|contents|index|announcements?|book reviews?|news|remarks|guest|abstracts?|obituary|correspondence|president s"
    r"|highlights)\b"
)
_MEETING = frozenset(["conference", "proceedings", "symposium", "workshop", "congress", "meeting", "proc", "conf"])
SERIAL_WORDS = 5  # a title no longer than this that says "editorial" or the like stands in every issue


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much speaks for one work (``score``, in points), and what."""

    score: float
    why: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Enough speaks for it."""
        return self.score >= SURE

    @property
    def unsure(self) -> bool:
        """A person must say."""
        return UNSURE <= self.score < SURE


def compare(a: Prepared, b: Prepared) -> Verdict:
    """Weigh what two records share and where they differ."""
    serial = _serial(a) and _serial(b)
    points = {
        "title": min(_title(a, b), 0.0) if serial else _title(a, b),
        "authors": _authors(a, b),
        "year": _year(a, b),
        "journal": _journal(a, b),
        "volume": _agree(a.volume, b.volume, 1.0, -1.5),
        "number": _agree(a.number, b.number, 0.5, -3.0 if serial else -0.5),
        "pages": _agree(a.pages, b.pages, 2.0, -3.0) if serial else _pages(a, b),
        "doi": _agree(a.doi, b.doi, 4.0, -3.0),
        "abstract": _abstract(a, b),
        "every field": SURE if a == b and not serial and len(a.title.split()) >= TELLING_WORDS else 0.0,
    }
    return Verdict(sum(points.values()), tuple(name for name, value in points.items() if value > 0))


def _serial(record: Prepared) -> bool:
    """Whether the title says nothing: every issue of the journal has one."""
    said, count = len(_EVERY_ISSUE.findall(record.title)), len(record.title.split())
    return (said >= 1 and count <= SERIAL_WORDS) or (said >= 2 and count <= 2 * SERIAL_WORDS)


def likeness(a: str, b: str) -> float:
    """Return how alike two prepared titles are, 0 to 1; a title cut short is nearly the whole one."""
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    score = max(fuzz.ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", ""))) / 100
    if long.startswith(f"{short} "):
        return max(score, 0.93 if len(short) >= 30 else 0.85 if len(short) >= 15 else 0.0)
    return score


def _title(a: Prepared, b: Prepared) -> float:
    if not a.title or not b.title:
        return 0.0
    score = max(likeness(x, y) for x in (a.title, a.other_title) for y in (b.title, b.other_title) if x and y)
    if score < 1 and _numbers_conflict(a, b) and not _same_place(a, b):
        return -4.0
    if bool(_OTHER_WORK.search(a.title)) != bool(_OTHER_WORK.search(b.title)):
        return -4.0
    for floor, points in ((0.99, 4.0), (0.95, 3.0), (0.9, 2.0), (0.8, 1.0), (0.6, -1.0)):
        if score >= floor:
            return points
    return -4.0


def _numbers_conflict(a: Prepared, b: Prepared) -> bool:
    """Both titles count something, and not the same; a title cut short may lack its last numbers."""
    if sorted(a.numbers) == sorted(b.numbers):
        return False
    short, long = sorted((a.numbers, b.numbers), key=len)
    return not (set(short) <= set(long) and a.title[:30] == b.title[:30] and abs(len(a.title) - len(b.title)) > 8)


def _same_place(a: Prepared, b: Prepared) -> bool:
    return bool(a.volume and a.first_page) and (a.volume, a.pages) == (b.volume, b.pages)


def _authors(a: Prepared, b: Prepared) -> float:
    if not a.surnames or not b.surnames:
        return 0.0
    short, long = sorted((a.surnames, b.surnames), key=len)
    shared = sum(any(_same_name(s, name) for name in long) for s in short)
    first = _same_name(a.surnames[0], b.surnames[0])
    if first and shared >= max(1, len(short) // 2):
        return 2.0
    if shared >= max(1, len(short) * 0.6) or a.lead & b.lead:
        return 1.0
    return 0.0 if shared else -3.0


def _same_name(a: str, b: str) -> bool:
    if a == b or min(len(a), len(b)) <= 3:
        return a == b
    return a.endswith(b) or b.endswith(a) or a.startswith(b) or b.startswith(a) or fuzz.ratio(a, b) >= 85


def _year(a: Prepared, b: Prepared) -> float:
    if a.year is None or b.year is None:
        return 0.0
    apart = abs(a.year - b.year)
    return 1.0 if apart == 0 else 0.0 if apart == 1 else -2.0


def _journal(a: Prepared, b: Prepared) -> float:
    if not a.journal or not b.journal:
        return 0.0
    if same_journal(a.journal, b.journal):
        return 1.5
    meetings = _MEETING & set(a.journal) and _MEETING & set(b.journal)
    return 0.0 if meetings and a.year == b.year else -1.5


def same_journal(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether two journal names, as words, may be one, written out or abbreviated word by word."""
    if a == b or fuzz.token_sort_ratio(" ".join(a), " ".join(b)) >= 90 or _initials(a) in b or _initials(b) in a:
        return True
    short, long = sorted((a, b), key=lambda words: (len(words), sum(map(len, words))))
    if len(short) == 1 and len(long) > 1:
        return short[0] == long[0]
    at = 0
    for word in short:
        while at < len(long) and not (long[at].startswith(word) or word.startswith(long[at])):
            at += 1
        if at == len(long):
            return False
        at += 1
    return True


def _initials(words: tuple[str, ...]) -> str:
    return "".join(w[0] for w in words) if len(words) > 2 else "\0"


def _abstract(a: Prepared, b: Prepared) -> float:
    if min(len(a.abstract), len(b.abstract)) < MIN_ABSTRACT_CHARS:
        return 0.0
    return 2.0 if fuzz.ratio(a.abstract, b.abstract) >= 95 else 0.0


def _agree(a: str, b: str, same: float, other: float) -> float:
    return 0.0 if not a or not b else same if a == b else other


def _pages(a: Prepared, b: Prepared) -> float:
    if not a.first_page or not b.first_page:
        return 0.0
    if a.first_page == b.first_page:
        return 2.0
    return 0.5 if a.last_page == b.last_page and len(a.last_page) > 2 else -2.0
