"""Say why a sentence is tagged as it is: cues, scores beside their lines, and the nearest labelled sentences."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import Any

import numpy as np

from nlp.annotate import Annotator
from nlp.cues import words
from nlp.labelled import Labelled, read
from nlp.passages import MAX_PASSAGE_CHARS, flat
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

NEAREST, CANDIDATES = 3, 64


def explain(annotator: Annotator, sentence: str) -> dict[str, Any]:
    """Return cues, chances and nearest training sentences of one sentence read without context.

    ``themes`` holds every code with a cue or with at least half the score that its line asks for.
    """
    text = flat(sentence)[:MAX_PASSAGE_CHARS]
    found = annotator.model.run(annotator.codebook, [text], [(None, None)])
    verdict, hits = found.verdict, found.hits[0]
    lines = annotator.model.last["theme.threshold"]
    themes = []
    for number, code in enumerate(annotator.codebook.codes):
        score = float(verdict.theme[0, number])
        if not hits.cues[code] and score < lines[number] / 2:
            continue
        chances = {name: round(float(p), 3) for name, p in zip(POLARITIES, verdict.polarity[0, number], strict=True)}
        themes.append(
            {
                "code": code,
                "score": round(score, 3),
                "line": round(float(lines[number]), 3),
                "tagged": bool(score >= lines[number]),
                "cues": [text[a:b] for a, b in hits.cues[code]],
                "hints": [text[a:b] for a, b in hits.hints[code]],
                "polarity": chances,
            }
        )
    return {
        "text": text,
        "kind": {name: round(float(p), 3) for name, p in zip(KINDS, verdict.kind[0], strict=True)},
        "themes": sorted(themes, key=lambda theme: -float(str(theme["score"]))),
        "nearest": _nearest(annotator, found.vectors[0], text),
        "tagger": annotator.tagger,
    }


def _nearest(annotator: Annotator, vector: np.ndarray, text: str) -> list[dict[str, Any]]:
    """Return the labelled sentences nearest in meaning, among those that share most of their rarer words."""
    rows, said, weight = _training(tuple(annotator.codebook.codes))
    asked = {word.text for word in words(text)}
    shared = np.array([sum(weight[word] for word in asked & own) for own in said])
    some = np.argsort(-shared, kind="stable")[:CANDIDATES]
    likeness = annotator.model.encoder.encode([rows[at].text for at in some]) @ vector
    best = np.argsort(-likeness, kind="stable")[:NEAREST]
    return [
        {
            "text": rows[some[at]].text,
            "likeness": round(float(likeness[at]), 3),
            "kind": rows[some[at]].kind,
            "themes": rows[some[at]].themes,
        }
        for at in best
    ]


@lru_cache(maxsize=1)
def _training(codes: tuple[str, ...]) -> tuple[list[Labelled], list[set[str]], dict[str, float]]:
    """Return the plain labelled sentences, their words, and how telling each word is."""
    rows = [row for row in read(codes) if row.weight == 1]
    said = [{word.text for word in words(row.text)} for row in rows]
    counts = Counter(word for own in said for word in own)
    return rows, said, {word: math.log(len(rows) / count) for word, count in counts.items()}
