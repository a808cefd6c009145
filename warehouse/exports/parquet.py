"""Parquet: typed columns, lists as lists; About and Codebook ride in the file's metadata."""

from __future__ import annotations

import json
from itertools import islice
from typing import IO, Any

from warehouse.exports.about import codebook
from warehouse.exports.columns import Column
from warehouse.exports.table import Row, Table
from warehouse.exports.text import as_text, fit

BATCH_ROWS = 5_000


def write_parquet(table: Table, out: IO[bytes]) -> None:
    """Write the table, a batch of rows at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "number": pa.float64(), "whole": pa.int64(), "date": pa.date32(), "time": pa.timestamp("us", "UTC"),
        "flag": pa.bool_(), "list": pa.list_(pa.string()), "map": pa.map_(pa.string(), pa.string()),
    }  # fmt: skip
    schema = pa.schema([pa.field(c.name, types.get(c.shape, pa.string())) for c in table.columns])
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        rows = table.rows()
        while batch := list(islice(rows, BATCH_ROWS)):
            writer.write_table(pa.Table.from_pylist([_row(table, row) for row in batch], schema=schema))
        about = json.dumps(table.about.lines(), ensure_ascii=False)
        columns = json.dumps(list(codebook(table.columns, table.about.codes)), ensure_ascii=False)
        writer.add_key_value_metadata({"claimwatch.about": fit(about), "claimwatch.codebook": fit(columns)})


def _row(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: _cell(column, row.get(column.name)) for column in table.columns}


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.shape == "list":
        return [as_text(one) for one in (value if isinstance(value, list) else [value])]
    if column.shape == "map":
        return [(name, as_text(one)) for name, one in value.items()]
    return value if column.shape in ("number", "whole", "date", "time", "flag") else as_text(value)
