"""With the real encoder: claims that say the same are gathered, claims that are only near are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.echoes_claims import Said, same_claims
from nlp.embed import Encoder

PAIRS = [json.loads(line) for line in (Path(__file__).parent / "echoes" / "same_claims.jsonl").read_text().splitlines()]
RECALL = 0.8


@pytest.fixture(scope="module")
def gathered() -> list[bool]:
    """Whether each pair is found to be one claim."""
    texts = [text for pair in PAIRS for text in (pair["a"], pair["b"])]
    vectors = Encoder().encode(texts)
    found = []
    for n in range(len(PAIRS)):
        a, b = (Said(f"t{k}", f"d{k}", texts[2 * n + k], "finding", f"{k}") for k in (0, 1))
        found.append(bool(same_claims([a, b], vectors[2 * n : 2 * n + 2])))
    return found


def test_no_two_claims_that_differ_are_made_one(gathered: list[bool]) -> None:
    assert [p["a"] for p, found in zip(PAIRS, gathered, strict=True) if found and not p["same"]] == []


def test_most_claims_in_two_wordings_are_found(gathered: list[bool]) -> None:
    right = [found for p, found in zip(PAIRS, gathered, strict=True) if p["same"]]
    assert sum(right) / len(right) >= RECALL
