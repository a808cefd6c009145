"""Say why a sentence is tagged as it is: cues, scores beside their lines, and the nearest labelled sentences."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from nlp.annotate import Annotator
from nlp.labelled import Labelled, read
from nlp.passages import MAX_PASSAGE_CHARS, flat
from nlp.tuned_names import KINDS
from warehouse.models import POLARITIES

NEAREST = 3


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
        "nearest": _nearest(annotator, found.vectors[0]),
        "tagger": annotator.tagger,
    }


def _nearest(annotator: Annotator, vector: np.ndarray) -> list[dict[str, Any]]:
    rows, vectors = _training(annotator)
    likeness = vectors @ vector
    return [
        {
            "text": rows[at].text,
            "likeness": round(float(likeness[at]), 3),
            "kind": rows[at].kind,
            "themes": rows[at].themes,
        }
        for at in np.argsort(-likeness, kind="stable")[:NEAREST]
    ]


@lru_cache(maxsize=1)
def _training(annotator: Annotator) -> tuple[list[Labelled], np.ndarray]:
    rows = [row for row in read(list(annotator.codebook.codes)) if row.weight == 1]
    return rows, annotator.model.encoder.encode([row.text for row in rows])
