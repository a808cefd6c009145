"""Pack the result of one passage for the memo, and shift its offsets to where the passage stands."""

from __future__ import annotations

import base64
import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from warehouse.models import Annotation, Attribution, Claim, Figure, Named, Span, StudyFact, Tag


def pack(note: Annotation, vector: np.ndarray) -> str:
    """Return a note (offsets relative to its passage) and its vector (float16 steps) as one string."""
    raw: dict[str, Any] = {
        "claim": _fields(note.claim) if note.claim else None,
        "themes": [_fields(tag) for tag in note.themes],
        "figures": [_fields(figure) for figure in note.figures],
        "attribution": _fields(note.attribution),
        "named": [_fields(thing) for thing in note.named],
        "basis": note.basis,
        "study": [_fields(fact) for fact in note.study],
    }
    raw["vector"] = base64.b64encode(vector.astype(np.float16).tobytes()).decode()
    return json.dumps(raw, ensure_ascii=True, separators=(",", ":"))


def _fields(item: Claim | Tag | Figure | Attribution | Named | StudyFact) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def unpack(packed: str) -> tuple[dict[str, Any], np.ndarray]:
    """Return what `pack` was given: the note's fields and the vector."""
    raw = json.loads(packed)
    vector = np.frombuffer(base64.b64decode(raw.pop("vector")), np.float16).astype(np.float32)
    return raw, vector


def place(known: dict[str, Any], at: Annotation) -> Annotation:
    """Return ``at`` filled with the known fields, their offsets moved to where it stands."""
    move = at.start

    def spanned(item: dict[str, Any]) -> dict[str, Any]:
        return {**item, "start": item["start"] + move, "end": item["end"] + move}

    return replace(
        at,
        claim=Claim(**known["claim"]) if known["claim"] else None,
        themes=tuple(
            Tag(**{**tag, "cues": tuple((a + move, b + move) for a, b in tag["cues"])}) for tag in known["themes"]
        ),
        figures=tuple(Figure(**spanned(figure)) for figure in known["figures"]),
        attribution=Attribution(**known["attribution"]),
        named=tuple(Named(**spanned(thing)) for thing in known["named"]),
        basis=known["basis"],
        study=tuple(StudyFact(**spanned(fact)) for fact in known["study"]),
    )


def offsets(text: str, line: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield spans of ``line`` (``text`` on one line, marks taken out) as spans of ``text``."""
    spans = list(spans)
    if text == line or not spans:
        yield from spans
        return
    places = _places(text, line)
    for start, end in spans:
        yield places[start], places[end - 1] + 1


def inside(text: str, line: str, spans: Sequence[Span]) -> list[Span]:
    """Return spans of ``text`` as spans of ``line``: the other way round."""
    if text == line or not spans:
        return list(spans)
    places = _places(text, line)
    return [(bisect_left(places, start), bisect_left(places, end)) for start, end in spans]


def _places(text: str, line: str) -> list[int]:
    """Return where each character of ``line`` stands in ``text``."""
    places: list[int] = []
    at = 0
    for char in line:
        if char != " ":
            at = max(at, text.find(char, at))
        places.append(min(at, len(text) - 1))
        at += char != " "
    return places


def to_json(note: Annotation) -> dict[str, Any]:
    """Return one passage in the contract's shape; ``lead``, ``study`` and ``skipped`` come on top of it."""
    claim = note.claim
    return {
        "start": note.start,
        "end": note.end,
        "text": note.text,
        "type": note.type,
        "claim": claim
        and {
            "kind": claim.kind,
            "direction": claim.direction,
            "outcome": claim.outcome,
            "intervention": claim.intervention,
            "hedge": claim.hedge,
            "score": claim.score,
        },
        "themes": [
            {"code": tag.code, "polarity": tag.polarity, "score": tag.score, "cues": [list(cue) for cue in tag.cues]}
            for tag in note.themes
        ],
        "figures": [_fields(figure) for figure in note.figures],
        "attribution": _fields(note.attribution),
        "named": [_fields(thing) for thing in note.named],
        "basis": note.basis,
        "study": [_fields(fact) for fact in note.study],
        "lead": list(note.lead) if note.lead else None,
        "skipped": note.skipped,
    }
