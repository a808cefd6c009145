"""Numbers as English writes them: digits, words, magnitudes, fractions."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    w: 10 * n for n, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
MAGNITUDES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12, "trn": 1e12} | SCALES
PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
MULTIPLES = {"twice": 2, "doubl": 2, "trebl": 3, "tripl": 3, "quadrupl": 4, "quintupl": 5}

_NAMES = sorted([*ONES, *TENS, *SCALES], key=len, reverse=True)
_JOIN = r"(?:-|\s|(?:(?<=hundred)|(?<=thousand)|(?<=million)|(?<=billion))\s+and\s+)"
WORD = "(?:" + "|".join(_NAMES) + ")"
_OF_SCALE = r"(?:half\s+a|(?:a\s+)?quarter\s+of\s+a|an?)[\s-](?:dozen|hundred|thousand|million|billion)"
SPELLED = rf"(?:{_OF_SCALE}|{WORD}(?:{_JOIN}{WORD}){{0,20}})\b"
DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+|[·]\d+)?)"
MAX_DIGITS = 18  # more is an identifier, not a quantity


def digits(text: str) -> float | None:
    """Return the value of a number in digits, or None where it is too long to be one ("1,420" -> 1420)."""
    plain = text.replace(",", "").replace("·", ".")
    return float(plain) if len(plain) <= MAX_DIGITS else None


def spelled(text: str) -> float | None:
    """Return the value of a spelled number, or None where the words are not one number.

    "one hundred and fifty" -> 150; "half a million" -> 500000; "two three" -> None.
    """
    words = [word for word in re.split(r"[\s-]+", text.lower()) if word != "and"]
    if "half" in words or "quarter" in words:
        return SCALES[words[-1]] / (2 if "half" in words else 4)
    total, part, last = 0.0, 0.0, 1e15
    for word in words:
        if word in ("a", "an"):
            part = 1
        elif word in SCALES:
            part = (part or 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, part = total + part, 0
            last = 1e15
        else:
            value = ONES.get(word, TENS.get(word, 0))
            if (value >= 10 and last < 1e15) or (value < 10 and last < 20):
                return None
            part, last = part + value, value
    return total + part


def number(text: str) -> float | None:
    """Return the value of digits or words."""
    return digits(text) if text[0].isdigit() else spelled(text)


@cache
def _lists() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    return loaded


def word_set(name: str) -> frozenset[str]:
    """Return a list of ``words.yml`` as a set."""
    return frozenset(_lists()[name].split())
