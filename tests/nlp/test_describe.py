"""Direction on an outcome, the outcome, the intervention and the hedge."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import read_cases
from nlp.describe import Description, describe_claim, hedge_of
from nlp.named import find_named

CASES = read_cases(Path(__file__).with_name("cases") / "describe.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_describes_the_claim(case: Any) -> None:
    found = describe_claim(case["text"], find_named(case["text"]), before=case.get("before", ""))
    assert found == Description(case["direction"], case["outcome"], case["intervention"], case["hedge"])


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("It may help.", "hedged"),
        ("It will help.", "strong"),
        ("There is no evidence that it helps.", "strong"),
        ("It helps.", "none"),
        ("There is some evidence that it helps.", "hedged"),
        ("The review was published in May 2015.", "none"),
        ("This proves the case.", "strong"),
    ],
)
def test_hedge(text: str, hedge: str) -> None:
    assert hedge_of(text) == hedge


@pytest.mark.parametrize("text", ["no change " * 9_000, "some " * 20_000, "admissions rose " * 6_000, "not " * 25_000])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    describe_claim(text, find_named(text), before=text)
    assert time.process_time() - started < 3
