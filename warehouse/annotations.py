"""Rows of the tables back into the noun Annotation."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.models import Annotation, Attribution, Claim, Figure, Named, StudyFact, Tag

Rows = Sequence[Mapping[str, Any]]


def build(passages: Rows, parts: Mapping[str, Rows], text: str) -> list[tuple[Annotation, str | None]]:
    """Return annotations with their threads. ``parts``: rows of tag, figure, named and claim of these passages."""
    by_passage: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for name, rows in parts.items():
        grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            grouped[row["passage"]].append(row)
        by_passage[name] = grouped
    return [
        _annotation(row, {name: rows.get(row["id"], []) for name, rows in by_passage.items()}, text) for row in passages
    ]


def _annotation(
    row: Mapping[str, Any], parts: Mapping[str, list[Mapping[str, Any]]], text: str
) -> tuple[Annotation, str | None]:
    claim = parts["claim"][0] if parts["claim"] else None
    said, basis, study = _said(row, claim)
    annotation = Annotation(
        start=row["start_at"], end=row["end_at"], text=text[row["start_at"] : row["end_at"]], type=row["type"],
        lead=None if row["lead_start"] is None else (row["lead_start"], row["lead_end"]),
        claim=None if claim is None else Claim(
            claim["kind"], claim["score"], claim["direction"], claim["outcome"], claim["intervention"], claim["hedge"]
        ),
        themes=tuple(_tag(tag) for tag in parts["tag"]),
        figures=tuple(_figure(figure) for figure in parts["figure"]),
        attribution=said,
        named=tuple(Named(n["entity"], n["kind"], n["start_at"], n["end_at"]) for n in parts["named"]),
        basis=basis,
        study=study,
        skipped=row["skipped"],
    )  # fmt: skip
    return annotation, claim["thread"] if claim else None


def _said(row: Mapping[str, Any], claim: Mapping[str, Any] | None) -> tuple[Attribution, Any, tuple[StudyFact, ...]]:
    if claim is not None:
        said = [claim["attribution_type"], claim["attribution_name"], claim["attribution_role"]]
        basis, study = claim["basis"], json.loads(claim["study"] or "[]")
    elif row["said"]:
        said, basis, study = json.loads(row["said"])
    else:
        return Attribution(), None, ()
    return Attribution(*said), basis, tuple(StudyFact(*fact) for fact in study)


def _tag(row: Mapping[str, Any]) -> Tag:
    cues = tuple((start, end) for start, end in json.loads(row["cues"]))
    return Tag(row["code"], row["polarity"], row["score"], cues, row["stanza"])


def _figure(row: Mapping[str, Any]) -> Figure:
    return Figure(
        row["value"], row["unit"], row["role"], row["start_at"], row["end_at"], row["measure"], row["bound"],
        row["period"], row["direction"],
    )  # fmt: skip
