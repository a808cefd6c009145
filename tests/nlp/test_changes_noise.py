"""Page furniture is told from sentences; the table's own examples and near misses are the cases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.changes_noise import comparable, furniture, is_noise

LINES = furniture()["lines"]
EXAMPLES = [(name, text) for name, line in LINES.items() for text in line["examples"]]
NEAR_MISSES = [(name, text) for name, line in LINES.items() for text in line["near_misses"]]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=str)
def test_furniture_is_compared_with_nothing(name: str, text: str) -> None:
    assert is_noise(text)
    assert comparable(text) == ""


@pytest.mark.parametrize(("name", "text"), NEAR_MISSES, ids=str)
def test_a_line_that_says_something_is_kept(name: str, text: str) -> None:
    assert not is_noise(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("LONDON, 3 March (Reuters) - The fund began.", "The fund began."),
        ("The fund began. Read more", "The fund began."),
        ("The  “fund” began\u00a0– late.", 'The "fund" began-late.'),
        ("Spending in 2014", "Spending in 2014"),
        ("More people were admitted in May 2015", "More people were admitted in May 2015"),
    ],
)
def test_what_is_left_to_compare(text: str, kept: str) -> None:
    assert comparable(text) == kept


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_error_and_twice_the_same(text: str) -> None:
    assert comparable(text) == comparable(text)


@pytest.mark.timeout(30)  # a pattern that goes back over its text would take hours
@pytest.mark.parametrize(
    "text", ["3 March 2015 " * 12 + "!", "by " + "a" * 150, "12 comments " * 13, "-" * 100_000, "1," * 80]
)
def test_hostile_lines_are_read_without_hanging(text: str) -> None:
    assert comparable(text) == comparable(text + " ")
