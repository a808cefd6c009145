"""Rows into tables through Arrow: a whole batch at once, types taken from the table itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

Row = Mapping[str, Any]


def append(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    """Append ``rows`` to ``table`` in their order; a column that a row lacks is null. Unknown columns are a bug."""
    if not rows:
        return
    target = con.table(table)
    schema = pa.schema([_plain(column) for column in target.limit(0).to_arrow_table().schema])
    unknown = set().union(*rows) - set(schema.names)
    if unknown:
        raise KeyError(f"{table} has no column {', '.join(sorted(unknown))}")
    batch = pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema=schema)
    con.from_arrow(batch).insert_into(table)


def _plain(column: pa.Field) -> pa.Field:
    kind = column.type.storage_type if isinstance(column.type, pa.BaseExtensionType) else column.type
    return pa.field(column.name, kind)


def as_json(value: Any) -> str | None:
    """Return ``value`` as compact JSON with ordered keys, or None where there is nothing in it."""
    if value is None or value in ((), [], {}):
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)


def storable(text: str) -> str:
    """Return ``text`` with lone surrogates, which UTF-8 cannot hold, replaced one for one (offsets stay)."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def column(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> list[Any]:
    """Return the first column of a query's rows."""
    return [row[0] for row in con.execute(sql, list(values)).fetchall()]


def dicts(con: duckdb.DuckDBPyConnection, sql: str, values: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Return a query's rows, each by column name."""
    cursor = con.execute(sql, list(values))
    names = [field[0] for field in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
