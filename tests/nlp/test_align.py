"""Sentences are paired exactly first, then by likeness, wherever they stand; the same both ways round."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.changes import long_document
from nlp.align import align, normalise
from nlp.changes import align_passages
from nlp.passages import split

LONG = "This one sentence has far more letters in it than both of the others together have."
SENTENCES = st.lists(
    st.sampled_from(["a b c.", "a b d.", "x y z.", "x y.", "long sentence of six words.", ""]), max_size=12
)


@settings(deadline=None)
@given(SENTENCES, SENTENCES)
def test_pairs_are_the_same_both_ways_round(old: list[str], new: list[str]) -> None:
    forwards = {(p.old, p.new, p.moved) for p in align(old, new)}
    assert forwards == {(p.new, p.old, p.moved) for p in align(new, old)}


@settings(deadline=None)
@given(SENTENCES, SENTENCES)
def test_every_sentence_stands_in_one_pair(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert sorted(p.old for p in pairs if p.old is not None) == [i for i, s in enumerate(old) if s]
    assert sorted(p.new for p in pairs if p.new is not None) == [j for j, s in enumerate(new) if s]


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        (["one a.", "two b.", "three c."], ["three c.", "one a.", "two b."], {(2, 0)}),
        (["one a.", "two b."], ["zero.", "one a.", "two b."], set()),
        (["same.", "one a.", "same.", "two b.", "same."], ["one a.", "same.", "two b.", "same."], set()),
        (["a b.", "c d.", LONG], [LONG, "a b.", "c d."], {(2, 0)}),
    ],
    ids=["last first", "one added before", "one of three equal ones gone", "a long one past two short ones"],
)
def test_only_what_changed_its_place_has_moved(old: list[str], new: list[str], moved: set[tuple[int, int]]) -> None:
    assert {(p.old, p.new) for p in align(old, new) if p.moved} == moved


def test_an_edited_sentence_far_from_its_old_place_is_found() -> None:
    filler = [f"Filler number {n} speaks of nothing in particular {n * n}." for n in range(40)]
    old = ["Emergency admissions among care home residents fell by a third.", *filler]
    new = [*filler, "Emergency admissions among care home residents fell by a quarter."]
    [pair] = [p for p in align(old, new) if not p.exact]
    assert (pair.old, pair.new, pair.moved) == (0, 40, True)


@pytest.mark.parametrize(("a", "b"), [("“x” – y", '"x"-y'), ("a\u00a0b", "a b"), ("it’s", "it's"), ("end .", "end.")])
def test_typography_is_not_compared(a: str, b: str) -> None:
    assert normalise(a) == normalise(b)


def test_two_megabytes_are_aligned_in_seconds() -> None:
    old, new = (split(text) for text in long_document())
    started = time.process_time()
    pairs = align_passages(old, new)
    assert (
        time.process_time() - started < 4
    )  # 2 s alone on two cores (benchmarks/changes.py); other work may run beside
    assert sum(p.exact for p in pairs) > 0.9 * len(old)
