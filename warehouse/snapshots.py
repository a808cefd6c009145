"""Published snapshots: their manifests, which one answers for a day, what is kept, and whether files are whole."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from warehouse.errors import DamagedError, NoBaseError
from warehouse.home import Home
from warehouse.raw import write_durably

FORMAT = 1
KEEP_LAST = 7
MAKING = ".making-"
ADVICE = "run `claimwatch demo` or `claimwatch nightly` first"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state. ``files``: name under ``published/`` -> [bytes, sha256]; counts and hashes are by table."""

    name: str
    run: int
    at: str
    schema: int
    demo: bool
    counts: Mapping[str, int]
    hashes: Mapping[str, str]
    files: Mapping[str, tuple[int, str]]
    parts: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def published_at(self) -> datetime:
        """Return when it was published (UTC)."""
        return datetime.fromisoformat(self.at)

    def base(self, home: Home) -> Path:
        """Return the database file."""
        return home.published / f"{self.name}.duckdb"

    def words(self, home: Home) -> Path:
        """Return the folder of the word index."""
        return home.published / f"{self.name}.index" / "words"

    def vectors(self, home: Home) -> Path:
        """Return the folder of the vectors."""
        return home.published / f"{self.name}.index" / "vectors"


def pack(snapshot: Snapshot) -> bytes:
    """Return the manifest: JSON closed by a hash of itself."""
    kept = asdict(snapshot)
    return json.dumps({**kept, "sha256": _digest(kept)}, indent=1, sort_keys=True).encode() + b"\n"


def _digest(kept: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def unpack(path: Path) -> Snapshot:
    """Read a manifest. Raises DamagedError where it is not what its hash says."""
    try:
        kept = json.loads(path.read_bytes())
        digest = kept.pop("sha256")
    except FileNotFoundError:
        raise
    except (ValueError, KeyError, AttributeError, OSError) as error:
        raise DamagedError(
            f"{path}: cannot be read ({error}); run `claimwatch publish`, or `claimwatch rebuild`"
        ) from error
    if digest != _digest(kept):
        raise DamagedError(f"{path}: was changed or damaged; run `claimwatch publish`, or `claimwatch rebuild`")
    kept["files"] = {name: (int(size), sha256) for name, (size, sha256) in kept["files"].items()}
    return Snapshot(**kept)


def current(home: Home) -> Snapshot:
    """Return the snapshot in force. Raises NoBaseError, with what to run, where there is none."""
    try:
        return unpack(home.current)
    except FileNotFoundError:
        raise NoBaseError(f"{home.root}: nothing has been published here yet; {ADVICE}") from None


def every(home: Home) -> list[Snapshot]:
    """Return the kept snapshots whose manifests are whole, oldest first."""
    found = []
    for path in sorted(home.published.glob("evidence-*.json")):
        try:
            found.append(unpack(path))
        except (DamagedError, FileNotFoundError):  # removed, or damaged: then it answers for no day
            continue
    return sorted(found, key=lambda s: (s.at, s.run))


def as_of(home: Home, day: date) -> Snapshot:
    """Return the last snapshot published on ``day`` or before.

    From the day of the one in force on it is that one, though an earlier one bears a later hour, of a wrong clock.
    """
    kept = every(home)
    fitting = [snapshot for snapshot in kept if snapshot.published_at.date() <= day]
    if fitting:
        in_force = current(home)
        return in_force if in_force.published_at.date() <= day else fitting[-1]
    if not kept:
        return current(home)
    raise NoBaseError(
        f"{home.root}: nothing published by {day} is kept; the oldest snapshot is of {kept[0].published_at.date()}"
    )


def make_current(home: Home, snapshot: Snapshot) -> None:
    """Put a snapshot whose files are in place in force: its own manifest first, the pointer last."""
    write_durably(home.published / f"{snapshot.name}.json", pack(snapshot))
    write_durably(home.current, pack(snapshot))


def keep_by_rule(snapshots: list[Snapshot]) -> set[str]:
    """Return the names to keep: the last seven, and before them the last of each week."""
    names = {snapshot.name for snapshot in snapshots[-KEEP_LAST:]}
    weekly = {(s.published_at - timedelta(days=s.published_at.weekday())).date(): s.name for s in snapshots}
    return names | set(weekly.values())


def remove_old(home: Home) -> list[str]:
    """Remove snapshots that the rule does not keep; return their names.

    Safe while in use: a reader that has files open keeps them, for the system drops a file with its last reader.
    The manifest goes first, so no new reader is led to files that are going.
    """
    snapshots = every(home)
    kept = keep_by_rule(snapshots) | {current(home).name}
    gone = [snapshot.name for snapshot in snapshots if snapshot.name not in kept]
    for name in gone:
        remove(home, name)
    return gone


def remove(home: Home, name: str) -> None:
    """Remove one snapshot, manifest first."""
    (home.published / f"{name}.json").unlink(missing_ok=True)
    (home.published / f"{name}.duckdb").unlink(missing_ok=True)
    shutil.rmtree(home.published / f"{name}.index", ignore_errors=True)


def clear_unfinished(home: Home) -> None:
    """Remove what a publish that was cut short left: files that no manifest names."""
    named = {snapshot.name for snapshot in every(home)}
    for path in home.published.iterdir():
        stem = path.name.split(".")[0] if not path.name.startswith(".") else ""
        unfinished = path.name.startswith(MAKING) or (stem.startswith("evidence-") and stem not in named)
        if unfinished and path.is_dir():
            shutil.rmtree(path)
        elif unfinished and path.suffix != ".json":
            path.unlink()


def files_of(folder: Path, names: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield (name under ``folder``, path) of files, and of those inside folders, in order."""
    for name in names:
        path = folder / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for found in inside:
            if found.is_file() and not found.name.endswith(".lock"):
                yield str(found.relative_to(folder)), found


def digest_file(path: Path) -> tuple[int, str]:
    """Return a file's bytes and sha256 (about 2 GB/s)."""
    with open(path, "rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def check_sizes(home: Home, snapshot: Snapshot) -> None:
    """Raise DamagedError where a file is missing, cut or grown, or a log lies beside the base. Costs a stat a file."""
    for name, (size, _) in snapshot.files.items():
        path = home.published / name
        found = path.stat().st_size if path.is_file() else None
        if found != size:
            state = "is missing" if found is None else f"has {found:,} bytes where {size:,} were published"
            raise _damaged(path, state)
    log = Path(f"{snapshot.base(home)}.wal")
    if log.exists():
        raise _damaged(log, "lies beside a finished base, which has no log")


def check_content(home: Home, snapshot: Snapshot) -> None:
    """Raise DamagedError where any byte of a file differs from what was published (about 2 GB/s a core)."""
    check_sizes(home, snapshot)
    names = list(snapshot.files)
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda name: digest_file(home.published / name), names)
        for name, (_, sha256) in zip(names, found, strict=True):
            if sha256 != snapshot.files[name][1]:
                raise _damaged(home.published / name, "does not hold the bytes that were published")


def _damaged(path: Path, state: str) -> DamagedError:
    return DamagedError(f"{path}: {state}; run `claimwatch rebuild`, which makes it anew from the raw bodies")
