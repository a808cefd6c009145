"""Open the writer's database and bring its schema up to date: numbered SQL files, each in one transaction."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.errors import BaseTooNewError, BusyError, ClaimwatchError, DamagedError, DiskFullError
from warehouse.raw import sync_folder

MIGRATIONS = Path(__file__).parent / "migrations"
MEMORY_LIMIT = "3GB"  # publishing a million claims does not fit into two
THREADS = 2
# Set one by one after opening: the folders must be allowed before access outside them is taken away.
LOCKS = (
    "set enable_progress_bar = false",  # it would write into the output of a command
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Return the hash under which the step is recorded."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """Return the known steps, in order."""
    files = sorted(folder.glob("[0-9][0-9][0-9]_*.sql"))
    return [Migration(int(file.name[:3]), file.stem, file.read_text("utf-8")) for file in files]


def connect(path: Path, allowed: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Open a database for writing, with no way out but files under ``allowed``.

    Raises DamagedError where the file cannot be read, BusyError where another process holds it.
    """
    try:
        con = duckdb.connect(str(path), config={"memory_limit": MEMORY_LIMIT, "threads": THREADS})
        if allowed is not None:
            con.execute("set allowed_directories = ?", [[str(allowed)]])
        for lock in LOCKS:
            con.execute(lock)
    except duckdb.Error as error:
        raise as_ours(error, path) from error
    return con


def create(path: Path) -> None:
    """Make a new database under another name and rename it, so that ``path`` never names a half-made file.

    Raises DiskFullError where there is no room for it; nothing is left then.
    """
    making = path.with_name(f".{path.name}.making")
    _clear(making)
    try:
        con = connect(making, path.parent)
        try:
            migrate(con, making)
            con.execute("checkpoint")
        finally:
            con.close()
    except (duckdb.Error, ClaimwatchError) as error:
        _clear(making)
        raise as_ours(error, path) if isinstance(error, duckdb.Error) else error from error
    making.replace(path)
    sync_folder(path.parent)


def _clear(path: Path) -> None:
    for tail in ("", ".wal"):
        Path(f"{path}{tail}").unlink(missing_ok=True)


def as_ours(error: duckdb.Error, path: Path) -> ClaimwatchError:
    """Return the error of ours that says what DuckDB's means for a person."""
    text = str(error).splitlines()[0]
    if "Could not set lock" in text or "Conflicting lock" in text:
        return BusyError(f"{path}: another process has it open for writing; wait for it to end")
    if isinstance(error, duckdb.OutOfMemoryException):
        return ClaimwatchError(f"{path}: more memory is needed than the writer may have ({MEMORY_LIMIT}); {text}")
    if is_disk_full(error):
        return DiskFullError(f"{path}: the disk is full ({text}); the published base is as it was")
    if any(sign in text for sign in ("Permission denied", "Read-only file system")):
        return ClaimwatchError(f"{path}: cannot be written ({text}); let this user write there, or use another --home")
    return DamagedError(f"{path}: cannot be read ({text}); run `claimwatch rebuild`")


def is_disk_full(error: Exception) -> bool:
    """Whether an error, whatever its class, says that the disk or the quota is full."""
    return any(sign in str(error) for sign in ("No space left", "File too large", "Disk quota", "No more space"))


def migrate(con: duckdb.DuckDBPyConnection, path: Path, steps: list[Migration] | None = None) -> Path | None:
    """Apply the steps not yet applied; keep a copy of an older database first. Returns the copy's path, or None.

    Raises BaseTooNewError where the database records a step that this Claimwatch does not know.
    """
    steps = migrations() if steps is None else steps
    con.execute("create table if not exists migration (number integer primary key, name varchar, sha256 varchar)")
    done: dict[int, str] = dict(con.execute("select number, sha256 from migration").fetchall())
    check_known(done, steps, path)
    todo = [step for step in steps if step.number not in done]
    copy = _keep_copy(con, path, max(done)) if todo and done else None
    for step in todo:
        con.execute("begin")
        try:
            con.execute(step.sql)
            con.execute("insert into migration values (?, ?, ?)", [step.number, step.name, step.sha256])
            con.execute("commit")
        except duckdb.Error as error:
            con.execute("rollback")
            raise ClaimwatchError(f"{path}: step {step.name} failed ({error}); the database is as it was") from error
        con.execute("checkpoint")
    return copy


def check_known(done: dict[int, str], steps: list[Migration], path: Path) -> None:
    """Raise where a recorded step is newer than, or differs from, the steps known here."""
    known = {step.number: step for step in steps}
    for number, sha256 in sorted(done.items()):
        if number not in known:
            raise BaseTooNewError(
                f"{path}: written by a newer Claimwatch (schema {number}, this one knows {max(known)}); "
                "install that version, or use another --home"
            )
        if known[number].sha256 != sha256:
            raise BaseTooNewError(
                f"{path}: its schema step {known[number].name} is not the one of this Claimwatch; "
                "run `claimwatch rebuild` to make it anew from the raw bodies"
            )


def _keep_copy(con: duckdb.DuckDBPyConnection, path: Path, number: int) -> Path:
    con.execute("checkpoint")
    copy = path.with_name(f"{path.stem}.before-{number:03d}.duckdb")
    shutil.copyfile(path, copy)
    return copy
