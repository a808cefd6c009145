from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.warehouse.make import WordEncoder
from warehouse.errors import UsageError
from warehouse.evaluate import evaluate, measure, split_sentences

CORPUS = [
    {"_id": "d1", "title": "Pooled budgets", "text": "Pooled budgets cut admissions. They took time. Councils agreed."},
    {"_id": "d2", "title": "Staff", "text": "Recruitment of nurses is hard."},
    {"_id": "d3", "title": "", "text": "Records were shared: trust (and time) helped."},
]
QUERIES = [{"_id": "1", "text": "do pooled budgets cut admissions?"}, {"_id": "q2", "text": '"recruitment (nurses'}]


def write(folder: Path, qrels: str) -> Path:
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)))
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)))
    (folder / "qrels" / "test.tsv").write_text(qrels)
    return folder


def test_any_data_set_in_beirs_layout_is_measured(tmp_path: Path) -> None:
    folder = write(tmp_path, "query-id\tcorpus-id\tscore\n1\td1\t1\nq2\td2\t2\nq2\td3\t0\n")
    found = evaluate(folder, "test", WordEncoder().encode)
    assert found == {mode: {"ndcg@10": 1.0, "recall@100": 1.0} for mode in ("words", "meaning", "both")}


def test_the_measures_are_those_of_trec_eval() -> None:
    judged = {"a": 1, "b": 1, "c": 1}
    ndcg, recall = measure(["x", "a", "b"], judged)
    assert ndcg == pytest.approx((1 / 1.58496 + 1 / 2) / (1 + 1 / 1.58496 + 1 / 2), abs=1e-4)
    assert recall == pytest.approx(2 / 3)
    assert measure([], judged) == (0.0, 0.0)
    assert measure(["a", "c", "b"], judged) == (1.0, 1.0)
    graded = measure(["b", "a"], {"a": 2, "b": 1})[0]
    assert graded == pytest.approx((1 + 2 / 1.58496) / (2 + 1 / 1.58496), abs=1e-4)


def test_what_is_no_beir_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no qrels"):
        evaluate(tmp_path, "test", WordEncoder().encode)
    folder = write(tmp_path / "b", "query-id\tcorpus-id\tscore\nnone\td1\t1\n")
    with pytest.raises(UsageError, match="line 2"):
        evaluate(folder, "test", WordEncoder().encode)


def test_a_single_sentence_has_no_parts() -> None:
    assert split_sentences("One sentence only.") == []
    assert split_sentences("One. Two.") == ["One.", "Two."]
