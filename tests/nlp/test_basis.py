"""What a claim rests on, and the study facts beside it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import read_cases
from nlp.basis import find_basis

CASES = read_cases(Path(__file__).with_name("cases") / "basis.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_names_the_basis_and_its_facts(case: Any) -> None:
    basis, facts = find_basis(case["text"], before=case.get("before", ""))
    assert basis == case["basis"]
    if not case.get("open"):
        assert sorted([fact.name, fact.value] for fact in facts) == sorted(case["facts"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_facts_quote_the_text(case: Any) -> None:
    for fact in find_basis(case["text"])[1]:
        quote = case["text"][fact.start : fact.end]
        assert quote
        assert quote == quote.strip()
        assert fact.name == "country" or quote.lower() == fact.value.lower()


@pytest.mark.parametrize(
    "text", ["interviews " * 9_000, "n = 1" * 20_000, "of 1 a a a a " * 7_000, "England " * 12_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    find_basis(text, before=text)
    assert time.process_time() - started < 0.5
