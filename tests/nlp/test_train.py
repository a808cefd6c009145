"""Training: the split never moves, labels are checked, layers learn, and the same data give the same bits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from nlp.codebook import load_codebook
from nlp.labelled import FOLDER, part, read
from nlp.stack import thresholds
from nlp.train import from_reviews
from warehouse.errors import ConfigError

CODES = list(load_codebook().codes)


def test_every_labelled_sentence_is_valid_and_the_parts_share_no_document() -> None:
    rows = read(CODES)
    assert len(rows) > 6_000
    shares = np.bincount([part(row.doc) + 1 for row in rows]) / len(rows)
    assert 0.05 < shares[0] < 0.2
    assert min(shares[1:]) > 0.15


def test_the_split_is_fixed() -> None:
    assert [part(doc) for doc in ("audit-01", "pblog-01", "pplan-01", "pweaka-08")] == [
        part(doc) for doc in ("audit-01", "pblog-01", "pplan-01", "pweaka-08")
    ]
    assert {part(f"doc-{n}") for n in range(100)} == {-1, 0, 1, 2}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 1: not JSON"),
        ('{"doc": "d", "text": "t", "claim": "none"}', "'themes' is missing"),
        ('{"doc": "d", "text": "t", "claim": "fact", "themes": {}}', "valid: none, finding"),
        ('{"doc": "d", "text": "t", "claim": "none", "themes": {"money": "barrier"}}', "not in the codebook"),
    ],
)
def test_a_wrong_label_is_refused_with_file_and_line(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "bad.jsonl").write_text(line + "\n", "utf-8")
    with pytest.raises(ConfigError, match=says):
        read(CODES, tmp_path)


def test_thresholds_of_rare_codes_stay_near_the_common_one() -> None:
    chances = np.array([[0.9, 0.3], [0.8, 0.1], [0.2, 0.1], [0.1, 0.1]] * 50)
    wanted = np.zeros_like(chances, bool)
    wanted[:100, 0] = chances[:100, 0] > 0.5
    wanted[0, 1] = True
    lines = thresholds(chances, wanted)
    assert lines.shape == (2,)
    assert 0.2 <= lines.min() <= lines.max() <= 0.65


@dataclass
class Decision:
    field: str
    value: str
    quote: str | None


def test_peoples_corrections_become_labelled_sentences() -> None:
    rows = from_reviews(
        [Decision("kind", "finding", "Costs rose."), Decision("theme:funding", "barrier", "Costs rose."),
         Decision("theme:funding", "none", "Staff left."), Decision("verdict", "accept", "Nothing."),
         Decision("kind", "finding", None)],
        load_codebook(),
    )  # fmt: skip
    assert [(row.text, row.kind, row.themes) for row in rows] == [
        ("Costs rose.", "finding", {"funding": "barrier"}),
        ("Staff left.", "assertion", {}),
    ]


@pytest.mark.slow
def test_layers_learn_and_give_the_same_bits_again() -> None:
    import torch

    from nlp.embed import Encoder
    from nlp.fit import Cached, fit

    torch.set_num_threads(1)
    encoder = Encoder()
    rows = read(CODES)[:96]
    cached = Cached(encoder, rows, CODES)
    losses: list[float] = []
    models = [
        fit(encoder, cached, list(range(96)), lambda note: losses.append(float(note.split()[-1]))) for _ in range(2)
    ]
    torch.use_deterministic_algorithms(False)
    assert losses[3] < losses[0]
    one, two = (model.state_dict() for model in models)
    assert all(torch.equal(one[name], two[name]) for name in one)


def test_no_training_file_repeats_a_sentence_number_within_a_document() -> None:
    seen = set()
    for path in FOLDER.glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            key = (row["doc"], row["n"])
            assert key not in seen, key
            seen.add(key)
