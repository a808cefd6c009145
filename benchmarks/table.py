"""What a benchmark returns: one table, with the page of docs/ that it belongs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of figures. ``page`` is the file of docs/ that shows it; ``notes`` say how it was measured."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    page: Literal["accuracy", "performance"]
    notes: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown."""
        head = "| " + " | ".join(self.columns) + " |"
        rule = "|" + "|".join(" --- " for _ in self.columns) + "|"
        body = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in self.rows]
        return "\n".join([f"## {self.title}", "", *([self.notes, ""] if self.notes else []), head, rule, *body, ""])


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else value.replace("|", "\\|")
