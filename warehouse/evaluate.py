"""Retrieval measured on a data set in BEIR's layout, through the index and the ranking that search the claims.

Layout: ``corpus.jsonl`` (_id, title, text), ``queries.jsonl`` (_id, text), ``qrels/<split>.tsv`` (query-id, corpus-id,
score). Gains are linear, as in trec_eval's ndcg_cut, which BEIR reports; a query with no relevant document is left
out.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from warehouse import grammar
from warehouse.errors import UsageError
from warehouse.filters import MODES
from warehouse.index import vectors, words
from warehouse.index.ask import ask
from warehouse.index.engine import Engine, Question
from warehouse.index.vectors import Vectors
from warehouse.queries.find import Encode
from warehouse.store_tags import quantise

SPLITS = ("test", "dev", "train")
DEPTH = 100
SENTENCES_MAX = 40
BATCH = 4_096
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(])")


@dataclass(frozen=True, slots=True)
class Beir:
    """A data set: ids and texts of documents, queries by id, relevance by query and document."""

    ids: Sequence[str]
    titles: Sequence[str]
    texts: Sequence[str]
    queries: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]


def evaluate(folder: Path, split: str, encoder: Encode) -> dict[str, dict[str, float]]:
    """Return nDCG@10 and recall@100 by mode. Raises UsageError where the folder is not in BEIR's layout."""
    data = read_beir(folder, split)
    engine = build_engine(data, encoder)
    ordered = sorted(data.judged)
    asked = np.asarray(encoder([data.queries[query] for query in ordered]), np.float32)
    found: dict[str, dict[str, float]] = {}
    for mode in MODES:
        scores = []
        for query, vector in zip(ordered, asked, strict=True):
            reading = ask(grammar.as_words(data.queries[query]))
            question = Question(reading.query if reading else None, vector)
            asks = reading is not None or mode != "words"
            rows = engine.rank(question, mode, limit=DEPTH, facets=()).rows.tolist() if asks else []
            scores.append(measure([data.ids[row] for row in rows], data.judged[query]))
        ndcg, recall = np.mean(scores, axis=0)
        found[mode] = {"ndcg@10": round(float(ndcg), 4), "recall@100": round(float(recall), 4)}
    return found


def read_beir(folder: Path, split: str) -> Beir:
    """Read a data set. Raises UsageError naming the file that is missing or the line that cannot be read."""
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        there = ", ".join(sorted(p.stem for p in (folder / "qrels").glob("*.tsv"))) or "no qrels"
        raise UsageError(
            f"{path}: no such file; {folder} has {there}; a BEIR folder has corpus.jsonl, queries.jsonl, qrels/"
        )
    corpus = list(_json_lines(folder / "corpus.jsonl"))
    queries = {str(row["_id"]): str(row["text"]) for row in _json_lines(folder / "queries.jsonl")}
    judged: dict[str, dict[str, int]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), 1):
            if number == 1 and not row[-1].lstrip("-").isdigit():
                continue
            if len(row) != 3 or row[0] not in queries:
                raise UsageError(
                    f"{path}, line {number}: expected query-id, corpus-id, score of a query in queries.jsonl"
                )
            if int(row[2]) > 0:
                judged.setdefault(row[0], {})[row[1]] = int(row[2])
    return Beir(
        [str(row["_id"]) for row in corpus], [str(row.get("title") or "") for row in corpus],
        [str(row.get("text") or "") for row in corpus], queries, judged,
    )  # fmt: skip


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise UsageError(f"{path}: no such file; a BEIR folder has corpus.jsonl, queries.jsonl, qrels/")
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                row["_id"]
            except (ValueError, KeyError, TypeError) as error:
                raise UsageError(f"{path}, line {number}: not a JSON object with _id ({error})") from error
            yield row


def build_engine(data: Beir, encoder: Encode) -> Engine:
    """Return an engine over the documents: words, a vector a document and one a sentence of it."""
    index = words.memory_index()
    texts = [f"{title} {text}".strip() for title, text in zip(data.titles, data.texts, strict=True)]
    words.write(index, ({"row": row, "text": text} for row, text in enumerate(texts)))
    parts = [split_sentences(text) for text in data.texts]
    owner = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
    every = [*texts, *(sentence for part in parts for sentence in part)]
    values = np.empty((len(every), vectors.DIMENSIONS), np.int8)
    scale = np.empty(len(every), np.float32)
    for first in range(0, len(every), BATCH):
        batch = slice(first, first + BATCH)
        values[batch], scale[batch] = quantise(np.asarray(encoder(every[batch]), np.float32))
    return Engine(index, Vectors(values, scale, vectors.signs_of(values[: len(texts)]), owner))


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text where there is more than one (up to 40)."""
    found = [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]
    return found[:SENTENCES_MAX] if len(found) > 1 else []


def measure(ranked: Sequence[str], judged: Mapping[str, int]) -> tuple[float, float]:
    """Return nDCG@10 and recall@100 of one query."""
    discounts = 1 / np.log2(np.arange(2, 12))
    gains = np.array([judged.get(document, 0) for document in ranked[:10]] + [0] * 10)[:10]
    ideal = np.array(sorted(judged.values(), reverse=True)[:10] + [0] * 10)[:10]
    hits = len(set(ranked[:DEPTH]) & set(judged))
    return float(gains @ discounts / (ideal @ discounts)), hits / len(judged)
