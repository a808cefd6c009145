"""A database open for writing: all or nothing in each transaction, every commit counted, errors for a person."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from warehouse.commits import Commits
from warehouse.errors import DiskFullError
from warehouse.migrate import as_ours, is_disk_full

T = TypeVar("T")
ROOM_BYTES = 4 << 20  # with none left, DuckDB 1.5 can end the whole process at a commit


class Writer:
    """The connection and its transactions. Raises DamagedError where writes acknowledged earlier are missing."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.con = con
        self.path = path
        self.commits = Commits(con, path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction: all of the block's writes, or none. A full disk comes out as DiskFullError."""
        if shutil.disk_usage(self.path.parent).free < ROOM_BYTES:
            raise DiskFullError(
                f"{self.path}: the disk is full (under {ROOM_BYTES >> 20} MB are left); the published base is as it was"
            )
        try:
            self.con.execute("begin")
            try:
                yield
                self.commits.begin()
            except BaseException:
                self._rollback()
                raise
            self.con.execute("commit")
            self.commits.done()
        except duckdb.Error as error:
            if is_disk_full(error) or isinstance(error, duckdb.IOException | duckdb.FatalException):
                raise as_ours(error, self.path) from error
            raise

    def _rollback(self) -> None:
        try:
            self.con.execute("rollback")
        except duckdb.Error:
            # DuckDB has ended the transaction itself, or shut the database; the first error says why.
            return

    def _one(self, write: Callable[[], T]) -> T:
        with self.transaction():
            return write()

    def checkpoint(self) -> None:
        """Fold the log into the file: before anything is deleted that only the log holds instead."""
        try:
            self.con.execute("checkpoint")
        except duckdb.Error as error:
            raise as_ours(error, self.path) from error

    def _let_go(self) -> None:
        self.con.close()
        self.commits.close()
