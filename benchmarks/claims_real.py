"""Claims and incentives in text from elsewhere: biomedical abstracts (three experts) and forestry policy (WRI).

A small head over what the tagger gives (search vector, tuned scores, forms of speech) is trained on the set's own
training part, beside TF-IDF with logistic regression on the same part, in the same run.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.table import Cell, Table
from nlp.annotate import Annotator
from nlp.fit import document_places
from nlp.heads import judge
from nlp.model import gather_evidence

CLASSES = {1: "neutral", 2: "disincentive", 3: "incentive"}
HEAD_C, TFIDF_C = 0.3, 4.0


def run() -> list[Table]:
    """Return one table; none where the real material is not there."""
    folder = Path(os.environ.get("CLAIMWATCH_REAL", Path(__file__).parents[2] / "shared" / "real")) / "claims"
    if not folder.is_dir():
        print(f"(no real claims at {folder}: set CLAIMWATCH_REAL)")
        return []
    annotator = Annotator.load()
    rows = [*_abstracts(annotator, folder), *_incentives(annotator, folder)]
    columns = ["what", "cases", "TF-IDF and logistic regression F1", "ours F1"]
    note = (
        "Claims: trained on train_labels.json, scored on validation_labels.json. Incentives: five folds of 1,033 "
        "paragraphs. Ours is a logistic regression over the tagger's outputs and the words."
    )
    return [Table("Claims and incentives in text from elsewhere", columns, rows, "accuracy", note)]


def _abstracts(annotator: Annotator, folder: Path) -> list[list[Cell]]:
    train_texts, train_docs, train = _read(folder / "train_labels.json")
    texts, docs, wanted = _read(folder / "validation_labels.json")
    places = np.array(_places(train_docs)), np.array(_places(docs))
    plain, ours = _both(
        train_texts,
        _inputs(annotator, train_texts, train_docs, places[0]),
        train,
        texts,
        _inputs(annotator, texts, docs, places[1]),
    )
    return [
        ["is it a claim (abstracts)", int(wanted.sum()), float(f1_score(wanted, plain)), float(f1_score(wanted, ours))]
    ]


def _incentives(annotator: Annotator, folder: Path) -> list[list[Cell]]:
    with (folder / "wri_gold_standard.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [row["sentences"] for row in rows]
    wanted = np.array([int(float(row["class"])) for row in rows])
    inputs = _inputs(annotator, texts, [str(at) for at in range(len(texts))], np.zeros((len(texts), 1)))
    plain, ours = np.zeros_like(wanted), np.zeros_like(wanted)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(texts, wanted):
        plain[test], ours[test] = _both(
            [texts[at] for at in train], inputs[train], wanted[train], [texts[at] for at in test], inputs[test]
        )
    cells: list[list[Cell]] = []
    for number, name in CLASSES.items():
        scores = [float(f1_score(wanted == number, said == number)) for said in (plain, ours)]
        cells.append([f"{name} (WRI)", int((wanted == number).sum()), *scores])
    macro = [float(f1_score(wanted, said, average="macro")) for said in (plain, ours)]
    return [*cells, ["macro-F1 (WRI)", len(wanted), *macro]]


def _both(
    train_texts: list[str], train_inputs: np.ndarray, train: np.ndarray, texts: list[str], inputs: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the baseline and ours say."""
    vectoriser = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    words, test_words = vectoriser.fit_transform(train_texts), vectoriser.transform(texts)

    def said(one: csr_matrix, other: csr_matrix, c: float) -> np.ndarray:
        model = LogisticRegression(C=c, max_iter=3_000, class_weight="balanced").fit(one, train)
        answer: np.ndarray = model.predict(other)
        return answer

    ours = said(
        hstack([words, csr_matrix(train_inputs)]).tocsr(), hstack([test_words, csr_matrix(inputs)]).tocsr(), 1.0
    )
    return said(words, test_words, TFIDF_C), ours


def _inputs(annotator: Annotator, texts: list[str], docs: list[str], places: np.ndarray) -> np.ndarray:
    model = annotator.model
    context = document_places(docs, texts)
    evidence, *_ = gather_evidence(model.encoder, model.tuned, annotator.codebook, texts, context)
    verdict = judge(evidence, model.last)
    before = np.vstack([np.zeros((1, evidence.vectors.shape[1])), evidence.vectors[:-1]]) * (places[:, :1] > 0)
    return np.hstack(
        [evidence.vectors * 3, before, verdict.kind, verdict.theme, evidence.kind, verdict.polarity[:, 0], places * 2]
    )


def _places(docs: list[str]) -> list[list[float]]:
    """Return where in its document each sentence stands: from 0 to 1, and whether it is the last."""
    found = []
    for at, doc in enumerate(docs):
        first, last = docs.index(doc), len(docs) - 1 - docs[::-1].index(doc)
        found.append([(at - first) / max(1, last - first), float(at == last)])
    return found


def _read(path: Path) -> tuple[list[str], list[str], np.ndarray]:
    texts, docs, labels = [], [], []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        for text, label in zip(row["sentences"], row["labels"], strict=True):
            texts.append(text)
            docs.append(str(row["paper_id"]))
            labels.append(int(label))
    return texts, docs, np.array(labels)
