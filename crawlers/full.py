"""Whether the disk is full, whichever way it is said: by the system, or by SQLite."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from pathlib import Path
from typing import Any

from warehouse.errors import FULL

SPARE_BYTES = 1 << 20  # below it a write that SQLite could not do wanted room
_WRITES = ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP", "SQLITE_IOERR_TRUNCATE")


def is_full(error: OSError) -> bool:
    """Tell whether an error says that disk, quota or the size that a file may have is used up."""
    return error.errno in FULL


class Database(sqlite3.Connection):
    """A SQLite file whose operational errors are OSErrors, as those of the other files that a crawl writes."""

    path = Path()

    def execute(self, *given: Any) -> sqlite3.Cursor:
        """Run a statement. Raises OSError where the file could not be read or written."""
        try:
            return super().execute(*given)
        except sqlite3.OperationalError as error:
            raise as_os_error(error, self.path) from error

    def executescript(self, script: str) -> sqlite3.Cursor:
        """Run statements. Raises OSError where the file could not be read or written."""
        try:
            return super().executescript(script)
        except sqlite3.OperationalError as error:
            raise as_os_error(error, self.path) from error


def connect(path: Path) -> Database:
    """Open a SQLite file, each statement a transaction of its own. Raises OSError where it cannot be opened."""
    try:
        db: Database = sqlite3.connect(path, isolation_level=None, factory=Database)
    except sqlite3.OperationalError as error:
        raise as_os_error(error, path) from error
    db.path = path
    return db


def as_os_error(error: sqlite3.OperationalError, path: Path) -> OSError:
    """Return the system's error behind one of SQLite's, which names only some: else EIO."""
    name, number = error.sqlite_errorname, errno.EIO
    if name == "SQLITE_FULL":
        number = errno.ENOSPC
    elif name in _WRITES or name == "SQLITE_CANTOPEN":
        disk = os.statvfs(path.parent)
        if disk.f_bavail * disk.f_frsize < SPARE_BYTES:
            number = errno.ENOSPC
        elif name in _WRITES and resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:
            number = errno.EFBIG
    return OSError(number, f"{error} ({name})", str(path))
