"""The small parser of spelled numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.figures.words import DIGITS, ONES, SPELLED, TENS, digits, spelled

SMALL = [*ONES]
TENS_SAID = [*TENS]


def say(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens = TENS_SAID[number // 10 - 2]
        return tens if number % 10 == 0 else f"{tens}-{say(number % 10)}"
    for size, name in ((10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            joint = " and " if 0 < rest < 100 else " "
            return f"{say(number // size)} {name}" + (joint + say(rest) if rest else "")
    raise AssertionError


@given(st.integers(1, 999_999_999))
def test_reads_back_every_number_as_it_is_said(number: int) -> None:
    words = say(number)
    assert spelled(words) == number
    assert re.fullmatch(SPELLED, words, re.IGNORECASE)


@given(st.integers(0, 10**15))
def test_reads_digits_with_commas(number: int) -> None:
    written = f"{number:,}"
    assert re.fullmatch(DIGITS, written)
    assert digits(written) == number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("half a million", 5e5),
        ("a quarter of a million", 2.5e5),
        ("a dozen", 12),
        ("two dozen", 24),
        ("a hundred", 100),
    ],
)
def test_reads_common_turns(words: str, value: float) -> None:
    assert spelled(words) == value


@pytest.mark.parametrize("words", ["two three", "ten four", "twenty eleven"])
def test_words_that_are_not_one_number_are_none(words: str) -> None:
    assert spelled(words) is None
