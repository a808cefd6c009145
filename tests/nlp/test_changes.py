"""Properties of differences: empty with itself, mirrored, offsets right; what a change carries."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.changes import load_pairs
from nlp.align import normalise
from nlp.changes import change_json, classify, diff_annotations, diff_texts
from nlp.changes_words import word_diff
from nlp.passages import split
from warehouse.models import Annotation, Change, Claim

MIRROR = {"softened": "strengthened", "strengthened": "softened", "added": "removed", "removed": "added"}
PHRASES = [
    "The trust will cut 40 beds", "The trust may cut 30 beds", "Staff were not asked", "Staff were asked",
    "The auditor said costs rose", "The minister said costs rose", "All wards closed", "Some wards closed",
    "3 March 2015", "12 comments", "This article was amended on 3 May 2015", "Nobody knew", "Trust is “scarce”",
]  # fmt: skip
DOCUMENTS = st.lists(st.sampled_from(PHRASES), max_size=9).map(lambda parts: ". ".join([*parts, ""]).strip())
ANY_TEXT = st.one_of(DOCUMENTS, st.text(max_size=200))


def shape(change: Change, mirrored: bool = False) -> tuple[object, ...]:
    kinds = [change.kind, *change.also]
    if not mirrored:
        return (tuple(kinds), change.old, change.new, change.old_span, change.new_span)
    return (tuple(MIRROR.get(k, k) for k in kinds), change.new, change.old, change.new_span, change.old_span)


@settings(deadline=None)
@given(ANY_TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert diff_texts(text, text) == []


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_backwards_is_the_mirror_of_forwards(old: str, new: str) -> None:
    forwards = Counter(shape(change) for change in diff_texts(old, new))
    backwards = Counter(shape(change, mirrored=True) for change in diff_texts(new, old))
    assert forwards == backwards


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_offsets_give_the_quoted_sentence(old: str, new: str) -> None:
    for change in diff_texts(old, new):
        for text, quote, span in ((old, change.old, change.old_span), (new, change.new, change.new_span)):
            assert (quote is None) == (span is None)
            if quote is not None and span is not None:
                assert text[span[0] : span[1]] == quote


@pytest.mark.parametrize("pair", load_pairs(), ids=lambda pair: pair.note)
def test_every_pair_mirrors(pair: object) -> None:
    forwards = Counter(shape(c) for c in diff_texts(pair.old, pair.new))  # type: ignore[attr-defined]
    backwards = Counter(shape(c, mirrored=True) for c in diff_texts(pair.new, pair.old))  # type: ignore[attr-defined]
    assert forwards == backwards


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_words_put_together_are_both_sentences(old: str, new: str) -> None:
    ops = word_diff(old, new)
    for side, text in (("delete", old), ("insert", new)):
        assert squeeze("".join(part for op, part in ops if op in ("equal", side))) == squeeze(text)
    swapped = {"equal": "equal", "delete": "insert", "insert": "delete"}
    forwards = Counter((op, part) for op, part in ops if op != "equal")
    backwards = Counter((swapped[op], part) for op, part in word_diff(new, old) if op != "equal")
    assert forwards == backwards


def squeeze(text: str) -> str:
    return "".join(normalise(text).split())


def test_a_figure_changed_says_which_from_what_to_what() -> None:
    [change] = diff_texts("It saved £5.3bn in 2014.", "It saved £5.1 billion in 2014.")
    assert change.detail["figures"] == [
        {
            "from": {"value": 5.3e9, "unit": "GBP", "text": "£5.3bn", "measure": "savings"},
            "to": {"value": 5.1e9, "unit": "GBP", "text": "£5.1 billion", "measure": "savings"},
        }
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Delays fell by 12%.", "Delays fell by 9%.", [(12.0, "%"), (9.0, "%")]),
        ("It has 24 beds.", "It has 28 beds.", [(24.0, "beds"), (28.0, "beds")]),
        ("It opened in May 2014.", "It opened in May 2015.", [(2014.0, "year"), (2015.0, "year")]),
    ],
)
def test_figures_are_shown_in_the_units_of_the_contract(old: str, new: str, shown: list[tuple[float, str]]) -> None:
    [change] = diff_texts(old, new)
    [pair] = change.detail["figures"]
    assert [(pair[side]["value"], pair[side]["unit"]) for side in ("from", "to")] == shown


def test_kinds_stand_in_the_order_of_the_contract() -> None:
    change = classify("The NAO said it will save £4m.", "The LGA said it may save £3m.", moved=True)
    assert change is not None
    assert (change.kind, change.also) == ("figure_changed", ("attribution_changed", "softened", "moved"))


def test_a_note_of_correction_is_one_entry_however_many_sentences_it_has() -> None:
    note = "This page was amended on 3 May 2015. An earlier version said 40. The correct figure is 30."
    [change] = diff_texts("Beds closed.", f"Beds closed.\n\n{note}")
    assert (change.kind, change.old, change.new) == ("correction_noted", None, note)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Beds were full all winter; discharge was slow because homes had no space.",
         "Beds were full all winter. Discharge was slow because homes had no space."),
        ("Nurses left and, as the audit found in every ward it saw, nobody replaced them.",
         "Nurses left. As the audit found in every ward it saw, nobody replaced them."),
    ],
)  # fmt: skip
def test_a_sentence_cut_in_two_is_one_rewording(one: str, two: str) -> None:
    [change] = diff_texts(f"A ward closed. {one} Trust is scarce.", f"A ward closed. {two} Trust is scarce.")
    assert (change.kind, change.old, change.new) == ("reworded", one, two)
    [back] = diff_texts(two, one)
    assert (back.kind, back.old, back.new) == ("reworded", two, one)


def test_the_json_form_has_every_key_of_the_contract() -> None:
    [change] = diff_texts("All beds closed.", "Some beds closed.")
    found = change_json(change)
    assert list(found) == ["kind", "also", "old", "new", "claim", "detail"]
    assert found["detail"]["words"] == [["delete", "All"], ["insert", "Some"], ["equal", " beds closed."]]


def test_only_changed_sentences_are_asked_whether_they_claim() -> None:
    asked: list[str] = []

    def claims(texts: list[str]) -> list[bool]:
        asked.extend(texts)
        return ["cut" in text for text in texts]

    changes = diff_texts("It will cut beds. Nobody came.", "It may cut beds. Nobody came. New.", claims)
    assert asked == ["It will cut beds.", "It may cut beds.", "New."]
    assert [c.claim for c in changes] == [True, False]


def test_annotations_say_which_changes_touch_a_claim() -> None:
    old = [Annotation(0, 18, "It will cut beds. ", "sentence", claim=Claim("commitment", 0.9))]
    new = [Annotation(0, 16, "It may cut beds.", "sentence"), Annotation(17, 29, "Nobody came.", "sentence")]
    changes = diff_annotations(old, new)
    assert [(c.kind, c.claim) for c in changes] == [("softened", True), ("added", False)]


def annotate(text: str, *claims: str) -> list[Annotation]:
    return [
        Annotation(p.start, p.end, p.text, p.type, claim=Claim("finding", 0.9) if p.text in claims else None)
        for p in split(text)
    ]


def test_a_change_of_joined_sentences_keeps_the_span_of_the_claim_among_them() -> None:
    old = "Beds were full; discharge was slow because homes had no space."
    new = "Beds were full. Discharge was slow because homes had no space."
    [change] = diff_annotations(annotate(old, old), annotate(new, "Discharge was slow because homes had no space."))
    assert (change.old, change.new, change.claim) == (old, new, True)
    assert (change.old_span, change.new_span) == ((0, len(old)), (16, len(new)))
    assert change.detail["new_whole"] == [0, len(new)]
    assert "old_whole" not in change.detail
