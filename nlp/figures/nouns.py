"""The noun that a number counts: "12,000 more nurses" -> nurses; "rose by 87,000" -> what rose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.figures.words import word_set

_STOP, _PLURALS, _NOT_PLURAL = word_set("stop"), word_set("plurals"), word_set("not_plurals")
PERSONS_AND_THINGS = word_set("persons_and_things")
_TOKEN = re.compile(r"(?P<gap>\s+[“\"‘'(]?|-)(?P<word>[^\W\d_][\w’'-]*)")
_OF = re.compile(
    r"\s+(?:out\s+)?of\s+(?:(?:all|the|these|those|its|our|their|his|her|them|whom|which)\s+)*", re.IGNORECASE
)
_OR_MORE = re.compile(r"\s+or\s+(?:more|fewer|less|so)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:them|whom|which)\s+$", re.IGNORECASE)
_OF_NUMBER = re.compile(
    r"(?:(?:estimated|about|some|nearly|almost|roughly|over|original|around|planned|expected|projected|promised|proposed|intended|remaining|first|last)\s)?(?:£?[\d,.]+|[a-z]+(?:-[a-z]+)?)\s",
    re.IGNORECASE,
)
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
    if aside := _OR_MORE.match(text, at):
        at = aside.end()
    through = _OF.match(text, at)
    if through:
        if _PRONOUN.search(through[0]):
            return None
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
        fewer_falls = plain == "falls" and len(words) > 1 and words[-2]["word"].lower() in _PREMOD
        if is_plural(plain) or fewer_falls or token["gap"] == "-":
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
    raw = re.sub(r"['’]s?$", "", last["word"])
    hyphenated = words[0]["gap"] == "-"
    if hyphenated:
        raw = raw.split("-")[0]
    plain = raw if raw[:-1].isupper() and len(raw) > 2 else raw.lower()
    if hyphenated and not is_plural(plain):
        plain += "s"
    end = last.start("word") + len(raw)
    return Noun(plain, text[words[0].start("word") : end].lower(), words[0].start("word"), end, head + 1, hyphenated)
