"""Passages: where they begin and end, what kind they are, and that no input breaks them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.passages import MAX_PASSAGE_CHARS, flat, split


def shapes(text: str) -> list[tuple[str, str]]:
    return [(p.type, flat(p.text)) for p in split(text)]


CASES = [
    ("Costs rose. Care did not.", [("sentence", "Costs rose."), ("sentence", "Care did not.")], "two sentences"),
    ("Dr. Shah met Mr. J. Lee of St. Ives.", [("sentence", "Dr. Shah met Mr. J. Lee of St. Ives.")], "abbreviations"),
    ("It cost £5.3bn. No savings came.[1] Why?", [("sentence", "It cost £5.3bn."), ("sentence", "No savings came.[1]"),
     ("sentence", "Why?")], "decimals and notes"),
    ("The ratio was 0.84 (95% CI 0.79 to 0.90). It held for 3.5 A-level years. It fell.12 Why?",
     [("sentence", "The ratio was 0.84 (95% CI 0.79 to 0.90)."), ("sentence", "It held for 3.5 A-level years."),
      ("sentence", "It fell.12"), ("sentence", "Why?")], "a decimal is no footnote number"),
    ("## Findings\n\nTrust grew.", [("heading", "Findings"), ("sentence", "Trust grew.")], "Markdown heading"),
    ("Summary\n\nTrust grew between the two teams.",
     [("heading", "Summary"), ("sentence", "Trust grew between the two teams.")], "plain heading"),
    ("> Nobody asked us.", [("quote", "Nobody asked us.")], "quoted line"),
    ("The teams in the northern part of the county were\nformed in 2014, and they have worked together in one\n"
     "building since. They share a budget.",
     [("sentence", "The teams in the northern part of the county were formed in 2014, and they have worked together in "
       "one building since."), ("sentence", "They share a budget.")], "hard-wrapped lines are joined"),
    ("3 comments\n\nI agree with this.", [("heading", "3 comments"), ("comment", "I agree with this.")], "comments"),
    ("a | b\n---|---\nCosts rose. | Costs rose.", [("sentence", "a"), ("sentence", "b"), ("sentence", "Costs rose.")],
     "a table row says a thing once"),
    ("**2. Care is joined up.** It works.", [("sentence", "2. Care is joined up."), ("sentence", "It works.")],
     "a bold numbered sentence"),
    ("", [], "nothing"),
    (" \n\t\x00 --- ***", [], "no words"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "note"), CASES, ids=[note for *_, note in CASES])
def test_text_is_cut_where_a_reader_would(text: str, wanted: list[tuple[str, str]], note: str) -> None:
    assert shapes(text) == wanted


def test_list_items_keep_their_lead_in() -> None:
    text = "Barriers include:\n- lack of trust\n- separate budgets\n\nEnablers matter too."
    items = [p for p in split(text) if p.type == "item"]
    assert [text[p.start : p.end] for p in items] == ["lack of trust", "separate budgets"]
    assert all(p.lead is not None and text[slice(*p.lead)] == "Barriers include:" for p in items)
    assert split(text)[-1].lead is None


def test_spans_of_comments_give_comment_passages() -> None:
    text = "An article.\nI disagree."
    assert [p.type for p in split(text, [(12, 23)])] == ["sentence", "comment"]


@given(st.text(alphabet=st.sampled_from("ab A.!?\n-*#>|“”():1£\r\u2028\x00\ud800"), max_size=300))
@settings(max_examples=200, deadline=None)
def test_offsets_are_exact_and_in_order_for_any_text(text: str) -> None:
    found = split(text)
    assert all(text[p.start : p.end] == p.text and p.text for p in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "a. " * 33_000, "word " * 20_000, "* " * 50_000, "“" * 100_000, "(" * 100_000, "| " * 50_000,
     "A.\n" * 33_000, "1. " * 33_000, "**" * 50_000, "!" * 100_000, " " * 100_000, "a\n" * 50_000],
    ids=lambda text: repr(text[:3]),
)  # fmt: skip
def test_hostile_text_is_cut_without_hanging_into_passages_of_bounded_length(text: str) -> None:
    found = split(text)
    assert all(len(p.text) <= MAX_PASSAGE_CHARS for p in found)


def test_comments_are_passages_of_their_own_though_one_line_break_parts_them_from_the_text() -> None:
    text = "The board met in May\nSo it did.\nAnd decided nothing."
    spans = [(21, 31), (32, 52)]
    found = [(passage.text, passage.type) for passage in split(text, spans)]
    assert found[-2:] == [("So it did.", "comment"), ("And decided nothing.", "comment")]
    assert found[0][0] == "The board met in May"
