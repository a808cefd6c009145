"""The tagger at a glance: every figure that is asked of it in one table, taken from what was measured last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.table import Cell, Table

OWN, REAL = "our test documents", "real sentences"
# measurement, title of its table, first cells of the row, column of the value, of its cases, of its baseline
ROWS: tuple[tuple[str, str, str, Sequence[str], str, str | None, str | None, str], ...] = (
    *(row for of in (OWN, REAL) for row in (
        (f"themes, macro-F1, {of}", "tagging", f"Themes, {of}", ("macro-F1",), "F1", None, "crude words F1",
         "0.70, aim 0.80"),
        (f"themes, micro-F1, {of}", "tagging", f"Themes, {of}", ("micro-F1",), "F1", "cases", "crude words F1", "0.78"),
        (f"barrier or enabler right, {of}", "tagging", f"Kind, polarity and calibration, {of}",
         ("barrier or enabler, of true hits",), "value", "cases", None, "0.85"),
        (f"is it a claim, F1, {of}", "tagging", f"Kind, polarity and calibration, {of}", ("claim F1",), "value",
         "cases", "baseline", "0.92"),
        (f"kind, macro-F1, {of}", "tagging", f"Kind, polarity and calibration, {of}", ("kind macro-F1",), "value",
         "cases", None, "0.75"),
    )),
    *((f"figures, {what}, {of}", "figures", "Figures, by form", (name, "all"), column, "figures", None, target)
      for of, name in (("cases seen", "figures"), ("locked cases", "figures_locked"))
      for what, column, target in (("precision", "precision", "0.95"), ("recall", "recall", "0.95"),
                                   ("planned, actual or context right", "role right", "0.90"))),
    ("figures, planned, actual or context right, sentences kept apart", "roles",
     "Roles of figures, on sentences kept apart", ("all",), "right", "figures", "right by rules alone", "0.90"),
    ("claims in abstracts, F1", "claims_real", "Claims and incentives in text from elsewhere",
     ("is it a claim (abstracts)",), "ours F1", "cases", "TF-IDF and logistic regression F1", "ahead"),
    ("incentive, disincentive or neutral, macro-F1", "claims_real", "Claims and incentives in text from elsewhere",
     ("macro-F1 (WRI)",), "ours F1", "cases", "TF-IDF and logistic regression F1", "ahead"),
    ("times the plain pipeline's speed", "tagging_speed", "Tagging speed", ("ours, all annotations",), "times plain",
     None, None, "3, aim 5"),
    ("peak memory (MB)", "tagging_speed", "Tagging speed", ("ours, all annotations",), "peak memory (MB)", None, None,
     "under 2,000"),
)  # fmt: skip


def glance(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> Table | None:
    """Return the table of what has been measured; None where nothing of it was."""
    rows: list[tuple[Cell, ...]] = []
    for what, name, title, first, value, cases, baseline, target in ROWS:
        table = next((one for one in kept.get(name, ()) if one["title"] == title), None)
        row = next((one for one in table["rows"] if tuple(one[: len(first)]) == tuple(first)), None) if table else None
        if table and row:
            cells = dict(zip(table["columns"], row, strict=True))
            rows.append((what, cells[value], target, cells.get(baseline), cells.get(cases)))
    if not rows:
        return None
    columns = ("what", "measured", "to reach", "baseline", "cases")
    return Table("The tagger at a glance", columns, rows, "accuracy", "From the tables below, where each is explained.")
