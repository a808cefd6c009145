"""Relevance: the field is let through, other subjects are held."""

from __future__ import annotations

import pytest

from nlp.relevance import LINE, relevance

CASES = [
    ("Councils and the NHS pooled budgets so that social care and hospital teams could work together on discharge.",
     True, "the field itself"),
    ("The integrated care board agreed with local authorities to fund joint reablement teams for patients at home.",
     True, "its newer words"),
    ("The council approved a joint plan for roads and a partnership with the bus company.", False, "a council, roads"),
    ("A new drug lowered blood pressure in patients admitted to hospital.", False, "medicine alone"),
    ("The photo competition closes on Friday.", False, "nothing of it"),
    ("", False, "no words"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "note"), CASES, ids=[note for *_, note in CASES])
def test_only_the_field_scores_above_the_line(text: str, wanted: bool, note: str) -> None:
    score, reason = relevance(text, None)
    assert (score >= LINE) is wanted, (score, reason)
    assert reason


def test_a_title_on_the_field_counts() -> None:
    text = "This paper describes methods. We interviewed staff in three hospitals and two councils."
    assert relevance(text, "Integrating health and social care")[0] > relevance(text, "Methods")[0]
