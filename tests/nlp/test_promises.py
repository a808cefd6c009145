"""Promise against outcome: what pairs, what does not, and what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.figures import find_figures
from nlp.named import find_named
from nlp.promises import Pair, Stated, pair_promises, state


def stated(quote: str, document: str = "d1", position: int = 0) -> list[Stated]:
    return state(quote, find_figures(quote), find_named(quote), document, position=position)


def told(pairs: list[Pair]) -> list[tuple[float, float, str]]:
    return [(pair.promise.figure.value, pair.outcome.figure.value, pair.verdict) for pair in pairs]


def test_a_plan_and_its_opposite_in_one_sentence_pair() -> None:
    pairs = pair_promises(
        stated("Areas planned to cut emergency admissions by 106,000, but admissions rose by 87,000.")
    )
    assert told(pairs) == [(106_000, 87_000, "opposite")]


def test_money_pairs_with_money_and_admissions_with_admissions() -> None:
    plan = "The Fund planned savings of £511 million and 106,000 fewer admissions"
    quote = f"{plan}; it achieved savings of £34 million, and admissions rose by 87,000."
    assert sorted(told(pair_promises(stated(quote)))) == [(106_000, 87_000, "opposite"), (511e6, 34e6, "missed")]


def test_two_sentences_of_a_document_pair_with_each_sides_quote() -> None:
    plan = "The Better Care Fund aims to reduce delayed transfers by 10% by 2016."
    came = "Delayed transfers fell by 4% in 2015-16."
    pairs = pair_promises([*stated(plan), *stated(came, position=500)])
    assert told(pairs) == [(10, 4, "missed")]
    assert (pairs[0].promise.quote, pairs[0].outcome.quote) == (plan, came)


def test_documents_pair_only_where_both_name_the_programme() -> None:
    plan = stated("The Better Care Fund will cut emergency admissions by 3.5% in 2015-16.", "plan")
    audit = "Under the Better Care Fund emergency admissions rose by 1.2% in 2015-16."
    assert told(pair_promises([*plan, *stated(audit, "audit")])) == [(3.5, 1.2, "opposite")]
    assert pair_promises([*plan, *stated("Emergency admissions rose by 1.2% in 2015-16.", "news")]) == []


@pytest.mark.parametrize(
    ("plan", "came"),
    [
        ("The plan will cut emergency admissions by 3%.", "Delayed transfers fell by 3%."),
        ("The plan will cut emergency admissions by 3%.", "Emergency admissions fell by 3,000."),
        ("In Leeds the plan will cut emergency admissions by 3%.", "In Salford emergency admissions fell by 2%."),
        ("Emergency admissions will fall by 3% by 2012.", "Emergency admissions fell by 2% in 2019."),
        ("The vanguards will cut emergency admissions by 3%.", "Under the BCF plan emergency admissions fell by 2%."),
        ("The Fund was worth £5bn.", "The Fund was worth £4bn."),
    ],
    ids=["outcome", "unit", "place", "period", "programme", "no promise"],
)
def test_what_speaks_against_a_pair_prevents_it(plan: str, came: str) -> None:
    assert pair_promises([*stated(plan), *stated(came, position=300)]) == []


@pytest.mark.parametrize(("came", "pairs"), [("800 fewer people", 0), ("300 people", 0), ("300 more people", 1)])
def test_people_pair_in_one_document_only_where_as_many_more_or_fewer_are_counted(came: str, pairs: int) -> None:
    plan, actual = "400 more people going home after their stay.", f"{came} spending days in hospital."
    sides = [
        *state(plan, [replace(figure, role="planned") for figure in find_figures(plan)], [], "d1"),
        *state(actual, [replace(figure, role="actual") for figure in find_figures(actual)], [], "d1", position=300),
    ]
    assert len(sides) == 2
    assert len(pair_promises(sides)) == pairs


def test_order_of_input_does_not_matter() -> None:
    one = stated("Areas planned to cut emergency admissions by 106,000, but admissions rose by 87,000.", "a")
    two = stated("We will cut delayed transfers by 10%. Delayed transfers fell by 4%.", "b")
    assert pair_promises([*one, *two]) == pair_promises([*two, *one])


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("The plan was to cut delayed transfers by 10%, but delayed transfers fell by 12%.", "met"),
        ("The plan was to cut delayed transfers by 10%, but delayed transfers fell by only 2%.", "missed"),
        ("The plan was to cut delayed transfers by 10%, but delayed transfers rose by 2%.", "opposite"),
    ],
)
def test_verdict(quote: str, verdict: str) -> None:
    assert [pair.verdict for pair in pair_promises(stated(quote))] == [verdict]
