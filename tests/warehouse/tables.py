"""Rows as the base yields them, for the tests of exports: no base needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from warehouse.exports.about import About, Code
from warehouse.exports.columns import Preset, find_preset
from warehouse.exports.table import Table, make_table
from warehouse.exports.writers import write
from warehouse.people import Overlay
from warehouse.queries.evidence import COLUMNS

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def row(n: int = 1, **more: Any) -> dict[str, Any]:
    """A row of ``Base.evidence_rows``."""
    made: dict[str, Any] = dict.fromkeys(COLUMNS)
    made |= {
        "claim_id": f"claim{n}", "thread": f"claim{n}", "document": f"doc{n}", "passage": f"p{n}", "version": "v" * 20,
        "quote": f"Emergency admissions rose by {n}%.", "kind": "finding", "themes": ["workforce:barrier"],
        "direction": "worsened", "outcome": "emergency_admissions", "geography": ["leeds"], "figure_value": n / 4,
        "figure_unit": "%", "figure_role": "actual", "figure_text": f"{n}%", "hedge": "none",
        "attribution": "The auditor", "source_type": "report", "publisher": "Audit Office", "authors": ["Ann Example"],
        "year": 2017, "title": "Pooled budgets examined", "published": date(2017, 3, 2),
        "url": f"https://a.example/{n}", "deep_link": f"https://a.example/{n}#:~:text=Emergency",
        "location": "characters 0 to 30", "language": "en", "first_seen": datetime(2026, 1, 2, 3, 4),
        "last_seen": datetime(2026, 2, 3, 4, 5), "change_status": "unchanged", "copies": 0, "confidence": 0.75,
        "tagger": "test-1", "demo": False, "figures": [],
        "origin_of_each_value": {"kind": "m", "themes": "m", "direction": "m"},
    }  # fmt: skip
    return made | more


def table(
    rows: Sequence[dict[str, Any]], preset: str | Preset = "full", overlay: Mapping[str, Overlay] | None = None,
    **more: Any,
) -> Table:  # fmt: skip
    """A table of rows; ``more`` goes to make_table."""
    about = About(
        "pooled budgets", "words", {"kinds": ["finding"]}, NOW, "evidence-1", NOW, False,
        find_preset(preset) if isinstance(preset, str) else preset, {"claimwatch": "0.1.0"}, 3, 8,
        [Code("workforce", "Workforce", "Numbers and skills of staff.")],
    )  # fmt: skip
    return make_table(rows, overlay or {}, about, **more)


def written(rows: Sequence[dict[str, Any]], format: str, preset: str | Preset = "full", **more: Any) -> bytes:
    """A table in a format."""
    out = BytesIO()
    write(table(rows, preset, **more), format, out)
    return out.getvalue()
