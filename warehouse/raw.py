"""Bodies by sha256 and the ledger: written before anything else, and enough to rebuild the rest.

A body is written to a temporary file, fsynced and renamed, so a name in ``raw/`` always holds its whole
content. The ledger is append-only JSON lines, each closed by a checksum; a line cut short by a crash is
recognised and dropped when the next line is written.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import zstandard

from warehouse.errors import BusyError, DamagedError
from warehouse.ids import body_sha256
from warehouse.models import Fetch

WAIT_S = 5.0
LEVEL = 6  # zstd: beyond this a crawl waits for the compressor, for under 3% less on HTML


def body_path(raw: Path, sha256: str) -> Path:
    """Return where the body of that hash lies."""
    return raw / "bodies" / sha256[:2] / f"{sha256}.zst"


def put_body(raw: Path, body: bytes) -> str:
    """Keep ``body``, durable on return; return its sha256. Keeping the same body twice costs nothing."""
    sha256 = body_sha256(body)
    path = body_path(raw, sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, zstandard.compress(body, LEVEL))
    return sha256


def get_body(raw: Path, sha256: str) -> bytes:
    """Return the body of that hash. Raises DamagedError where it is missing or not what its name says."""
    path = body_path(raw, sha256)
    try:
        body = zstandard.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise DamagedError(f"{path}: the body is gone; the next crawl fetches it again") from error
    except zstandard.ZstdError as error:
        raise DamagedError(f"{path}: cannot be unpacked ({error}); delete it and crawl again") from error
    if body_sha256(body) != sha256:
        raise DamagedError(f"{path}: holds other bytes than its name says; delete it and crawl again")
    return body


def drop_body(raw: Path, sha256: str) -> None:
    """Delete a body that may not be kept (storage policy, or erased by a person)."""
    body_path(raw, sha256).unlink(missing_ok=True)


def write_durably(path: Path, data: bytes) -> None:
    """Write ``data`` under ``path`` so that a crash leaves the old file, or the whole new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Ledger:
    """The append-only record. One writer at a time (BusyError after a while), any number of readers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "a+b")
        self._lock()
        self.next_seq = 1 + self._mend()

    def _lock(self) -> None:
        """Wait for the writer before: a crawl whose run was killed goes on for up to a second."""
        ends = time.monotonic() + WAIT_S
        while True:
            try:
                return fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    self._file.close()
                    raise BusyError(f"{self.path}: another process is writing it; wait for it to end") from None
                time.sleep(0.02)

    def _mend(self) -> int:
        """Cut a half-written last line; return the last sequence number."""
        last, good = b"", 0
        for offset, line in _lines(self.path):
            if not _is_whole(line):
                break
            last, good = line, offset + len(line)
        if good < self.path.stat().st_size:
            if any(_is_whole(line) for offset, line in _lines(self.path) if offset > good):
                raise DamagedError(f"{self.path}: damaged at byte {good}, with good lines after it; restore it")
            self._file.truncate(good)
            os.fsync(self._file.fileno())
        return int((_unpack(last) or {}).get("seq", 0))  # numbers only grow, so the last line has the highest

    def append_fetch(self, fetch: Fetch, *, sync: bool = True) -> None:
        """Record one request."""
        self.append({"type": "fetch", **asdict(fetch)}, sync=sync)

    def append(self, entry: dict[str, Any], *, sync: bool = True) -> None:
        """Record ``entry``, which carries its ``seq``; durable on return unless ``sync`` is false."""
        self._file.write(_pack(entry))
        self._file.flush()
        self.next_seq = max(self.next_seq, int(entry.get("seq", 0)) + 1)
        if sync:
            self.sync()

    def sync(self) -> None:
        """Make all that was appended durable."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Make durable and close."""
        self.sync()
        self._file.close()


class LedgerTail:
    """Reads a ledger on from where it stopped; a crawl may be writing it meanwhile.

    ``offset`` is where the next line begins, ``seq`` the highest number read or passed over. ``mark`` names the last
    line by its place and checksum: given back later, what comes before is not read again, if the line is still there.
    """

    def __init__(self, path: Path, after_seq: int = 0, mark: str | None = None) -> None:
        self.path, self.after_seq = path, after_seq
        self.offset = self.seq = 0
        self.mark: str | None = None
        if mark and path.exists():
            self._go_to(mark)

    def _go_to(self, mark: str) -> None:
        """Begin behind the line that ``mark`` names; at the start where it is not that line, or one not passed yet."""
        start, _, checksum = mark.partition(":")
        with open(self.path, "rb") as file:
            file.seek(int(start))
            line = file.readline()
        entry = _unpack(line)
        if entry is not None and line[:8] == checksum.encode() and int(entry.get("seq", 0)) <= self.after_seq:
            self._pass(line, int(start), entry)

    def _pass(self, line: bytes, start: int, entry: dict[str, Any]) -> None:
        self.mark, self.offset = f"{start}:{line[:8].decode()}", start + len(line)
        self.seq = max(self.seq, int(entry.get("seq", 0)))

    def read(self, limit: int) -> list[dict[str, Any]]:
        """Return up to ``limit`` entries that came since, in order; none, at a limit of 0, but old ones are passed.

        Raises DamagedError where a line is damaged.
        """
        found: list[dict[str, Any]] = []
        if not self.path.exists():
            return found
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            for line in file:
                entry = _unpack(line)
                if entry is None:
                    if line.endswith(b"\n") and self.offset + len(line) < self.path.stat().st_size:
                        raise DamagedError(f"{self.path}: damaged at byte {self.offset}; restore it from a backup")
                    break
                is_new = int(entry.get("seq", 0)) > self.after_seq
                if is_new and len(found) >= limit:
                    break
                self._pass(line, self.offset, entry)
                if is_new:
                    found.append(entry)
        return found


def read_ledger(path: Path, after_seq: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the entries with a sequence number above ``after_seq``, in order; stop at a half-written end."""
    if not path.exists():
        return
    for offset, line in _lines(path):
        entry = _unpack(line)
        if entry is None:
            if offset + len(line) >= path.stat().st_size:
                return
            raise DamagedError(f"{path}: damaged at byte {offset}; restore it from a backup")
        if int(entry.get("seq", 0)) > after_seq:
            yield entry


def last_seq(path: Path) -> int:
    """Return the number of the last whole line, 0 where there is none; reads the end alone."""
    if not path.exists():
        return 0
    size, reach = path.stat().st_size, 1 << 16
    with open(path, "rb") as file:
        while True:
            file.seek(max(0, size - reach))
            entries = [entry for line in file.readlines() if (entry := _unpack(line)) is not None]
            if entries or reach >= size:
                return int(entries[-1].get("seq", 0)) if entries else 0
            reach *= 16


def as_fetch(entry: dict[str, Any]) -> Fetch:
    """Return a ledger entry of type ``fetch`` as the noun."""
    return Fetch(**{key: value for key, value in entry.items() if key != "type"})


def _pack(entry: dict[str, Any]) -> bytes:
    body = json.dumps(entry, ensure_ascii=True, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _is_whole(line: bytes) -> bool:
    return line.endswith(b"\n") and len(line) >= 11 and line[:8] == b"%08x" % zlib.crc32(line[9:-1])


def _unpack(line: bytes) -> dict[str, Any] | None:
    if not _is_whole(line):
        return None
    entry: dict[str, Any] = json.loads(line[9:-1])
    return entry


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    offset = 0
    with open(path, "rb") as file:
        for line in file:
            yield offset, line
            offset += len(line)
