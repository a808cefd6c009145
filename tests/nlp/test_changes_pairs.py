"""Version pairs, written by us as data with a note each, say what a difference must find."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.changes import Pair, load_pairs, score

FOLDER = Path(__file__).parent / "pairs"
PAIRS = load_pairs(FOLDER)
UNCHANGED = [pair for pair in PAIRS if not pair.expect]
FLOOR = 0.9


@pytest.mark.parametrize("pair", UNCHANGED, ids=lambda pair: pair.note)
def test_nothing_is_reported_where_nothing_was_said_differently(pair: Pair) -> None:
    assert pair.found() == []


def test_each_kind_is_found_with_precision_and_recall_over_the_floor() -> None:
    for kind, counts in score(PAIRS).items():
        assert counts.precision >= FLOOR, (kind, counts)
        assert counts.recall >= FLOOR, (kind, counts)


def test_every_kind_has_pairs() -> None:
    assert {kind for pair in PAIRS for kind in pair.kinds} == set(score(PAIRS))
    assert len(UNCHANGED) >= 27
