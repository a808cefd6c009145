"""Who says it, both ways round."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import read_cases
from nlp.attribution import find_attribution, same_source
from warehouse.models import Attribution

CASES = read_cases(Path(__file__).with_name("cases") / "attribution.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_says_who_speaks(case: Any) -> None:
    found = find_attribution(case["text"], before=case.get("before", ""))
    assert found == Attribution(case["type"], case["name"], case["role"])


@pytest.mark.parametrize("open_close", ['""', "“”", "‘’", "''"])
def test_quotation_marks_of_every_kind_read_alike(open_close: str) -> None:
    opening, closing = open_close
    text = f"{opening}It cannot go on,{closing} said Jane Smith, chief executive of the trust."
    assert find_attribution(text) == Attribution("person", "Jane Smith", "chief executive of the trust")


def test_one_body_under_two_names_is_one_source() -> None:
    assert same_source(Attribution("body", "NAO"), Attribution("body", "the National Audit Office"))
    assert not same_source(Attribution("body", "NAO"), Attribution("body", "CQC"))
    assert not same_source(Attribution("body", "NAO"), Attribution("author"))


HOSTILE = [
    "Aa" * 50_000,
    "Aa " * 33_000,
    '" said ' * 14_000,
    "the Trust of " * 8_000,
    "A review of " * 9_000,
    "said A B, " * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] for text in HOSTILE])
def test_hostile_text_takes_no_time(text: str) -> None:
    started = time.process_time()
    find_attribution(text, before=text)
    assert time.process_time() - started < 0.5
