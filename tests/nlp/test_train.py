"""Training: the split never moves, labels are checked, layers learn, and the same data give the same bits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from nlp.codebook import load_codebook
from nlp.labelled import FOLDER, Labelled, part, read
from nlp.stack import Targets, fit_vectors, thresholds
from nlp.train import from_reviews, train
from nlp.tuned_names import KINDS
from warehouse.errors import ConfigError
from warehouse.models import POLARITIES

CODES = list(load_codebook().codes)


def test_every_labelled_sentence_is_valid_and_the_parts_share_no_document() -> None:
    rows = read(CODES)
    assert len(rows) > 6_000
    shares = np.bincount([part(row.doc) + 1 for row in rows]) / len(rows)
    assert 0.05 < shares[0] < 0.2
    assert min(shares[1:]) > 0.15


def test_the_split_is_fixed() -> None:
    assert [part(doc) for doc in ("audit-01", "pblog-01", "pplan-01", "pweaka-08")] == [1, 1, 2, -1]
    assert [part(f"doc-{n}") for n in range(12)] == [1, 2, 0, 1, 1, 2, 1, 0, 1, 0, 1, 0]


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


DECISIONS = [
    Decision("kind", "finding", "Costs rose."), Decision("theme:funding", "barrier", "Costs rose."),
    Decision("theme:funding", "none", "Staff left."), Decision("verdict", "accept", "Nothing."),
    Decision("kind", "finding", None), Decision("kind", "fact", "No kind of ours."),
]  # fmt: skip


def test_peoples_corrections_become_labels_of_what_they_said_and_of_nothing_else() -> None:
    rows = from_reviews(DECISIONS, load_codebook())
    funding = frozenset({"funding"})
    assert [(row.text, row.kind, row.themes, row.judged) for row in rows] == [
        ("Costs rose.", "finding", {"funding": "barrier"}, funding),
        ("Staff left.", None, {}, funding),
    ]


def test_a_correction_of_one_theme_teaches_no_kind_and_no_other_theme() -> None:
    rows = [
        Labelled(f"d{n}", "t", ("none", "finding")[n % 2], {"funding": "barrier", "equity": "enabler"} if n % 2 else {})
        for n in range(20)
    ]
    corrections = [Labelled("review", "t", None, {"funding": "mention"}, 2.0, frozenset({"funding"}))] * 4
    vectors = np.random.default_rng(1).normal(size=(24, 384)).astype(np.float32)
    codes = ["funding", "equity"]
    without = fit_vectors(vectors[:20], Targets(rows, codes), np.arange(20))
    learnt = fit_vectors(vectors, Targets([*rows, *corrections], codes), np.arange(24))
    assert np.array_equal(learnt["vector.kind.coef"], without["vector.kind.coef"])
    same = [np.array_equal(learnt["vector.theme.coef"][t], without["vector.theme.coef"][t]) for t in (0, 1)]
    assert same == [False, True]


@pytest.mark.slow
def test_training_from_a_small_folder_gives_the_same_bytes_on_one_core_and_on_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "small.jsonl").write_text("".join(json.dumps(row) + "\n" for row in small_data()), "utf-8")
    monkeypatch.setattr("nlp.fit.EPOCHS", 1)
    names = ("last.npz", "tuned.safetensors", "about.json")
    written = []
    for folder, cores in ((tmp_path / "one", {0}), (tmp_path / "two", {0, 1})):
        monkeypatch.setattr("nlp.fits.os.sched_getaffinity", lambda _, cores=cores: cores)
        train(folder, DECISIONS, data=data)
        written.append([(folder / name).read_bytes() for name in names])
    assert written[0] == written[1]
    other = tmp_path / "other"
    train(other, data=data)
    assert (other / "last.npz").read_bytes() != written[0][0]


def small_data() -> list[dict[str, object]]:
    """Return 40 documents of 8 sentences, each theme and kind in each part of the split."""
    rows: list[dict[str, object]] = []
    for at in range(320):
        code, claim = CODES[(at // 8 + at) % len(CODES)], KINDS[at % len(KINDS)]
        themes = {} if claim == "none" else {code: POLARITIES[(at // 5) % 3]}
        words = code.replace("_", " ")
        rows.append(
            {"doc": f"doc-{at // 8}", "n": at, "text": f"In place {at} the {words} {claim}.", "claim": claim,
             "themes": themes}
        )  # fmt: skip
    return rows


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
