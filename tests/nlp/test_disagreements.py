"""Claims that disagree."""

from __future__ import annotations

from nlp.disagreements import Said, find_disagreements

UP = Said(
    "c1",
    "w1",
    "Pooled budgets cut admissions.",
    "finding",
    "improved",
    "emergency-admissions",
    "pooled-budgets",
    "trial",
)
DOWN = Said(
    "c2", "w2", "Pooled budgets raised admissions.", "assertion", "worsened", "emergency-admissions", "pooled-budgets"
)


def but(claim: Said, **parts: object) -> Said:
    return Said(**{name: parts.get(name, getattr(claim, name)) for name in Said.__slots__})  # type: ignore[arg-type]


def test_opposite_directions_on_one_outcome_and_intervention_disagree() -> None:
    found = find_disagreements([UP, DOWN])
    assert [(one.outcome, one.intervention, one.improved, one.worsened) for one in found] == [
        ("emergency-admissions", "pooled-budgets", (UP,), (DOWN,))
    ]


def test_another_outcome_or_intervention_or_none_is_no_disagreement() -> None:
    for parts in ({"outcome": "cost"}, {"intervention": "telehealth"}, {"outcome": None}, {"direction": "unclear"}):
        assert find_disagreements([UP, but(DOWN, **parts)]) == []


def test_commitments_and_recommendations_disagree_with_nothing() -> None:
    for kind in ("commitment", "recommendation"):
        assert find_disagreements([UP, but(DOWN, kind=kind)]) == []


def test_one_work_does_not_disagree_with_itself_and_counts_once() -> None:
    assert find_disagreements([UP, but(DOWN, work="w1")]) == []
    [found] = find_disagreements([UP, but(UP, ref="c9"), DOWN])
    assert found.improved == (UP,)


def test_no_effect_counts_only_when_asked() -> None:
    none = but(DOWN, direction="no_effect")
    assert find_disagreements([UP, none]) == []
    [found] = find_disagreements([UP, none], with_no_effect=True)
    assert found.no_effect == (none,)
