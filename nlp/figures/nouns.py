"""The noun that a number counts: "12,000 more nurses" -> nurses; "rose by 87,000" -> what rose."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "in",
        "on",
        "at",
        "by",
        "to",
        "from",
        "for",
        "with",
        "without",
        "within",
        "into",
        "onto",
        "over",
        "under",
        "between",
        "among",
        "against",
        "during",
        "after",
        "before",
        "since",
        "until",
        "because",
        "if",
        "when",
        "while",
        "where",
        "which",
        "who",
        "whose",
        "whom",
        "what",
        "as",
        "than",
        "then",
        "but",
        "nor",
        "so",
        "yet",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "not",
        "no",
        "it",
        "its",
        "they",
        "them",
        "their",
        "he",
        "she",
        "his",
        "her",
        "we",
        "our",
        "us",
        "you",
        "your",
        "i",
        "my",
        "per",
        "via",
        "each",
        "every",
        "rose",
        "fell",
        "grew",
        "dropped",
        "increased",
        "decreased",
        "declined",
        "reduced",
        "remained",
        "stood",
        "reached",
        "said",
        "says",
        "found",
        "reported",
        "showed",
        "shows",
        "took",
        "takes",
        "made",
        "makes",
        "came",
        "went",
        "compared",
        "more-than",
        "about",
        "around",
        "approximately",
        "up",
        "down",
        "out",
        "off",
        "only",
        "even",
        "still",
        "also",
        "just",
        "both",
        "either",
        "neither",
        "there",
        "here",
        "now",
        "died",
        "lived",
        "live",
        "lives",
        "left",
        "cost",
        "costs-v",
        "saved",
        "spent",
        "waited",
        "returned",
        "received",
        "completed",
        "took",
        "used",
        "using",
        "need",
        "needs",
        "needed",
        "agreed",
        "felt",
        "thought",
        "answered",
        "replied",
        "responded",
        "attended",
        "paid",
        "see",
        "saw",
        "get",
        "got",
        "give",
        "gave",
        "given",
        "known",
        "seen",
        "held",
        "led",
        "taking",
        "making",
        "aged",
        "living",
        "waiting",
        "receiving",
        "using",
        "being",
        "having",
        "including",
        "involving",
        "following",
        "according",
        "responded",
        "met",
        "said",
        "told",
        "helped",
        "published",
        "selected",
        "identified",
        "recruited",
        "randomised",
        "randomized",
        "admitted",
        "discharged",
        "transferred",
        "treated",
        "seen",
        "offered",
        "supported",
        "chosen",
        "covered",
    ]
)
_PLURALS = frozenset(
    [
        "people",
        "staff",
        "children",
        "men",
        "women",
        "persons",
        "police",
        "feet",
        "criteria",
        "fte",
        "wte",
        "wtes",
        "ftes",
        "households",
        "data",
        "media",
        "households",
        "pence",
        "lives",
        "series",
        "pounds",
    ]
)
_NOT_PLURAL = frozenset(
    [
        "this",
        "its",
        "is",
        "was",
        "has",
        "as",
        "us",
        "less",
        "plus",
        "always",
        "across",
        "perhaps",
        "towards",
        "sometimes",
        "versus",
        "previous",
        "various",
        "serious",
        "previously",
        "continuous",
        "famous",
        "religious",
        "numerous",
        "business",
        "process",
        "access",
        "progress",
        "success",
        "illness",
        "wellness",
        "fitness",
        "analysis",
        "basis",
        "diagnosis",
        "crisis",
        "emphasis",
        "status",
        "focus",
        "consensus",
        "campus",
        "bus",
        "gas",
        "class",
        "loss",
        "press",
        "address",
        "thus",
        "acids",
        "diabetes",
        "news",
        "series-of",
        "bonus",
        "census",
        "surplus",
        "virus",
        "afterwards",
        "besides",
        "whereas",
        "unless",
        "sepsis",
        "dialysis",
        "covid",
        "nhs",
        "homeless",
        "nervous",
        "integrated-care",
        "us",
        "vs",
        "afterwards",
        "indoors",
        "cross",
        "boss",
        "mass",
        "pass",
        "less",
        "stress",
        "express",
        "enormous",
        "generous",
        "anxious",
        "precious",
        "dangerous",
        "obvious",
        "religious",
        "home-care",
        "outpatients-dept",
        "ics",
    ]
)
PERSONS_AND_THINGS = frozenset(
    [
        "patients",
        "people",
        "staff",
        "nurses",
        "beds",
        "participants",
        "gps",
        "homes",
        "hours",
        "days",
        "residents",
        "carers",
        "workers",
        "admissions",
        "visits",
        "places",
        "children",
        "adults",
        "doctors",
        "practices",
        "households",
        "clients",
        "users",
        "referrals",
        "women",
        "men",
        "respondents",
        "interviews",
        "deaths",
        "cases",
        "calls",
        "appointments",
        "attendances",
        "posts",
        "jobs",
        "vacancies",
        "schemes",
        "hospitals",
        "organisations",
    ]
)
_TOKEN = re.compile(r"(?P<gap>\s+[“\"‘'(]?|-)(?P<word>[^\W\d_][\w’'-]*)")
_OF = re.compile(
    r"\s+(?:out\s+)?of\s+(?:(?:all|the|these|those|its|our|their|his|her|them|whom|which)\s+)*", re.IGNORECASE
)
_OF_NUMBER = re.compile(r"(?:£?[\d,.]+|[a-z]+(?:-[a-z]+)?)\s", re.IGNORECASE)
_PREMOD = frozenset(["more", "fewer", "additional", "extra", "new", "further", "other", "less"])
MAX_WORDS = 7


@dataclass(frozen=True, slots=True)
class Noun:
    """The counted noun: its lower-case word, its phrase with adjectives, and where it ends."""

    word: str
    phrase: str
    start: int
    end: int
    gap: int
    hyphenated: bool = False


def counted(text: str, at: int, value: float) -> Noun | None:
    """Return the noun counted by the number that ends at ``at``, or None.

    "38 schemes in eight countries": schemes. "87,000 in 2015": None. "14 of the 19 managers": managers.
    """
    through = _OF.match(text, at)
    if through:
        number = _OF_NUMBER.match(text, through.end())
        direct = _phrase(text, through.end() - 1, value)
        if direct is None and number:
            return _phrase(text, number.end() - 1, value)
        return direct
    return _phrase(text, at, value)


def is_plural(word: str) -> bool:
    """Say whether a lower-case word looks like a plural noun."""
    if word in _PLURALS:
        return True
    return (
        len(word) > 2
        and word.endswith("s")
        and not word.endswith(("ss", "ous", "'s", "’s"))
        and word not in _NOT_PLURAL
    )


def _phrase(text: str, at: int, value: float) -> Noun | None:
    words: list[re.Match[str]] = []
    head = -1
    position = at
    for _ in range(MAX_WORDS):
        token = _TOKEN.match(text, position)
        if token is None or (token["gap"] == "-" and words):
            break
        word = token["word"].lower()
        plain = word.rstrip("'’")
        if plain in _STOP or plain.endswith("ly") or (plain in ("and", "or", "&") and (head >= 0 or not words)):
            break
        words.append(token)
        position = token.end()
        if is_plural(plain) or token["gap"] == "-":
            head = len(words) - 1
            if token["gap"] == "-":
                break
        elif head >= 0:
            words.pop()
            break
        if text[position : position + 1] in (",", ";", ":", ".", ")", "”", '"') and head < 0:
            head = _comma_goes_on(text, position, words)
            if head == -1:
                break
            head = -1
            position += 1
    if head < 0:
        return None
    return _noun(text, words, head, at)


def _comma_goes_on(text: str, position: int, words: list[re.Match[str]]) -> int:
    """An adjective list may hold commas or a closing quotation mark: "29 “vanguard” sites"."""
    return 0 if text[position] in ("”", '"') else -1


def _noun(text: str, words: list[re.Match[str]], head: int, at: int) -> Noun:
    last = words[head]
    raw = last["word"].rstrip("'’")
    hyphenated = words[0]["gap"] == "-"
    if hyphenated:
        raw = raw.split("-")[0]
    plain = raw if raw[:-1].isupper() and len(raw) > 2 else raw.lower()
    if hyphenated and not is_plural(plain):
        plain += "s"
    end = last.start("word") + len(raw)
    return Noun(plain, text[words[0].start("word") : end].lower(), words[0].start("word"), end, head + 1, hyphenated)
