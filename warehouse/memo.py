"""What was worked out before, by key: a mapping whose writes are buffered until the next transaction."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

import duckdb

from warehouse.rows import append, column


class Memo(MutableMapping[str, str]):
    """A persistent mapping of strings. Losing its last writes costs time, never truth."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._new: dict[str, str] = {}

    def __getitem__(self, key: str) -> str:
        if key in self._new:
            return self._new[key]
        found = column(self._con, "select value from memo where key = ?", [key])
        if not found:
            raise KeyError(key)
        return str(found[0])

    def __setitem__(self, key: str, value: str) -> None:
        self._new[key] = value

    def __delitem__(self, key: str) -> None:
        self._new.pop(key, None)
        self._con.execute("delete from memo where key = ?", [key])

    def __iter__(self) -> Iterator[str]:
        kept = column(self._con, "select key from memo order by key")
        return iter([*kept, *(key for key in self._new if key not in set(kept))])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def flush(self) -> None:
        """Write what is buffered, inside the caller's transaction."""
        keys = list(self._new)
        if keys:
            self._con.execute("delete from memo where key in (select unnest(?::varchar[]))", [keys])
            append(self._con, "memo", [{"key": key, "value": value} for key, value in self._new.items()])
            self._new.clear()
