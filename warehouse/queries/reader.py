"""A published database open for reading: no way out, a cursor a call, a limit on every query's time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from warehouse.errors import ClaimwatchError, DamagedError

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "access_mode": "READ_ONLY", "enable_external_access": "false", "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false", "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false", "allow_persistent_secrets": "false",
    "python_enable_replacements": "false", "memory_limit": "1GB", "threads": "2",
}  # fmt: skip
TIMEOUT_S = 20.0
BATCH = 2_000
# Connections of one process to one file share their settings: the first one locks them for all, one at a time.
OPENING = threading.Lock()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(str(path), config=CONFIG)
    if con.execute("select current_setting('lock_configuration')").fetchone() != (True,):
        con.execute("set lock_configuration = true")
    return con


class Reader:
    """Runs queries. Any number of threads may share one: each call has its own cursor."""

    def __init__(self, path: Path, timeout_s: float = TIMEOUT_S) -> None:
        self.path = path
        self.timeout_s = timeout_s
        try:
            with OPENING:
                self._con = _connect(path)
        except duckdb.Error as error:
            raise _damaged(path, error) from error

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor; what goes wrong in it comes out as an error for a person."""
        cursor = self._con.cursor()
        try:
            yield cursor
        except duckdb.InterruptException as error:
            raise ClaimwatchError(f"the query took more than {self.timeout_s:g} s; ask for less") from error
        except duckdb.OutOfMemoryException as error:
            raise ClaimwatchError("the query needs more memory than it may have; ask for less") from error
        except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
            raise _damaged(self.path, error) from error
        finally:
            cursor.close()

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[dict[str, Any]]:
        """Return a query's rows, each by column name."""
        with self.cursor() as cursor:
            timer = threading.Timer(self.timeout_s, cursor.interrupt)
            timer.start()
            try:
                cursor.execute(sql, dict(values) if isinstance(values, Mapping) else list(values))
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
            finally:
                timer.cancel()

    def stream(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[dict[str, Any]]:
        """Yield a query's rows, never holding more than a batch; without a limit on time, for exports."""
        with self.cursor() as cursor:
            cursor.execute(sql, dict(values) if isinstance(values, Mapping) else list(values))
            names = [column[0] for column in cursor.description or ()]
            while batch := cursor.fetchmany(BATCH):
                for row in batch:
                    yield dict(zip(names, row, strict=True))

    def close(self) -> None:
        """Let go of the file."""
        self._con.close()


def _damaged(path: Path, error: duckdb.Error) -> DamagedError:
    return DamagedError(f"{path}: cannot be read ({str(error).splitlines()[0]}); run `claimwatch rebuild`")
