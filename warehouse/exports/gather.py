"""Rows of a preset: a claim as it is, the claims of a document in one row, or the claims of a theme in one row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from warehouse.exports.citing import reference
from warehouse.exports.columns import Preset
from warehouse.exports.text import as_text

Row = dict[str, Any]
EXAMPLE_REFERENCES = 30


def gather(rows: Iterable[Row], preset: Preset) -> Iterator[Row]:
    """Yield the rows of a preset, in the order of its claims; a gathered row counts its claims in ``claims``."""
    makers = {"claim": _claims, "document": _documents, "theme": _themes}
    wanted = set(preset.columns)
    for number, row in enumerate(makers[preset.grain](rows), 1):
        row["number"] = number
        if "reference" in wanted and "reference" not in row:
            row["reference"] = reference(row)
        if "effect" in wanted:
            row["effect"] = ": ".join(part for part in (row["direction"], row["figure_text"]) if part) or None
        yield row


def _claims(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {"claims": 1, **row}


def _documents(rows: Iterable[Row]) -> Iterator[Row]:
    """Claims of one document follow each other in a base; one row each run of them."""
    for _, group in groupby(rows, key=lambda row: row["document"]):
        claims = list(group)
        row = dict(claims[0])
        for name in ("outcome", "intervention", "time_period", "study_design", "sample_size", "population", "setting",
                     "comparator", "funder", "note", "reviewer"):  # fmt: skip
            row[name] = "; ".join(_distinct(claims, name)) or None
        row["geography"] = _distinct_items(claims, "geography")
        row["themes"] = _distinct_items(claims, "themes")
        row["review_date"] = max((c["review_date"] for c in claims if c["review_date"]), default=None)
        row["findings"] = "\n".join(f"“{claim['quote']}”" for claim in claims)
        row["claims"] = len(claims)
        row["origin_of_each_value"] = _origins(claims)
        yield row


def _origins(claims: Sequence[Row]) -> dict[str, str]:
    """Say of a gathered value that persons had a part in it, where they had."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        for name, origin in claim["origin_of_each_value"].items():
            if origin not in found.setdefault(name, []):
                found[name].append(origin)
    return {name: " + ".join(origins) for name, origins in found.items()}


def _themes(rows: Iterable[Row]) -> Iterator[Row]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        for theme in row["themes"]:
            found.setdefault(theme, []).append(row)
    for theme, claims in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        works = {claim["document"]: reference(claim) for claim in claims}
        years = sorted({claim["year"] for claim in claims if claim["year"]})
        publishers = {claim["publisher"] for claim in claims if claim["publisher"]}
        best = max(claims, key=lambda claim: claim["confidence"] or 0.0)
        code, _, polarity = theme.partition(":")
        shown = list(works.values())
        more = [f"and {len(shown) - EXAMPLE_REFERENCES} more"] if len(shown) > EXAMPLE_REFERENCES else []
        span = f", {years[0]} to {years[-1]}" if years else ""
        yield {
            "finding": f"{code.replace('_', ' ')} named as {polarity}", "documents": len(works), "claims": len(claims),
            "references": "\n".join([*shown[:EXAMPLE_REFERENCES], *more]), "example": f"“{best['quote']}”",
            "adequacy": f"{len(claims)} claims in {len(works)} documents by {len(publishers)} publishers{span}",
        }  # fmt: skip


def _distinct(claims: Sequence[Row], name: str) -> list[str]:
    return list(dict.fromkeys(as_text(claim[name]) for claim in claims if claim[name]))


def _distinct_items(claims: Sequence[Row], name: str) -> list[str]:
    return list(dict.fromkeys(item for claim in claims for item in claim[name] or ()))
