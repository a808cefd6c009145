"""JSON Lines: an object a row, the columns' names as keys, nothing lost but what Unicode forbids to write."""

from __future__ import annotations

import json
from datetime import date
from typing import IO, Any

from warehouse.exports.table import Table
from warehouse.exports.text import as_text


def write_jsonl(table: Table, out: IO[bytes]) -> None:
    """Write the table as JSON Lines. Unknown is null or [], never a missing key; machine-made values are marked."""
    names = [column.name for column in table.columns]
    for row in table.rows():
        line = json.dumps({name: row.get(name) for name in names}, ensure_ascii=False, default=_plain)
        out.write(line.encode("utf-8", "backslashreplace") + b"\n")


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return as_text(value)
    raise TypeError(f"a cell of type {type(value).__name__}")
