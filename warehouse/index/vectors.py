"""Meaning: exact search over int8 vectors, memory-mapped; sign bits find candidates where there are many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
DIMENSIONS = 384
WORDS = DIMENSIONS // 64
EXACT_UP_TO = 5_000  # rows scored in full; above, the nearest by sign bits are
CANDIDATES = 2_000
BLOCK = 1 << 17
ROWS_AT_ONCE = 256  # stays in the cache, and below where BLAS starts threads: thirty times faster on a busy machine
THREADS = 2


@lru_cache(maxsize=1)
def workers() -> ThreadPoolExecutor:
    """Return the threads that searches of this process share for scanning and counting."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="search")


@dataclass(frozen=True, slots=True)
class Scan:
    """One question against every vector: bits that differ, or (few vectors) the likeness itself."""

    query: Floats
    apart: npt.NDArray[np.uint16] | None


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector a row, and for rows with parts (sentences of a long text) one a part after those.

    ``owner[i]`` is the row of part ``i``, in order; ``values`` holds the rows first, then the parts. ``signs`` has a
    column a row: shape [6, rows], so that a scan reads straight on.
    """

    values: npt.NDArray[np.int8]
    scale: Floats
    signs: npt.NDArray[np.uint64]
    owner: Ints | None = None

    @property
    def rows(self) -> int:
        """Return how many rows there are."""
        return int(self.signs.shape[1])

    def exact(self, query: Floats, which: Ints) -> Floats:
        """Return the cosine of ``query`` and each of the vectors ``which``."""
        found = np.empty(len(which), np.float32)
        for first in range(0, len(which), ROWS_AT_ONCE):
            part = slice(first, first + ROWS_AT_ONCE)
            found[part] = self.values[which[part]].astype(np.float32) @ query
        return found * self.scale[which]

    def likeness(self, query: Floats, rows: Ints) -> Floats:
        """Return the likeness of each of ``rows``: of the whole, or the mean of the whole and its nearest part."""
        whole = self.exact(query, rows)
        if self.owner is None:
            return whole
        first, last = np.searchsorted(self.owner, rows), np.searchsorted(self.owner, rows, "right")
        counts = last - first
        ends = np.cumsum(counts)
        parts = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + counts, counts)
        best, has = whole.copy(), counts > 0
        if has.any():
            best[has] = np.maximum.reduceat(self.exact(query, parts + self.rows), (ends - counts)[has])
        return ((whole + best) / 2).astype(np.float32)

    def scan(self, query: Floats) -> Scan:
        """Return how far every row's signs are from the query's; nothing where rows are few enough to score in full."""
        if self.rows <= EXACT_UP_TO:
            return Scan(query, None)
        bits = pack_signs(query[None, :])[:, 0]
        apart = np.zeros(self.rows, np.uint16)

        def block(first: int) -> None:
            part = slice(first, first + BLOCK)
            for line, word in zip(self.signs, bits, strict=True):
                apart[part] += np.bitwise_count(line[part] ^ word)

        list(workers().map(block, range(0, self.rows, BLOCK)))
        return Scan(query, apart)

    def candidates(self, scan: Scan, count: int, allowed: npt.NDArray[np.bool_] | None = None) -> Ints:
        """Return rows among which the ``count`` nearest to the query are (where there are many: nearly all of them).

        ``allowed``: a flag a row, or None for all.
        """
        rows: Ints = np.arange(self.rows) if allowed is None else np.flatnonzero(allowed[: self.rows])
        if scan.apart is not None and len(rows) > EXACT_UP_TO:
            rows = _within(scan.apart, rows, max(CANDIDATES, 2 * count))
        return rows


def _within(apart: npt.NDArray[np.uint16], rows: Ints, count: int) -> Ints:
    """Return the rows inside the least distance that holds ``count``: a bound that no order of ties can move."""
    mine = apart[rows]
    bound = int(np.searchsorted(np.cumsum(np.bincount(mine, minlength=DIMENSIONS + 1)), count))
    return rows[mine <= bound]


def pack_signs(values: npt.NDArray[np.float32] | npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    """Return the sign bits of [n, 384] as uint64 [6, n]."""
    packed = np.packbits(values > 0, axis=1)
    return np.ascontiguousarray(packed.view(np.uint64).T)


def save(folder: Path, values: npt.NDArray[np.int8], scale: Floats) -> None:
    """Write vectors as plain npy files, which ``load`` maps."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "values.npy", values)
    np.save(folder / "scale.npy", scale.astype(np.float32))
    np.save(folder / "signs.npy", signs_of(values))


def signs_of(values: npt.NDArray[np.int8]) -> npt.NDArray[np.uint64]:
    """Return the sign bits of many rows, a block at a time."""
    signs = np.empty((WORDS, len(values)), np.uint64)
    for first in range(0, len(values), BLOCK):
        signs[:, first : first + BLOCK] = pack_signs(values[first : first + BLOCK])
    return signs


def load(folder: Path) -> Vectors:
    """Map what ``save`` wrote."""
    values, scale, signs = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("values", "scale", "signs"))
    return Vectors(values, scale, signs)
