"""CSV and TSV: UTF-8 with a BOM, CRLF, ISO dates, nothing that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

from warehouse.exports.table import Table
from warehouse.exports.text import as_text, fit, formula_safe

BOM = "\ufeff"


def write_csv(table: Table, out: IO[bytes]) -> None:
    """Write the table as CSV, a row at a time."""
    _write(table, out, ",")


def write_tsv(table: Table, out: IO[bytes]) -> None:
    """Write the table as TSV. Tabs and newlines in a cell are kept, in quotes."""
    _write(table, out, "\t")


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a small table, as of a chart, as CSV under the same rules."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow(v if isinstance(v, int | float) else formula_safe(as_text(v)) for v in row)
    return (BOM + out.getvalue()).encode("utf-8")


def _write(table: Table, out: IO[bytes], delimiter: str) -> None:
    stream = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    stream.write(BOM)
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(column.name for column in table.columns)
    names = [column.name for column in table.columns]
    guard = formula_safe if table.formulas_as_text else str

    def cell(value: Any) -> Any:
        """A number is a number: only text can hold a formula."""
        if type(value) is str:  # most cells: asked first
            return guard(fit(value))
        if value is None:
            return ""
        return as_text(value) if isinstance(value, int | float) else guard(as_text(value))

    for row in table.rows():
        writer.writerow([cell(row.get(name)) for name in names])
    stream.flush()
    stream.detach()
