"""What a line is read with: a heading reaches far, a lead-in as far as its list goes."""

from __future__ import annotations

import pytest

from nlp.context import places


@pytest.mark.parametrize(
    ("lines", "above"),
    [
        (["Barriers include:", "• too few nurses", "• old software", "The board met in May."], [None, 0, 0, None]),
        (["Barriers include:", "too few nurses;", "old software.", "The board met in May."], [None, 0, 0, None]),
        (["What helped:", "GPs joined early.", "Money came in time.", "One board decided."], [None, 0, 0, 0]),
        (["Our aims", "We have two aims:", "• fewer falls", "We begin in May."], [None, 0, 1, 0]),
        (["Our aims", "We begin in May.", "It will cost £2m."], [None, 0, 0]),
    ],
)
def test_a_lead_in_ends_with_its_list_and_the_heading_above_it_comes_back(
    lines: list[str], above: list[int | None]
) -> None:
    assert [place for _, place in places(lines)] == above


def test_a_lead_in_to_whole_sentences_reaches_four_of_them() -> None:
    lines = ["Problems remain:", *(f"The team lost nurse {n}." for n in range(7))]
    assert [place for _, place in places(lines)] == [None, 0, 0, 0, 0, None, None, None]


def test_a_heading_reaches_fifteen_lines() -> None:
    lines = ["Our aims", *(f"We hired nurse {n}." for n in range(20))]
    assert [place for _, place in places(lines)] == [None] + [0] * 15 + [None] * 5
